"""The floor is put in agreement with what the switch says is true: after a start, after a lost connection, and as a
check at intervals. State that matters stands on the legs as marks; each healing is told with its cause [104]."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cxcore.domain.agent import Agent, AgentId, AgentState
from cxcore.domain.contact import Contact, ContactId, ContactState, FlowPosition, Outcome
from cxcore.domain.dialplan import begin
from cxcore.domain.events import (
    ContactEnded,
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
)
from cxcore.domain.floor import Floor
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg
from cxcore.domain.membership import Membership
from cxcore.domain.offer import Offer, OfferId
from cxcore.domain.queue import QueueId
from cxcore.ports.contact_log import KnownAgent, Steering
from cxcore.services import conversation, direct, inbound, legs, offering, queueing
from cxcore.services.workplace import Workplace

CHECK_SECONDS = 10
"""How often the floor is compared with the switch."""

GRACE = timedelta(seconds=3)
"""What changed less than this ago is not healed: the report may have been on its way already. Where the switch was
restarted everything that it does not list is gone, however young."""


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
    reason = "the switch was restarted" if work.floor.switch_restarted else ""
    work.publish(SwitchStateChanged(tiding.at, connected=True, reason=reason))


def check_leases(work: Workplace, tiding: LeaseCheckDue) -> None:
    """Ask the switch what lives; the answer is compared with the floor."""
    if work.floor.switch_connected:
        work.switch.report_live_legs()
    work.timers.set(LeaseCheckDue(tiding.at + timedelta(seconds=CHECK_SECONDS)))


def live_legs_reported(work: Workplace, report: LiveLegsReported) -> None:
    """Compare the floor with the legs that live, and heal what differs; then offer what can be offered."""
    work.floor.switch_connected = True
    living = {leg.leg_id: leg for leg in report.legs}
    work.floor.departed &= living.keys()
    _end_what_died(work, living, report.at)
    work.floor.switch_restarted = False
    _take_up_callers(work, living, report.at)
    _take_up_calls_out(work, living, report.at)
    _take_up_devices(work, living, report.at)
    _return_the_stranded(work, report.at)
    if work.left_open is not None:
        _take_the_floor(work, work.left_open, report.at)
    offering.offer_all(work, report.at)


def _take_the_floor(work: Workplace, left_open: tuple[ContactId, ...], now: datetime) -> None:
    """A core that starts closes the facts of what died in its absence."""
    work.left_open = None
    for contact_id in left_open:
        if contact_id not in work.floor.contacts:
            work.publish(LeaseHealed(now, "contact", contact_id, "ended while no core was running"))
            work.publish(ContactEnded(now, contact_id, Outcome.LOST, HangUpCause.OTHER, HungUpBy.PARTY))
    work.publish(CoreStarted(now, len(work.floor.contacts)))


def _end_what_died(work: Workplace, living: Mapping[LegId, LiveLeg], now: datetime) -> None:
    for kind, identity, leg_id in _dead(work, living, now):
        work.publish(LeaseHealed(now, kind, identity, "its leg is gone from the switch"))
        legs.hung_up(work, LegHungUp(now, leg_id, HangUpCause.SWITCH_LOST, HungUpBy.SWITCH))


def _dead(work: Workplace, living: Mapping[LegId, LiveLeg], now: datetime) -> list[tuple[str, str, LegId]]:
    dead: list[tuple[str, str, LegId]] = []
    grace = timedelta() if work.floor.switch_restarted else GRACE
    for contact in work.floor.contacts.values():
        if contact.has_leg and contact.leg_id not in living and now - contact.opened_at >= grace:
            dead.append(("contact", contact.contact_id, contact.leg_id))
        elif contact.party_since is not None and now - contact.party_since >= grace:
            dead.extend(("contact", contact.contact_id, each) for each in contact.party_legs if each not in living)
    for agent in work.floor.agents.values():
        settled = now - (agent.state_since or now) >= grace
        if agent.leg_id is not None and agent.leg_id not in living and settled:
            dead.append(("agent", agent.agent_id, agent.leg_id))
    return dead


def _take_up_callers(work: Workplace, living: Mapping[LegId, LiveLeg], now: datetime) -> None:
    callers = [leg for leg in living.values() if _is_customer(leg) and not _known(work, leg)]
    for leg in sorted(callers, key=lambda each: each.created_at):
        if "contact" in leg.marks:
            _take_up(work, leg, now)
        elif not leg.answered:
            inbound.arrive(
                work, LegArrived(now, leg.leg_id, leg.dialled_number, leg.caller_number, leg.caller_name)
            )


def _is_customer(leg: LiveLeg) -> bool:
    """Whether it is the leg of a caller, or of a customer who was called back and talks."""
    talks = leg.marks.get("state") == ContactState.TALKING
    return leg.inbound or (leg.marks.get("role") == "call-back" and talks)


def _known(work: Workplace, leg: LiveLeg) -> bool:
    return work.floor.contact_of_leg(leg.leg_id) is not None or leg.leg_id in work.floor.departed


def _take_up(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    owed = work.floor.contacts.get(ContactId(leg.marks["contact"]))
    if owed is not None and leg.marks.get("state") != ContactState.TALKING:
        work.switch.hang_up(leg.leg_id)  # asked for a call-back, and heard its confirmation when the core died
        return
    if owed is not None:
        work.floor.remove_contact(owed)
    ours, theirs = (leg.dialled_number, leg.caller_number) if leg.inbound else (leg.caller_number, leg.dialled_number)
    contact = Contact(
        ContactId(leg.marks["contact"]),
        leg.leg_id,
        ours or "",
        theirs,
        leg.caller_name,
        _instant(leg.marks, "opened_at") or leg.created_at,
        leg_answered=leg.answered,
        priority=work.floor.site.priority_of(theirs),
    )
    work.floor.add_contact(contact)
    flow = leg.marks.get("flow")
    if flow:
        contact.position = FlowPosition(flow, int(leg.marks.get("step") or 0))
    match leg.marks.get("state"):
        case ContactState.WAITING:
            _wait_on(work, contact, leg, now)
        case ContactState.TALKING:
            _talk_on(contact, leg)
        case ContactState.TRANSFERRED:
            contact.state = ContactState.TRANSFERRED
        case ContactState.DIRECT:
            _take_up_direct(work, contact, leg)
        case _:
            _walk_on(work, contact, now)
    work.publish(ContactTakenUp(now, contact.contact_id, contact.queue_id, None))


def _take_up_direct(work: Workplace, contact: Contact, leg: LiveLeg) -> None:
    contact.answered_at = _instant(leg.marks, "answered_at")
    direct.take_up(work, contact, leg)


def _take_up_calls_out(work: Workplace, living: Mapping[LegId, LiveLeg], now: datetime) -> None:
    for leg in living.values():
        if leg.marks.get("role") == "direct" and not _known(work, leg):
            opened_at, number = _instant(leg.marks, "opened_at") or leg.created_at, leg.marks.get("number", "")
            contact = Contact(ContactId(leg.marks["contact"]), leg.leg_id, number, None, "", opened_at)
            contact.leg_answered = leg.answered
            work.floor.add_contact(contact)
            _take_up_direct(work, contact, leg)
            work.publish(ContactTakenUp(now, contact.contact_id, None, AgentId(contact.agent_id or "")))


def _instant(marks: Mapping[str, str], name: str) -> datetime | None:
    text = marks.get(name)
    return datetime.fromisoformat(text) if text else None


def _wait_on(work: Workplace, contact: Contact, leg: LiveLeg, now: datetime) -> None:
    queue = work.floor.site.queues.get(QueueId(leg.marks.get("queue", "")))
    if queue is None:
        _walk_on(work, contact, now)
        return
    contact.state = ContactState.WAITING
    work.floor.join_line(contact, queue.queue_id, _instant(leg.marks, "queued_at") or leg.created_at)
    queueing.start_waiting_timers(work, contact, queue, now)


def _talk_on(contact: Contact, leg: LiveLeg) -> None:
    contact.state = ContactState.TALKING
    contact.queue_id = QueueId(leg.marks["queue"]) if leg.marks.get("queue") else None
    contact.queued_at = _instant(leg.marks, "queued_at")
    contact.answered_at = _instant(leg.marks, "answered_at")
    contact.held_since = _instant(leg.marks, "held_since")


def _walk_on(work: Workplace, contact: Contact, now: datetime) -> None:
    """Let the contact repeat the step at which it stood."""
    position = contact.position or work.floor.site.dialplan.entry(contact.dialled_number)
    if position is None or position.flow not in work.floor.site.dialplan.flows:
        inbound.close(work, contact, now)
    else:
        inbound.walk(work, contact, begin(work.floor.site.dialplan, position), now)


def _take_up_devices(work: Workplace, living: Mapping[LegId, LiveLeg], now: datetime) -> None:
    for leg in living.values():
        if leg.marks.get("role") == "agent" and work.floor.agent_of_leg(leg.leg_id) is None:
            _take_up_device(work, leg, now)
        elif leg.marks.get("role") in ("transfer", "direct-party") and work.floor.contact_of_leg(leg.leg_id) is None:
            _take_up_party(work, leg, now)
        elif leg.marks.get("role") == "call-back" and not _known(work, leg):
            work.switch.hang_up(leg.leg_id)  # the agent's leg, if it lives, has the customer dialled anew


def _take_up_device(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    contact = work.floor.contacts.get(ContactId(leg.marks.get("contact", "")))
    agent = work.floor.agents.get(AgentId(leg.marks.get("agent", "")))
    if contact is None or agent is None or agent.leg_id is not None:
        work.switch.hang_up(leg.leg_id)
    elif contact.state is ContactState.TALKING and leg.answered and contact.agent_id is None:
        _rejoin(work, contact, agent, leg, now)
    elif work.floor.room_for_offers(contact):
        _resume_offer(work, agent, leg, now)
    else:
        work.switch.hang_up(leg.leg_id)


def _rejoin(work: Workplace, contact: Contact, agent: Agent, leg: LiveLeg, now: datetime) -> None:
    agent.state, agent.state_since = AgentState.TALKING, contact.answered_at
    agent.contact_id, contact.agent_id = contact.contact_id, agent.agent_id
    work.floor.set_agent_leg(agent, leg.leg_id)
    if leg.bridged_to is None and contact.held_since is None:
        work.switch.bridge(contact.leg_id, leg.leg_id)
    work.publish(ContactTakenUp(now, contact.contact_id, contact.queue_id, agent.agent_id))


def _resume_offer(work: Workplace, agent: Agent, leg: LiveLeg, now: datetime) -> None:
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
    work.publish(ContactTakenUp(now, offer.contact_id, offer.queue_id, agent.agent_id))
    if leg.answered:
        conversation.accept(work, offer, now)


def _take_up_party(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    contact = work.floor.contacts.get(ContactId(leg.marks.get("contact", "")))
    if contact is None or contact.state not in (ContactState.TRANSFERRED, ContactState.DIRECT):
        work.switch.hang_up(leg.leg_id)
    else:
        work.floor.add_party_leg(contact, leg.leg_id, leg.marks.get("destination", leg.dialled_number), now)


def _return_the_stranded(work: Workplace, now: datetime) -> None:
    """Who talked to an agent whose leg is gone waits again, at the place in line that the wait began with."""
    for contact in list(work.floor.contacts.values()):
        stranded = contact.state is ContactState.TALKING and work.floor.agent_talking_with(contact) is None
        if stranded and contact.queue_id is not None and contact.queued_at is not None:
            work.publish(LeaseHealed(now, "contact", contact.contact_id, "its agent's leg is gone from the switch"))
            contact.answered_at = contact.held_since = contact.agent_id = None
            queueing.wait_again(work, contact, contact.queue_id, contact.queued_at, now)

