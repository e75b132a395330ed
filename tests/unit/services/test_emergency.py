"""An emergency message is heard first by the next caller, and by nobody else unless asked for [47e, 48a]."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import PurePath

import pytest

from cxcore.domain.commands import EndEmergency, SetEmergency, UseMessage
from cxcore.domain.contact import ContactState, Outcome
from cxcore.domain.dialplan import Enqueue
from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import (
    ContactEnded,
    EmergencyEnded,
    EmergencyHeard,
    EmergencySet,
    MessageUsed,
)
from cxcore.domain.leg import LegId
from cxcore.domain.site import Site
from cxcore.services.configuration import UseSite
from tests import builders
from tests.fakes.switch import Hearing, Say
from tests.unit.world import PROMPTS, World

NOODTEKST = "storing"


def sets(world: World, scope: str = EVERYWHERE, then: str = Then.END_CALL, **more: object) -> None:
    world.does(SetEmergency("sofie", scope, NOODTEKST, then, **more))  # type: ignore[arg-type]


def hears(world: World, caller: LegId) -> tuple[PurePath, ...]:
    return world.switch.last(Say, caller).prompts


def ends_prompt(world: World, caller: LegId) -> None:
    world.switch.ends_prompt(caller)
    world.settle()


def in_an_hour(world: World) -> datetime:
    return world.clock.now() + timedelta(hours=1)


@pytest.mark.parametrize("number", [builders.GENERAL, builders.DIRECT, builders.SERVICE_LINE])
def test_on_all_numbers_every_caller_hears_it_first_and_the_call_ends(number: str) -> None:
    world = World()
    sets(world)
    caller = world.calls(number)
    assert hears(world, caller) == (PROMPTS[NOODTEKST],)
    ends_prompt(world, caller)
    assert world.last_fact(ContactEnded).outcome is Outcome.CLOSED
    assert world.last_fact(EmergencyHeard).scope == EVERYWHERE


def test_on_one_number_the_others_go_on_as_ever() -> None:
    world = World()
    sets(world, builders.GENERAL)
    assert hears(world, world.calls(builders.GENERAL)) == (PROMPTS[NOODTEKST],)
    assert world.calls(builders.DIRECT) in world.waiting()


def test_that_of_a_number_wins_over_that_of_all_numbers() -> None:
    world = World()
    sets(world)
    world.does(SetEmergency("sofie", builders.GENERAL, "welkom", Then.END_CALL))
    assert hears(world, world.calls(builders.GENERAL)) == (PROMPTS["welkom"],)
    assert hears(world, world.calls(builders.DIRECT)) == (PROMPTS[NOODTEKST],)


def test_with_go_on_the_caller_goes_on_to_where_the_call_was_going() -> None:
    world = World()
    sets(world, then=Then.GO_ON)
    caller = world.calls(builders.DIRECT)
    assert caller not in world.waiting()
    ends_prompt(world, caller)
    assert caller in world.waiting()


def test_with_a_flow_the_caller_goes_to_a_special_team() -> None:
    world = World()
    sets(world, builders.DIRECT, Then.FLOW, flow="receptie")
    caller = world.calls(builders.DIRECT)
    ends_prompt(world, caller)
    assert caller in world.waiting(builders.RECEPTIE)


def test_on_a_queue_whoever_is_about_to_wait_in_it_hears_it_once() -> None:
    world = World()
    sets(world, builders.BURGERZAKEN, Then.GO_ON)
    caller = world.calls(builders.DIRECT)
    assert hears(world, caller) == (PROMPTS[NOODTEKST],)
    ends_prompt(world, caller)
    assert caller in world.waiting()
    assert len(world.all_facts(EmergencyHeard)) == 1


def test_who_waits_is_not_touched_unless_it_was_asked_for() -> None:
    world = World()
    waiting = world.calls(builders.DIRECT)
    said = len(world.switch.all_of(Say, waiting))
    sets(world)
    assert len(world.switch.all_of(Say, waiting)) == said
    sets(world, tell_waiting=True)
    assert hears(world, waiting) == (PROMPTS[NOODTEKST],)
    ends_prompt(world, waiting)
    assert world.contact(waiting).state is ContactState.WAITING
    assert world.switch.hears(waiting) is Hearing.HOLD_MUSIC


def test_on_one_number_only_those_who_called_it_are_told_while_they_wait() -> None:
    world = World()
    waiting = world.calls(builders.DIRECT)
    said = len(world.switch.all_of(Say, waiting))
    sets(world, builders.GENERAL, tell_waiting=True)
    assert len(world.switch.all_of(Say, waiting)) == said


def test_ended_the_next_caller_does_not_hear_it_and_who_hears_it_hears_it_out() -> None:
    world = World()
    sets(world, then=Then.GO_ON)
    hearing = world.calls(builders.DIRECT)
    world.does(EndEmergency("sofie", EVERYWHERE))
    assert world.calls(builders.DIRECT) in world.waiting()
    ends_prompt(world, hearing)
    assert hearing in world.waiting()


def test_it_ends_by_itself_at_its_time_and_not_at_one_that_was_replaced() -> None:
    world = World()
    sets(world, until=in_an_hour(world))
    world.advance(1800)
    sets(world, until=in_an_hour(world))
    world.advance(1801)
    assert world.floor.emergencies
    world.advance(1800)
    assert not world.floor.emergencies
    assert world.last_fact(EmergencyEnded).by == "deadline"


@pytest.mark.parametrize(
    ("scope", "message", "then", "flow"),
    [
        ("+31999", NOODTEKST, Then.END_CALL, ""),
        (EVERYWHERE, "onbekend", Then.END_CALL, ""),
        (EVERYWHERE, NOODTEKST, Then.FLOW, "nergens"),
    ],
)
def test_what_the_site_does_not_know_is_refused(scope: str, message: str, then: str, flow: str) -> None:
    world = World()
    with pytest.raises(NotFound):
        world.does(SetEmergency("sofie", scope, message, then, flow))
    assert not world.all_facts(EmergencySet)


def test_an_end_in_the_past_and_an_unknown_end_are_refused() -> None:
    world = World()
    with pytest.raises(NotAllowed):
        sets(world, until=world.clock.now())
    with pytest.raises(NotAllowed):
        sets(world, then="dansen")
    with pytest.raises(NotFound):
        world.does(EndEmergency("sofie", EVERYWHERE))


def test_killed_the_next_core_goes_on_with_it_and_so_does_who_was_hearing_it() -> None:
    world = World()
    sets(world, then=Then.GO_ON, until=in_an_hour(world))
    hearing = world.calls(builders.DIRECT)
    world.restart_core()
    assert hears(world, world.calls(builders.GENERAL)) == (PROMPTS[NOODTEKST],)
    ends_prompt(world, hearing)
    assert hearing in world.waiting()
    world.advance(3601)
    assert not world.floor.emergencies


def test_what_should_have_ended_while_no_core_ran_ends_at_the_next_start() -> None:
    world = World()
    sets(world, until=in_an_hour(world))
    world.kill_core()
    world.advance(3601)
    world.restart_core()
    assert world.last_fact(EmergencyEnded).by == "deadline"
    assert world.calls(builders.DIRECT) in world.waiting()


def library(world: World) -> World:
    world.work.find_sound = lambda sound: PurePath("/library") / sound if sound.startswith("welkom/") else None
    return world


def test_a_new_version_is_what_the_next_caller_hears_and_the_old_one_is_not_cut() -> None:
    world = library(World())
    hearing = world.calls(builders.GENERAL)
    said = len(world.switch.all_of(Say, hearing))
    world.does(UseMessage("sofie", "welkom", 1, "welkom/1.wav"))
    assert len(world.switch.all_of(Say, hearing)) == said
    assert hears(world, world.calls(builders.GENERAL)) == (PurePath("/library/welkom/1.wav"),)
    world.does(UseMessage("sofie", "welkom", 0))
    assert hears(world, world.calls(builders.GENERAL)) == (PROMPTS["welkom"],)
    assert world.last_fact(MessageUsed).sound == ""


def test_a_version_without_its_file_is_refused_and_the_old_one_stays() -> None:
    world = library(World())
    with pytest.raises(NotFound):
        world.does(UseMessage("sofie", "welkom", 3, "elders/3.wav"))
    assert hears(world, world.calls(builders.GENERAL)) == (PROMPTS["welkom"],)


def test_the_message_of_an_administrator_can_be_the_emergency_message() -> None:
    world = library(World())
    world.does(UseMessage("sofie", "welkom-nieuw", 1, "welkom/1.wav"))
    world.does(SetEmergency("sofie", EVERYWHERE, "welkom-nieuw", Then.END_CALL))
    assert hears(world, world.calls()) == (PurePath("/library/welkom/1.wav"),)


def other_site() -> Site:
    site = builders.site()
    flows = {**site.dialplan.flows, "burgerzaken": (Enqueue(builders.RECEPTIE),)}
    return replace(site, dialplan=replace(site.dialplan, flows=flows))


def test_another_configuration_leaves_it_on_and_who_hears_it_hears_it_out() -> None:
    world = World()
    sets(world, then=Then.GO_ON)
    hearing = world.calls(builders.DIRECT)
    world.does(UseSite("aad", 2, other_site()))
    assert hears(world, world.calls(builders.DIRECT)) == (PROMPTS[NOODTEKST],)
    ends_prompt(world, hearing)
    assert hearing in world.waiting(builders.RECEPTIE)


def test_a_configuration_that_nobody_stands_on_is_let_go_and_the_message_stays_on() -> None:
    world = World()
    sets(world, then=Then.FLOW, flow="druk")
    world.advance(1)
    world.does(UseSite("aad", 2, other_site()))
    world.advance(1)
    caller = world.calls(builders.DIRECT)
    world.does(EndEmergency("sofie", EVERYWHERE))
    world.advance(60)
    ends_prompt(world, caller)
    assert hears(world, caller) == (PROMPTS["bel-later-terug"],)
