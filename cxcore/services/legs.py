"""What the switch says of a leg concerns the caller, an agent's device, or a party outside: find out which."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import TALKING, Agent
from cxcore.domain.contact import CALLING_BACK, DIRECT, HEARING, IN_CONVERSATION, Contact, ContactState, Outcome
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId
from cxcore.domain.offer import Offer
from cxcore.domain.tidings import LegAnswered, LegHungUp, LegsUnbridged, OrderRefused
from cxcore.services import (
    callbacks,
    consultation_course,
    conversation,
    direct,
    inbound,
    interruption,
    offering,
    playback,
    queueing,
    replacing,
    service_line,
    transfers,
    voicemail,
)
from cxcore.services.workplace import Workplace

TOGETHER = (ContactState.TALKING, ContactState.TRANSFERRED, ContactState.DIRECT)


def answered(work: Workplace, tiding: LegAnswered) -> None:
    """A leg was answered."""
    if work.floor.replacing and replacing.answered(work, tiding):
        return
    agent = work.floor.agent_of_leg(tiding.leg_id)
    if agent is not None:
        _device_answered(work, agent, tiding)
        return
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is None:
        return
    if contact.consultation is not None and tiding.leg_id in contact.consultation.legs:
        consultation_course.target_answered(work, contact, tiding.leg_id, tiding.at)
    elif contact.state is DIRECT:
        _direct_leg_answered(work, contact, tiding)
    elif tiding.leg_id in contact.party_legs:
        transfers.connected(work, contact, tiding.leg_id, tiding.at)
    elif contact.state is CALLING_BACK:
        _customer_reached(work, contact, tiding)
    else:
        inbound.answered(work, contact, tiding.at)


def _direct_leg_answered(work: Workplace, contact: Contact, tiding: LegAnswered) -> None:
    returning = interruption.returns_on(work, contact, tiding.leg_id)
    if returning is not None:
        interruption.answered(work, returning, tiding.at)
    else:
        direct.leg_answered(work, contact, tiding.leg_id, tiding.at)


def _customer_reached(work: Workplace, contact: Contact, tiding: LegAnswered) -> None:
    agent = work.floor.agent_talking_with(contact)
    if contact.voice_message is None:
        conversation.customer_reached(work, contact, tiding.at)
    elif agent is not None:
        playback.reached(work, contact, agent, tiding.at)


def accept(work: Workplace, offer: Offer, now: datetime) -> None:
    """The device of an agent was answered that rang for an offer."""
    if work.floor.contacts[offer.contact_id].voice_message is None:
        conversation.accept(work, offer, now)
    else:
        playback.accept(work, offer, now)


def _device_answered(work: Workplace, agent: Agent, tiding: LegAnswered) -> None:
    offer = work.floor.offer_of_agent(agent.agent_id)
    if offer is not None and offer.leg_id == tiding.leg_id:
        accept(work, offer, tiding.at)
    elif agent.returning:
        interruption.answered(work, agent, tiding.at)
    elif agent.state is not TALKING:
        work.switch.hang_up(tiding.leg_id)  # answered in the same instant in which the offer was withdrawn


def hung_up(work: Workplace, tiding: LegHungUp) -> None:
    """A leg is gone."""
    work.floor.replacing.pop(tiding.leg_id, None)
    agent = work.floor.agent_of_leg(tiding.leg_id)
    if agent is not None:
        _device_left(work, agent, tiding)
        return
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is None:
        return
    if contact.consultation is not None and consultation_course.leg_left(work, contact, tiding):
        return
    if contact.state is DIRECT:
        _direct_leg_left(work, contact, tiding)
    elif tiding.leg_id in contact.party_legs:
        _party_left(work, contact, tiding)
    else:
        _caller_left(work, contact, tiding)


def _device_left(work: Workplace, agent: Agent, tiding: LegHungUp) -> None:
    offer = work.floor.offer_of_agent(agent.agent_id)
    if offer is not None and offer.leg_id == tiding.leg_id:
        offering.leg_failed(work, offer, agent, tiding.cause, tiding.at)
        return
    contact = work.floor.contacts.get(agent.contact_id) if agent.contact_id else None
    if agent.returning:
        interruption.not_answered(work, agent)
    elif contact is not None and _has_message(contact):
        playback.agent_left(work, contact, agent, tiding)
    elif contact is not None and contact.consultation is not None and contact.agent_id == agent.agent_id:
        consultation_course.agent_left(work, contact, tiding.at)
        offering.device_free(work, agent, tiding.at)
    elif contact is not None and contact.state is CALLING_BACK:
        callbacks.agent_left(work, contact, agent, tiding.at)
    elif contact is not None and agent.state is TALKING:
        if tiding.cause is not HangUpCause.MEDIA_TIMEOUT or not interruption.device_died(
            work, contact, agent, tiding.at
        ):
            conversation.agent_left(work, contact, agent, tiding)
    else:
        offering.device_free(work, agent, tiding.at)


def _has_message(contact: Contact) -> bool:
    """Whether the agent has a voice message before him, and not its sender on the line."""
    return contact.voice_message is not None and contact.state in (HEARING, CALLING_BACK)


def _direct_leg_left(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    returning = interruption.returns_on(work, contact, tiding.leg_id)
    if returning is not None:
        interruption.not_answered(work, returning)
    elif not direct.leg_left(work, contact, tiding):
        inbound.not_taken(work, contact, tiding.at)


def _party_left(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    if contact.state is ContactState.TRANSFERRED:
        transfers.party_left(work, contact, tiding)
    elif not transfers.party_missed(work, contact, tiding.leg_id, tiding.at):
        inbound.transfer_failed(work, contact, tiding.at)


def _caller_left(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    if contact.state is IN_CONVERSATION:  # as nearly every call ends
        conversation.caller_left(work, contact, tiding)
        return
    match contact.state:
        case ContactState.WAITING:
            queueing.give_up(work, contact, tiding)
        case ContactState.TRANSFERRED:
            transfers.caller_left(work, contact, tiding, Outcome.TRANSFERRED)
        case ContactState.IN_FLOW:
            voicemail.finish(work, contact, tiding.at)
            service_line.left(work, contact)
            transfers.caller_left(work, contact, tiding, _departure_in_flow(contact, tiding))
        case ContactState.CALL_BACK:
            callbacks.left(work, contact, tiding.at)
        case ContactState.CALLING_BACK:
            not_reached = callbacks.not_reached if contact.voice_message is None else playback.not_reached
            not_reached(work, contact, tiding)
        case _:
            pass


def _departure_in_flow(contact: Contact, tiding: LegHungUp) -> Outcome:
    if contact.left_message:
        return Outcome.LEFT_MESSAGE
    return Outcome.LOST if tiding.cause is HangUpCause.SWITCH_LOST else Outcome.LEFT_IN_FLOW


def unbridged(work: Workplace, tiding: LegsUnbridged) -> None:
    """Two legs no longer hear each other. If nobody hung up or held, the caller gets hold music, never silence [10]."""
    for leg_id in (tiding.leg_id, tiding.other):
        contact = work.floor.contact_of_leg(leg_id)
        if contact is None or contact.state not in TOGETHER:
            continue  # what it is to hear was ordered since
        other = tiding.other if leg_id == tiding.leg_id else tiding.leg_id
        if leg_id == contact.leg_id and contact.held_since is None and _is_partner(work, contact, other):
            work.switch.play_hold_music(leg_id)


def _is_partner(work: Workplace, contact: Contact, leg_id: LegId) -> bool:
    """Whether the caller is to hear this leg; a late word on an earlier partner is none on those of now."""
    if contact.consultation is not None and leg_id in contact.consultation.legs:
        return False
    agent = work.floor.agent_talking_with(contact)
    return leg_id in contact.party_legs or (agent is not None and agent.leg_id == leg_id)


def refused(work: Workplace, tiding: OrderRefused) -> None:
    """The switch could not carry out an order: a call that cannot be dialled has failed, a lost leg has ended, and one
    that nobody took in time belongs to the fallback. Without a switch the next report tells what became of it."""
    if not work.floor.switch_connected:
        return
    if tiding.order == "take":
        _take_refused(work, tiding)
    elif tiding.order == "dial":
        hung_up(work, LegHungUp(tiding.at, tiding.leg_id, HangUpCause.REFUSED, HungUpBy.SWITCH))
    elif tiding.order in ("bridge", "join"):
        _bridge_refused(work, tiding.leg_id, tiding)
    elif tiding.order in ("hold", "play_hold_music"):
        _music_refused(work, tiding)


def _take_refused(work: Workplace, tiding: OrderRefused) -> None:
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is not None:
        work.tell_healed(contact, "the switch's fallback has its leg", tiding.at)
        inbound.leave_to_fallback(work, contact, tiding.at)


def _music_refused(work: Workplace, tiding: OrderRefused) -> None:
    """Whoever waits is not left in silence [10]: what lacks music is healed at the next look at the legs."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is None:
        return
    work.floor.without_music.add(contact.contact_id)
    work.floor.doubted.add(contact.contact_id)
    if tiding.order == "hold" and contact.state is ContactState.PASSING:
        work.switch.play_hold_music(contact.leg_id)


def _bridge_refused(work: Workplace, leg_id: LegId, tiding: OrderRefused) -> None:
    contact = work.floor.contact_of_leg(leg_id)
    agent = work.floor.agent_talking_with(contact) if contact is not None else None
    consults = contact is not None and contact.consultation is not None
    if not consults and (contact is None or agent is None or agent.leg_id is None):
        return
    work.switch.report_live_legs()  # one of the two is gone; who it was decides what becomes of the other
