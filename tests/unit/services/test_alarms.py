"""Alarms on the floor: what raises, acknowledges and clears them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxcore.domain.commands import AcknowledgeAlarm, CloseQueue
from cxcore.domain.errors import NotFound
from cxcore.domain.events import AlarmAcknowledged, AlarmCleared, AlarmRaised, QualityMeasured
from cxcore.domain.thresholds import AlarmKind, Threshold
from cxcore.services import alarms
from cxcore.services.configuration import UseSite
from tests import builders
from tests.unit.services import test_messaging
from tests.unit.world import World

AT_ONCE = 0


def world_with(*thresholds: Threshold) -> World:
    queue = builders.queue(alarms={each.kind: each for each in thresholds})
    world = World(builders.site((queue, builders.queue(builders.RECEPTIE, priority=1))))
    alarms.watch(world.work, world.clock.now())
    return world


def waiting(raise_at: int, after: int = AT_ONCE) -> Threshold:
    return Threshold(AlarmKind.WAITING, raise_at, raise_at - 1, after)


def on(world: World) -> set[AlarmKind]:
    return {kind for _, kind in world.floor.alarms}


def test_as_many_wait_as_the_threshold_says() -> None:
    world = world_with(waiting(2, after=10))
    first = world.calls()
    world.calls()
    world.advance(9)
    assert on(world) == set()
    world.advance(3)
    assert on(world) == {AlarmKind.WAITING}
    raised = world.last_fact(AlarmRaised)
    assert (raised.queue_id, raised.value, raised.level) == (builders.BURGERZAKEN, 2, 2)
    world.hangs_up(first)
    world.advance(12)
    assert on(world) == set()
    assert world.last_fact(AlarmCleared).value == 1


def test_chats_have_alarms_of_their_own_and_raise_none_of_calls() -> None:
    lines = Threshold(AlarmKind.CHATS_WAITING, 2, 1, AT_ONCE), Threshold(AlarmKind.CHAT_WAIT, 600, 300, AT_ONCE)
    world = World(test_messaging.site(alarms={each.kind: each for each in (waiting(1), *lines)}))
    alarms.watch(world.work, world.clock.now())
    test_messaging.says(world, "Hallo", "m1")
    world.advance(2)
    assert on(world) == set()
    test_messaging.says(world, "Dag", "m2", sender=test_messaging.LOES)
    world.advance(2)
    assert on(world) == {AlarmKind.CHATS_WAITING}
    world.advance(600)
    assert on(world) == {AlarmKind.CHATS_WAITING, AlarmKind.CHAT_WAIT}


def test_first_in_line_waits_too_long() -> None:
    world = world_with(Threshold(AlarmKind.LONGEST_WAIT, 60, 30, AT_ONCE))
    world.calls()
    world.advance(59)
    assert on(world) == set()
    world.advance(2)
    assert on(world) == {AlarmKind.LONGEST_WAIT}


def test_too_few_agents_are_missed_only_while_the_queue_is_open() -> None:
    world = world_with(Threshold(AlarmKind.AGENTS, 1, 1, AT_ONCE))
    world.advance(2)
    assert on(world) == {AlarmKind.AGENTS}
    world.does(CloseQueue("sofie", builders.BURGERZAKEN))
    world.advance(2)
    assert on(world) == set()


def test_device_that_cannot_be_reached_raises_an_alarm() -> None:
    world = world_with(Threshold(AlarmKind.DEVICES, 1, 0, AT_ONCE))
    world.log_on("anna")
    world.agent("anna").warning = "unreachable"
    world.advance(2)
    assert on(world) == {AlarmKind.DEVICES}


def test_many_callers_who_give_up_raise_the_alarms_of_the_day() -> None:
    abandoned = Threshold(AlarmKind.ABANDONED, 50, 40, AT_ONCE)
    world = world_with(abandoned, Threshold(AlarmKind.SERVICE_LEVEL, 80, 85, AT_ONCE))
    for _ in range(12):
        caller = world.calls()
        world.advance(30)
        world.hangs_up(caller)
    world.advance(2)
    assert on(world) == {AlarmKind.ABANDONED, AlarmKind.SERVICE_LEVEL}


def test_bad_sound_in_several_conversations_raises_an_alarm() -> None:
    world = world_with(Threshold(AlarmKind.MOS, 3.8, 4.0, AT_ONCE))
    world.log_on("anna")
    world.switch.mos = 3.1
    caller, _ = world.talk()
    world.hangs_up(caller)
    world.advance(60)
    assert [fact.party for fact in world.all_facts(QualityMeasured)] == ["caller", "anna"]
    assert on(world) == set()  # two scores, of one conversation, are too few
    caller, _ = world.talk()
    world.hangs_up(caller)
    world.advance(2)
    assert on(world) == {AlarmKind.MOS}


def test_both_parties_are_measured_whoever_hangs_up_first() -> None:
    world = world_with(waiting(9))
    world.log_on("anna")
    world.switch.mos = 4.4
    _, device = world.talk()
    world.hangs_up(device)
    assert {fact.party for fact in world.all_facts(QualityMeasured)} == {"caller", "anna"}
    assert world.floor.quality.legs == {}


def test_who_has_seen_an_alarm_is_named_once() -> None:
    world = world_with(waiting(1))
    world.calls()
    world.advance(2)
    world.does(AcknowledgeAlarm("sofie", builders.BURGERZAKEN, AlarmKind.WAITING))
    world.does(AcknowledgeAlarm("aad", builders.BURGERZAKEN, AlarmKind.WAITING))
    assert [fact.by for fact in world.all_facts(AlarmAcknowledged)] == ["sofie"]
    (alarm,) = world.floor.alarms.values()
    assert alarm.acknowledged_by == "sofie"
    with pytest.raises(NotFound):
        world.does(AcknowledgeAlarm("sofie", builders.BURGERZAKEN, AlarmKind.MOS))


def test_alarm_outlives_the_core_with_who_has_seen_it_and_nobody_is_told_again() -> None:
    world = world_with(waiting(1))
    world.calls()
    world.advance(2)
    world.does(AcknowledgeAlarm("sofie", builders.BURGERZAKEN, AlarmKind.WAITING))
    before = dict(world.floor.alarms)
    world.restart_core()
    world.advance(5)
    assert world.floor.alarms == before
    assert len(world.all_facts(AlarmRaised)) == 1


def test_alarm_of_a_threshold_that_was_taken_away_clears() -> None:
    world = world_with(waiting(1))
    world.calls()
    world.advance(2)
    calm = replace(world.site, queues={**world.site.queues, builders.BURGERZAKEN: builders.queue()})
    world.does(UseSite("aad", 2, calm))
    world.advance(2)
    assert on(world) == set()
    assert world.last_fact(AlarmCleared).value is None
