"""Who gets the contact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cxcore.domain.agent import Agent, AgentId
from cxcore.domain.membership import Membership
from cxcore.domain.queue import QueueId, StrategyName
from cxcore.domain.strategies import Candidate, rank

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
QUEUE = QueueId("burgerzaken")


def candidate(name: str, *, level: int = 1, position: int = 1, missed: bool = False, **state: object) -> Candidate:
    agent = Agent(AgentId(name), name, "sip:x@127.0.0.1")
    for field, value in state.items():
        setattr(agent, field, value)
    return Candidate(agent, Membership(agent.agent_id, QUEUE, level, position), missed)


def names(strategy: StrategyName, *candidates: Candidate) -> list[str]:
    return [each.agent.name for each in rank(strategy, candidates)]


def test_linear_follows_the_positions() -> None:
    assert names(StrategyName.LINEAR, candidate("anna", position=2), candidate("bram", position=1)) == ["bram", "anna"]


def test_cyclic_takes_who_was_offered_least_recently() -> None:
    anna = candidate("anna", last_offered_at=NINE)
    bram = candidate("bram", last_offered_at=NINE - timedelta(minutes=1))
    assert names(StrategyName.CYCLIC, anna, bram, candidate("chris")) == ["chris", "bram", "anna"]


def test_workload_takes_who_handled_fewest_contacts_and_then_worked_least() -> None:
    anna = candidate("anna", handled_contacts=2)
    bram = candidate("bram", handled_contacts=1, worked=timedelta(minutes=9))
    chris = candidate("chris", handled_contacts=1, worked=timedelta(minutes=3))
    assert names(StrategyName.WORKLOAD, anna, bram, chris) == ["chris", "bram", "anna"]


def test_longest_idle_takes_who_is_ready_longest() -> None:
    anna = candidate("anna", ready_since=NINE)
    bram = candidate("bram", ready_since=NINE - timedelta(seconds=1))
    assert names(StrategyName.LONGEST_IDLE, anna, bram) == ["bram", "anna"]


def test_level_counts_before_everything_but_a_miss() -> None:
    second = candidate("anna", level=2, ready_since=NINE - timedelta(hours=1))
    missed = candidate("bram", level=1, ready_since=NINE, missed=True)
    first = candidate("chris", level=1, ready_since=NINE)
    assert names(StrategyName.LONGEST_IDLE, second, missed, first) == ["chris", "anna", "bram"]
