"""An agent and a customer talk: the bridge, hold, the end, wrap-up."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import READY, TALKING, WRAP_UP, Agent
from cxcore.domain.commands import EndWrapUp, ExtendWrapUp, HangUpContact, HoldContact, ResumeContact
from cxcore.domain.contact import IN_CONVERSATION, Contact, ContactState, Outcome
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import (
    ContactAnswered,
    ContactHeld,
    ContactResumed,
    TalkEnded,
    WrapUpEnded,
    WrapUpExtended,
    WrapUpStarted,
)
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.offer import Offer, OfferEnd
from cxcore.domain.tidings import LegHungUp, ReturnOverdue, WrapUpDue
from cxcore.services import callbacks, offering, queueing
from cxcore.services.endings import end_contact
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace


def accept(work: Workplace, offer: Offer, now: datetime) -> None:
    """The agent's device was answered: caller and agent hear each other."""
    contact, agent = work.floor.contacts[offer.contact_id], work.floor.agent(offer.agent_id)
    if contact.call_back is not None:
        callbacks.accepted(work, offer, now)
        return
    queueing.stop_waiting(work, contact)
    contact.in_front = False
    offering.withdraw_others(work, offer, now)
    work.switch.bridge(contact.leg_id, offer.leg_id)
    contact.move_to(IN_CONVERSATION)
    contact.answered_at, contact.order_id = now, None
    agent.move_to(TALKING, now)
    agent.contact_id, contact.agent_id = contact.contact_id, agent.agent_id
    mark_contact(work, contact)
    offering.end_offer(work, offer, OfferEnd.ACCEPTED, "", now)
    waited = (now - (contact.queued_at or now)).total_seconds()
    work.publish(ContactAnswered(now, contact.contact_id, agent.agent_id, offer.queue_id, waited))


def customer_reached(work: Workplace, contact: Contact, now: datetime) -> None:
    """A customer who is called back answered: customer and agent hear each other."""
    agent = work.floor.agent_talking_with(contact)
    if agent is None or agent.leg_id is None or contact.queue_id is None:
        return
    work.switch.bridge(contact.leg_id, agent.leg_id)
    callbacks.reached(work, contact, now)
    contact.move_to(IN_CONVERSATION)
    contact.answered_at, contact.order_id = now, None
    mark_contact(work, contact)
    waited = (now - (contact.queued_at or now)).total_seconds()
    work.publish(ContactAnswered(now, contact.contact_id, agent.agent_id, contact.queue_id, waited))


def caller_left(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    """The caller hung up in a conversation."""
    agent = work.floor.agent_talking_with(contact)
    if agent is not None:
        finish_talk(work, contact, agent, tiding.at)
        if agent.leg_id is not None:
            work.switch.hang_up(agent.leg_id)
    end_contact(work, contact, tiding.at, Outcome.ANSWERED, tiding.cause, tiding.by)


def agent_left(work: Workplace, contact: Contact, agent: Agent, tiding: LegHungUp) -> None:
    """The agent's device hung up in a conversation: the call ends for the caller too."""
    finish_talk(work, contact, agent, tiding.at)
    work.floor.set_agent_leg(agent, None)
    end_contact(work, contact, tiding.at, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.SWITCH)
    work.switch.hang_up(contact.leg_id)


def finish_talk(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    """The agent's part ends; wrap-up begins [20]."""
    if contact.queue_id is None:
        return
    talked = now - (contact.answered_at or now)
    agent.returning = False
    work.timers.cancel(ReturnOverdue, agent.agent_id)
    if contact.held_since is not None:
        _note_resumed(work, contact, agent, now)
    agent.worked += talked
    agent.handled_contacts += 1
    _remember_talk(work, contact, agent, now)
    work.publish(TalkEnded(now, contact.contact_id, agent.agent_id, contact.queue_id, talked.total_seconds()))
    _start_wrap_up(work, contact, agent, now)


def _remember_talk(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    """For the queues that ask for it only: it is personal data."""
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id else None
    if queue is not None and queue.sticky_seconds and contact.caller_number:
        work.floor.note_talk(contact.caller_number, agent.agent_id, now)


def _start_wrap_up(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    if contact.queue_id is None:
        return
    until = now + timedelta(0, work.floor.queue(contact.queue_id).wrap_up_seconds)
    agent.move_to(WRAP_UP, now)
    agent.wrap_up_until, agent.wrap_up_of = until, contact.queue_id
    work.publish(WrapUpStarted(now, agent.agent_id, contact.contact_id, contact.queue_id, until))
    work.timers.set(WrapUpDue(until, agent.agent_id))


def wrap_up_due(work: Workplace, tiding: WrapUpDue) -> None:
    """Wrap-up reached its deadline."""
    agent = work.floor.agent(tiding.agent_id)
    if agent.state is WRAP_UP:
        _finish_wrap_up(work, agent, "deadline", tiding.at)


def end_wrap_up(work: Workplace, command: EndWrapUp, now: datetime) -> None:
    """The agent ends wrap-up early [20]."""
    agent = _in_wrap_up(work, command)
    work.timers.cancel(WrapUpDue, agent.agent_id)
    _finish_wrap_up(work, agent, command.by, now)


def extend_wrap_up(work: Workplace, command: ExtendWrapUp, now: datetime) -> None:
    """The agent takes more time [20]."""
    agent = _in_wrap_up(work, command)
    until = (agent.wrap_up_until or now) + timedelta(seconds=command.seconds)
    agent.wrap_up_until = until
    work.timers.set(WrapUpDue(until, agent.agent_id))
    if agent.contact_id is not None:
        work.publish(WrapUpExtended(now, agent.agent_id, agent.contact_id, until))


def _in_wrap_up(work: Workplace, command: EndWrapUp | ExtendWrapUp) -> Agent:
    agent = work.floor.agent(command.agent_id)
    if agent.state is not WRAP_UP:
        raise NotAllowed("not-in-wrap-up", "the agent is not in wrap-up")
    return agent


def leave_wrap_up(work: Workplace, agent: Agent, now: datetime) -> None:
    """The agent takes a contact over from a colleague, which ends the wrap-up of the one before."""
    work.timers.cancel(WrapUpDue, agent.agent_id)
    _finish_wrap_up(work, agent, agent.agent_id, now)


def _finish_wrap_up(work: Workplace, agent: Agent, by: str, now: datetime) -> None:
    lasted = now - (agent.state_since or now)
    agent.worked += lasted
    contact_id, queue_id = agent.contact_id, agent.wrap_up_of
    agent.last_contact_id = contact_id
    agent.contact_id = agent.wrap_up_until = agent.wrap_up_of = None
    agent.move_to(READY, now)
    agent.ready_since = now
    if contact_id is not None and queue_id is not None:
        work.publish(WrapUpEnded(now, agent.agent_id, contact_id, queue_id, lasted.total_seconds(), by))
    offering.offer_to_agent(work, agent, now)


def hold(work: Workplace, command: HoldContact, now: datetime) -> None:
    """The caller hears hold music, the agent nothing [10, 18]."""
    agent, contact = _talking(work, command)
    if contact.held_since is not None or agent.leg_id is None:
        raise NotAllowed("already-held", "the contact is on hold already")
    work.switch.hold(agent.leg_id, contact.leg_id)
    contact.held_since = now
    mark_contact(work, contact)
    work.publish(ContactHeld(now, contact.contact_id, agent.agent_id))


def resume(work: Workplace, command: ResumeContact, now: datetime) -> None:
    """Agent and caller hear each other again."""
    agent, contact = _talking(work, command)
    if contact.held_since is None or agent.leg_id is None:
        raise NotAllowed("not-held", "the contact is not on hold")
    work.switch.resume(agent.leg_id, contact.leg_id)
    _note_resumed(work, contact, agent, now)
    mark_contact(work, contact)


def _note_resumed(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    held = (now - (contact.held_since or now)).total_seconds()
    contact.held_since = None
    work.publish(ContactResumed(now, contact.contact_id, agent.agent_id, held))


def hang_up(work: Workplace, command: HangUpContact, now: datetime) -> None:
    """The agent ends the call from the page; the facts follow when the switch says that the caller's leg is gone, or
    that of the device, on which a voice message is heard."""
    agent, contact = _talking(work, command)
    leg_id = contact.leg_id if contact.has_leg else agent.leg_id
    if leg_id is not None:
        work.switch.hang_up(leg_id)


def _talking(work: Workplace, command: HoldContact | ResumeContact | HangUpContact) -> tuple[Agent, Contact]:
    agent = work.floor.agent(command.agent_id)
    contact = work.floor.contacts.get(agent.contact_id) if agent.contact_id else None
    if contact is None or agent.state is not TALKING:
        raise NotAllowed("no-conversation", "the agent is in no conversation")
    if contact.consultation is not None:
        raise NotAllowed("in-consultation", "the agent consults somebody; that must end first")
    if contact.state is ContactState.CALLING_BACK and not isinstance(command, HangUpContact):
        raise NotAllowed("no-conversation", "the customer is still being called")
    if contact.state is ContactState.HEARING and not isinstance(command, HangUpContact):
        raise NotAllowed("no-conversation", "the agent hears a voice message")
    return agent, contact
