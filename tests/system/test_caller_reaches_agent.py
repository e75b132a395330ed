"""From the INVITE to the report line, with real SIP and real sound."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import HangUpContact, HoldContact, ResumeContact
from cxcore.domain.contact import ContactId, Outcome
from cxcore.domain.events import QualityMeasured
from cxcore.ports.reports import ContactLine
from cxcore.storage import Storage
from tests.system.stage import ANNOUNCEMENT, GENERAL, HOLD_MUSIC, MENU, WELCOME, Stage, silent_half_seconds, until

pytestmark = pytest.mark.system
ANNA = AgentId("anna")


def test_given_a_call_to_the_general_number_when_key_1_is_pressed_then_an_agent_answers_and_both_hear_each_other(
    stage: Stage,
) -> None:
    stage.log_on("anna")
    caller = stage.calls(GENERAL)
    caller.wait_answered()
    caller.rtp.say(1230)
    caller.rtp.hear_tone(WELCOME)
    caller.rtp.hear_tone(MENU)
    caller.rtp.press("1")
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)
    stage.sees("anna", "talking")
    assert device.invite is not None
    assert "Burgerzaken" in device.invite.get("From")

    caller.bye()
    assert device.wait_ended()
    stage.sees("anna", "wrap-up")
    stage.sees("anna", "ready")
    until(lambda: (stage.queue().answered, stage.queue().waiting) == (1, 0), "the queue counts one answer")


def test_given_a_call_that_ended_then_the_report_has_one_line_for_it(stage: Stage) -> None:
    stage.log_on("anna")
    caller = stage.waits()
    stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    caller.bye()
    until(lambda: not stage.contacts(), "the contact is gone")
    with stage.storage() as storage:
        until(lambda: lines_of(storage), "the report line")
        (line,) = lines_of(storage)
        assert (line.outcome, line.queue_id, line.agent_id) == (Outcome.ANSWERED, "burgerzaken", "anna")
        assert line.talked_seconds is not None
        until(lambda: "anna" in scores_of(storage, line.contact_id), "the quality of Anna's sound")
        assert all(1.0 <= mos <= 5.0 for mos in scores_of(storage, line.contact_id).values())


def scores_of(storage: Storage, contact_id: ContactId) -> dict[str, float]:
    """The mean opinion score of each party whose sound came over [112]."""
    facts = storage.reports.history(contact_id)
    return {fact.party: fact.mos for fact in facts if isinstance(fact, QualityMeasured)}


def lines_of(storage: Storage) -> list[ContactLine]:
    from cxcore.runner.clock import SystemClock

    now = SystemClock().now()
    lines = storage.reports.contacts(now - timedelta(hours=1), now + timedelta(hours=1))
    return [line for line in lines if line.ended_at is not None]


def test_given_no_agent_then_the_caller_hears_hold_music_and_the_announcement_and_never_silence(stage: Stage) -> None:
    caller = stage.waits()
    answered = time.monotonic()
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    caller.rtp.hear_tone(ANNOUNCEMENT, timeout=5)
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)), timeout=5)
    time.sleep(1)
    assert not silent_half_seconds([caller], answered + 0.3)


def test_given_an_agent_who_does_not_answer_then_the_next_one_is_rung_and_the_first_stays_logged_on(
    stage: Stage,
) -> None:
    stage.log_on("anna", "bram")
    caller = stage.waits()
    missed = stage.rings("anna")
    device = stage.picks_up("bram")
    assert missed.cancelled.wait(3)
    caller.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)
    until(lambda: stage.agent("anna").warning == "missed", "the screens say that anna missed it")
    assert stage.agent("anna").status == "available"


def test_given_a_caller_who_gives_up_then_the_device_stops_ringing_at_once(stage: Stage) -> None:
    stage.log_on("anna")
    caller = stage.waits()
    device = stage.rings("anna")
    caller.bye()
    assert device.cancelled.wait(3)
    stage.sees("anna", "ready")


def test_given_a_conversation_when_the_agent_holds_then_the_caller_hears_music_and_comes_back(stage: Stage) -> None:
    stage.log_on("anna")
    caller = stage.waits()
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    held = time.monotonic()
    stage.does(HoldContact("anna", ANNA))
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    assert device.rtp.wait_silence()
    stage.does(ResumeContact("anna", ANNA))
    caller.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)
    assert not silent_half_seconds([caller], held)


def test_given_a_conversation_when_the_agent_hangs_up_in_the_page_then_both_ends_are_ended(stage: Stage) -> None:
    stage.log_on("anna")
    caller = stage.waits()
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    stage.does(HangUpContact("anna", ANNA))
    assert caller.wait_ended()
    assert device.wait_ended()


def test_given_an_unreachable_device_then_the_screens_warn_and_the_caller_goes_to_a_colleague(stage: Stage) -> None:
    stage.log_on("anna", "bram")
    caller = stage.waits()
    stage.devices["anna"].expect_call().reject(404)
    stage.picks_up("bram")
    caller.rtp.hear_tone(1700)
    until(lambda: stage.agent("anna").warning == "unreachable", "the screens warn")
