"""Which of the ready agents gets the contact [35].

A strategy is a sort key: the lowest comes first. Levels come before everything else, and agents who already missed
this contact come last [36]. History counts over all queues together in which the agent is logged on [35a].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cxcore.domain.agent import Agent
from cxcore.domain.membership import Membership
from cxcore.domain.queue import StrategyName

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ready agent with the membership by which the agent serves the queue."""

    agent: Agent
    membership: Membership
    passed_over: bool = False


def _linear(candidate: Candidate) -> tuple[Any, ...]:
    return (candidate.membership.position, candidate.agent.agent_id)


def _cyclic(candidate: Candidate) -> tuple[Any, ...]:
    return (candidate.agent.last_offered_at or NEVER, candidate.membership.position, candidate.agent.agent_id)


def _workload(candidate: Candidate) -> tuple[Any, ...]:
    agent = candidate.agent
    return (agent.handled_contacts, agent.worked, agent.ready_since or NEVER, agent.agent_id)


def _longest_idle(candidate: Candidate) -> tuple[Any, ...]:
    return (candidate.agent.ready_since or NEVER, candidate.membership.position, candidate.agent.agent_id)


KEYS: dict[StrategyName, Callable[[Candidate], tuple[Any, ...]]] = {
    StrategyName.LINEAR: _linear,
    StrategyName.CYCLIC: _cyclic,
    StrategyName.WORKLOAD: _workload,
    StrategyName.LONGEST_IDLE: _longest_idle,
}


def rank(strategy: StrategyName, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, the one to be offered the contact first."""
    key = KEYS[strategy]
    return sorted(candidates, key=lambda each: (each.passed_over, each.membership.level, *key(each)))
