"""Requirement 48: supervisors and administrators change messages in real time and switch on an emergency message."""

from __future__ import annotations

from pathlib import PurePath

from cxcore.domain.commands import EndEmergency, SetEmergency, UseMessage
from cxcore.domain.emergency import EVERYWHERE, Then
from tests import builders
from tests.fakes.switch import Say
from tests.unit.world import PROMPTS, World


def test_a_message_that_is_put_into_use_is_heard_by_the_next_caller() -> None:
    world = World()
    world.work.find_sound = PurePath
    world.does(UseMessage("sofie", "welkom", 1, "/messages/welkom.wav"))
    assert world.switch.last(Say, world.calls(builders.GENERAL)).prompts == (PurePath("/messages/welkom.wav"),)


def test_an_emergency_message_on_the_queues_is_heard_first_and_switched_off_again() -> None:
    world = World()
    world.does(SetEmergency("sofie", builders.BURGERZAKEN, "storing", Then.GO_ON))
    assert world.switch.last(Say, world.calls()).prompts == (PROMPTS["storing"],)
    world.does(EndEmergency("sofie", builders.BURGERZAKEN))
    world.does(SetEmergency("sofie", EVERYWHERE, "storing", Then.END_CALL))
    assert world.switch.last(Say, world.calls(builders.SERVICE_LINE)).prompts == (PROMPTS["storing"],)
