"""Requirement 35: linear, cyclic or workload routing, on the history of all groups together in which the agent is
logged on."""

from __future__ import annotations

from cxcore.domain.queue import StrategyName
from tests import builders
from tests.unit.world import World


def served_by(strategy: StrategyName, calls: int) -> list[str]:
    """Who is offered each of a row of short calls to one queue."""
    queues = (builders.queue(strategy=strategy, wrap_up_seconds=0), builders.queue(builders.RECEPTIE))
    world = World(builders.site(queues, agents=("anna", "bram", "chris")))
    world.log_on("anna", "bram", "chris")
    offered = []
    for _ in range(calls):
        caller = world.calls()
        offered.append(str(world.offered_to()))
        world.answers(world.ringing())
        world.advance(10)
        world.hangs_up(caller)
        world.advance(1)
    return offered


def test_linear_always_begins_with_the_first() -> None:
    assert served_by(StrategyName.LINEAR, 4) == ["anna"] * 4


def test_cyclic_goes_round() -> None:
    assert served_by(StrategyName.CYCLIC, 6) == ["anna", "bram", "chris"] * 2


def test_workload_counts_what_agents_did_for_other_groups_too() -> None:
    queues = (
        builders.queue(strategy=StrategyName.WORKLOAD, wrap_up_seconds=0),
        builders.queue(builders.RECEPTIE, wrap_up_seconds=0),
    )
    world = World(builders.site(queues))
    world.log_on("anna", "bram")
    reception = world.calls(builders.GENERAL)
    world.switch.ends_prompt(reception)
    world.settle()
    world.switch.enters(reception, "0")
    world.settle()
    world.answers(world.ringing())
    world.advance(60)
    world.hangs_up(reception)
    world.advance(1)
    world.calls(builders.DIRECT)
    assert world.offered_to() == "bram"
