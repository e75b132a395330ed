"""The fake switch is a Switch, and does what tests rely on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePath

from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, OrderId
from cxcore.domain.tidings import (
    DigitsEntered,
    LegAnswered,
    LegArrived,
    LegHungUp,
    LegsBridged,
    LegsUnbridged,
    LiveLegsReported,
    OrderRefused,
    PromptEnded,
    SwitchConnected,
    SwitchLost,
    Tiding,
)
from cxcore.ports.switch import Dial, Question, Switch
from tests.fakes.switch import FakeSwitch, Hearing, Say

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WELCOME = (PurePath("/prompts/welkom.wav"),)


class StoppedClock:
    def now(self) -> datetime:
        return NOON


def fake() -> tuple[FakeSwitch, list[Tiding]]:
    tidings: list[Tiding] = []
    return FakeSwitch(tidings.append, StoppedClock()), tidings


def test_the_fake_is_a_switch() -> None:
    switch: Switch = fake()[0]
    assert switch


def test_a_caller_is_answered_hears_a_prompt_and_then_hold_music() -> None:
    switch, tidings = fake()
    leg = switch.arrives("+31715550100", None, "Jan")
    switch.answer(leg)
    switch.say(leg, OrderId("o1"), WELCOME)
    assert switch.hears(leg) is Hearing.PROMPTS
    switch.ends_prompt(leg)
    assert switch.hears(leg) is Hearing.HOLD_MUSIC
    assert tidings == [
        LegArrived(NOON, leg, "+31715550100", None, "Jan"),
        LegAnswered(NOON, leg),
        PromptEnded(NOON, leg, OrderId("o1")),
    ]
    assert switch.last(Say).prompts == WELCOME


def test_digits_answer_the_running_question() -> None:
    switch, tidings = fake()
    leg = switch.arrives()
    switch.ask(leg, OrderId("o2"), Question(WELCOME))
    switch.enters(leg, "2")
    assert tidings[-1] == DigitsEntered(NOON, leg, OrderId("o2"), "2")


def test_two_legs_are_bridged_and_the_one_left_alone_hears_music() -> None:
    switch, tidings = fake()
    caller, agent = switch.arrives(), LegId("agent")
    switch.dial(Dial(agent, "sip:anna@127.0.0.1:5071", "+31715550100", marks={"agent": "anna"}))
    assert switch.marks_of(agent) == {"agent": "anna"}
    switch.answers(agent)
    switch.bridge(caller, agent)
    assert tidings[-1] == LegsBridged(NOON, caller, agent)
    switch.hangs_up(agent)
    assert tidings[-2:] == [
        LegsUnbridged(NOON, agent, caller),
        LegHungUp(NOON, agent, HangUpCause.NORMAL, HungUpBy.PARTY, call_id="agent@fake"),
    ]
    assert switch.hears(caller) is Hearing.HOLD_MUSIC


def test_orders_to_a_leg_that_is_gone_are_refused_except_hanging_up() -> None:
    switch, tidings = fake()
    switch.hang_up(LegId("gone"))
    assert tidings == []
    switch.answer(LegId("gone"))
    assert tidings == [OrderRefused(NOON, LegId("gone"), "answer", "-ERR no such channel gone")]


def test_a_lost_switch_refuses_and_tells_what_lives_when_it_is_back() -> None:
    switch, tidings = fake()
    leg = switch.arrives()
    switch.is_lost("reset")
    switch.answer(leg)
    switch.comes_back()
    assert tidings[1] == SwitchLost(NOON, "reset")
    assert isinstance(tidings[2], OrderRefused)
    assert tidings[3] == SwitchConnected(NOON, "fake-1")
    assert isinstance(tidings[4], LiveLegsReported)
    assert [live.leg_id for live in tidings[4].legs] == [leg]


def test_marks_outlive_the_core_and_an_empty_one_is_removed() -> None:
    switch, _ = fake()
    leg = switch.arrives()
    switch.mark(leg, {"contact": "c1", "queue": "burgerzaken"})
    switch.mark(leg, {"queue": ""})
    assert switch.marks_of(leg) == {"contact": "c1"}
