"""Requirement 46: callers who wait hear a text, then a repeated text, and their place in line as it counts down.

Texts, intervals, how often the second text is repeated, and what is told of the place are settings of each queue. Hold
music goes on between them (shown on the sound itself in `tests/system/test_waiting.py`).
"""

from __future__ import annotations

from cxcore.domain.queue import Announcement, PositionTold, Repeat
from tests import builders
from tests.fakes.switch import Hearing
from tests.unit.services.test_announcements import arrivals, heard
from tests.unit.world import World


def test_text_is_followed_by_another_that_is_repeated_a_number_of_times() -> None:
    announcement = Announcement("even-geduld", 0, repeat=Repeat("nog-even-geduld", 40, times=3))
    world = World(builders.site((builders.queue(announcement=announcement), builders.queue(builders.RECEPTIE))))
    caller = world.calls()
    world.advance(500)
    assert heard(world, caller) == [("even-geduld",), *[("nog-even-geduld",)] * 3]
    world.switch.ends_prompt(caller)
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC


def test_time_between_the_texts_is_a_setting() -> None:
    for every in (20, 60):
        announcement = Announcement("even-geduld", 10, repeat=Repeat("nog-even-geduld", every))
        world = World(builders.site((builders.queue(announcement=announcement), builders.queue(builders.RECEPTIE))))
        caller = world.calls()
        world.advance(10 + every - 1)
        assert len(heard(world, caller)) == 1
        world.advance(2)
        assert len(heard(world, caller)) == 2


def test_place_in_line_is_told_and_counts_down() -> None:
    announcement = Announcement("even-geduld", 10, repeat=Repeat(None, 20), position=PositionTold.CHANGED)
    world = World(builders.site((builders.queue(announcement=announcement), builders.queue(builders.RECEPTIE))))
    first, second, third = arrivals(world, 3)
    world.advance(10)
    world.hangs_up(first)
    world.advance(20)
    world.hangs_up(second)
    world.advance(20)
    numbers = [name for texts in heard(world, third) for name in texts if name.startswith("aantal")]
    assert numbers == ["aantal-3", "aantal-2", "aantal-1"]


def test_queues_differ() -> None:
    queues = (
        builders.queue(announcement=Announcement("even-geduld", 5)),
        builders.queue(builders.RECEPTIE, announcement=Announcement("welkom", 8, position=PositionTold.ALWAYS)),
    )
    world = World(builders.site(queues))
    here, there = world.calls(builders.DIRECT), world.calls(builders.GENERAL)
    world.switch.ends_prompt(there)
    world.settle()
    world.switch.enters(there, "0")
    world.settle()
    world.advance(9)
    assert heard(world, here) == [("even-geduld",)]
    assert heard(world, there)[-1] == ("welkom", "u-bent-nummer", "aantal-1", "in-de-wachtrij")
