"""Contacts wait in a queue."""

from __future__ import annotations

from cxcore.domain.contact import Outcome
from cxcore.domain.events import ContactEnded, ContactLeftQueue, OfferEnded
from cxcore.domain.offer import OfferEnd
from tests import builders
from tests.fakes.switch import Answer, Hearing, Say
from tests.unit.world import PROMPTS, World


def test_waiting_caller_is_answered_and_hears_hold_music_at_once() -> None:
    world = World()
    caller = world.calls()
    assert world.switch.all_of(Answer, caller)
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC


def test_callers_wait_in_the_order_of_their_arrival() -> None:
    world = World()
    callers = []
    for _ in range(3):
        callers.append(world.calls())
        world.advance(1)
    assert world.waiting() == callers
    assert [world.floor.position(world.contact(each)) for each in callers] == [1, 2, 3]


def test_announcement_comes_after_15_seconds_and_then_every_30() -> None:
    world = World()
    caller = world.calls()
    world.advance(14)
    assert not world.switch.all_of(Say, caller)
    world.advance(2)
    assert world.switch.last(Say, caller).prompts == (PROMPTS["even-geduld"],)
    world.switch.ends_prompt(caller)
    world.settle()
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.advance(60)
    assert len(world.switch.all_of(Say, caller)) == 3


def test_caller_who_hangs_up_after_five_seconds_abandoned() -> None:
    world = World()
    caller = world.calls()
    world.advance(6)
    world.hangs_up(caller)
    assert world.last_fact(ContactLeftQueue).outcome is Outcome.ABANDONED
    assert world.last_fact(ContactLeftQueue).waited_seconds == 6
    assert world.last_fact(ContactEnded).outcome is Outcome.ABANDONED
    assert world.floor.day.queues[builders.BURGERZAKEN].abandoned == 1


def test_caller_who_hangs_up_within_five_seconds_is_a_quick_drop_and_not_counted() -> None:
    world = World()
    caller = world.calls()
    world.advance(4)
    world.hangs_up(caller)
    assert world.last_fact(ContactEnded).outcome is Outcome.QUICK_DROP
    assert world.floor.day.queues[builders.BURGERZAKEN].offered == 0


def test_caller_who_leaves_while_an_agent_is_rung_stops_the_ringing() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    world.hangs_up(caller)
    assert not world.switch.legs
    assert world.last_fact(OfferEnded).end is OfferEnd.WITHDRAWN
    assert world.agent("anna").can_be_offered


def test_caller_who_waited_the_maximum_goes_on_in_the_overflow_flow() -> None:
    world = World()
    caller = world.calls()
    world.advance(601)
    assert world.waiting() == []
    assert world.switch.last(Say, caller).prompts == (PROMPTS["bel-later-terug"],)
    assert world.last_fact(ContactLeftQueue).outcome is Outcome.OVERFLOWED
