"""Requirement 43: a queue is open or closed, by its timetable or by a supervisor, and says so to callers
and to who wants to chat."""

from __future__ import annotations

from datetime import date, time

import pytest

from cxcore.domain.commands import CloseQueue
from cxcore.domain.errors import NotAllowed
from cxcore.domain.schedule import Schedule, Span
from tests import builders
from tests.fakes.switch import Hearing, Say
from tests.unit.services.test_chats import site, starts
from tests.unit.services.test_full_and_closed import waiting_at_noon
from tests.unit.world import PROMPTS, World
from tests.web.conftest import Desk

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


def test_closed_queue_takes_no_chat_and_its_page_says_so(desk: Desk) -> None:
    world = World(site())
    world.does(CloseQueue("sofie", builders.BURGERZAKEN))
    with pytest.raises(NotAllowed) as refused:
        starts(world)
    assert refused.value.code == "queue-closed"
    desk.controller.submit(CloseQueue("sofie", builders.BURGERZAKEN))
    assert "De chat is gesloten" in desk.visitor().get("/chat/noordwijk").text
