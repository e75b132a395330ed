"""Sites to simulate: made up, or a configured one whose queues are called directly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cxcore.domain.agent import AgentId
from cxcore.domain.dialplan import Dialplan, Enqueue, Step
from cxcore.domain.membership import Membership
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.site import ConfiguredUser, Site

PREFIX = "queue:"


def number_of(queue_id: QueueId) -> str:
    """The number that leads straight into a queue."""
    return f"{PREFIX}{queue_id}"


def agent_names(count: int) -> tuple[AgentId, ...]:
    """Names that sort in the order of their numbers."""
    return tuple(AgentId(f"agent-{number:04d}") for number in range(1, count + 1))


def invented_site(queues: Iterable[Queue], memberships: Iterable[Membership]) -> Site:
    """Nothing but queues, each with a number of its own, and the agents that the memberships name."""
    by_id, members = {queue.queue_id: queue for queue in queues}, tuple(memberships)
    agents = dict.fromkeys(membership.agent_id for membership in members)
    return Site("simulation", direct_numbers(by_id), by_id, members, {agent: user(agent) for agent in agents})


def user(agent_id: AgentId) -> ConfiguredUser:
    """An agent with a device."""
    return ConfiguredUser(agent_id, agent_id, "agent", f"sip:{agent_id}@simulation.invalid")


def direct_numbers(queues: Iterable[QueueId], flows: Mapping[str, tuple[Step, ...]] | None = None) -> Dialplan:
    """A dialplan in which each queue has a number; the flows that are given stay, for overflow."""
    numbers = {number_of(queue_id): number_of(queue_id) for queue_id in queues}
    direct = {number_of(queue_id): (Enqueue(queue_id),) for queue_id in queues}
    return Dialplan(numbers, {**(flows or {}), **direct})


def with_direct_numbers(site: Site) -> Site:
    """The configured site; callers are put straight into the queue that they once chose."""
    return replace(site, dialplan=direct_numbers(site.queues, site.dialplan.flows))
