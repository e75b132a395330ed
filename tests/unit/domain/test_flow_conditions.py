"""Timetables, conditions, languages and lists of callers in the dialplan, and the reasons it gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from cxcore.domain.caller_lists import CallerList, list_of
from cxcore.domain.conditions import Condition, Moment, Reason, Rule
from cxcore.domain.contact import FlowPosition
from cxcore.domain.dialplan import (
    Answer,
    Close,
    Dialplan,
    Enqueue,
    GoTo,
    Language,
    Menu,
    Next,
    Say,
    Transfer,
    When,
    after_key,
    after_step,
    after_transfer,
    arrival,
    begin,
)
from cxcore.domain.holidays import GENERAL
from cxcore.domain.numbers import NumberRange
from cxcore.domain.queue import QueueId
from cxcore.domain.schedule import DayKind, Schedule, Span

BALIE = QueueId("balie")
OFFICE = Schedule(
    dict.fromkeys(range(5), (Span(time(8, 30), time(17)),)),
    public_holidays=GENERAL,
    exceptions={date(2026, 12, 24): (Span(time(8, 30), time(12)),)},
    day_names={date(2026, 12, 24): "Kerstavond"},
)
MENU = Menu(
    "keuze",
    {"1": "balie", "2": "bot", "3": "buiten"},
    "balie",
    attempts=2,
    no_key="stil",
    conditions={
        "1": Condition(queue_id=BALIE),
        "2": Condition(enabled=False),
        "3": Condition(outside="kantoor", since=date(2026, 1, 1)),
    },
    choice_prompts={"1": "een", "2": "twee", "3": "drie"},
)
PLAN = Dialplan(
    numbers={"14071": "start"},
    flows={
        "start": (When("kantoor", holiday="feest"), Answer(), Say("druk", Condition(during="kantoor")), MENU),
        "uren": (When("kantoor", open="balie", closed="dicht"),),
        "engels": (Language("en"), GoTo("start")),
        "balie": (Enqueue(BALIE),),
        "bot": (Transfer(("sip:bot@192.0.2.9",), otherwise="balie", voicebot="gem"),),
        "buiten": (Transfer(("+31612345678",)), Close()),
        "feest": (Say("feestdag"), Close()),
        "dicht": (Say("gesloten"), Close()),
    },
    ranges=(NumberRange("+31715550200", "+31715550299", "balie", "+317155502xx"),),
    timetables={"kantoor": OFFICE},
    caller_lists=(
        CallerList("hinder", frozenset({"+44*"}), hidden=True, block="geblokkeerd"),
        CallerList("raad", frozenset({"+44201*"}), flow="balie"),
        CallerList("meldkamer", frozenset({"112"}), priority=9),
    ),
)


def at(text: str, takes_callers: bool = True) -> Moment:
    """A moment in local winter time."""
    return Moment(datetime.fromisoformat(text + "+01:00").astimezone(UTC), lambda _queue: takes_callers)


MONDAY, SUNDAY, CHRISTMAS = at("2026-11-23T10:00"), at("2026-11-22T10:00"), at("2026-12-25T10:00")


def test_a_holiday_leads_elsewhere_and_the_reason_names_it() -> None:
    due = begin(PLAN, FlowPosition("start"), CHRISTMAS)
    assert due.step == Say("feestdag")
    opening = due.passed[0].reason.opening
    assert opening is not None
    assert (due.passed[0].reason.rule, opening.hours.kind, opening.hours.name) == (
        Rule.TIMETABLE, DayKind.HOLIDAY, "eerste-kerstdag",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "step"),
    [(MONDAY, Enqueue(BALIE)), (SUNDAY, Say("gesloten")), (CHRISTMAS, Say("gesloten"))],
)
def test_a_timetable_leads_by_open_and_closed(moment: Moment, step: object) -> None:
    assert begin(PLAN, FlowPosition("uren"), moment).step == step


def test_an_exception_of_the_day_wins() -> None:
    assert begin(PLAN, FlowPosition("uren"), at("2026-12-24T11:59")).step == Enqueue(BALIE)
    due = begin(PLAN, FlowPosition("uren"), at("2026-12-24T12:00"))
    opening = due.passed[0].reason.opening
    assert opening is not None
    assert (due.step, opening.hours.kind, opening.hours.name) == (Say("gesloten"), DayKind.EXCEPTION, "Kerstavond")


def test_where_a_timetable_names_no_flow_the_next_step_follows() -> None:
    assert begin(PLAN, FlowPosition("start"), MONDAY).step == Answer()


def test_a_message_is_left_out_while_its_condition_does_not_hold() -> None:
    assert after_step(PLAN, FlowPosition("start", 1), MONDAY).step == Say("druk", Condition(during="kantoor"))
    assert after_step(PLAN, FlowPosition("start", 1), SUNDAY).step == MENU


def test_a_menu_says_and_takes_only_the_choices_of_the_moment() -> None:
    assert begin(PLAN, FlowPosition("start", 3), MONDAY).prompts == ("keuze", "een")
    assert begin(PLAN, FlowPosition("start", 3), SUNDAY).prompts == ("keuze", "een", "drie")
    assert after_key(PLAN, FlowPosition("start", 3), "1", MONDAY).step == Enqueue(BALIE)
    assert after_key(PLAN, FlowPosition("start", 3), "3", MONDAY).position.attempt == 1
    assert after_key(PLAN, FlowPosition("start", 3), "2", SUNDAY).position.attempt == 1


def test_silence_is_answered_with_a_prompt_of_its_own() -> None:
    assert after_key(PLAN, FlowPosition("start", 3), "", MONDAY).prompts == ("stil", "keuze", "een")


def test_a_menu_without_any_choice_now_is_not_asked() -> None:
    closed = at("2026-11-23T10:00", takes_callers=False)
    due = begin(PLAN, FlowPosition("start", 3), closed)
    assert (due.step, due.passed[0].reason) == (Enqueue(BALIE), Reason(Rule.NO_CHOICE))


def test_a_language_is_chosen_on_the_way() -> None:
    due = begin(PLAN, FlowPosition("engels"), MONDAY)
    assert (due.step, due.language) == (Answer(), "en")


def test_a_transfer_that_nobody_answers_goes_where_it_says_or_on() -> None:
    assert after_transfer(PLAN, FlowPosition("bot"), MONDAY).step == Enqueue(BALIE)
    assert after_transfer(PLAN, FlowPosition("buiten"), MONDAY).step == Close()


def test_a_range_and_a_short_number_lead_to_their_flow() -> None:
    assert PLAN.entry("+31715550250") == FlowPosition("balie")
    assert PLAN.entry("+3114071") == PLAN.entry("14071") == FlowPosition("start")
    assert PLAN.entry("+31715550300") is None
    assert replace(PLAN, numbers={"+31715550250": "start"}).entry("+31715550250") == FlowPosition("start")


def arrives(caller: str | None) -> Next:
    due = arrival(PLAN, "14071", caller, MONDAY)
    assert due is not None
    return due


def test_the_longest_entry_of_the_lists_decides() -> None:
    assert arrives("+44201234567").step == Enqueue(BALIE)
    assert arrives("+44301234567").position == FlowPosition("callers:hinder")
    assert arrives("+31612345678").position == FlowPosition("start", 1)
    assert list_of(PLAN.caller_lists, "112") == PLAN.caller_lists[2]


def test_a_blocked_caller_hears_why_before_the_call_ends() -> None:
    position = arrives(None).position
    steps = [PLAN.step(replace(position, index=index)) for index in range(3)]
    assert steps == [Answer(), Say("geblokkeerd"), Close()]
    assert arrives(None).passed[0].reason == Reason(Rule.CALLERS, "hinder")


def test_the_number_that_was_dialled_is_the_first_reason() -> None:
    assert arrives("+31612345678").passed[0].reason == Reason(Rule.NUMBER, "14071")


def test_number_for_which_a_call_was_forwarded_counts_before_who_calls_but_for_the_blocked_and_112() -> None:
    forwarded = CallerList("zwembad", forwarded_from=frozenset({"+3171555*"}), flow="bot")
    lists = (*PLAN.caller_lists, forwarded)
    assert list_of(lists, "+31612345678", "+31715550123") == forwarded
    assert list_of(lists, "+4420170", "+31715550123") == forwarded
    assert list_of(lists, "+31612345678", "+31201234567") is None
    assert list_of(lists, "+4499", "+31715550123") == PLAN.caller_lists[0]
    assert list_of(lists, "112", "+31715550123") == PLAN.caller_lists[2]


def test_forwarded_call_enters_the_flow_of_its_list() -> None:
    lists = (CallerList("zwembad", forwarded_from=frozenset({"+31715550123"}), flow="balie"),)
    moment = Moment(datetime(2026, 11, 23, 9, tzinfo=UTC), lambda queue_id: True)
    due = arrival(replace(PLAN, caller_lists=lists), "14071", None, moment, "+31715550123")
    assert due is not None and due.passed[0].reason == Reason(Rule.CALLERS, "zwembad")
    assert due.position.flow == "balie"
