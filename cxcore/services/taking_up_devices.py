"""The devices of agents, and parties outside, are found again by the marks on their legs."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import Agent, AgentId, AgentState
from cxcore.domain.contact import Contact, ContactId, ContactState
from cxcore.domain.dialplan import Transfer
from cxcore.domain.events import (
    ContactAnswered,
    ContactOffered,
    ContactTakenUp,
    LeaseHealed,
    OfferEnded,
)
from cxcore.domain.leg import LiveLeg
from cxcore.domain.measures import VisitEnd
from cxcore.domain.offer import Offer, OfferEnd, OfferId
from cxcore.domain.queue import QueueId
from cxcore.domain.tidings import WrapUpDue
from cxcore.ports.contact_log import WrapUp
from cxcore.services import (
    callbacks,
    consultation_recovery,
    conversation,
    healing,
    offering,
    playback,
    remembering,
    taking_up,
)
from cxcore.services.healing import Living
from cxcore.services.marks import TAKEN_OVER
from cxcore.services.workplace import Memory, Workplace


def take_up_devices(work: Workplace, living: Living, now: datetime) -> None:
    """Each leg that is no caller's goes to the agent or contact that its marks name, or is hung up."""
    for leg in living.values():
        if leg.marks.get("role") == "agent" and work.floor.agent_of_leg(leg.leg_id) is None:
            _take_up_device(work, leg, living, now)
        elif leg.marks.get("role") in ("transfer", "direct-party") and work.floor.contact_of_leg(leg.leg_id) is None:
            _take_up_party(work, leg, now)
        elif leg.marks.get("role") == "consult" and work.floor.contact_of_leg(leg.leg_id) is None:
            _take_up_consulted(work, leg, now)
    for leg in living.values():
        if leg.marks.get("role") == "call-back" and not taking_up.known(work, leg):
            work.switch.hang_up(leg.leg_id)  # its agent is gone


def _take_up_device(work: Workplace, leg: LiveLeg, living: Living, now: datetime) -> None:
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
    elif leg.answered and "accepted_at" in leg.marks and not contact.has_leg:
        _take_up_accepted(work, work.memory, contact, agent, leg, living, now)
    elif work.floor.room_for_offers(contact):
        _resume_offer(work, work.memory, agent, leg, now)
    else:
        work.switch.hang_up(leg.leg_id)


def _take_up_consulted(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    if work.memory is None:
        _end_strange(work, leg, now)
    else:
        consultation_recovery.take_up(work, leg, now)


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
        remembering.end_wrap_up(work, agent, wrap_up, min(until, now), now)
        agent.contact_id = agent.wrap_up_of = agent.wrap_up_until = None
    agent.state, agent.state_since = AgentState.READY, now


def _rejoin(work: Workplace, memory: Memory, contact: Contact, agent: Agent, leg: LiveLeg, now: datetime) -> None:
    _leave_wrap_up(work, agent, now)
    agent.state, agent.state_since = AgentState.TALKING, contact.answered_at
    agent.contact_id, contact.agent_id = contact.contact_id, agent.agent_id
    work.floor.set_agent_leg(agent, leg.leg_id)
    _tell_accepted(work, memory, leg, now)
    _tell_answered(work, memory, contact, agent)
    work.publish(ContactTakenUp(now, contact.contact_id, contact.queue_id, agent.agent_id))


def _take_up_accepted(
    work: Workplace, memory: Memory, contact: Contact, agent: Agent, leg: LiveLeg, living: Living, now: datetime
) -> None:
    """An agent has a message before him, or waits for the customer who is called back."""
    _leave_wrap_up(work, agent, now)
    work.floor.set_agent_leg(agent, leg.leg_id)
    _tell_accepted(work, memory, leg, now)
    customer = next((each for each in living.values() if _is_customer_of(each, contact)), None)
    if contact.voice_message is not None:
        playback.take_up(work, contact, agent, taking_up.instant(leg.marks, "accepted_at") or now, customer, now)
        _tell_answered(work, memory, contact, agent)
    else:
        callbacks.take_up(work, contact, agent, customer, now)
    work.publish(ContactTakenUp(now, contact.contact_id, contact.queue_id, agent.agent_id))


def _is_customer_of(leg: LiveLeg, contact: Contact) -> bool:
    return leg.marks.get("role") == "call-back" and leg.marks.get("contact") == contact.contact_id


def _tell_accepted(work: Workplace, memory: Memory, leg: LiveLeg, now: datetime) -> None:
    """The end of the offer may not have been written, nor that it was made. Who took a contact over had no offer."""
    offer = _offer_on(leg, now)
    if offer.reason == TAKEN_OVER:
        return
    known = memory.known_offers.pop(offer.offer_id, None)
    if known is None:
        _tell_offered(work, offer)
    if known is None or not known.ended:
        ids = (offer.offer_id, offer.contact_id, offer.agent_id, offer.queue_id)
        work.publish(OfferEnded(now, *ids, OfferEnd.ACCEPTED, ""))


def _offer_on(leg: LiveLeg, now: datetime) -> Offer:
    """The offer that an agent's device rang, or rings, for."""
    agent_id = AgentId(leg.marks["agent"])
    return Offer(
        OfferId(leg.marks["offer"]),
        ContactId(leg.marks["contact"]),
        agent_id,
        QueueId(leg.marks["queue"]),
        leg.leg_id,
        taking_up.instant(leg.marks, "offered_at") or now,
        leg.marks.get("reason", ""),
        (agent_id,),
    )


def _tell_answered(work: Workplace, memory: Memory, contact: Contact, agent: Agent) -> None:
    known = memory.left_open.get(contact.contact_id)
    visit = known.visits.get(contact.queue_id) if known is not None and contact.queue_id is not None else None
    if visit is not None and visit.outcome == VisitEnd.ANSWERED and visit.waiting_since is None:
        return
    if contact.queue_id is not None and contact.queued_at is not None and contact.answered_at is not None:
        waited = (contact.answered_at - contact.queued_at).total_seconds()
        work.publish(ContactAnswered(contact.answered_at, contact.contact_id, agent.agent_id, contact.queue_id, waited))


def _resume_offer(work: Workplace, memory: Memory, agent: Agent, leg: LiveLeg, now: datetime) -> None:
    _leave_wrap_up(work, agent, now)
    offer = _offer_on(leg, now)
    offering.start_offer(work, offer, agent)
    known = memory.known_offers.pop(offer.offer_id, None)
    if known is None or known.ended:
        _tell_offered(work, offer)
    work.floor.doubted.add(leg.leg_id)
    work.publish(ContactTakenUp(now, offer.contact_id, offer.queue_id, agent.agent_id))


def _tell_offered(work: Workplace, offer: Offer) -> None:
    """That it was offered was not written; or an end that did not come about was."""
    ids = (offer.offer_id, offer.contact_id, offer.agent_id, offer.queue_id)
    work.publish(ContactOffered(offer.offered_at, *ids, offer.reason, offer.candidates, ready=1))


def _take_up_party(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    contact = work.floor.contacts.get(ContactId(leg.marks.get("contact", "")))
    if work.memory is None:
        _end_strange(work, leg, now)
    elif contact is not None and _is_connecting(work, contact):
        work.floor.add_party_leg(contact, leg.leg_id, leg.marks.get("destination", leg.dialled_number), now)
        if leg.marks.get("role") == "direct-party" and contact.desk_leg is None:
            contact.desk_leg = leg.leg_id  # of an inbound call; outbound the desk is the contact's first leg
    else:
        work.switch.hang_up(leg.leg_id)


def _is_connecting(work: Workplace, contact: Contact) -> bool:
    """Whether the contact is with a party outside, or on its way to one."""
    if contact.state is ContactState.IN_FLOW and contact.position is not None:
        return isinstance(work.floor.site.dialplan.step(contact.position), Transfer)
    return contact.state in (ContactState.TRANSFERRED, ContactState.DIRECT)
