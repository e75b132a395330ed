"""Callers whose SIP is odd, hostile or in a hurry: they are served or refused, and nobody else notices."""

from __future__ import annotations

import time

import pytest

from cxcore.services.offering import REST_SECONDS
from tests.system.stage import GENERAL, HOLD_MUSIC, Stage, until

pytestmark = pytest.mark.system

NAMES = {
    "forged header": "Jan%0AUnique-ID: victim%0Avariable_cx_contact: stolen%0Avariable_cx_role: agent",
    "forged header, encoded twice": "Jan%250AUnique-ID: victim%250Avariable_cx_role: agent",
    "quotes": 'Jan \\"de\\" Boer',
    "apostrophes and separators": "O'Neil; a=b, {c} |d| ^^:",
    "8 kB": "J" * 8000,
    "bytes that are no UTF-8": "J\xff\xfe\xc3n",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_caller_with_an_odd_name_is_served_and_forges_nothing(stage: Stage, name: str) -> None:
    other = stage.waits()
    caller = stage.calls(display=name)
    caller.wait_answered()
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    until(lambda: stage.queue().waiting == 2, "both wait")
    contacts = {row.contact_id for row in stage.contacts()}
    assert "stolen" not in contacts
    assert not [row for row in stage.contacts() if row.agent_id or row.offered_to]
    stage.log_on("anna")
    device = stage.picks_up("anna")
    device.rtp.hear_tone(1230)
    other.bye()
    assert device.wait_ended()
    caller.bye()
    until(lambda: not stage.contacts(), "both are gone")


def test_caller_without_a_number_is_served(stage: Stage) -> None:
    caller = stage.calls(caller="anonymous")
    caller.wait_answered()
    until(lambda: stage.queue().waiting == 1, "the caller waits")
    assert stage.contacts()[0].caller_number is None


def test_caller_with_no_codec_of_ours_is_refused_and_leaves_nothing_behind(stage: Stage) -> None:
    caller = stage.calls(codecs=(18,))
    assert caller.wait_final().status == 488
    assert not stage.contacts()


@pytest.mark.parametrize("seconds", [0.0, 0.002, 0.01, 0.05, 0.3])
def test_caller_who_changes_their_mind_at_any_moment_leaves_nothing_behind(stage: Stage, seconds: float) -> None:
    caller = stage.calls(GENERAL)
    time.sleep(seconds)
    caller.cancel()
    if caller.wait_final().status == 200:
        caller.bye()
    until(lambda: not stage.contacts(), "the contact is gone")
    with stage.storage() as storage:
        until(lambda: not storage.contact_log.open_contacts(), "its facts are closed")


def test_caller_who_sends_no_sound_at_all_is_served_and_ends_as_usual(stage: Stage) -> None:
    stage.log_on("anna")
    caller = stage.calls()
    caller.rtp.sending = False
    caller.wait_answered()
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    caller.bye()
    assert device.wait_ended()
    stage.sees("anna", "wrap-up")


def test_agent_whose_device_answers_and_hangs_up_at_once_leaves_nobody_alone(stage: Stage) -> None:
    """The call ends; or the core heard of no answer, and the caller waits on until the device has rested."""
    stage.log_on("anna")
    caller = stage.waits()
    device = stage.rings("anna")
    device.answer()
    assert device.acknowledged.wait(2)
    device.bye()
    until(lambda: stage.agent("anna").state != "offered", "the offer is over")
    if not caller.ended.wait(1):
        caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
        assert stage.queue().waiting == 1
        again = stage.rings("anna", timeout=REST_SECONDS + 5)
        again.answer()
        again.rtp.say(1700)
        caller.rtp.hear_tone(1700)


@pytest.mark.parametrize("status", [302, 404, 480, 486, 500, 503, 603])
def test_device_that_refuses_in_any_way_leaves_the_caller_to_a_colleague(stage: Stage, status: int) -> None:
    stage.log_on("anna", "bram")
    caller = stage.waits()
    stage.devices["anna"].expect_call().reject(status)
    stage.picks_up("bram")
    caller.rtp.hear_tone(1700)
