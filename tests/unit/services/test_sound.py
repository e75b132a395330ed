"""Whose measure of a conversation's sound counts, and what follows from it [112]."""

from __future__ import annotations

import pytest

from cxcore.domain.commands import CallNumber, CompleteTransfer
from cxcore.domain.events import AlarmRaised, QualityMeasured
from cxcore.domain.health import read_sound
from cxcore.domain.quality import Line, MeasuredBy, Reception, mos_of
from cxcore.domain.sound_quality import line_of
from cxcore.domain.thresholds import AlarmKind, Threshold
from cxcore.domain.tidings import RelayRestarted
from cxcore.services import alarms
from tests import builders
from tests.fakes.sound_meter import FakeSoundMeter
from tests.fakes.switch import RenewSound
from tests.unit.services.test_consulting import ANNA, OUTSIDE, desk
from tests.unit.services.test_direct import dialled, talking_directly
from tests.unit.services.test_direct import world_of as direct_world
from tests.unit.world import World

GOOD, BAD = Reception(0.0, 5.0, 40.0), Reception(0.08, 20.0, 60.0)


@pytest.fixture
def world() -> World:
    threshold = Threshold(AlarmKind.MOS, 4.0, 4.2, after_seconds=0)
    queue = builders.queue(alarms={AlarmKind.MOS: threshold})
    world = World(builders.site((queue, builders.queue(builders.RECEPTIE, priority=1))))
    alarms.watch(world.work, world.clock.now())
    world.switch.mos = 4.5
    world.log_on("anna")
    return world


def with_meter(world: World) -> FakeSoundMeter:
    meter = FakeSoundMeter(world._tell, world.clock)
    world.work.sound_meter = meter
    return meter


def talked(world: World) -> None:
    caller, _ = world.talk()
    world.advance(30)
    world.hangs_up(caller)


def test_measure_of_the_border_counts_and_tells_both_directions(world: World) -> None:
    meter = with_meter(world)
    talked(world)
    assert world.all_facts(QualityMeasured) == []
    meter.tells(BAD, GOOD)
    meter.tells(GOOD, GOOD)
    world.settle()
    of_caller, of_agent = world.all_facts(QualityMeasured)
    assert (of_caller.party, of_agent.party) == ("caller", "anna")
    assert of_caller.measured_by is MeasuredBy.BORDER
    assert (of_caller.mos, of_caller.heard_mos) == (round(mos_of(BAD), 2), round(mos_of(GOOD), 2))
    assert (of_caller.loss, of_caller.jitter, of_caller.round_trip) == (0.08, 20.0, 60.0)


def test_border_is_asked_for_the_call_by_its_sip_call_id(world: World) -> None:
    meter = with_meter(world)
    caller, device = world.talk()
    world.hangs_up(caller)
    assert meter.asked == [(caller, f"{caller}@fake"), (device, f"{device}@fake")]


def test_switch_counts_where_the_border_knows_nothing(world: World) -> None:
    meter = with_meter(world)
    talked(world)
    meter.tells()
    meter.tells(None, BAD)
    world.settle()
    of_caller, of_agent = world.all_facts(QualityMeasured)
    assert (of_caller.mos, of_caller.measured_by, of_caller.heard_mos) == (4.5, MeasuredBy.SWITCH, None)
    assert (of_agent.mos, of_agent.measured_by) == (4.5, MeasuredBy.SWITCH)
    assert of_agent.heard_mos == round(mos_of(BAD), 2)


def test_switch_counts_where_there_is_no_border(world: World) -> None:
    talked(world)
    assert [fact.measured_by for fact in world.all_facts(QualityMeasured)] == [MeasuredBy.SWITCH] * 2


def test_callers_who_heard_us_badly_raise_the_alarm_though_we_heard_them_well(world: World) -> None:
    meter = with_meter(world)
    for _ in range(2):
        talked(world)
        meter.tells(GOOD, BAD)
        meter.tells(GOOD, BAD)
        world.advance(60)
    assert world.last_fact(AlarmRaised).kind is AlarmKind.MOS


def test_health_says_when_conversations_miss_the_goal(world: World) -> None:
    world.switch.mos = 3.5
    for _ in range(2):
        talked(world)
        world.advance(60)
    now = world.clock.now()
    found = read_sound(world.floor.quality.mean_of_all(now))
    assert not found.healthy and "3.5" in found.reason
    world.advance(3600)
    assert read_sound(world.floor.quality.mean_of_all(world.clock.now())).healthy, "nothing was measured of late"


def test_conversation_that_outlives_the_core_is_measured_on_both_legs(world: World) -> None:
    caller, _ = world.talk()
    world.restart_core()
    world.hangs_up(caller)
    assert {fact.party for fact in world.all_facts(QualityMeasured)} == {"caller", "anna"}


def test_both_parties_of_direct_calls_are_measured_with_their_lines() -> None:
    world = direct_world()
    world.switch.mos = 4.5
    caller, _ = talking_directly(world)
    world.hangs_up(caller)
    world.does(CallNumber("anna", ANNA, OUTSIDE))
    world.answers(world.ringing())
    world.answers(dialled(world)[OUTSIDE])
    world.hangs_up(dialled(world)[OUTSIDE])
    found = [(fact.party, fact.line, fact.queue_id) for fact in world.all_facts(QualityMeasured)]
    assert found == [
        ("caller", Line.TRUNK, None),
        ("anna", Line.PHONE, None),
        ("party", Line.TRUNK, None),
        ("anna", Line.PHONE, None),
    ]


def test_party_outside_is_measured_when_a_caller_is_transferred_to_it_also_after_a_restart() -> None:
    found = desk()
    found.world.switch.mos = 4.5
    target = found.talks_to_target("number", OUTSIDE)
    found.world.does(CompleteTransfer("anna", ANNA))
    found.world.restart_core()
    found.world.hangs_up(target)
    told = {(fact.party, fact.line) for fact in found.world.all_facts(QualityMeasured)}
    assert told == {("anna", Line.PHONE), ("caller", Line.TRUNK), ("party", Line.TRUNK)}


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("+31612345678", Line.TRUNK),
        ("softphone:anna~ab", Line.SOFTPHONE),
        ("sip:+31715550177@sip.pstnhub.microsoft.com", Line.TEAMS),
        ("sip:anna@192.0.2.7:5060", Line.PHONE),
    ],
)
def test_line_follows_from_the_address_that_is_dialled(address: str, line: Line) -> None:
    assert line_of(address) is line


def test_line_that_the_border_tells_counts(world: World) -> None:
    meter = with_meter(world)
    talked(world)
    meter.tells(GOOD, GOOD, Line.TEAMS)
    world.settle()
    assert world.last_fact(QualityMeasured).line is Line.TEAMS


def test_all_calls_are_offered_their_sound_anew_when_the_relay_began_anew(world: World) -> None:
    caller, device = world.talk()
    world._tell(RelayRestarted(world.clock.now()))
    world.settle()
    assert {order.leg_id for order in world.switch.orders if isinstance(order, RenewSound)} == {caller, device}


def test_outcome_for_a_leg_of_an_earlier_core_is_nothing(world: World) -> None:
    meter = with_meter(world)
    talked(world)
    world.restart_core()
    meter.tells(GOOD, GOOD)
    world.settle()
    assert world.all_facts(QualityMeasured) == []
