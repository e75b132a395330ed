"""The floor is found again: after a start, after a lost connection, and by a check at intervals.

State that matters stands on the legs as marks, and in the facts; each healing is told with its cause [104]. What lives
on the floor and on the switch is compared in `services.healing`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cxcore.domain.agent import Agent, AgentId, AgentState
from cxcore.domain.contact import Contact, ContactId, ContactState, FlowPosition, Outcome
from cxcore.domain.dialplan import Transfer, begin
from cxcore.domain.events import (
    ContactAnswered,
    ContactEnded,
    ContactLeftQueue,
    ContactOpened,
    ContactQueued,
    ContactTakenUp,
    CoreStarted,
    LeaseCheckDue,
    LeaseHealed,
    LegArrived,
    LegHungUp,
    LiveLegsReported,
    MembershipChanged,
    SwitchConnected,
    SwitchLost,
    SwitchStateChanged,
    WrapUpDue,
    WrapUpEnded,
)
from cxcore.domain.floor import Floor
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg, OrderId
from cxcore.domain.measures import DEFAULT_TARGET_SECONDS, VisitEnd
from cxcore.domain.membership import Membership
from cxcore.domain.offer import Offer, OfferId
from cxcore.domain.queue import QueueId
from cxcore.ports.contact_log import ContactLog, KnownAgent, OpenContact, Steering, WrapUp
from cxcore.services import (
    callbacks,
    consulting_recovery,
    conversation,
    direct,
    healing,
    inbound,
    legs,
    offering,
    queueing,
    transfers,
)
from cxcore.services.healing import Living
from cxcore.services.workplace import Memory, Workplace

CHECK_SECONDS = 10
"""How often the floor is compared with the switch."""

GRACE = timedelta(seconds=3)
"""What changed less than this ago is not healed: the report may have been on its way already. Where the switch was
restarted everything that it does not list is gone, however young."""


LONGEST_OUTAGE = timedelta(hours=12)
"""A leg that outlived its contact is known for so long after the contact's end."""


def remember(work: Workplace, log: ContactLog, now: datetime) -> None:
    """Take up what the log knows: what supervisors changed, the agents, what was left open, the call-backs that are
    owed, and the visits that still count for the day. Waits for the database; raises `LogUnavailable`."""
    restore_steering(work, log.steering())
    restore_agents(work, log.known_agents(), now)
    left_open = {contact.contact_id: contact for contact in log.open_contacts()}
    work.memory = Memory(left_open, log.ended_contacts(now - LONGEST_OUTAGE))
    work.floor.day.visits = {contact_id: dict(contact.visits) for contact_id, contact in left_open.items()}
    callbacks.restore(work, log.owed_call_backs(), now)


def restore_agents(work: Workplace, known: tuple[KnownAgent, ...], now: datetime) -> None:
    """Agents are as they were when the last core ended; whoever is logged on and not in a conversation is ready."""
    for each in known:
        agent = work.floor.agents.get(each.agent_id)
        if agent is None:
            continue
        memberships = {membership.queue_id for membership in work.floor.memberships_of(agent.agent_id)}
        agent.status, agent.reason, agent.status_since = each.status, each.reason, each.status_since
        agent.serves = set(each.serves) & memberships
        agent.handled_contacts, agent.worked = each.handled_contacts, each.worked
        agent.ready_since = agent.state_since = now
        if each.wrap_up is not None:
            _wrap_up_on(work, agent, each.wrap_up, now)


def _wrap_up_on(work: Workplace, agent: Agent, wrap_up: WrapUp, now: datetime) -> None:
    """Let a wrap-up go on to its deadline; one whose deadline passed while no core was running ended then."""
    if wrap_up.until <= now:
        _end_wrap_up(work, agent, wrap_up, wrap_up.until, now)
        return
    agent.state, agent.state_since = AgentState.WRAP_UP, wrap_up.began
    agent.contact_id, agent.wrap_up_of, agent.wrap_up_until = wrap_up.contact_id, wrap_up.queue_id, wrap_up.until
    work.timers.set(WrapUpDue(wrap_up.until, agent.agent_id))


def _end_wrap_up(work: Workplace, agent: Agent, wrap_up: WrapUp, ended: datetime, now: datetime) -> None:
    lasted = max(ended - wrap_up.began, timedelta())
    agent.worked += lasted
    ids = (agent.agent_id, wrap_up.contact_id, wrap_up.queue_id)
    work.publish(WrapUpEnded(now, *ids, lasted.total_seconds(), "deadline"))


def restore_steering(work: Workplace, steering: Steering) -> None:
    """Supervisors' changes outlive a core; what the configuration no longer knows is left out."""
    floor = work.floor
    for change in steering.memberships:
        if change.agent_id in floor.agents and change.queue_id in floor.site.queues:
            _restore_membership(floor, change)
    for switched in steering.queues:
        if switched.queue_id in floor.site.queues and switched.open is not None:
            floor.queue_overrides[switched.queue_id] = switched.open


def _restore_membership(floor: Floor, change: MembershipChanged) -> None:
    if change.level:
        position = 1 + sum(1 for _ in floor.agents_of(change.queue_id))
        floor.add_membership(Membership(change.agent_id, change.queue_id, change.level, position))
    else:
        floor.drop_membership(change.agent_id, change.queue_id)


def switch_lost(work: Workplace, tiding: SwitchLost) -> None:
    """Without a switch nothing is offered; legs may live on."""
    work.floor.switch_connected = False
    work.publish(SwitchStateChanged(tiding.at, connected=False, reason=tiding.reason))


def switch_connected(work: Workplace, tiding: SwitchConnected) -> None:
    """The switch is there; which legs live is told next."""
    work.floor.switch_restarted = work.floor.switch_instance not in (None, tiding.instance)
    work.floor.switch_instance = tiding.instance
    healing.doubt_everything(work)
    reason = "the switch was restarted" if work.floor.switch_restarted else ""
    work.publish(SwitchStateChanged(tiding.at, connected=True, reason=reason))


def check_leases(work: Workplace, tiding: LeaseCheckDue) -> None:
    """Ask the switch what lives; the answer is compared with the floor."""
    work.floor.forget_talks(tiding.at)
    if work.floor.switch_connected:
        work.switch.report_live_legs()
    work.timers.set(LeaseCheckDue(tiding.at + timedelta(seconds=CHECK_SECONDS)))


def live_legs_reported(work: Workplace, report: LiveLegsReported) -> None:
    """Compare the floor with the legs that live, and heal what differs; then offer what can be offered. Before a report
    has been worked off to its end nothing is offered: the agent may turn out to be at work."""
    living = {leg.leg_id: leg for leg in report.legs}
    work.floor.departed &= living.keys()
    healing.heal(work, living, report.at)
    _end_what_died(work, living, report.at)
    work.floor.switch_restarted = False
    _take_up_callers(work, living, report.at)
    _take_up_calls_out(work, living, report.at)
    _take_up_devices(work, living, report.at)
    if work.memory is not None:
        consulting_recovery.settle(work, living, report.at)
    _take_up_arrivals(work, living, report.at)
    if work.memory is not None:
        healing.heal(work, living, report.at)
    _return_the_stranded(work, report.at)
    if work.memory is not None:
        _take_the_floor(work, work.memory, living, report.at)
    parties = {leg_id for contact in work.floor.contacts.values() for leg_id in contact.party_legs}
    work.floor.doubted &= {*work.floor.contacts, *living, *parties}
    work.floor.switch_connected = True
    offering.offer_all(work, report.at)


def _take_the_floor(work: Workplace, memory: Memory, living: Living, now: datetime) -> None:
    """A core that starts closes the facts of what died in its absence."""
    work.memory = None
    found = {leg.marks.get("contact") for leg in living.values() if leg.inbound}
    for contact in memory.left_open.values():
        if contact.contact_id not in found and contact.contact_id not in work.floor.contacts:
            work.publish(LeaseHealed(now, "contact", contact.contact_id, "ended while no core was running"))
            _close(work, contact, now)
    work.publish(CoreStarted(now, len(work.floor.contacts)))


def _close(work: Workplace, contact: OpenContact, now: datetime) -> None:
    outcome = Outcome.LOST
    for queue_id, visit in contact.visits.items():
        if visit.waiting_since is not None:
            waited = max((now - visit.waiting_since).total_seconds(), 0.0)
            work.publish(ContactLeftQueue(now, contact.contact_id, queue_id, outcome, waited))
        elif visit.outcome == VisitEnd.ANSWERED and queue_id == contact.queue_id:
            outcome = Outcome.ANSWERED
    work.publish(ContactEnded(now, contact.contact_id, outcome, HangUpCause.OTHER, HungUpBy.PARTY))


def _end_what_died(work: Workplace, living: Living, now: datetime) -> None:
    for kind, identity, leg_id in _dead(work, living, now):
        work.publish(LeaseHealed(now, kind, identity, "its leg is gone from the switch"))
        legs.hung_up(work, LegHungUp(now, leg_id, HangUpCause.SWITCH_LOST, HungUpBy.SWITCH))


def _dead(work: Workplace, living: Living, now: datetime) -> list[tuple[str, str, LegId]]:
    """What the floor has a leg for and the switch has not. Callers first: their end frees the others."""
    settled = now if work.floor.switch_restarted else now - GRACE
    callers: list[tuple[str, str, LegId]] = []
    others: list[tuple[str, str, LegId]] = []
    for contact in work.floor.contacts.values():
        young = contact.opened_at > settled and contact.contact_id not in work.floor.doubted
        if contact.has_leg and contact.leg_id not in living and not young:
            callers.append(("contact", contact.contact_id, contact.leg_id))
        fresh = contact.party_since is not None and contact.party_since > settled
        for leg_id in contact.party_legs:
            if leg_id not in living and (not fresh or leg_id in work.floor.doubted):
                others.append(("party", contact.contact_id, leg_id))
    for agent in work.floor.agents.values():
        device = agent.leg_id
        if device is not None and device not in living:
            if (agent.state_since or now) <= settled or device in work.floor.doubted:
                others.append(("agent", agent.agent_id, device))
    return callers + others


def _take_up_callers(work: Workplace, living: Living, now: datetime) -> None:
    callers = [leg for leg in living.values() if _is_customer(leg) and not _known(work, leg)]
    for leg in sorted(callers, key=lambda each: each.created_at):
        if "contact" in leg.marks:
            _take_up_marked(work, leg, now)


def _take_up_arrivals(work: Workplace, living: Living, now: datetime) -> None:
    """Those whom no core has taken yet; after the others, since a new caller may ring an agent who is at work."""
    arrived = [leg for leg in living.values() if leg.inbound and not leg.answered and "contact" not in leg.marks]
    for leg in sorted(arrived, key=lambda each: each.created_at):
        if not _known(work, leg):
            party = (leg.dialled_number, leg.caller_number, leg.caller_name)
            inbound.arrive(work, LegArrived(now, leg.leg_id, *party))


def _is_customer(leg: LiveLeg) -> bool:
    """Whether it is the leg of a caller, or of a customer who was called back and talks."""
    talks = leg.marks.get("state") == ContactState.TALKING
    return leg.inbound or (leg.marks.get("role") == "call-back" and talks)


def _known(work: Workplace, leg: LiveLeg) -> bool:
    return work.floor.contact_of_leg(leg.leg_id) is not None or leg.leg_id in work.floor.departed


def _take_up_marked(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    """A leg that another core marked is a contact, unless that has ended by what the log says."""
    if _outlived_its_contact(work, leg):
        work.floor.departed.add(leg.leg_id)  # `healing` hangs it up
    else:
        _take_up(work, leg, now)


def _outlived_its_contact(work: Workplace, leg: LiveLeg) -> bool:
    return work.memory is not None and leg.marks.get("contact") in work.memory.ended


def _take_up(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    owed = work.floor.contacts.get(ContactId(leg.marks["contact"]))
    if owed is not None and leg.marks.get("state") != ContactState.TALKING:
        work.switch.hang_up(leg.leg_id)  # asked for a call-back, and heard its confirmation when the core died
        return
    if owed is not None:
        work.floor.remove_contact(owed)
    contact = _contact_on(work, leg)
    work.floor.add_contact(contact)
    _tell_what_the_log_lacks(work, contact, leg)
    match leg.marks.get("state"):
        case ContactState.WAITING:
            _wait_on(work, contact, leg, now)
        case ContactState.TALKING:
            _talk_on(contact, leg)
        case ContactState.TRANSFERRED:
            contact.state = ContactState.TRANSFERRED
        case ContactState.PASSING:
            contact.state = ContactState.PASSING
        case ContactState.DIRECT:
            direct.take_up(work, contact, leg)
        case _:
            _walk_on(work, contact, now)
    work.floor.doubted.add(contact.contact_id)
    work.publish(ContactTakenUp(now, contact.contact_id, contact.queue_id, None))


def _take_up_calls_out(work: Workplace, living: Living, now: datetime) -> None:
    for leg in living.values():
        if leg.marks.get("role") != "direct" or _known(work, leg):
            continue
        if _outlived_its_contact(work, leg):
            work.floor.departed.add(leg.leg_id)
        else:
            opened_at, number = _instant(leg.marks, "opened_at") or leg.created_at, leg.marks.get("number", "")
            contact = Contact(ContactId(leg.marks["contact"]), leg.leg_id, number, None, "", opened_at)
            contact.leg_answered, contact.answered_at = leg.answered, _instant(leg.marks, "answered_at")
            consulting_recovery.restore(contact, leg)
            work.floor.add_contact(contact)
            direct.take_up(work, contact, leg)
            _tell_what_the_log_lacks(work, contact, leg)
            work.publish(ContactTakenUp(now, contact.contact_id, None, AgentId(contact.agent_id or "")))


def _contact_on(work: Workplace, leg: LiveLeg) -> Contact:
    ours, theirs = (leg.dialled_number, leg.caller_number) if leg.inbound else (leg.caller_number, leg.dialled_number)
    contact = Contact(
        ContactId(leg.marks["contact"]),
        leg.leg_id,
        leg.marks.get("dialled") or ours or "",
        theirs,
        leg.caller_name,
        _instant(leg.marks, "opened_at") or leg.created_at,
        leg_answered=leg.answered,
        priority=work.floor.site.priority_of(theirs),
    )
    contact.queue_id = QueueId(leg.marks["queue"]) if leg.marks.get("queue") else None
    contact.queued_at = _instant(leg.marks, "queued_at")
    contact.answered_at = _instant(leg.marks, "answered_at")
    contact.in_front = bool(leg.marks.get("in_front"))
    consulting_recovery.restore(contact, leg)
    contact.order_id = OrderId(leg.marks["order"]) if leg.marks.get("order") else None
    if flow := leg.marks.get("flow"):
        contact.position = FlowPosition(flow, int(leg.marks.get("step") or 0), int(leg.marks.get("attempt") or 0))
    return contact


def _instant(marks: Mapping[str, str], name: str) -> datetime | None:
    text = marks.get(name)
    return datetime.fromisoformat(text) if text else None


def _tell_what_the_log_lacks(work: Workplace, contact: Contact, leg: LiveLeg) -> None:
    """The last facts of the core that died may not have been written; the leg knows what they said."""
    if work.memory is None:
        return
    known = work.memory.left_open.get(contact.contact_id)
    if known is None:
        party = (contact.dialled_number, contact.caller_number, contact.caller_name)
        ids = (contact.opened_at, contact.contact_id, contact.channel)
        work.publish(ContactOpened(*ids, *party, direction=contact.direction))
    if contact.queue_id is None or contact.queued_at is None:
        return
    visit = known.visits.get(contact.queue_id) if known is not None else None
    waits_unheard = leg.marks.get("state") == ContactState.WAITING and visit and visit.waiting_since is None
    if visit is None or waits_unheard:
        _tell_queued(work, contact, contact.queue_id, contact.queued_at)


def _tell_queued(work: Workplace, contact: Contact, queue_id: QueueId, queued_at: datetime) -> None:
    queue = work.floor.site.queues.get(queue_id)
    target = queue.service_level.seconds if queue is not None else DEFAULT_TARGET_SECONDS
    work.publish(ContactQueued(queued_at, contact.contact_id, queue_id, target))


def _wait_on(work: Workplace, contact: Contact, leg: LiveLeg, now: datetime) -> None:
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id is not None else None
    if queue is None:
        _walk_on(work, contact, now)
        return
    contact.state = ContactState.WAITING
    work.floor.join_line(contact, queue.queue_id, contact.queued_at or leg.created_at)
    queueing.start_waiting_timers(work, contact, queue, now)


def _talk_on(contact: Contact, leg: LiveLeg) -> None:
    contact.state = ContactState.TALKING
    contact.held_since = _instant(leg.marks, "held_since")


def _walk_on(work: Workplace, contact: Contact, now: datetime) -> None:
    """The contact stands where it stood. A flow that is gone from the dialplan is begun where the number begins."""
    dialplan = work.floor.site.dialplan
    if contact.position is not None and contact.position.flow in dialplan.flows:
        return
    entry = dialplan.entry(contact.dialled_number)
    if entry is None:
        inbound.close(work, contact, now)
    else:
        inbound.walk(work, contact, begin(dialplan, entry), now)


# --- Devices and parties outside -------------------------------------------------------------------------------------


def _take_up_devices(work: Workplace, living: Living, now: datetime) -> None:
    for leg in living.values():
        if leg.marks.get("role") == "agent" and work.floor.agent_of_leg(leg.leg_id) is None:
            _take_up_device(work, leg, now)
        elif leg.marks.get("role") in ("transfer", "direct-party") and work.floor.contact_of_leg(leg.leg_id) is None:
            _take_up_party(work, leg, now)
        elif leg.marks.get("role") == "consult" and work.floor.contact_of_leg(leg.leg_id) is None:
            _take_up_consulted(work, leg, now)
        elif leg.marks.get("role") == "call-back" and not _known(work, leg):
            work.switch.hang_up(leg.leg_id)  # the agent's leg, if it lives, has the customer dialled anew


def _take_up_device(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    contact = work.floor.contacts.get(ContactId(leg.marks.get("contact", "")))
    agent = work.floor.agents.get(AgentId(leg.marks.get("agent", "")))
    if work.memory is None:
        _end_strange(work, leg, now)
    elif agent is None or agent.leg_id is not None:
        work.switch.hang_up(leg.leg_id)
    elif contact is None:
        _finish_talk_of_the_gone(work, work.memory, agent, leg, now)
    elif contact.state is ContactState.TALKING and leg.answered and contact.agent_id is None:
        _rejoin(work, work.memory, contact, agent, leg, now)
    elif work.floor.room_for_offers(contact):
        _resume_offer(work, agent, leg, now)
    else:
        work.switch.hang_up(leg.leg_id)


def _take_up_consulted(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    if work.memory is None:
        _end_strange(work, leg, now)
    else:
        consulting_recovery.take_up(work, leg, now)


def _end_strange(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    """A leg that this core dialled once and has let go of."""
    if healing.persists(work, leg.leg_id, differs=True):
        work.publish(LeaseHealed(now, "leg", leg.leg_id, "nobody on the floor has it"))
        work.switch.hang_up(leg.leg_id)


def _finish_talk_of_the_gone(work: Workplace, memory: Memory, agent: Agent, leg: LiveLeg, now: datetime) -> None:
    """The caller left a conversation while no core was running: wrap-up begins now."""
    known = memory.left_open.get(ContactId(leg.marks.get("contact", "")))
    talked = known is not None and known.answered_at is not None and leg.answered
    if known is not None and talked and known.queue_id in work.floor.site.queues:
        gone = Contact(known.contact_id, leg.leg_id, "", None, "", known.opened_at)
        gone.queue_id, gone.answered_at = known.queue_id, known.answered_at
        _leave_wrap_up(work, agent, now)
        agent.state, agent.contact_id = AgentState.TALKING, known.contact_id
        work.floor.set_agent_leg(agent, leg.leg_id)
        conversation.finish_talk(work, gone, agent, now)
    work.switch.hang_up(leg.leg_id)


def _leave_wrap_up(work: Workplace, agent: Agent, now: datetime) -> None:
    """The switch says that the agent is at work again, so a wrap-up that the log knows has ended."""
    if agent.state is AgentState.WRAP_UP and agent.contact_id is not None and agent.wrap_up_of is not None:
        work.timers.cancel(WrapUpDue, agent.agent_id)
        until = agent.wrap_up_until or now
        wrap_up = WrapUp(agent.contact_id, agent.wrap_up_of, agent.state_since or now, until)
        _end_wrap_up(work, agent, wrap_up, min(until, now), now)
        agent.contact_id = agent.wrap_up_of = agent.wrap_up_until = None
    agent.state, agent.state_since = AgentState.READY, now


def _rejoin(
    work: Workplace, memory: Memory, contact: Contact, agent: Agent, leg: LiveLeg, now: datetime
) -> None:
    _leave_wrap_up(work, agent, now)
    agent.state, agent.state_since = AgentState.TALKING, contact.answered_at
    agent.contact_id, contact.agent_id = contact.contact_id, agent.agent_id
    work.floor.set_agent_leg(agent, leg.leg_id)
    _tell_answered(work, memory, contact, agent)
    work.publish(ContactTakenUp(now, contact.contact_id, contact.queue_id, agent.agent_id))


def _tell_answered(work: Workplace, memory: Memory, contact: Contact, agent: Agent) -> None:
    known = memory.left_open.get(contact.contact_id)
    visit = known.visits.get(contact.queue_id) if known is not None and contact.queue_id is not None else None
    if visit is not None and visit.outcome == VisitEnd.ANSWERED and visit.waiting_since is None:
        return
    if contact.queue_id is not None and contact.queued_at is not None and contact.answered_at is not None:
        waited = (contact.answered_at - contact.queued_at).total_seconds()
        work.publish(
            ContactAnswered(contact.answered_at, contact.contact_id, agent.agent_id, contact.queue_id, waited)
        )


def _resume_offer(work: Workplace, agent: Agent, leg: LiveLeg, now: datetime) -> None:
    _leave_wrap_up(work, agent, now)
    offer = Offer(
        OfferId(leg.marks["offer"]),
        ContactId(leg.marks["contact"]),
        agent.agent_id,
        QueueId(leg.marks["queue"]),
        leg.leg_id,
        _instant(leg.marks, "offered_at") or now,
        leg.marks.get("reason", ""),
        (agent.agent_id,),
    )
    offering.start_offer(work, offer, agent)
    work.floor.doubted.add(leg.leg_id)
    work.publish(ContactTakenUp(now, offer.contact_id, offer.queue_id, agent.agent_id))


def _take_up_party(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    contact = work.floor.contacts.get(ContactId(leg.marks.get("contact", "")))
    if work.memory is None:
        _end_strange(work, leg, now)
    elif contact is not None and _is_connecting(work, contact):
        work.floor.add_party_leg(contact, leg.leg_id, leg.marks.get("destination", leg.dialled_number), now)
    else:
        work.switch.hang_up(leg.leg_id)


def _is_connecting(work: Workplace, contact: Contact) -> bool:
    """Whether the contact is with a party outside, or on its way to one."""
    if contact.state is ContactState.IN_FLOW and contact.position is not None:
        return isinstance(work.floor.site.dialplan.step(contact.position), Transfer)
    return contact.state in (ContactState.TRANSFERRED, ContactState.DIRECT)


def _return_the_stranded(work: Workplace, now: datetime) -> None:
    """Who talked to an agent whose leg is gone waits again, at the place in line that the wait began with. Who was
    with a party outside that is gone has nobody left to talk to: the call ends."""
    for contact in list(work.floor.contacts.values()):
        if contact.state is ContactState.TALKING and work.floor.agent_talking_with(contact) is None:
            _return_to_line(work, contact, now)
        elif contact.state is ContactState.TRANSFERRED and not contact.party_legs:
            work.publish(LeaseHealed(now, "contact", contact.contact_id, "its party's leg is gone from the switch"))
            transfers.end_call(work, contact, now)


def _return_to_line(work: Workplace, contact: Contact, now: datetime) -> None:
    work.publish(LeaseHealed(now, "contact", contact.contact_id, "its agent's leg is gone from the switch"))
    contact.answered_at = contact.held_since = contact.agent_id = None
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id is not None else None
    if queue is not None and contact.queued_at is not None:
        queueing.wait_again(work, contact, queue.queue_id, contact.queued_at, now)
    else:
        contact.state = ContactState.IN_FLOW
        inbound.close(work, contact, now)
