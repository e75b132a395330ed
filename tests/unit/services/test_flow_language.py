"""The dialplan's timetables, lists and languages on a real floor: no step of them leaves a caller in silence [10]."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import PurePath

import pytest

from cxcore.domain.caller_lists import CallerList
from cxcore.domain.commands import UseMessage
from cxcore.domain.dialplan import Answer, Close, GoTo, Language, Menu, Say, Transfer, When
from cxcore.domain.errors import NotFound
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.numbers import NumberRange
from cxcore.domain.schedule import Span, every_day
from cxcore.domain.site import ConfiguredUser
from tests import builders
from tests.fakes.switch import Ask as AskOrder
from tests.fakes.switch import Hearing
from tests.fakes.switch import Say as SayOrder
from tests.unit.world import PROMPTS, World

ENGLISH, BOT_LINE, TROUBLE = "+31715550120", "+31715550121", "+441234567890"
BOT = "sip:bot@192.0.2.9:5060"


def world() -> World:
    site = builders.site()
    flows = {
        **site.dialplan.flows,
        "engels": (Language("en"), Answer(), Say("welkom"), GoTo("keuze")),
        "keuze": (Menu("hoofdmenu", {"1": "burgerzaken"}, "receptie"),),
        "bot": (Transfer((BOT,), 5, otherwise="burgerzaken", voicebot="gem"),),
        "uren": (When("ochtend", open="burgerzaken", closed="druk"),),
    }
    plan = replace(
        site.dialplan,
        numbers={**site.dialplan.numbers, ENGLISH: "engels", BOT_LINE: "bot"},
        flows=flows,
        ranges=(NumberRange("+31715550110", "+31715550119", "uren"),),
        timetables={"ochtend": every_day(Span(time(8), time(12)))},
        caller_lists=(
            CallerList("hinder", frozenset({"+44*"}), block="bel-later-terug"),
            CallerList("raad", hidden=True, flow="receptie"),
            CallerList("zwembad", forwarded_from=frozenset({"+31715550199"}), flow="receptie"),
        ),
    )
    users = {**site.users, "anna": ConfiguredUser("anna", "Anna", "agent", "sip:anna@127.0.0.1:5071", "+31715550111")}
    made = World(replace(site, dialplan=plan, users=users))
    made.work.translations = {"en": {"welkom": PurePath("/prompts/en/welkom.wav")}}
    return made


def heard(made: World, leg: LegId) -> list[str]:
    """The files of the last prompts that were ordered for a caller."""
    orders = [order for order in made.switch.orders_to(leg) if isinstance(order, SayOrder | AskOrder)]
    order = orders[-1]
    return [str(path) for path in (order.prompts if isinstance(order, SayOrder) else order.question.prompts)]


def test_prompts_after_the_choice_are_in_that_language_and_dutch_where_it_lacks_them() -> None:
    made = world()
    leg = made.calls(ENGLISH)
    assert heard(made, leg) == ["/prompts/en/welkom.wav"]
    made.switch.ends_prompt(leg)
    made.settle()
    assert heard(made, leg) == ["/prompts/hoofdmenu.wav"]
    assert made.switch.marks_of(leg)["language"] == "en"


def test_the_language_outlives_a_core_that_is_killed() -> None:
    made = world()
    leg = made.calls(ENGLISH)
    made.restart_core()
    assert made.contact(leg).language == "en"


def test_call_that_was_forwarded_to_us_goes_where_the_list_of_that_number_leads() -> None:
    made = world()
    leg = made.switch.arrives(ENGLISH, forwarded_from="+31715550199")
    made.settle()
    assert made.contact(leg).queue_id == builders.RECEPTIE


def test_a_blocked_caller_hears_the_message_and_then_the_call_ends() -> None:
    made = world()
    leg = made.calls(builders.DIRECT, TROUBLE)
    assert heard(made, leg) == ["/prompts/bel-later-terug.wav"]
    made.switch.ends_prompt(leg)
    made.settle()
    assert not made.floor.contacts


def test_a_list_of_callers_counts_for_own_numbers_of_users_too() -> None:
    made = world()
    leg = made.calls("+31715550111", TROUBLE)
    assert heard(made, leg) == ["/prompts/bel-later-terug.wav"]


def test_a_caller_with_a_hidden_number_goes_where_the_list_says() -> None:
    made = world()
    leg = made.calls(builders.GENERAL, None)
    assert made.waiting(builders.RECEPTIE) == [leg]


def test_the_own_number_of_a_user_counts_before_the_range_that_holds_it() -> None:
    made = world()
    made.log_on("anna")
    made.calls("+31715550111")
    assert made.agent("anna").direct_contact_id is not None
    made.calls("+31715550112")
    assert len(made.waiting()) == 1


def test_a_voicebot_that_does_not_answer_gives_way_to_its_fallback_with_music_all_the_while() -> None:
    made = world()
    leg = made.calls(BOT_LINE)
    assert made.switch.hears(leg) is Hearing.HOLD_MUSIC
    made.hangs_up(made.ringing(), HangUpCause.NO_ANSWER)
    assert made.waiting() == [leg]
    assert made.switch.hears(leg) is Hearing.HOLD_MUSIC


def test_a_voicebot_that_answers_speaks_with_the_caller() -> None:
    made = world()
    leg = made.calls(BOT_LINE)
    made.answers(made.ringing())
    assert made.contact(leg).state == "transferred"


def test_no_flow_is_left_without_a_word_by_a_timetable() -> None:
    made = world()
    made.advance(3 * 3600)
    leg = made.calls("+31715550115")
    assert heard(made, leg) == ["/prompts/bel-later-terug.wav"]
    assert Close() == made.floor.site.dialplan.flows["druk"][-1]


def test_a_message_that_was_replaced_in_a_language_is_heard_by_who_chose_it_and_by_nobody_else() -> None:
    made = world()
    made.work.find_sound = {"welkom.en/1": PurePath("/library/welkom.en/1.wav")}.get
    made.does(UseMessage("sofie", "welkom.en", 1, "welkom.en/1"))
    assert heard(made, made.calls(ENGLISH)) == ["/library/welkom.en/1.wav"]
    assert made.work.sounds("welkom") == (PROMPTS["welkom"],)
    made.does(UseMessage("sofie", "welkom.en", 0))
    assert heard(made, made.calls(ENGLISH)) == ["/prompts/en/welkom.wav"]


def test_a_message_without_a_shipped_sound_in_a_language_gets_one_and_cannot_go_back_to_none() -> None:
    made = world()
    made.work.find_sound = {"hoofdmenu.en/1": PurePath("/library/hoofdmenu.en/1.wav")}.get
    made.does(UseMessage("sofie", "hoofdmenu.en", 1, "hoofdmenu.en/1"))
    leg = made.calls(ENGLISH)
    made.switch.ends_prompt(leg)
    made.settle()
    assert heard(made, leg) == ["/library/hoofdmenu.en/1.wav"]
    with pytest.raises(NotFound):
        made.does(UseMessage("sofie", "hoofdmenu.en", 0))
