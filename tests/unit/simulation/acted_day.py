"""A morning that the core itself recorded: two queues, five agents with breaks, callers who give up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import takewhile

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BecomeAvailable, GoOnBreak, LogOff, LogOn, ServeQueues
from cxcore.domain.events import Fact
from cxcore.domain.membership import Membership
from cxcore.domain.queue import Queue, QueueId, StrategyName
from cxcore.domain.site import Site
from cxcore.simulation.callers import Caller, Traffic, poisson
from cxcore.simulation.sites import agent_names, invented_site, number_of
from cxcore.simulation.world import Simulation

MIDNIGHT = datetime(2026, 3, 1, 23, tzinfo=UTC)
"""Of Monday 2 March 2026 in the Netherlands."""
NEXT_MIDNIGHT = MIDNIGHT + timedelta(days=1)
OPENS, CLOSES = MIDNIGHT + timedelta(hours=9), MIDNIGHT + timedelta(hours=12)
BURGERZAKEN, RECEPTIE = QueueId("burgerzaken"), QueueId("receptie")
AGENTS = agent_names(5)
BUSY = Traffic(per_second=1 / 50, talk_seconds=150, patience_seconds=120, wrap_up_seconds=40)
QUIET = Traffic(per_second=1 / 200, talk_seconds=60, patience_seconds=120, wrap_up_seconds=5)


def site(strategy: StrategyName = StrategyName.LINEAR) -> Site:
    """All agents serve Burgerzaken, the first two Receptie as well."""
    queues = (
        Queue(BURGERZAKEN, "Burgerzaken", strategy, wrap_up_seconds=30),
        Queue(RECEPTIE, "Receptie", strategy, priority=1, wrap_up_seconds=10),
    )
    memberships = [Membership(agent, BURGERZAKEN, position=at) for at, agent in enumerate(AGENTS, start=1)]
    memberships += [Membership(agent, RECEPTIE) for agent in AGENTS[:2]]
    return replace(invented_site(queues, memberships), break_reasons=("Lunch",))


def callers(seed: int) -> list[Caller]:
    """The morning's callers."""
    streams = (
        poisson(BUSY, (number_of(BURGERZAKEN),), OPENS, seed),
        poisson(QUIET, (number_of(RECEPTIE),), OPENS, seed + 1),
    )
    both = merge(*streams, key=lambda caller: caller.calls_at)
    return list(takewhile(lambda caller: caller.calls_at < CLOSES, both))


def acted(
    seed: int = 1, people: Sequence[Caller] | None = None, strategy: StrategyName = StrategyName.LINEAR
) -> list[Fact]:
    """The facts of the morning."""
    facts: list[Fact] = []
    simulation = Simulation(site(strategy), people if people is not None else callers(seed), MIDNIGHT, facts.extend)
    for agent in AGENTS:
        simulation.plan(OPENS, LogOn(agent, agent))
        simulation.plan(CLOSES + timedelta(minutes=20), LogOff(agent, agent))
    _break(simulation, AGENTS[2], 40)
    _break(simulation, AGENTS[3], 70)
    simulation.plan(OPENS + timedelta(minutes=90), ServeQueues("sofie", AGENTS[0], (BURGERZAKEN,)))
    simulation.run(NEXT_MIDNIGHT)
    assert simulation.refusals == []
    return facts


def _break(simulation: Simulation, agent: AgentId, minute: int) -> None:
    at = OPENS + timedelta(minutes=minute)
    simulation.plan(at, GoOnBreak(agent, agent, "Lunch"))
    simulation.plan(at + timedelta(minutes=30), BecomeAvailable(agent, agent))
