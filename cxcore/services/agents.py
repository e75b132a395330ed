"""The agent's day: log on and off, breaks, the queues to serve. Status alone decides on availability [37]."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import Agent, AgentState, AgentStatus
from cxcore.domain.commands import BecomeAvailable, Command, GoOnBreak, LogOff, LogOn, ServeQueues
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import AgentServes, AgentStatusChanged
from cxcore.domain.offer import OfferEnd
from cxcore.domain.queue import QueueId
from cxcore.services import offering
from cxcore.services.workplace import Workplace


def log_on(work: Workplace, command: LogOn, now: datetime) -> None:
    """Log on for the chosen queues, or for all memberships; the counts of the day's work start anew [35a]."""
    agent = work.floor.agent(command.agent_id)
    queue_ids = command.queue_ids or tuple(each.queue_id for each in work.floor.memberships_of(agent.agent_id))
    _check_memberships(work, agent, queue_ids)
    if agent.status is AgentStatus.LOGGED_OFF:
        agent.handled_contacts, agent.direct_calls, agent.worked = 0, 0, timedelta()
    _serve(work, agent, queue_ids, command, now)
    _become_available(work, agent, command, now)


def log_off(work: Workplace, command: LogOff, now: datetime) -> None:
    """Log off: a running contact goes on, an offer goes to a colleague."""
    agent = work.floor.agent(command.agent_id)
    _set_status(work, agent, AgentStatus.LOGGED_OFF, None, command, now)
    _give_offer_back(work, agent, command, now)


def go_on_break(work: Workplace, command: GoOnBreak, now: datetime) -> None:
    """No further offers until available again; the reason is one of the site's [24]."""
    agent = work.floor.agent(command.agent_id)
    if command.reason not in work.floor.site.break_reasons:
        raise NotAllowed("no-such-reason", f"{command.reason} is no break reason of this site")
    _check_logged_on(agent)
    _set_status(work, agent, AgentStatus.ON_BREAK, command.reason, command, now)
    _give_offer_back(work, agent, command, now)


def become_available(work: Workplace, command: BecomeAvailable, now: datetime) -> None:
    """End a break."""
    agent = work.floor.agent(command.agent_id)
    _check_logged_on(agent)
    _become_available(work, agent, command, now)


def serve_queues(work: Workplace, command: ServeQueues, now: datetime) -> None:
    """Choose among the memberships [23]."""
    agent = work.floor.agent(command.agent_id)
    _check_memberships(work, agent, command.queue_ids)
    _serve(work, agent, command.queue_ids, command, now)
    offering.offer_to_agent(work, agent, now)


def _check_logged_on(agent: Agent) -> None:
    if agent.status is AgentStatus.LOGGED_OFF:
        raise NotAllowed("not-logged-on", "the agent is not logged on")


def _check_memberships(work: Workplace, agent: Agent, queue_ids: tuple[QueueId, ...]) -> None:
    allowed = {each.queue_id for each in work.floor.memberships_of(agent.agent_id)}
    strange = [queue_id for queue_id in queue_ids if queue_id not in allowed]
    if strange:
        raise NotAllowed("not-a-member", f"the agent is no member of {', '.join(strange)}")


def _serve(work: Workplace, agent: Agent, queue_ids: tuple[QueueId, ...], command: Command, now: datetime) -> None:
    agent.serves = set(queue_ids)
    work.publish(AgentServes(now, agent.agent_id, queue_ids, command.by))


def _become_available(work: Workplace, agent: Agent, command: Command, now: datetime) -> None:
    if agent.status is not AgentStatus.AVAILABLE:
        _set_status(work, agent, AgentStatus.AVAILABLE, None, command, now)
        agent.ready_since = now
    offering.offer_to_agent(work, agent, now)


def _set_status(
    work: Workplace, agent: Agent, status: AgentStatus, reason: str | None, command: Command, now: datetime
) -> None:
    agent.status, agent.reason, agent.status_since, agent.warning = status, reason, now, None
    work.publish(AgentStatusChanged(now, agent.agent_id, status.value, reason, command.by))


def _give_offer_back(work: Workplace, agent: Agent, command: Command, now: datetime) -> None:
    offer = work.floor.offer_of_agent(agent.agent_id)
    if offer is None:
        return
    offering.stop_ringing(work, offer)
    offering.end_offer(work, offer, OfferEnd.DECLINED, command.by, now)
    agent.move_to(AgentState.READY, now)
    offering.offer_contact(work, work.floor.contacts[offer.contact_id], now)
