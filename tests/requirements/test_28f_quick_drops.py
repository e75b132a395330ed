"""Requirement 28f: callers who leave within five seconds can be left out of the reports."""

from __future__ import annotations

from cxcore.domain.contact import Outcome
from cxcore.domain.events import ContactEnded
from tests import builders
from tests.unit.world import World


def test_caller_who_leaves_within_five_seconds_is_counted_apart() -> None:
    world = World()
    for waited in (4.9, 5.0):
        caller = world.calls()
        world.advance(waited)
        world.hangs_up(caller)
    day = world.floor.day.queues[builders.BURGERZAKEN]
    assert (day.quick_drops, day.abandoned, day.offered) == (1, 1, 1)
    assert [fact.outcome for fact in world.all_facts(ContactEnded)] == [Outcome.QUICK_DROP, Outcome.ABANDONED]
