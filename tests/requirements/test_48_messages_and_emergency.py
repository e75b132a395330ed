"""Requirement 48: supervisors and administrators change messages in real time and switch on an emergency message."""

from __future__ import annotations

from pathlib import PurePath

from cxcore.domain.commands import EndEmergency, SetEmergency, UseMessage
from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.domain.tidings import VersionMade
from tests import builders
from tests.fakes.switch import Say
from tests.unit.services.test_service_line import ServiceWorld
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


def test_who_may_manage_messages_switches_the_emergency_message_on_by_telephone() -> None:
    world = ServiceWorld()
    leg = world.signs_in()
    world.presses(leg, "2", "1", "1", "1")
    assert world.switch.last(Say, world.calls()).prompts == (PROMPTS["noodtekst-storing"],)


def test_a_message_that_was_recorded_by_telephone_is_heard_by_the_next_caller() -> None:
    world = ServiceWorld()
    leg = world.signs_in()
    world.records(leg)
    world.presses(leg, "1")
    order_id = world.desk.makes[-1].asker.order_id
    world.inbox.step(VersionMade(world.clock.now(), leg, order_id, "welkom", 3, "welkom/3", "sofie", ""))
    assert world.switch.last(Say, world.calls(builders.GENERAL)).prompts == (PurePath("/library/welkom/3.wav"),)
