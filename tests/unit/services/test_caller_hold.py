"""The caller's side holds us: the screens and the history tell it."""

from __future__ import annotations

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
