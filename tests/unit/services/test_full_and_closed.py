"""Queues that are full, or closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from cxcore.domain.contact import Outcome
from cxcore.domain.dialplan import Dialplan, Enqueue
from cxcore.domain.events import ContactEnded, ContactLeftQueue, ContactQueued
from cxcore.domain.queue import Queue
from cxcore.domain.schedule import Span, every_day
from cxcore.services import hours
from tests import builders
from tests.fakes.switch import Hearing, Say
from tests.unit.world import PROMPTS, World

MORNING = every_day(Span(time(8, 30), time(12)))
"""Open when the tests begin, at ten on the clock on the wall."""


def world_with(**changes: object) -> World:
    return World(builders.site((builders.queue(**changes), builders.queue(builders.RECEPTIE))))  # type: ignore[arg-type]


def test_caller_who_finds_the_queue_full_goes_on_in_its_flow_and_counts_as_moved() -> None:
    world = world_with(maximum_waiting=2, full_flow="druk")
    world.calls()
    world.calls()
    third = world.calls()
    assert world.switch.last(Say, third).prompts == (PROMPTS["bel-later-terug"],)
    assert len(world.waiting()) == 2
    left = world.last_fact(ContactLeftQueue)
    assert (left.outcome, left.waited_seconds) == (Outcome.OVERFLOWED, 0)
    assert world.floor.day.queues[builders.BURGERZAKEN].moved == 1


def test_place_that_becomes_free_is_for_the_next_caller() -> None:
    world = world_with(maximum_waiting=1, full_flow="receptie")
    first = world.calls()
    second = world.calls()
    world.hangs_up(first)
    third = world.calls()
    assert (world.waiting(), world.waiting(builders.RECEPTIE)) == ([third], [second])


def test_queue_takes_callers_in_its_hours_and_sends_them_on_outside() -> None:
    world = world_with(hours=MORNING, closed_flow="druk")
    early = world.calls()
    assert world.switch.hears(early) is Hearing.HOLD_MUSIC
    world.hangs_up(early)
    world.advance(2 * 3600)
    late = world.calls()
    assert world.switch.last(Say, late).prompts == (PROMPTS["bel-later-terug"],)
    world.switch.ends_prompt(late)
    world.settle()
    assert world.last_fact(ContactEnded).outcome is Outcome.CLOSED
    assert len(world.all_facts(ContactQueued)) == 1


def test_what_a_supervisor_said_wins_over_the_timetable() -> None:
    world = world_with(hours=MORNING, closed_flow="druk")
    world.floor.queue_overrides[builders.BURGERZAKEN] = False
    assert not world.floor.is_open(builders.BURGERZAKEN, world.clock.now())
    world.calls()
    assert world.waiting() == []
    world.advance(12 * 3600)
    world.floor.queue_overrides[builders.BURGERZAKEN] = True
    caller = world.calls()
    assert world.waiting() == [caller]


def test_queue_that_is_closed_and_has_no_flow_for_it_ends_the_call() -> None:
    world = world_with(overflow_flow=None, maximum_wait_seconds=None)
    world.floor.queue_overrides[builders.BURGERZAKEN] = False
    world.calls()
    assert world.last_fact(ContactEnded).outcome is Outcome.CLOSED


def test_two_closed_queues_that_point_at_each_other_do_not_send_a_caller_round_and_round() -> None:
    queues = (closed(builders.queue(), "receptie"), closed(builders.queue(builders.RECEPTIE), "burgerzaken"))
    flows = {"burgerzaken": (Enqueue(builders.BURGERZAKEN),), "receptie": (Enqueue(builders.RECEPTIE),)}
    world = World(replace(builders.site(queues), dialplan=Dialplan({builders.DIRECT: "burgerzaken"}, flows)))
    world.calls()
    assert world.last_fact(ContactEnded).outcome is Outcome.CLOSED
    assert world.inbox.pace.faults == 0


def closed(queue: Queue, flow: str) -> Queue:
    return replace(queue, hours=every_day(Span(time(1), time(2))), closed_flow=flow)


def waiting_at_noon(*, moves: bool) -> World:
    """Somebody waits, nobody serves, and the hours end in two hours."""
    world = world_with(
        hours=MORNING, closed_flow="receptie", moves_when_closing=moves, overflow_flow=None, maximum_wait_seconds=None
    )
    hours.watch_timetables(world.work, world.clock.now())
    world.calls()
    return world


def test_who_waits_when_the_hours_end_is_still_served_where_the_queue_says_so() -> None:
    world = waiting_at_noon(moves=False)
    world.advance(3 * 3600)
    world.log_on("bram")
    assert world.offered_to() == "bram"


def test_who_waits_when_the_hours_end_is_moved_where_the_queue_says_so() -> None:
    world = waiting_at_noon(moves=True)
    world.advance(2 * 3600 - 1)
    assert len(world.waiting()) == 1
    world.advance(2)
    assert len(world.waiting(builders.RECEPTIE)) == 1
    assert world.last_fact(ContactLeftQueue).outcome is Outcome.CLOSED


def test_nobody_is_moved_from_a_queue_that_a_supervisor_holds_open_and_the_next_day_closes_it_again() -> None:
    world = waiting_at_noon(moves=True)
    world.floor.queue_overrides[builders.BURGERZAKEN] = True
    world.advance(2 * 3600 + 1)
    assert len(world.waiting()) == 1
    del world.floor.queue_overrides[builders.BURGERZAKEN]
    world.advance(24 * 3600)
    assert world.waiting() == []
