"""An answer of several keys is gathered key by key, under hold music."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

import pytest

from cxcore.domain.leg import LegId
from tests.fakes.switch import Ask, Hearing
from tests.unit.services.test_service_line import NUMBER, SOFIE, ServiceWorld
from tests.unit.world import World

MUSIC = PurePath("/music/0.wav")


class MusicalWorld(ServiceWorld):
    """The lengths of all sounds are known, and so is the music."""

    def __init__(self) -> None:
        super().__init__()
        self.work.music, self.work.seconds_of = (MUSIC,), lambda _: 2.0

    def keys(self, leg: LegId, keys: str) -> None:
        self.switch.presses(leg, keys)
        self.settle()

    def names(self, leg: LegId) -> list[str]:
        """What is asked, without the music."""
        return [path.stem for path in self.switch.last(Ask, leg).question.prompts if path != MUSIC]


@pytest.fixture
def world() -> MusicalWorld:
    return MusicalWorld()


def test_a_caller_who_keys_a_code_hears_music_between_the_keys(world: MusicalWorld) -> None:
    leg = world.calls(NUMBER, SOFIE)
    world.keys(leg, "12")
    assert world.switch.hears(leg) is Hearing.HOLD_MUSIC
    assert world.names(leg) == ["dienst-code"]


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(lambda world, leg: world.keys(leg, "3456#"), id="by-hash"),
        pytest.param(lambda world, leg: (world.keys(leg, "3456"), world.advance(3.5)), id="by-a-pause"),
    ],
)
def test_the_code_is_complete(world: MusicalWorld, ends: Callable[[World, LegId], None]) -> None:
    leg = world.calls(NUMBER, SOFIE)
    world.keys(leg, "12")
    world.advance(2.5)
    assert world.names(leg) == ["dienst-code"]
    ends(world, leg)
    assert world.names(leg) == ["dienst-pincode"]
    world.keys(leg, "#8642091234")
    check = world.desk.checks[-1]
    assert (check.code, check.pin) == ("123456", "8642091234")


def test_a_caller_who_keys_nothing_is_asked_again_in_time(world: MusicalWorld) -> None:
    leg = world.calls(NUMBER, SOFIE)
    asked = world.switch.last(Ask, leg)
    world.advance(9.5)
    assert world.switch.last(Ask, leg) is asked
    world.advance(1.0)
    assert world.switch.last(Ask, leg) is not asked


def test_keys_of_an_earlier_question_count_no_more(world: MusicalWorld) -> None:
    leg = world.calls(NUMBER, SOFIE)
    world.keys(leg, "123456#")
    world.advance(9.5)
    assert world.names(leg) == ["dienst-pincode"]
    assert not world.desk.checks
