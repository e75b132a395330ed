"""The caller's side holds us: the screens and the history tell it."""

from __future__ import annotations

import pytest

from cxcore.domain.events import CallerHeld, CallerResumed
from cxcore.feed.floor_rows import contact_row
from tests.fakes.switch import Hearing
from tests.unit.services.test_consulting import desk


def test_hold_of_a_caller_is_shown_until_the_caller_is_back() -> None:
    found = desk()
    world, contact = found.world, found.world.contact(found.caller)
    world.switch.holds(found.caller)
    world.settle()
    assert contact_row(world.floor, contact).caller_holds_since == world.clock.now()
    world.advance(40)
    world.switch.is_back(found.caller)
    world.settle()
    assert contact_row(world.floor, contact).caller_holds_since is None
    assert len(world.all_facts(CallerHeld)) == 1
    assert world.last_fact(CallerResumed).held_seconds == 40
    assert world.switch.hears(found.caller) is Hearing.OTHER_LEG


def test_hold_of_the_agents_device_or_of_one_who_waits_is_no_hold_of_the_caller() -> None:
    found = desk()
    found.world.switch.holds(found.anna)
    waiting = found.world.calls()
    found.world.switch.holds(waiting)
    found.world.settle()
    assert not found.world.all_facts(CallerHeld)


def test_core_that_starts_knows_since_when_a_caller_holds() -> None:
    found = desk()
    world = found.world
    world.switch.holds(found.caller)
    world.settle()
    world.advance(40)
    world.restart_core()
    world.advance(20)
    world.switch.is_back(found.caller)
    world.settle()
    assert (len(world.all_facts(CallerHeld)), world.last_fact(CallerResumed).held_seconds) == (1, 60)
    world.restart_core()
    assert world.contact(found.caller).caller_holds_since is None


@pytest.mark.parametrize("held_before", [True, False])
def test_hold_that_began_or_ended_while_no_core_ran_is_found(held_before: bool) -> None:
    found = desk()
    world = found.world
    if held_before:
        world.switch.holds(found.caller)
        world.settle()
    world.switch._hold_of_party(found.caller, held=not held_before)
    world.restart_core()
    assert (world.contact(found.caller).caller_holds_since is None) is held_before
    assert (len(world.all_facts(CallerHeld)), len(world.all_facts(CallerResumed))) == (1, int(held_before))
