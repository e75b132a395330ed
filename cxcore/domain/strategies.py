"""Which of the ready agents gets the contact [35].

A strategy is a sort key: the lowest comes first. Agents who already missed this contact come last [36]; then who spoke
this caller last, where the queue asks for it; then the lower level; then the strategy. History counts over all queues
together in which the agent is logged on [35a].
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cxcore.domain.agent import Agent
from cxcore.domain.membership import Membership
from cxcore.domain.offer import Consideration, OfferRule
from cxcore.domain.queue import StrategyName
from cxcore.domain.records import dataclass

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ready agent with the membership by which the agent serves the queue."""

    agent: Agent
    membership: Membership
    passed_over: bool = False
    last_spoke: bool = False

    def for_one(self, passed_over: Container[str], last_spoke: str | None) -> Candidate:
        """The same agent, as seen by a contact that these agents missed, and that this one spoke last."""
        agent_id = self.agent.agent_id
        return Candidate(self.agent, self.membership, agent_id in passed_over, agent_id == last_spoke)


def _linear(candidate: Candidate) -> tuple[Any, ...]:
    membership = candidate.membership
    standing = (candidate.passed_over, not candidate.last_spoke, membership.level)
    return (standing, membership.position, candidate.agent.agent_id)


def _cyclic(candidate: Candidate) -> tuple[Any, ...]:
    agent, membership = candidate.agent, candidate.membership
    offered = agent.last_offered_at or NEVER
    standing = (candidate.passed_over, not candidate.last_spoke, membership.level)
    return (standing, offered, membership.position, agent.agent_id)


def _workload(candidate: Candidate) -> tuple[Any, ...]:
    agent, ready = candidate.agent, candidate.agent.ready_since or NEVER
    standing = (candidate.passed_over, not candidate.last_spoke, candidate.membership.level)
    return (standing, agent.handled_contacts, agent.worked, ready, agent.agent_id)


def _longest_idle(candidate: Candidate) -> tuple[Any, ...]:
    agent, membership = candidate.agent, candidate.membership
    standing = (candidate.passed_over, not candidate.last_spoke, membership.level)
    return (standing, agent.ready_since or NEVER, membership.position, agent.agent_id)


KEYS: dict[StrategyName, Callable[[Candidate], tuple[Any, ...]]] = {
    StrategyName.LINEAR: _linear,
    StrategyName.CYCLIC: _cyclic,
    StrategyName.WORKLOAD: _workload,
    StrategyName.LONGEST_IDLE: _longest_idle,
}
"""The whole key in one call, made for each ready agent at each offer: the standing, then the strategy's own."""


def rank(strategy: StrategyName, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, the one to be offered the contact first."""
    return sorted(candidates, key=KEYS[strategy])


def _standing(candidate: Candidate) -> tuple[bool, bool, int]:
    return (candidate.passed_over, not candidate.last_spoke, candidate.membership.level)


APART = (OfferRule.NOT_PASSED_OVER, OfferRule.LAST_SPOKE, OfferRule.LEVEL)
BY_STRATEGY = {strategy: OfferRule(strategy.value) for strategy in StrategyName}


def rule_of(strategy: StrategyName, ranked: Sequence[Candidate]) -> OfferRule:
    """What set the first of the ranked candidates apart from the second."""
    if len(ranked) == 1:
        return OfferRule.ONLY_ONE
    first, second = _standing(ranked[0]), _standing(ranked[1])
    if first == second:
        return BY_STRATEGY[strategy]
    return next(rule for rule, one, other in zip(APART, first, second, strict=True) if one != other)


def _tenths(length: timedelta) -> float:
    """Seconds to a tenth, in whole numbers: there are three lengths to each candidate, and `total_seconds` takes five
    times as long."""
    return (length.days * 864_000 + length.seconds * 10 + (length.microseconds + 50_000) // 100_000) / 10


def consider(candidate: Candidate, now: datetime) -> Consideration:
    """What is kept of a candidate."""
    agent, membership = candidate.agent, candidate.membership
    ready, offered = agent.ready_since, agent.last_offered_at
    return Consideration(
        agent.agent_id,
        membership.level,
        membership.position,
        candidate.passed_over,
        candidate.last_spoke,
        None if ready is None else _tenths(now - ready),
        None if offered is None else _tenths(now - offered),
        agent.handled_contacts,
        _tenths(agent.worked),
    )
