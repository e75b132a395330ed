"""The Switch port: one suite for the fake switch and for the adapter with each engine that is there."""

from __future__ import annotations

import uuid
import wave
from collections.abc import Iterator
from pathlib import Path, PurePath

import gevent
import numpy as np
import pytest

from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg, OrderId
from cxcore.domain.tidings import (
    DigitsEntered,
    KeyPressed,
    LegAnswered,
    LegArrived,
    LegHungUp,
    LegRinging,
    LegsBridged,
    LegsUnbridged,
    LiveLegsReported,
    OrderRefused,
    PromptEnded,
    SwitchConnected,
)
from cxcore.ports.switch import Dial, Question
from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.stages import (
    EngineStage,
    FakeStage,
    Person,
    PhonePerson,
    Sound,
    Stage,
    Tidings,
    engine_stage,
    wait_until,
)

FIRST, SECOND = OrderId("order-1"), OrderId("order-2")
MOMENT = 0.3
"""Long enough for what must not happen to happen."""


@pytest.fixture(scope="module", params=["fake", *engines.START])
def played_with(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine | None]:
    name = str(request.param)
    if name == "fake":
        yield None
        return
    if reason := engines.MISSING[name]():
        pytest.skip(reason)
    site = engines.prepare_site(tmp_path_factory.mktemp(f"port-{name}"), "127.0.0.1:9", "")
    with engines.running(name, site) as engine:
        yield engine


@pytest.fixture
def stage(played_with: Engine | None) -> Iterator[Stage]:
    if played_with is None:
        yield FakeStage()
        return
    with engine_stage(played_with) as real:
        yield real


def answered(stage: Stage) -> tuple[LegId, Person]:
    """A caller who was taken and answered."""
    leg_id, caller = stage.call()
    stage.switch.take(leg_id)
    stage.switch.answer(leg_id)
    stage.tidings.wait(LegAnswered, leg_id)
    return leg_id, caller


def dialled(stage: Stage, seconds: int = 20) -> tuple[LegId, Person]:
    """Anna's device is dialled."""
    address, anna = stage.device()
    leg_id = LegId(str(uuid.uuid4()))
    stage.switch.dial(Dial(leg_id, address, "+31715550100", "Burgerzaken", seconds, {"agent": "anna"}))
    return leg_id, anna(leg_id)


def picked_up(stage: Stage) -> tuple[LegId, Person]:
    leg_id, anna = dialled(stage)
    anna.await_ringing()
    anna.pick_up()
    stage.tidings.wait(LegAnswered, leg_id)
    return leg_id, anna


def talking(stage: Stage) -> tuple[LegId, Person, LegId, Person]:
    """A caller and Anna in conversation."""
    caller_leg, caller = answered(stage)
    anna_leg, anna = picked_up(stage)
    stage.switch.bridge(caller_leg, anna_leg)
    stage.tidings.wait(LegsBridged)
    caller.await_sound(Sound.OTHER)
    anna.await_sound(Sound.OTHER)
    return caller_leg, caller, anna_leg, anna


def test_a_caller_arrives_with_number_and_dialled_number(stage: Stage) -> None:
    leg_id, _ = stage.call("+31715550102", "+31687654321")
    [arrived] = stage.tidings.of(LegArrived)
    assert (arrived.leg_id, arrived.dialled_number) == (leg_id, "+31715550102")
    assert (arrived.caller_number, arrived.forwarded_from) == ("+31687654321", None)


def test_a_forwarded_call_tells_the_number_that_was_dialled_first_and_so_does_a_report(stage: Stage) -> None:
    leg_id, _ = stage.call(forwarded_from="+31715550199")
    assert stage.tidings.wait(LegArrived).forwarded_from == "+31715550199"
    stage.switch.take(leg_id)
    stage.switch.answer(leg_id)
    stage.tidings.wait(LegAnswered, leg_id)
    reports = len(stage.tidings.of(LiveLegsReported))
    stage.switch.report_live_legs()
    [live] = stage.tidings.wait(LiveLegsReported, count=reports + 1).legs
    assert live.forwarded_from == "+31715550199"


def test_a_caller_who_hides_the_number_has_none(stage: Stage) -> None:
    stage.call(caller=None)
    [arrived] = stage.tidings.of(LegArrived)
    assert (arrived.caller_number, arrived.caller_name) == (None, "")


@pytest.mark.parametrize(
    ("display", "name"),
    [
        ("Jan%0AUnique-ID: victim%0Avariable_cx_leg: taken", None),
        ("Jan%250AUnique-ID: victim", None),
        ("O'Brien; Jan", "O'Brien; Jan"),
        ("x" * 8000, "x" * 100),
    ],
)
def test_no_display_name_changes_more_than_the_name(stage: Stage, display: str, name: str | None) -> None:
    if not isinstance(stage, EngineStage):
        pytest.skip("the fake has no SIP headers")
    leg_id, _ = stage.call(display=display)
    arrived = stage.tidings.wait(LegArrived)
    assert arrived.leg_id == leg_id != "victim"
    assert (arrived.dialled_number, arrived.caller_number) == ("+31715550100", "+31612345678")
    assert name in (None, arrived.caller_name)
    assert arrived.caller_name.isprintable()
    stage.switch.take(leg_id)
    stage.switch.answer(leg_id)
    stage.tidings.wait(LegAnswered, leg_id)


def test_a_caller_hears_that_it_rings_and_is_answered_once(stage: Stage) -> None:
    leg_id, caller = stage.call()
    stage.switch.take(leg_id)
    stage.switch.ring(leg_id)
    gevent.sleep(0.05)
    caller.await_ringing()
    stage.switch.answer(leg_id)
    stage.tidings.wait(LegAnswered, leg_id)
    gevent.sleep(MOMENT)
    assert len(stage.tidings.of(LegAnswered)) == 1


def test_a_prompt_is_followed_by_hold_music(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.say(leg_id, FIRST, stage.prompt())
    caller.await_sound(Sound.PROMPT)
    stage.let_it_end(leg_id)
    assert stage.tidings.wait(PromptEnded).order_id == FIRST
    caller.await_sound(Sound.MUSIC)


def test_a_new_order_cuts_a_prompt_short_and_only_the_new_one_ends(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.say(leg_id, FIRST, stage.prompt())
    caller.await_sound(Sound.PROMPT)
    stage.switch.say(leg_id, SECOND, stage.prompt())
    gevent.sleep(MOMENT)
    stage.let_it_end(leg_id)
    assert stage.tidings.wait(PromptEnded).order_id == SECOND
    assert len(stage.tidings.of(PromptEnded)) == 1


def test_hold_music_cuts_a_prompt_short_and_nothing_ends(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.say(leg_id, FIRST, stage.prompt())
    caller.await_sound(Sound.PROMPT)
    stage.switch.play_hold_music(leg_id)
    caller.await_sound(Sound.MUSIC)
    gevent.sleep(MOMENT)
    assert not stage.tidings.of(PromptEnded)


def test_orders_in_quick_succession_end_with_the_last(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    for number in range(20):
        stage.switch.say(leg_id, OrderId(f"order-{number}"), stage.prompt())
        stage.switch.play_hold_music(leg_id)
    stage.switch.say(leg_id, OrderId("last"), stage.prompt())
    caller.await_sound(Sound.PROMPT)
    stage.let_it_end(leg_id)
    assert stage.tidings.wait(PromptEnded).order_id == "last"
    assert len(stage.tidings.of(PromptEnded)) == 1


def test_a_key_answers_a_question_and_cuts_its_prompt_short(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.ask(leg_id, FIRST, Question(stage.prompt()))
    caller.await_sound(Sound.PROMPT)
    caller.press("2")
    entered = stage.tidings.wait(DigitsEntered)
    assert (entered.leg_id, entered.order_id, entered.digits) == (leg_id, FIRST, "2")
    caller.await_sound(Sound.MUSIC)


def test_keys_that_are_told_one_by_one_are_told_in_their_order_while_music_is_heard(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.ask(leg_id, FIRST, Question(stage.prompt(), max_digits=10, each_key=True))
    caller.await_sound(Sound.PROMPT)
    caller.press("1")
    stage.tidings.wait(KeyPressed)
    caller.await_sound(Sound.MUSIC)
    caller.press("1*0#")
    stage.tidings.wait(KeyPressed, count=5)
    told = stage.tidings.of(KeyPressed)
    assert [(tiding.leg_id, tiding.order_id) for tiding in told] == [(leg_id, FIRST)] * 5
    assert "".join(tiding.key for tiding in told) == "11*0#"
    assert not stage.tidings.of(DigitsEntered)
    caller.await_sound(Sound.MUSIC)


def test_keys_in_quick_succession_are_all_told(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.ask(leg_id, FIRST, Question(stage.prompt(), max_digits=10, each_key=True))
    caller.await_sound(Sound.PROMPT)
    caller.press("864209#")
    stage.tidings.wait(KeyPressed, count=7)
    assert "".join(tiding.key for tiding in stage.tidings.of(KeyPressed)) == "864209#"


def test_a_question_whose_keys_were_told_to_an_earlier_core_counts_as_not_answered(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.ask(leg_id, FIRST, Question(stage.prompt(), max_digits=10, each_key=True))
    caller.await_sound(Sound.PROMPT)
    caller.press("12")
    stage.tidings.wait(KeyPressed, count=2)
    (leg,) = [leg for leg in stage.restart_the_core().wait(LiveLegsReported).legs if leg.leg_id == leg_id]
    assert (leg.order_id, leg.order_ended, leg.digits) == (FIRST, True, "")


def test_a_question_without_an_answer_times_out_with_no_digits(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.ask(leg_id, FIRST, Question(stage.prompt(), timeout_seconds=1))
    stage.let_it_time_out(leg_id)
    assert stage.tidings.wait(DigitsEntered).digits == ""
    caller.await_sound(Sound.MUSIC)


def test_a_key_pressed_before_a_question_does_not_answer_it(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.play_hold_music(leg_id)
    caller.await_sound(Sound.MUSIC)
    if stage.is_real:
        caller.press("7")
        gevent.sleep(0.1)
    stage.switch.ask(leg_id, FIRST, Question(stage.prompt(), timeout_seconds=1))
    stage.let_it_time_out(leg_id)
    assert stage.tidings.wait(DigitsEntered).digits == ""


def test_a_leg_that_nobody_took_in_time_is_left_alone(stage: Stage) -> None:
    leg_id, caller = stage.call()
    stage.let_it_overflow(leg_id)
    stage.switch.take(leg_id)
    refused = stage.tidings.wait(OrderRefused)
    assert (refused.leg_id, refused.order) == (leg_id, "take")


def test_a_leg_that_was_taken_does_not_overflow(stage: Stage) -> None:
    if not stage.is_real:
        pytest.skip("the fake overflows only when a test says so")
    leg_id, caller = answered(stage)
    stage.switch.play_hold_music(leg_id)
    gevent.sleep(engines.CONTROLLER_TIMEOUT_SECONDS + 0.5)
    caller.await_sound(Sound.MUSIC)
    assert not stage.tidings.of(LegHungUp)


def test_a_device_rings_and_is_picked_up(stage: Stage) -> None:
    leg_id, anna = dialled(stage)
    anna.await_ringing()
    stage.tidings.wait(LegRinging, leg_id)
    anna.pick_up()
    stage.tidings.wait(LegAnswered, leg_id)
    anna.hang_up()
    hung_up = stage.tidings.wait(LegHungUp, leg_id)
    assert (hung_up.cause, hung_up.by) == (HangUpCause.NORMAL, HungUpBy.PARTY)


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (486, HangUpCause.BUSY),
        (603, HangUpCause.DECLINED),
        (480, HangUpCause.NO_ANSWER),
        (404, HangUpCause.UNREACHABLE),
    ],
)
def test_a_device_that_refuses_is_told_once_with_its_cause(stage: Stage, status: int, cause: HangUpCause) -> None:
    leg_id, anna = dialled(stage)
    anna.refuse(status)
    hung_up = stage.tidings.wait(LegHungUp, leg_id)
    assert (hung_up.cause, hung_up.by) == (cause, HungUpBy.PARTY)
    gevent.sleep(MOMENT)
    assert len(stage.tidings.of(LegHungUp)) == 1


def test_a_device_that_nobody_picks_up_has_not_answered(stage: Stage) -> None:
    leg_id, anna = dialled(stage, seconds=1)
    anna.await_ringing()
    stage.let_it_go_unanswered(leg_id)
    assert stage.tidings.wait(LegHungUp, leg_id).cause is HangUpCause.NO_ANSWER


def test_a_call_to_a_device_is_withdrawn(stage: Stage) -> None:
    leg_id, anna = dialled(stage)
    anna.await_ringing()
    stage.switch.hang_up(leg_id, HangUpCause.WITHDRAWN)
    hung_up = stage.tidings.wait(LegHungUp, leg_id)
    assert (hung_up.cause, hung_up.by) == (HangUpCause.WITHDRAWN, HungUpBy.SWITCH)


def test_a_call_that_is_withdrawn_at_once_does_not_go_on_ringing(stage: Stage) -> None:
    leg_id, anna = dialled(stage)
    stage.switch.hang_up(leg_id, HangUpCause.WITHDRAWN)
    assert stage.tidings.wait(LegHungUp, leg_id).cause is HangUpCause.WITHDRAWN
    gevent.sleep(MOMENT)
    assert len(stage.tidings.of(LegHungUp)) == 1
    if isinstance(anna, PhonePerson) and anna.phone.call is not None:
        anna.phone.await_end()


def test_two_legs_hear_each_other_until_the_agent_hangs_up_and_the_caller_stays(stage: Stage) -> None:
    caller_leg, caller, anna_leg, anna = talking(stage)
    anna.hang_up()
    stage.tidings.wait(LegHungUp, anna_leg)
    [unbridged] = stage.tidings.of(LegsUnbridged)
    assert {unbridged.leg_id, unbridged.other} == {caller_leg, anna_leg}
    assert stage.tidings.all.index(unbridged) < stage.tidings.all.index(stage.tidings.wait(LegHungUp))
    stage.switch.play_hold_music(caller_leg)
    caller.await_sound(Sound.MUSIC)
    assert not stage.tidings.of(LegHungUp, caller_leg)


def test_the_agent_stays_when_the_caller_hangs_up(stage: Stage) -> None:
    caller_leg, caller, anna_leg, anna = talking(stage)
    caller.hang_up()
    stage.tidings.wait(LegHungUp, caller_leg)
    gevent.sleep(MOMENT)
    assert not stage.tidings.of(LegHungUp, anna_leg)
    stage.switch.hang_up(anna_leg)
    assert stage.tidings.wait(LegHungUp, anna_leg).by is HungUpBy.SWITCH


def test_a_held_caller_hears_music_and_the_agent_nothing_until_they_resume(stage: Stage) -> None:
    caller_leg, caller, anna_leg, anna = talking(stage)
    stage.switch.hold(anna_leg, caller_leg)
    stage.tidings.wait(LegsUnbridged)
    caller.await_sound(Sound.MUSIC)
    anna.await_sound(Sound.SILENCE)
    gevent.sleep(MOMENT)
    if isinstance(anna, PhonePerson):
        assert anna.phone.samples(0.2).size > 800, "the held device gets no packets"
    stage.switch.resume(anna_leg, caller_leg)
    stage.tidings.wait(LegsBridged, count=2)
    caller.await_sound(Sound.OTHER)
    anna.await_sound(Sound.OTHER)


def test_an_agent_who_waits_for_another_hears_that_it_rings_while_the_caller_hears_music(stage: Stage) -> None:
    caller_leg, caller, anna_leg, anna = talking(stage)
    stage.switch.hold(anna_leg, caller_leg)
    stage.switch.play_ringback(anna_leg)
    anna.await_sound(Sound.RINGBACK)
    caller.await_sound(Sound.MUSIC)
    stage.switch.bridge(caller_leg, anna_leg)
    anna.await_sound(Sound.OTHER)
    caller.await_sound(Sound.OTHER)


def test_a_third_joins_a_conversation_and_stays_when_it_ends(stage: Stage) -> None:
    caller_leg, caller, anna_leg, anna = talking(stage)
    bram_leg, bram = picked_up(stage)
    stage.switch.join(bram_leg, anna_leg)
    bram.await_sound(Sound.CONVERSATION)
    caller.await_sound(Sound.OTHER)
    anna.await_sound(Sound.OTHER)
    anna.hang_up()
    stage.tidings.wait(LegHungUp, anna_leg)
    stage.switch.bridge(caller_leg, bram_leg)
    caller.await_sound(Sound.OTHER)
    bram.await_sound(Sound.OTHER)
    assert not stage.tidings.of(LegHungUp, bram_leg)


@pytest.mark.parametrize("whose", ["caller", "agent"])
def test_parked_legs_both_live_and_the_caller_hears_music(stage: Stage, whose: str) -> None:
    caller_leg, caller, anna_leg, anna = talking(stage)
    stage.switch.park(caller_leg if whose == "caller" else anna_leg)
    stage.tidings.wait(LegsUnbridged)
    caller.await_sound(Sound.MUSIC)
    anna.await_sound(Sound.SILENCE)
    assert not stage.tidings.of(LegHungUp)
    stage.switch.bridge(caller_leg, anna_leg)
    caller.await_sound(Sound.OTHER)


def test_a_caller_is_bridged_out_of_a_prompt_without_its_end_being_told(stage: Stage) -> None:
    caller_leg, caller = answered(stage)
    anna_leg, anna = picked_up(stage)
    stage.switch.say(caller_leg, FIRST, stage.prompt())
    stage.switch.bridge(caller_leg, anna_leg)
    stage.tidings.wait(LegsBridged)
    caller.await_sound(Sound.OTHER)
    gevent.sleep(MOMENT)
    assert not stage.tidings.of(PromptEnded)


def test_digits_reach_the_device(stage: Stage) -> None:
    if not stage.is_real:
        pytest.skip("the fake has no keys to send")
    leg_id, anna = picked_up(stage)
    stage.switch.send_digits(leg_id, "12#")
    assert isinstance(anna, PhonePerson)
    phone = anna.phone
    wait_until(lambda: phone.call is not None and phone.call.digits == "12#", lambda: f"heard {phone.call}")


@pytest.mark.parametrize(
    ("cause", "status"), [(HangUpCause.BUSY, 486), (HangUpCause.DECLINED, 603), (HangUpCause.NO_ANSWER, 480)]
)
def test_a_caller_is_turned_away_with_the_status_of_the_cause(stage: Stage, cause: HangUpCause, status: int) -> None:
    leg_id, caller = stage.call()
    stage.switch.take(leg_id)
    stage.switch.hang_up(leg_id, cause)
    hung_up = stage.tidings.wait(LegHungUp, leg_id)
    assert (hung_up.cause, hung_up.by) == (cause, HungUpBy.SWITCH)
    assert caller.await_end() == status


def test_a_caller_who_gives_up_before_the_answer_has_hung_up(stage: Stage) -> None:
    leg_id, caller = stage.call()
    stage.switch.take(leg_id)
    stage.switch.ring(leg_id)
    gevent.sleep(0.05)
    caller.hang_up()
    hung_up = stage.tidings.wait(LegHungUp, leg_id)
    assert (hung_up.cause, hung_up.by) == (HangUpCause.NORMAL, HungUpBy.PARTY)


def test_hanging_up_a_leg_that_is_gone_is_no_error_and_another_order_is_refused(stage: Stage) -> None:
    gone = LegId(str(uuid.uuid4()))
    stage.switch.hang_up(gone)
    stage.switch.say(gone, FIRST, stage.prompt())
    refused = stage.tidings.wait(OrderRefused)
    assert (refused.leg_id, refused.order) == (gone, "say")
    assert len(stage.tidings.of(OrderRefused)) == 1


def test_marks_keep_any_text_and_an_empty_one_is_removed(stage: Stage) -> None:
    leg_id, _ = answered(stage)
    marks = {"contact": "c1", "queue": "x", "text": "a;b=c, 'd' \"e\" {f} ${g} 100% \\ é\n"}
    stage.switch.mark(leg_id, marks)
    stage.switch.mark(leg_id, {"queue": ""})
    reports = len(stage.tidings.of(LiveLegsReported))
    stage.switch.report_live_legs()
    reported = stage.tidings.wait(LiveLegsReported, count=reports + 1)
    [live] = [leg for leg in reported.legs if leg.leg_id == leg_id]
    assert dict(live.marks) == {"contact": "c1", "text": marks["text"]}


def test_a_restarted_core_is_told_which_legs_live_and_goes_on_with_them(stage: Stage) -> None:
    waiting_leg, waiting = answered(stage)
    stage.switch.play_hold_music(waiting_leg)
    stage.switch.mark(waiting_leg, {"contact": "c1"})
    caller_leg, caller, anna_leg, anna = talking(stage)
    tidings = stage.restart_the_core()
    connected, reported = tidings.wait(SwitchConnected), tidings.wait(LiveLegsReported)
    assert tidings.all.index(connected) < tidings.all.index(reported)
    legs = {leg.leg_id: leg for leg in reported.legs}
    assert legs[waiting_leg].marks == {"contact": "c1"}
    assert (legs[waiting_leg].inbound, legs[waiting_leg].answered) == (True, True)
    assert legs[waiting_leg].dialled_number == "+31715550100"
    assert legs[waiting_leg].caller_number == "+31612345678"
    assert (legs[anna_leg].inbound, legs[anna_leg].marks) == (False, {"agent": "anna"})
    assert (legs[caller_leg].bridged_to, legs[anna_leg].bridged_to) == (anna_leg, caller_leg)
    caller.await_sound(Sound.OTHER)
    waiting.await_sound(Sound.MUSIC)
    anna.hang_up()
    tidings.wait(LegHungUp, anna_leg)
    stage.switch.say(waiting_leg, FIRST, stage.prompt())
    waiting.await_sound(Sound.PROMPT)
    stage.let_it_end(waiting_leg)
    assert tidings.wait(PromptEnded).order_id == FIRST
    for leg_id in (waiting_leg, caller_leg):
        stage.switch.hang_up(leg_id)
        tidings.wait(LegHungUp, leg_id)


def test_a_caller_whose_agent_leaves_hears_music_without_any_order(stage: Stage) -> None:
    caller_leg, caller, anna_leg, anna = talking(stage)
    ordered = len(stage.tidings.all)
    anna.hang_up()
    stage.tidings.wait(LegHungUp, anna_leg)
    caller.await_sound(Sound.MUSIC)
    assert not [tiding for tiding in stage.tidings.all[ordered:] if isinstance(tiding, OrderRefused)]
    other_leg, bram = picked_up(stage)
    stage.switch.bridge(caller_leg, other_leg)
    caller.await_sound(Sound.OTHER)
    bram.hang_up()
    stage.tidings.wait(LegHungUp, other_leg)
    caller.await_sound(Sound.MUSIC)


def reported(tidings: Tidings, leg_id: LegId) -> LiveLeg:
    """What a new core is first told of a leg: one that came just before is in the second report (FreeSWITCH)."""

    def told() -> list[LiveLeg]:
        return [leg for report in tidings.of(LiveLegsReported) for leg in report.legs if leg.leg_id == leg_id]

    wait_until(lambda: bool(told()), lambda: f"leg {leg_id} is not reported in {tidings.all}")
    return told()[0]


def test_a_prompt_that_plays_while_the_core_restarts_is_reported_and_its_end_told(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.say(leg_id, FIRST, stage.prompt() * 4)
    caller.await_sound(Sound.PROMPT)
    tidings = stage.restart_the_core()
    live = reported(tidings, leg_id)
    assert (live.order_id, live.order_ended, live.digits) == (FIRST, False, None)
    stage.let_it_end(leg_id)
    assert tidings.wait(PromptEnded).order_id == FIRST


def test_a_prompt_that_ended_before_the_core_came_back_is_reported_so(stage: Stage) -> None:
    leg_id, caller = answered(stage)
    stage.switch.say(leg_id, FIRST, stage.prompt())
    caller.await_sound(Sound.PROMPT)
    stage.let_it_end(leg_id)
    caller.await_sound(Sound.MUSIC)
    live = reported(stage.restart_the_core(), leg_id)
    assert (live.order_id, live.order_ended, live.digits) == (FIRST, True, None)


@pytest.mark.parametrize("digits", ["4", ""])
def test_a_question_that_was_answered_before_the_core_came_back_is_reported_with_its_keys(
    stage: Stage, digits: str
) -> None:
    leg_id, caller = answered(stage)
    stage.switch.ask(leg_id, FIRST, Question(stage.prompt(), timeout_seconds=1))
    caller.await_sound(Sound.PROMPT)
    if digits:
        caller.press(digits)
    else:
        stage.let_it_time_out(leg_id)
    caller.await_sound(Sound.MUSIC)
    live = reported(stage.restart_the_core(), leg_id)
    assert (live.order_id, live.order_ended, live.digits) == (FIRST, True, digits)


def test_a_leg_that_a_core_took_and_never_marked_is_taken_by_the_next(stage: Stage) -> None:
    leg_id, caller = stage.call()
    stage.switch.take(leg_id)
    gevent.sleep(MOMENT)
    tidings = stage.restart_the_core()
    stage.switch.take(leg_id)
    stage.switch.answer(leg_id)
    tidings.wait(LegAnswered, leg_id)
    assert not tidings.of(OrderRefused)


def test_a_recording_has_each_side_on_its_channel_and_can_be_masked(stage: Stage, tmp_path: Path) -> None:
    if not stage.is_real:
        pytest.skip("the fake writes no files")
    path = tmp_path / "call.wav"
    caller_leg, _, anna_leg, _ = talking(stage)
    stage.switch.start_recording(caller_leg, PurePath(path))
    gevent.sleep(1.0)
    stage.switch.mask_recording(caller_leg, PurePath(path), True)
    gevent.sleep(1.0)
    stage.switch.mask_recording(caller_leg, PurePath(path), False)
    gevent.sleep(1.0)
    stage.switch.stop_recording(caller_leg, PurePath(path))
    gevent.sleep(MOMENT)
    assert not stage.tidings.of(OrderRefused)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        both = np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)
    middle = len(both) // 2
    for side, hertz in ((0, 1230), (1, 1700)):
        start = both[2000:6000, side]
        peak = int(np.argmax(np.abs(np.fft.rfft(start)))) * 8000 / len(start)
        assert abs(peak - hertz) < 20, f"side {side} holds {peak} Hz"
        assert np.abs(both[middle - 1000 : middle + 1000, side]).max() < 300


def test_a_recording_of_the_party_alone_holds_nothing_of_what_it_hears(stage: Stage, tmp_path: Path) -> None:
    leg_id, caller = answered(stage)
    path = tmp_path / "message.wav"
    stage.switch.start_recording(leg_id, PurePath(path), party_only=True)
    stage.switch.ask(leg_id, FIRST, Question(stage.prompt(), timeout_seconds=20))
    gevent.sleep(1.5)
    stage.switch.stop_recording(leg_id, PurePath(path))
    gevent.sleep(MOMENT)
    assert not stage.tidings.of(OrderRefused)
    if not stage.is_real:
        return
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, 8000)
        said = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    assert 1.0 < len(said) / 8000 < 2.5
    spectrum = np.abs(np.fft.rfft(said[1600:8000]))
    assert abs(int(np.argmax(spectrum)) * 8000 / 6400 - 1230) < 20
    at_prompt = spectrum[int(engines.PROMPTS["first"] * 6400 / 8000)]
    assert at_prompt < spectrum.max() / 50, "the prompt is in the recording"


def test_what_the_switch_cannot_be_told_is_refused_at_once(stage: Stage) -> None:
    if not isinstance(stage, EngineStage):
        pytest.skip("the fake takes anything")
    leg_id, _ = answered(stage)
    stage.switch.say(leg_id, FIRST, (PurePath("/tmp/a|b.wav"),))
    stage.switch.send_digits(leg_id, "1 2")
    stage.switch.mark(leg_id, {"No Such Name": "x"})
    stage.switch.dial(Dial(LegId("x y"), "sip:anna@host", "+31715550100"))
    stage.switch.dial(Dial(LegId("d1"), "sip:anna@host,sofia/cx/sip:bram@host", "+31715550100"))
    stage.tidings.wait(OrderRefused, count=5)
    assert {refused.order for refused in stage.tidings.of(OrderRefused)} == {"say", "send_digits", "mark", "dial"}
