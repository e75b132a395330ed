"""Requirement 43: a queue is open or closed, by its timetable or by a supervisor, and says so to callers."""

from __future__ import annotations

from datetime import date, time

from cxcore.domain.schedule import Schedule, Span
from tests import builders
from tests.fakes.switch import Hearing, Say
from tests.unit.services.test_full_and_closed import waiting_at_noon
from tests.unit.world import PROMPTS, World

OPEN_UNTIL_NOON = {0: (Span(time(8, 30), time(12)),)}
"""The tests begin on a Monday at ten."""


def world_with(hours: Schedule) -> World:
    return World(builders.site((builders.queue(hours=hours, closed_flow="druk"), builders.queue(builders.RECEPTIE))))


def test_caller_waits_while_the_queue_is_open_and_hears_a_message_when_it_is_closed() -> None:
    world = world_with(Schedule(OPEN_UNTIL_NOON))
    assert world.switch.hears(world.calls()) is Hearing.HOLD_MUSIC
    world.advance(2 * 3600)
    assert world.switch.last(Say, world.calls()).prompts == (PROMPTS["bel-later-terug"],)


def test_queue_is_closed_on_a_holiday() -> None:
    world = world_with(Schedule(OPEN_UNTIL_NOON, frozenset({date(2026, 3, 2)})))
    assert world.switch.last(Say, world.calls()).prompts == (PROMPTS["bel-later-terug"],)


def test_supervisor_closes_a_queue_that_its_timetable_has_open() -> None:
    world = world_with(Schedule(OPEN_UNTIL_NOON))
    world.floor.queue_overrides[builders.BURGERZAKEN] = False
    assert world.switch.last(Say, world.calls()).prompts == (PROMPTS["bel-later-terug"],)


def test_who_waits_when_the_queue_closes_is_served_or_moved_as_the_queue_says() -> None:
    for moves in (False, True):
        world = waiting_at_noon(moves=moves)
        world.advance(2 * 3600 + 1)
        assert len(world.waiting()) == (0 if moves else 1)
