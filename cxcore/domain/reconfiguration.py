"""Another configuration under a running floor: who is in a flow, waits or talks goes on undisturbed.

Callers stand on names of the configuration that they came in by. So the floor's site is for a while more than what is
configured: flows, queues and agents that vanished stay until the last caller who came before the change has left, and a
changed flow that a caller is in stays as it was under a name of its own, `hoofdmenu@7`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from cxcore.domain.agent import Agent, AgentId, AgentState, AgentStatus
from cxcore.domain.contact import FlowPosition
from cxcore.domain.dialplan import Dialplan, Step
from cxcore.domain.emergency import with_emergencies_of
from cxcore.domain.expected_wait import LineWatch
from cxcore.domain.floor import Floor
from cxcore.domain.membership import Membership
from cxcore.domain.queue import QueueId
from cxcore.domain.site import Site

OF_VERSION = "@"
"""Stands between the name of a kept flow and the number of the version that replaced it; no configured name has it."""

Key = tuple[AgentId, QueueId]


def configured_name(flow: str) -> str:
    """What an administrator calls a flow that may have been kept."""
    return flow.partition(OF_VERSION)[0]


def put_into_use(floor: Floor, site: Site, number: int, now: datetime) -> list[Agent]:
    """Let the floor work by another site; returns the agents who serve other queues from now on.

    Agents who vanish are logged off by the caller. What supervisors changed stays where the configuration did not.
    """
    before, floor.configured, floor.changed_at = floor.configured, site, now
    queues = {**floor.site.queues, **site.queues}
    floor.site = replace(site, dialplan=_dialplan_in_use(floor, site.dialplan, number), queues=queues)
    for queue_id in queues:
        floor.lines.setdefault(queue_id, [])
        floor.message_lines.setdefault(queue_id, [])
        floor.chat_lines.setdefault(queue_id, [])
        floor.line_watches.setdefault(queue_id, LineWatch())
    floor.lay_over()
    _meet_agents(floor)
    return _change_memberships(floor, _by_key(before), _by_key(site))


def let_go(floor: Floor) -> bool:
    """Give up what stays of earlier configurations, once nobody stands on it; says whether something was given up."""
    if floor.changed_at is None or _is_in_use(floor, floor.changed_at):
        return False
    for queue_id in floor.site.queues.keys() - floor.configured.queues.keys():
        _forget_queue(floor, queue_id)
    for agent in vanished_agents(floor):
        floor.remove_agent(agent)
    dialplan = with_emergencies_of(floor.site.dialplan, floor.configured.dialplan)
    floor.site, floor.changed_at = replace(floor.configured, dialplan=dialplan), None
    floor.lay_over()
    return True


def vanished_agents(floor: Floor) -> list[Agent]:
    """The agents of the floor whom the configuration does not know any more."""
    known = {user.agent_id for user in floor.configured.users.values()}
    return [agent for agent in floor.agents.values() if agent.agent_id not in known]


def _dialplan_in_use(floor: Floor, dialplan: Dialplan, number: int) -> Dialplan:
    """The new flows, those that vanished, and as they were the changed ones that callers are in."""
    before = floor.site.dialplan.all_flows
    flows: dict[str, tuple[Step, ...]] = {**before, **dialplan.all_flows}
    for contact in floor.contacts.values():
        position = contact.position
        if position is not None and position.flow in before and flows[position.flow] != before[position.flow]:
            kept = f"{position.flow}{OF_VERSION}{number}"
            flows[kept] = before[position.flow]
            contact.position = FlowPosition(kept, position.index, position.attempt)
    timetables = {**floor.site.dialplan.timetables, **dialplan.timetables}
    return replace(dialplan, flows=flows, timetables=timetables)


def _meet_agents(floor: Floor) -> None:
    for user in floor.configured.users.values():
        agent = None if user.agent_id is None else floor.agents.get(user.agent_id)
        if agent is None:
            floor.add_agent(user)
        elif user.device is not None:
            agent.name = user.name
            agent.give_device(user.device)


def _by_key(site: Site) -> dict[Key, Membership]:
    return {(each.agent_id, each.queue_id): each for each in site.memberships}


def _change_memberships(floor: Floor, before: Mapping[Key, Membership], after: Mapping[Key, Membership]) -> list[Agent]:
    """Members of a queue that vanished go on to serve who waits in it."""
    gone = [key for key in before.keys() - after.keys() if key[1] in floor.configured.queues]
    for key in gone:
        floor.drop_membership(*key)
    for key, membership in after.items():
        if before.get(key) != membership:
            floor.add_membership(membership)
    came = after.keys() - before.keys()
    touched = {agent_id: floor.agents[agent_id] for agent_id, _ in [*gone, *came] if _is_logged_on(floor, agent_id)}
    for agent_id, agent in touched.items():
        agent.serves = (agent.serves - _queues_of(gone, agent_id)) | _queues_of(came, agent_id)
    return list(touched.values())


def _is_logged_on(floor: Floor, agent_id: AgentId) -> bool:
    agent = floor.agents.get(agent_id)
    return agent is not None and agent.status is not AgentStatus.LOGGED_OFF


def _queues_of(keys: Iterable[Key], agent_id: AgentId) -> set[QueueId]:
    return {queue_id for each, queue_id in keys if each == agent_id}


def _is_in_use(floor: Floor, changed_at: datetime) -> bool:
    if any(contact.opened_at <= changed_at for contact in floor.contacts.values()):
        return True
    vanished = floor.site.queues.keys() - floor.configured.queues.keys()
    wraps_up = any(agent.wrap_up_of in vanished for agent in floor.agents.values())
    return wraps_up or any(_is_at_work(agent) for agent in vanished_agents(floor))


def _is_at_work(agent: Agent) -> bool:
    return agent.state is not AgentState.READY or agent.leg_id is not None or agent.direct_contact_id is not None


def _forget_queue(floor: Floor, queue_id: QueueId) -> None:
    for agent in list(floor.agents_of(queue_id)):
        floor.drop_membership(agent.agent_id, queue_id)
        agent.serves.discard(queue_id)
    for kept in (floor.lines, floor.message_lines, floor.chat_lines, floor.line_watches, floor.queue_overrides):
        kept.pop(queue_id, None)
