"""A core that starts takes up what the log knows of agents, and what supervisors changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import Agent, AgentState
from cxcore.domain.commands import ForgetCaller
from cxcore.domain.events import MembershipChanged, WrapUpEnded
from cxcore.domain.floor import Floor
from cxcore.domain.membership import Membership
from cxcore.domain.tidings import WrapUpDue
from cxcore.ports.contact_log import ContactLog, KnownAgent, Steering, WrapUp
from cxcore.services.workplace import Workplace


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
        agent.changed_by = each.changed_by
        if each.wrap_up is not None:
            _wrap_up_on(work, agent, each.wrap_up, now)


def _wrap_up_on(work: Workplace, agent: Agent, wrap_up: WrapUp, now: datetime) -> None:
    """Let a wrap-up go on to its deadline; one whose deadline passed while no core was running ended then."""
    if wrap_up.until <= now:
        end_wrap_up(work, agent, wrap_up, wrap_up.until, now)
        return
    agent.state, agent.state_since = AgentState.WRAP_UP, wrap_up.began
    agent.contact_id, agent.wrap_up_of, agent.wrap_up_until = wrap_up.contact_id, wrap_up.queue_id, wrap_up.until
    work.timers.set(WrapUpDue(wrap_up.until, agent.agent_id))


def end_wrap_up(work: Workplace, agent: Agent, wrap_up: WrapUp, ended: datetime, now: datetime) -> None:
    lasted = max(ended - wrap_up.began, timedelta())
    agent.worked += lasted
    ids = (agent.agent_id, wrap_up.contact_id, wrap_up.queue_id)
    work.publish(WrapUpEnded(now, *ids, lasted.total_seconds(), "deadline"))


def restore_talks(work: Workplace, log: ContactLog, now: datetime) -> None:
    """Know again who spoke a caller last, for the queues that ask for it."""
    sticky = {queue.queue_id: queue.sticky_seconds for queue in work.floor.site.queues.values() if queue.sticky_seconds}
    if not sticky:
        return
    for talk in log.past_talks(now - timedelta(seconds=max(sticky.values()))):
        if talk.queue_id in sticky:
            work.floor.note_talk(talk.caller_number, talk.agent_id, talk.at)


def forget_caller(work: Workplace, command: ForgetCaller, now: datetime) -> None:
    """A person was erased from the stores. The contacts of now stay: they name the number until they have ended."""
    work.floor.forget_caller(command.number)


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
