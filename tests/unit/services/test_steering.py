"""Supervisors steer the floor [32, 43]."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import (
    AssignQueue,
    CloseQueue,
    FollowTimetable,
    LogOff,
    LogOn,
    MoveContact,
    OpenQueue,
    RemoveFromQueue,
)
from cxcore.domain.contact import ContactId, Outcome
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import ContactEnded, ContactLeftQueue, MembershipChanged, QueueSwitched
from cxcore.domain.queue import QueueId
from cxcore.services import remembering
from tests import builders
from tests.fakes.contact_log import FakeContactLog
from tests.fakes.switch import Hearing, Say
from tests.unit.world import World

SOFIE, ANNA, BRAM = "sofie", AgentId("anna"), AgentId("bram")


def closing_world(closed_flow: str | None = "druk") -> World:
    site = builders.site()
    queues = {**site.queues, builders.BURGERZAKEN: builders.queue(closed_flow=closed_flow, overflow_flow=None)}
    return World(replace(site, queues=queues))


def test_supervisor_logs_an_agent_on_and_off() -> None:
    world = World()
    world.calls()
    world.does(LogOn(SOFIE, BRAM))
    assert world.offered_to() == "bram"
    world.does(LogOff(SOFIE, BRAM))
    assert world.offered_to() is None


def test_agent_who_is_given_a_queue_serves_it_at_once() -> None:
    world = World(builders.site(agents=("anna", "bram", "chris"), memberships=()))
    world.log_on("chris")
    world.calls()
    assert world.offered_to() is None
    world.does(AssignQueue(SOFIE, AgentId("chris"), builders.BURGERZAKEN, 1))
    assert world.offered_to() == "chris"
    assert world.last_fact(MembershipChanged).by == SOFIE


def test_agent_from_whom_a_queue_is_taken_gets_no_further_contact_of_it_but_keeps_the_one_at_hand() -> None:
    world = World()
    world.log_on("bram")
    caller, _ = world.talk()
    world.does(RemoveFromQueue(SOFIE, BRAM, builders.BURGERZAKEN))
    assert world.switch.hears(caller) is Hearing.OTHER_LEG
    world.hangs_up(caller)
    world.advance(60)
    world.calls()
    assert world.offered_to() is None


def test_queue_can_be_taken_only_from_a_member() -> None:
    world = World()
    with pytest.raises(NotAllowed, match="no member"):
        world.does(RemoveFromQueue(SOFIE, BRAM, builders.RECEPTIE))


def test_given_level_counts() -> None:
    world = World()
    world.does(AssignQueue(SOFIE, ANNA, builders.BURGERZAKEN, 2))
    world.log_on("anna", "bram")
    world.calls()
    assert world.offered_to() == "bram"


@pytest.mark.parametrize("level", [0, 100, -1])
def test_level_that_does_not_exist_is_refused(level: int) -> None:
    with pytest.raises(NotAllowed, match="between 1 and 99"):
        World().does(AssignQueue(SOFIE, ANNA, builders.BURGERZAKEN, level))


def test_caller_of_a_closed_queue_hears_its_message() -> None:
    world = closing_world()
    world.does(CloseQueue(SOFIE, builders.BURGERZAKEN))
    caller = world.calls()
    assert world.switch.last(Say, caller).prompts[0].name == "bel-later-terug.wav"
    assert not world.waiting()


def test_caller_of_a_closed_queue_without_a_message_is_let_go() -> None:
    world = closing_world(closed_flow=None)
    world.does(CloseQueue(SOFIE, builders.BURGERZAKEN))
    caller = world.calls()
    assert not world.switch.lives(caller)
    assert world.last_fact(ContactEnded).outcome is Outcome.CLOSED


def test_who_waits_when_a_queue_closes_is_served() -> None:
    world = closing_world()
    caller = world.calls()
    world.does(CloseQueue(SOFIE, builders.BURGERZAKEN))
    assert world.waiting() == [caller]
    world.log_on("bram")
    assert world.offered_to() == "bram"


def test_who_waits_when_a_queue_closes_is_moved_on_request() -> None:
    world = closing_world()
    callers = [world.calls(), world.calls()]
    world.does(CloseQueue(SOFIE, builders.BURGERZAKEN, move_waiting=True))
    assert not world.waiting()
    assert all(world.switch.last(Say, caller).prompts[0].name == "bel-later-terug.wav" for caller in callers)
    assert [fact.outcome for fact in world.all_facts(ContactLeftQueue)] == [Outcome.CLOSED, Outcome.CLOSED]
    assert world.floor.day.queues[builders.BURGERZAKEN].closed == 2


def test_queue_that_is_opened_takes_callers_again() -> None:
    world = closing_world()
    world.does(CloseQueue(SOFIE, builders.BURGERZAKEN))
    world.does(OpenQueue(SOFIE, builders.BURGERZAKEN))
    caller = world.calls()
    assert world.waiting() == [caller]
    assert world.last_fact(QueueSwitched).open is True


def test_queue_that_follows_its_timetable_has_no_override() -> None:
    world = closing_world()
    world.does(CloseQueue(SOFIE, builders.BURGERZAKEN))
    world.does(FollowTimetable(SOFIE, builders.BURGERZAKEN))
    assert builders.BURGERZAKEN not in world.floor.queue_overrides


def test_moved_contact_waits_in_the_other_queue_since_the_same_instant() -> None:
    world = World()
    caller = world.calls()
    since = world.contact(caller).queued_at
    world.advance(5)
    world.does(MoveContact(SOFIE, world.contact(caller).contact_id, builders.RECEPTIE))
    assert world.waiting(builders.RECEPTIE) == [caller]
    assert world.contact(caller).queued_at == since
    assert world.switch.hears(caller) is Hearing.HOLD_MUSIC
    assert world.floor.day.queues[builders.BURGERZAKEN].moved == 1


def test_contact_that_is_gone_or_talks_cannot_be_moved() -> None:
    world = World()
    with pytest.raises(NotFound):
        world.does(MoveContact(SOFIE, ContactId("nobody"), builders.RECEPTIE))
    world.log_on("bram")
    caller, _ = world.talk()
    with pytest.raises(NotAllowed, match="does not wait"):
        world.does(MoveContact(SOFIE, world.contact(caller).contact_id, builders.RECEPTIE))


def test_what_supervisors_changed_outlives_the_core() -> None:
    world, log = closing_world(), FakeContactLog()
    world.does(AssignQueue(SOFIE, BRAM, builders.RECEPTIE, 3))
    world.does(RemoveFromQueue(SOFIE, ANNA, builders.BURGERZAKEN))
    world.does(CloseQueue(SOFIE, builders.BURGERZAKEN))
    log.record(world.facts)
    world.start_core(world.floor.site)
    remembering.restore_steering(world.work, log.steering())
    assert {each.queue_id: each.level for each in world.floor.memberships_of(BRAM)} == {
        builders.BURGERZAKEN: 1,
        builders.RECEPTIE: 3,
    }
    assert {each.queue_id for each in world.floor.memberships_of(ANNA)} == {builders.RECEPTIE}
    assert not world.floor.is_open(builders.BURGERZAKEN, world.clock.now())


def test_queue_that_does_not_exist_cannot_be_steered() -> None:
    with pytest.raises(NotFound):
        World().does(OpenQueue(SOFIE, QueueId("onbekend")))
