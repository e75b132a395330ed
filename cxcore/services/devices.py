"""Softphones: the page of an agent says whether it can take calls, and when it vanishes.

A softphone that cannot take calls is never rung. What becomes of a conversation whose page goes, or whose sound no
longer comes through, stands in `interruption`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import OF_PAGE, Agent, AgentState
from cxcore.domain.commands import LeaveSoftphone, ReportSoftphone
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import SoftphoneChanged
from cxcore.domain.leg import LegId
from cxcore.domain.offer import OfferEnd
from cxcore.domain.tidings import PageMissed
from cxcore.services import interruption, offering
from cxcore.services.workplace import Workplace

MISSED_SECONDS = 2
"""How long a page may be away in a conversation before its leg is given up: a connection of the pages may be made anew
while the sound goes on."""

NO_PAGE, NO_SOUND = "no-page", "no-sound"


def report(work: Workplace, command: ReportSoftphone, now: datetime) -> None:
    """A page says whether it can take calls, or what it lacks. The page that says so last is the agent's softphone."""
    agent = _agent_with_softphone(work, command)
    work.timers.cancel(PageMissed, agent.agent_id)
    moved = agent.softphone_page not in ("", command.page)
    _note(work, agent, command.page, command.fault, now)
    if moved or command.fault == NO_SOUND:
        _let_go(work, agent, now)
    if command.fault is None and not interruption.take_up(work, agent, now):
        offering.offer_to_agent(work, agent, now)


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
    """The page that rings or talks is gone, or nothing is heard on it any more."""
    offer = work.floor.offer_of_agent(agent.agent_id)
    if offer is not None:
        offering.stop_ringing(work, offer)
        offering.end_offer(work, offer, OfferEnd.WITHDRAWN, "page-gone", now)
        agent.move_to(AgentState.READY, now)
        offering.offer_contact(work, work.floor.contacts[offer.contact_id], now)
    elif not interruption.interrupt(work, agent, now):
        _hang_up_device(work, agent)


def _hang_up_device(work: Workplace, agent: Agent) -> None:
    """In a consultation, or before the other side has answered: `legs` says what becomes of the others."""
    direct = work.floor.contacts.get(agent.direct_contact_id) if agent.direct_contact_id else None
    legs: list[LegId | None] = [agent.leg_id]
    if direct is not None and direct.agent_id == agent.agent_id:
        legs.append(direct.desk_leg)
    elif direct is not None:
        legs += [leg_id for leg_id, place in direct.party_legs.items() if place.partition(OF_PAGE)[0] == agent.device]
    for leg_id in filter(None, legs):
        work.switch.hang_up(leg_id)
