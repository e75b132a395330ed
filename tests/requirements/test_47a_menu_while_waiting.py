"""Requirement 47a: a menu can be the text or the repeated text while a call waits to be answered."""

from __future__ import annotations

from cxcore.domain.leg import LegId
from cxcore.domain.queue import Announcement, Repeat, WaitMenu
from tests import builders
from tests.fakes.switch import Ask, Hearing
from tests.unit.world import World

MENU = WaitMenu("wachtmenu", {"1": "receptie"})


def wait(announcement: Announcement, seconds: float) -> tuple[World, LegId]:
    """Somebody who waited so long."""
    world = World(builders.site((builders.queue(announcement=announcement), builders.queue(builders.RECEPTIE))))
    caller = world.calls()
    world.advance(seconds)
    return world, caller


def test_caller_chooses_in_the_first_text() -> None:
    world, caller = wait(Announcement("even-geduld", 5, menu=MENU), 6)
    world.switch.enters(caller, "1")
    world.settle()
    assert world.waiting(builders.RECEPTIE) == [caller]


def test_caller_chooses_in_a_repeated_text() -> None:
    world, caller = wait(Announcement("even-geduld", 5, repeat=Repeat(None, 20, menu=MENU)), 26)
    world.switch.enters(caller, "1")
    world.settle()
    assert world.waiting(builders.RECEPTIE) == [caller]


def test_caller_who_does_not_choose_keeps_the_place_and_is_asked_again() -> None:
    world, caller = wait(Announcement("even-geduld", 5, repeat=Repeat(None, 20, menu=MENU)), 26)
    behind = world.calls()
    world.switch.enters(caller, "")
    world.settle()
    assert world.waiting() == [caller, behind]
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    world.advance(20)
    assert len(world.switch.all_of(Ask, caller)) == 2
