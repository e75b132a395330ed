"""An agent hears a voice message on the device, and may call its sender back from there.

The message was offered like any other contact (`services.offering`). It is played when the device was answered; then
the device falls silent, and the agent hears it again, calls the sender, or is done: wrap-up follows. A message whose
agent was cut off by a fault waits again, at its old place.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import Agent, AgentState
from cxcore.domain.callback import can_be_called
from cxcore.domain.commands import CallSender, ReplayMessage
from cxcore.domain.contact import Contact, ContactState, Outcome
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactAnswered, SenderCalled, SenderReached, VoiceMessagePlayed
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg, OrderId
from cxcore.domain.offer import Offer, OfferEnd
from cxcore.domain.queue import CallBackSettings
from cxcore.domain.tidings import LegHungUp
from cxcore.ports.switch import Dial
from cxcore.services import conversation, offering, queueing, voicemail
from cxcore.services.endings import end_contact
from cxcore.services.marks import mark_accepted, mark_contact
from cxcore.services.traffic import check_may_dial
from cxcore.services.workplace import Workplace


def accept(work: Workplace, offer: Offer, now: datetime) -> None:
    """The agent's device was answered: the message is played."""
    contact, agent = work.floor.contacts[offer.contact_id], work.floor.agent(offer.agent_id)
    queueing.stop_waiting(work, contact)
    offering.withdraw_others(work, offer, now)
    begin(work, contact, agent, now)
    offering.end_offer(work, offer, OfferEnd.ACCEPTED, "", now)
    waited = (now - (contact.queued_at or now)).total_seconds()
    work.publish(ContactAnswered(now, contact.contact_id, agent.agent_id, offer.queue_id, waited))
    play(work, contact, agent, now)


def begin(work: Workplace, contact: Contact, agent: Agent, accepted_at: datetime) -> None:
    """The agent has the message from now on, or a core that starts finds it so."""
    contact.move_to(ContactState.HEARING)
    contact.answered_at, contact.agent_id = accepted_at, agent.agent_id
    agent.state, agent.state_since, agent.contact_id = AgentState.TALKING, accepted_at, contact.contact_id
    if agent.leg_id is not None:
        mark_accepted(work, agent.leg_id, accepted_at)


def take_up(
    work: Workplace, contact: Contact, agent: Agent, accepted_at: datetime, customer: LiveLeg | None, now: datetime
) -> None:
    """A core that starts found the agent's device: the message is heard again, or its sender is being called."""
    queueing.stop_waiting(work, contact)
    begin(work, contact, agent, accepted_at)
    if customer is None:
        play(work, contact, agent, now)
    else:
        work.floor.change_leg(contact, customer.leg_id)
        contact.move_to(ContactState.CALLING_BACK)


def play(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    """From its beginning."""
    if contact.voice_message is None or agent.leg_id is None:
        return
    recording = contact.voice_message.recording
    work.switch.say(agent.leg_id, work.new_order(contact), (work.voice_messages.playable(recording),))
    work.publish(VoiceMessagePlayed(now, contact.contact_id, agent.agent_id))


def played(work: Workplace, agent: Agent, order_id: OrderId) -> None:
    """The message is over; a device that hears nothing more may be told so by its silence."""
    contact = work.floor.contacts.get(agent.contact_id) if agent.contact_id else None
    if contact is not None and contact.state is ContactState.HEARING and contact.order_id == order_id:
        _silence(work, contact, agent)


def _silence(work: Workplace, contact: Contact, agent: Agent) -> None:
    contact.order_id = None
    if agent.leg_id is not None:
        work.switch.park(agent.leg_id)


def replay(work: Workplace, command: ReplayMessage, now: datetime) -> None:
    """The agent hears the message again."""
    agent, contact = _hearing(work, command)
    play(work, contact, agent, now)


def call_sender(work: Workplace, command: CallSender, now: datetime) -> None:
    """Dial the sender, while the agent hears that it rings."""
    agent, contact = _hearing(work, command)
    settings = _settings(work, contact)
    if not can_be_called(contact.caller_number, settings):
        raise NotAllowed("cannot-be-called", "the sender hid the number, or it is of a kind that is not called back")
    check_may_dial(work, agent.agent_id, contact.caller_number or "")
    number, contact.order_id = contact.caller_number or "", None
    work.floor.change_leg(contact, LegId(work.new_identity()))
    contact.move_to(ContactState.CALLING_BACK)
    if agent.leg_id is not None:
        work.switch.play_ringback(agent.leg_id)
    marks = {"role": "call-back", "contact": contact.contact_id}
    caller = work.floor.caller_number_of(contact)
    seconds = settings.ring_seconds
    work.switch.dial(
        Dial(contact.leg_id, number, caller, timeout_seconds=seconds, marks=marks, partner=agent.leg_id)
    )
    work.publish(SenderCalled(now, contact.contact_id, agent.agent_id, number))


def _settings(work: Workplace, contact: Contact) -> CallBackSettings:
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id else None
    return (queue.call_back if queue is not None else None) or CallBackSettings()


def _hearing(work: Workplace, command: ReplayMessage | CallSender) -> tuple[Agent, Contact]:
    agent = work.floor.agent(command.agent_id)
    contact = work.floor.contacts.get(agent.contact_id) if agent.contact_id else None
    if contact is None or contact.state is not ContactState.HEARING:
        raise NotAllowed("no-message", "the agent hears no voice message")
    return agent, contact


def reached(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    """The sender answered: both hear each other."""
    if agent.leg_id is None:
        return
    work.switch.bridge(contact.leg_id, agent.leg_id)
    _put_away(work, contact)
    contact.leg_answered, contact.voice_message = True, None
    contact.move_to(ContactState.TALKING)
    mark_contact(work, contact)
    work.publish(SenderReached(now, contact.contact_id, agent.agent_id, True, None))


def not_reached(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    """The sender is busy, does not answer or cannot be reached: the agent has the message on, and may try again."""
    agent = work.floor.agent_talking_with(contact)
    work.floor.change_leg(contact, LegId(work.new_identity()))
    contact.move_to(ContactState.HEARING)
    if agent is not None:
        _silence(work, contact, agent)
        work.publish(SenderReached(tiding.at, contact.contact_id, agent.agent_id, False, tiding.cause))


def agent_left(work: Workplace, contact: Contact, agent: Agent, tiding: LegHungUp) -> None:
    """The agent hung up, and is done with the message; unless it was the switch that ended the call."""
    if contact.state is ContactState.CALLING_BACK:
        work.switch.hang_up(contact.leg_id, HangUpCause.WITHDRAWN)
    work.floor.set_agent_leg(agent, None)
    _put_away(work, contact)
    if tiding.cause is HangUpCause.SWITCH_LOST:
        _wait_again(work, contact, agent, tiding.at)
        return
    conversation.finish_talk(work, contact, agent, tiding.at)
    end_contact(work, contact, tiding.at, Outcome.HEARD, HangUpCause.NORMAL, HungUpBy.SWITCH)


def _put_away(work: Workplace, contact: Contact) -> None:
    if contact.voice_message is not None:
        work.voice_messages.put_away(contact.voice_message.recording)


def _wait_again(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    agent.contact_id = contact.agent_id = contact.answered_at = contact.order_id = None
    agent.move_to(AgentState.READY, now)
    agent.ready_since = now
    work.floor.change_leg(contact, LegId(work.new_identity()))
    if contact.queue_id is not None:
        voicemail.stand_in_line(work, contact, contact.queue_id, contact.queued_at or now, now)
    offering.offer_to_agent(work, agent, now)
