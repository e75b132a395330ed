"""A conversation whose page goes, or whose sound no longer comes through: the caller is kept for the agent.

The other side hears hold music meanwhile. When the page is there again, in this tab or another, it is rung anew and the
conversation goes on, one of a queue as well as a direct call. When the agent does not come back in time, a caller of a
queue waits again, at the place in line that the wait began with; a direct call goes on as one that nobody took.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import Agent, AgentId
from cxcore.domain.contact import Contact, ContactId, ContactState
from cxcore.domain.events import ConversationInterrupted, ConversationResumed
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.tidings import ReturnOverdue
from cxcore.ports.switch import Dial
from cxcore.services import conversation, direct, inbound, offering, queueing
from cxcore.services.consultation_legs import line_leg
from cxcore.services.marks import direct_marks, mark_contact
from cxcore.services.workplace import Workplace

RETURN_SECONDS = 40
"""How long a caller is kept for an agent whose page is gone: a lost network of 20 s, and a page to load."""

RING_SECONDS = 10
"""How long a page that is there again may take to answer by itself."""


def interrupt(work: Workplace, agent: Agent, now: datetime) -> bool:
    """Let the device go and keep the caller. False when the agent is in no conversation that can be taken up again."""
    contact = _conversation_of(work, agent)
    if contact is None:
        return False
    if _device_of(contact, agent) is None:
        return True
    _part_with_device(work, contact, agent)
    if not agent.returning:
        _wait_for(work, agent, now)
        work.publish(ConversationInterrupted(now, contact.contact_id, agent.agent_id))
    return True


def keep(work: Workplace, contact: Contact, now: datetime) -> None:
    """A core that starts found a direct call whose agent has no device in it: wait for the page."""
    agent = work.floor.agents.get(AgentId(contact.agent_id or ""))
    contact.desk_leg = None
    if agent is not None:
        work.switch.play_hold_music(contact.leg_id)
        _wait_for(work, agent, now)


def _wait_for(work: Workplace, agent: Agent, now: datetime) -> None:
    agent.returning = True
    work.timers.set(ReturnOverdue(now + timedelta(seconds=RETURN_SECONDS), agent.agent_id))


def _conversation_of(work: Workplace, agent: Agent) -> Contact | None:
    contact = work.floor.contacts.get(agent.direct_contact_id or agent.contact_id or ContactId(""))
    if contact is None or contact.consultation is not None or contact.agent_id != agent.agent_id:
        return None
    if contact.chat is not None:
        return None
    talks = contact.state in (ContactState.TALKING, ContactState.DIRECT) and contact.answered_at is not None
    return contact if talks else None


def _device_of(contact: Contact, agent: Agent) -> LegId | None:
    return contact.desk_leg if contact.state is ContactState.DIRECT else agent.leg_id


def _part_with_device(work: Workplace, contact: Contact, agent: Agent) -> None:
    """Hold music is ordered: out of its bridge a caller's leg hears it by itself, but one that was dialled does not."""
    device, line = _device_of(contact, agent), line_leg(work, contact)
    work.switch.play_hold_music(line)
    if contact.state is ContactState.DIRECT:
        _leave_line(work, contact, line)
    else:
        work.floor.set_agent_leg(agent, None)
    if device is not None:
        work.switch.hang_up(device)


def _leave_line(work: Workplace, contact: Contact, line: LegId) -> None:
    """The line is the contact's only leg, whoever dialled."""
    if line != contact.leg_id:
        work.floor.drop_party_leg(contact, line)
        work.floor.change_leg(contact, line)
        work.switch.mark(line, direct_marks(contact, party=False))
    elif contact.desk_leg is not None:
        work.floor.drop_party_leg(contact, contact.desk_leg)
    contact.desk_leg = None
    mark_contact(work, contact)


def take_up(work: Workplace, agent: Agent, now: datetime) -> bool:
    """The page can take calls again: ring it. False when no conversation waits for the agent."""
    contact = _conversation_of(work, agent)
    if not agent.returning or contact is None:
        return False
    if _device_of(contact, agent) is None:
        _ring_again(work, contact, agent, now)
    return True


def _ring_again(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    leg_id = LegId(work.new_identity())
    if contact.state is ContactState.DIRECT:
        contact.desk_leg = leg_id
        work.floor.add_party_leg(contact, leg_id, agent.address, now)
        marks = direct_marks(contact, party=True)
        mark_contact(work, contact)
    else:
        work.floor.set_agent_leg(agent, leg_id)
        marks = {"role": "agent", "contact": contact.contact_id, "agent": agent.agent_id}
        marks["queue"] = contact.queue_id or ""
    number, name = contact.caller_number or "anonymous", contact.caller_name or contact.caller_number or "anoniem"
    work.switch.dial(Dial(leg_id, agent.address, number, name, RING_SECONDS, marks, partner=contact.leg_id))


def returns_on(work: Workplace, contact: Contact, leg_id: LegId) -> Agent | None:
    """The agent who is taking up a direct call again on this leg; None when it is another leg."""
    agent = work.floor.agents.get(AgentId(contact.agent_id or ""))
    return agent if agent is not None and agent.returning and leg_id == contact.desk_leg else None


def answered(work: Workplace, agent: Agent, now: datetime) -> None:
    """The page that is there again answered: both hear each other, unless the caller was on hold."""
    contact = _conversation_of(work, agent)
    device = _device_of(contact, agent) if contact is not None else None
    if contact is None or device is None:
        return
    cease_waiting(work, agent)
    if contact.held_since is None:
        work.switch.bridge(contact.leg_id, device)
    work.publish(ConversationResumed(now, contact.contact_id, agent.agent_id))


def not_answered(work: Workplace, agent: Agent) -> None:
    """The page that is there again did not answer; it is rung again when it says anew that it can take calls."""
    contact = _conversation_of(work, agent)
    if contact is not None and contact.state is ContactState.DIRECT:
        _leave_line(work, contact, contact.leg_id)
    else:
        work.floor.set_agent_leg(agent, None)


def cease_waiting(work: Workplace, agent: Agent) -> None:
    """Nobody is kept for the agent any more."""
    agent.returning = False
    work.timers.cancel(ReturnOverdue, agent.agent_id)


def return_overdue(work: Workplace, tiding: ReturnOverdue) -> None:
    """The agent did not come back: a colleague can have the contact, or a direct call goes on as one nobody took."""
    agent = work.floor.agent(tiding.agent_id)
    contact = _conversation_of(work, agent)
    if not agent.returning or contact is None:
        return
    device = _device_of(contact, agent)
    if device is not None:
        not_answered(work, agent)
        work.switch.hang_up(device)
    if contact.state is ContactState.DIRECT:
        if not direct.give_up(work, contact, tiding.at):
            inbound.not_taken(work, contact, tiding.at)
        return
    conversation.finish_talk(work, contact, agent, tiding.at)
    _back_to_line(work, contact, tiding.at)


def device_died(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> bool:
    """The agent's telephone gives no sound any more and cannot be rung as a page can: a colleague can have the caller.

    False where there is no line for the caller to go back to.
    """
    if contact.queue_id is None or not contact.has_leg or contact.state is not ContactState.TALKING:
        return False
    work.floor.set_agent_leg(agent, None)
    work.publish(ConversationInterrupted(now, contact.contact_id, agent.agent_id, HangUpCause.MEDIA_TIMEOUT))
    conversation.finish_talk(work, contact, agent, now)
    agent.warning = "unreachable"
    _back_to_line(work, contact, now)
    return True


def _back_to_line(work: Workplace, contact: Contact, now: datetime) -> None:
    if contact.queue_id is None:
        return
    queued_at = contact.queued_at or now
    contact.answered_at = contact.held_since = contact.agent_id = None
    queueing.wait_again(work, contact, contact.queue_id, queued_at, now)
    offering.offer_contact(work, contact, now)
