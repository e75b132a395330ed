"""Softphones: the page of an agent says whether it can take calls, and what happens when it vanishes.

A softphone that cannot take calls is never rung. A page that goes in the middle of a conversation leaves the caller
with hold music; when it is there again, in this tab or another, it is rung anew and the conversation goes on. An agent
who does not come back in time gives the caller back to the queue, at the place in line that the wait began with.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import Agent, AgentState
from cxcore.domain.commands import LeaveSoftphone, ReportSoftphone
from cxcore.domain.contact import Contact, ContactState, Direction
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import (
    ConversationInterrupted,
    ConversationResumed,
    PageMissed,
    ReturnOverdue,
    SoftphoneChanged,
)
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.offer import OfferEnd
from cxcore.ports.switch import Dial
from cxcore.services import conversation, offering, queueing
from cxcore.services.workplace import Workplace

MISSED_SECONDS = 2
"""How long a page may be away in a conversation before its leg is given up: a connection of the pages may be made anew
while the sound goes on."""

RETURN_SECONDS = 40
"""How long a caller is kept for an agent whose page is gone: a lost network of 20 s, and a page to load."""

RING_SECONDS = 10
"""How long a page that is there again may take to answer by itself."""

NO_PAGE = "no-page"


def report(work: Workplace, command: ReportSoftphone, now: datetime) -> None:
    """A page says whether it can take calls, or what it lacks. The page that says so last is the agent's softphone."""
    agent = _agent_with_softphone(work, command)
    work.timers.cancel(PageMissed, agent.agent_id)
    moved = agent.softphone_page not in ("", command.page)
    _note(work, agent, command.page, command.fault, now)
    if moved:
        _let_go(work, agent, now)
    if command.fault is None:
        _take_up(work, agent, now)


def leave(work: Workplace, command: LeaveSoftphone, now: datetime) -> None:
    """A page was closed, or its connection was lost. One that was replaced by another tells nothing new."""
    agent = _agent_with_softphone(work, command)
    if command.page != agent.softphone_page or agent.device_fault == NO_PAGE:
        return
    _note(work, agent, command.page, NO_PAGE, now)
    if agent.state is AgentState.TALKING or agent.direct_contact_id is not None:
        work.timers.set(PageMissed(now + timedelta(seconds=MISSED_SECONDS), agent.agent_id))
    else:
        _let_go(work, agent, now)


def page_missed(work: Workplace, tiding: PageMissed) -> None:
    """A page has been away too long to go on with its call."""
    agent = work.floor.agent(tiding.agent_id)
    if agent.device_fault == NO_PAGE:
        _let_go(work, agent, tiding.at)


def _agent_with_softphone(work: Workplace, command: ReportSoftphone | LeaveSoftphone) -> Agent:
    agent = work.floor.agent(command.agent_id)
    if not agent.has_softphone:
        raise NotAllowed("no-softphone", "the agent's device is no softphone")
    return agent


def _note(work: Workplace, agent: Agent, page: str, fault: str | None, now: datetime) -> None:
    changed = (agent.softphone_page, agent.device_fault) != (page, fault)
    agent.softphone_page, agent.device_fault = page, fault
    if changed:
        work.publish(SoftphoneChanged(now, agent.agent_id, fault or "", page))


def _let_go(work: Workplace, agent: Agent, now: datetime) -> None:
    """The page that rings or talks is gone."""
    offer = work.floor.offer_of_agent(agent.agent_id)
    contact = _conversation_of(work, agent)
    if offer is not None:
        work.switch.hang_up(offer.leg_id, HangUpCause.WITHDRAWN)
        offering.end_offer(work, offer, OfferEnd.WITHDRAWN, "page-gone", now)
        agent.move_to(AgentState.READY, now)
        offering.offer_contact(work, work.floor.contacts[offer.contact_id], now)
    elif contact is not None and agent.leg_id is not None:
        _interrupt(work, agent, contact, now)
    else:
        _hang_up_device(work, agent)


def _hang_up_device(work: Workplace, agent: Agent) -> None:
    """In a direct call, or before a customer who is called back has answered: `legs` says what becomes of the other."""
    direct = work.floor.contacts.get(agent.direct_contact_id) if agent.direct_contact_id else None
    legs = [] if direct is None else [leg for leg, place in direct.party_legs.items() if place == agent.device]
    if direct is not None and direct.direction is Direction.OUTBOUND:
        legs = [direct.leg_id]
    for leg_id in filter(None, [agent.leg_id, *legs]):
        work.switch.hang_up(leg_id)


def _conversation_of(work: Workplace, agent: Agent) -> Contact | None:
    contact = work.floor.contacts.get(agent.contact_id) if agent.contact_id else None
    return contact if contact is not None and contact.state is ContactState.TALKING else None


def _interrupt(work: Workplace, agent: Agent, contact: Contact, now: datetime) -> None:
    """Out of its bridge the caller hears hold music by itself (`legs.unbridged`)."""
    leg_id, again = agent.leg_id, agent.returning
    work.floor.set_agent_leg(agent, None)
    if leg_id is not None:
        work.switch.hang_up(leg_id)
    if not again:
        agent.returning = True
        work.timers.set(ReturnOverdue(now + timedelta(seconds=RETURN_SECONDS), agent.agent_id))
        work.publish(ConversationInterrupted(now, contact.contact_id, agent.agent_id))


def _take_up(work: Workplace, agent: Agent, now: datetime) -> None:
    contact = _conversation_of(work, agent)
    if not agent.returning or contact is None:
        offering.offer_to_agent(work, agent, now)
    elif agent.leg_id is None:
        _ring_again(work, agent, contact)


def _ring_again(work: Workplace, agent: Agent, contact: Contact) -> None:
    leg_id = LegId(work.new_identity())
    work.floor.set_agent_leg(agent, leg_id)
    marks = {"role": "agent", "contact": contact.contact_id, "agent": agent.agent_id, "queue": contact.queue_id or ""}
    number, name = contact.caller_number or "anonymous", contact.caller_name or contact.caller_number or "anoniem"
    work.switch.dial(Dial(leg_id, agent.device, number, name, RING_SECONDS, marks))


def answered(work: Workplace, agent: Agent, now: datetime) -> None:
    """The page that is there again answered: both hear each other, unless the caller was on hold."""
    contact = _conversation_of(work, agent)
    if contact is None or agent.leg_id is None:
        return
    _cease_waiting(work, agent)
    if contact.held_since is None:
        work.switch.bridge(contact.leg_id, agent.leg_id)
    work.publish(ConversationResumed(now, contact.contact_id, agent.agent_id))


def not_answered(work: Workplace, agent: Agent) -> None:
    """The page that is there again did not answer; it is rung again when it says anew that it can take calls."""
    work.floor.set_agent_leg(agent, None)


def _cease_waiting(work: Workplace, agent: Agent) -> None:
    agent.returning = False
    work.timers.cancel(ReturnOverdue, agent.agent_id)


def return_overdue(work: Workplace, tiding: ReturnOverdue) -> None:
    """The agent did not come back: the caller waits again, in front, and a colleague can have the contact."""
    agent = work.floor.agent(tiding.agent_id)
    contact = _conversation_of(work, agent)
    if not agent.returning or contact is None:
        return
    leg_id = agent.leg_id
    work.floor.set_agent_leg(agent, None)
    if leg_id is not None:
        work.switch.hang_up(leg_id)
    conversation.finish_talk(work, contact, agent, tiding.at)
    _back_to_line(work, contact, tiding.at)


def _back_to_line(work: Workplace, contact: Contact, now: datetime) -> None:
    if contact.queue_id is None:
        return
    queued_at = contact.queued_at or now
    contact.answered_at = contact.held_since = contact.agent_id = None
    queueing.wait_again(work, contact, contact.queue_id, queued_at, now)
    offering.offer_contact(work, contact, now)
