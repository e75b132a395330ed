"""What a waiting caller hears, on the sound itself, and a call-back that rings both sides."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from cxcore.ports.controller import ContactRow
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call, SipParty
from tests.contract.sound import tone, write_wav
from tests.system.stage import ANNOUNCEMENT, HOLD_MUSIC, LATER, Stage, silent_half_seconds, until

pytestmark = [pytest.mark.system, pytest.mark.alone]

RINGBACK = 425
STILL, YOU_ARE, NUMBER_ONE, NUMBER_TWO, IN_LINE, MENU, CONFIRMED = 1500, 700, 880, 1900, 400, 790, 630
SOUNDS = {
    "nog-even-geduld": STILL,
    "u-bent-nummer": YOU_ARE,
    "aantal-1": NUMBER_ONE,
    "aantal-2": NUMBER_TWO,
    "in-de-wachtrij": IN_LINE,
    "wachtmenu": MENU,
    "terugbellen-bevestigd": CONFIRMED,
}
ANNOUNCED = {
    "prompt": "even-geduld",
    "first_seconds": 0,
    "position": True,
    "repeat": {
        "prompt": "nog-even-geduld",
        "every_seconds": 9,
        "menu": {"prompt": "wachtmenu", "choices": {1: "terugbellen", 2: "later"}},
    },
}
KAREL = "+31687654321"


class WaitingStage(Stage):
    """A stage whose queue says all that it can say, and calls back."""

    def _write_site(self) -> None:
        for number in range(1, 21):
            write_wav(self.folder / "prompts" / f"aantal-{number}.wav", tone(300, 0.1))
        for name in ("er-zijn", "meer-dan-twintig", "wachtenden", "terugbellen-al-gevraagd", "terugbellen-kan-niet"):
            write_wav(self.folder / "prompts" / f"{name}.wav", tone(300, 0.1))
        for name, hertz in SOUNDS.items():
            write_wav(self.folder / "prompts" / f"{name}.wav", tone(hertz, 1.2))
        super()._write_site()

    def _settings(self) -> dict[str, object]:
        settings = super()._settings()
        settings["switch"]["hold_music_directory"] = str(self.engine.folder / "music")  # type: ignore[index]
        return settings

    def _site(self) -> dict[str, object]:
        site = super()._site()
        flows: dict[str, object] = site["flows"]  # type: ignore[assignment]
        flows["terugbellen"] = [{"callback": "burgerzaken"}, {"queue": "burgerzaken"}]
        flows["later"] = [{"say": "bel-later-terug"}, "close"]
        return site


@pytest.fixture
def stage(system_engine: Engine, tmp_path: Path) -> Iterator[WaitingStage]:
    """Overrides the stage of the other tests by one with a queue of its own."""
    settings = {"announcement": ANNOUNCED, "call_back": {"attempts": 2, "retry_seconds": 10, "ring_seconds": 8}}
    stage = WaitingStage(system_engine, tmp_path, queue=settings)
    try:
        stage.open()
        yield stage
    finally:
        stage.close()
    esl = system_engine.login()
    esl.api("hupall NORMAL_CLEARING")
    esl.close()


def hears_in_turn(party: Call, *hertz: int) -> None:
    for each in hertz:
        assert party.rtp.hear_tone(each, timeout=20).tones == {each}, f"{each} Hz was not heard"


def hears_music(party: Call) -> None:
    until(lambda: party.rtp.hear(0.25).tones & HOLD_MUSIC, "hold music")


def test_given_a_queue_with_texts_then_a_caller_hears_text_place_music_repeated_text_and_music_without_a_silence(
    stage: WaitingStage,
) -> None:
    first = stage.waits(speaks=None)
    answered = time.monotonic()
    hears_in_turn(first, ANNOUNCEMENT, YOU_ARE, NUMBER_ONE, IN_LINE)
    hears_music(first)
    second = stage.waits(speaks=None)
    hears_in_turn(second, ANNOUNCEMENT, YOU_ARE, NUMBER_TWO, IN_LINE)
    hears_music(second)
    hears_in_turn(second, STILL, YOU_ARE, NUMBER_TWO, IN_LINE, MENU)
    first.bye()
    hears_in_turn(second, STILL, YOU_ARE, NUMBER_ONE)
    assert not silent_half_seconds([second], answered + 8)


def test_given_the_menu_when_no_key_is_pressed_then_the_caller_stays_and_with_a_key_goes_where_it_leads(
    stage: WaitingStage,
) -> None:
    caller = stage.waits(speaks=None)
    hears_in_turn(caller, MENU)
    hears_music(caller)
    assert stage.queue().waiting == 1
    hears_in_turn(caller, MENU)
    hears_music(caller)
    caller.rtp.press("2")
    hears_in_turn(caller, LATER)
    assert caller.wait_ended()
    until(lambda: stage.queue().waiting == 0, "nobody waits")


def asks_for_a_call_back(stage: WaitingStage) -> None:
    caller = stage.street.call("+31715550101", caller=KAREL)
    caller.wait_answered()
    hears_in_turn(caller, MENU)
    caller.rtp.press("1")
    hears_in_turn(caller, CONFIRMED)
    assert caller.wait_ended()


def the_call_back(stage: WaitingStage) -> ContactRow:
    (row,) = stage.contacts()
    return row


def test_given_a_call_back_when_its_turn_comes_then_the_agent_is_rung_and_then_the_customer_and_both_hear_each_other(
    stage: WaitingStage, trunk: SipParty
) -> None:
    asks_for_a_call_back(stage)
    until(lambda: the_call_back(stage).call_back and stage.queue().waiting == 1, "the call-back stands in line")
    stage.log_on("anna")
    device = stage.rings("anna")
    assert trunk.expect_no_call(0.5)
    device.answer()
    device.rtp.say(1700)
    customer = trunk.expect_call()
    assert customer.invite is not None
    assert f"sip:{KAREL}@" in customer.invite.start
    customer.ring()
    assert device.rtp.hear_tone(RINGBACK, timeout=8).tones == {RINGBACK}
    customer.answer()
    customer.rtp.say(1230)
    hears_in_turn(customer, 1700)
    hears_in_turn(device, 1230)
    until(lambda: the_call_back(stage).state == "talking", "the screens show a conversation")
    customer.bye()
    assert device.wait_ended()
    until(lambda: stage.queue().answered == 1, "the queue counts one answer")


def test_given_a_call_back_that_nobody_answers_then_it_is_tried_again_and_given_up(
    stage: WaitingStage, trunk: SipParty
) -> None:
    asks_for_a_call_back(stage)
    stage.log_on("anna")
    for attempt in (1, 2):
        device = stage.devices["anna"].expect_call(15)
        device.answer()
        trunk.expect_call().reject(486)
        assert device.wait_ended()
        if attempt == 1:
            until(lambda: the_call_back(stage).state == "call-back", "the call-back rests")
            stage.sees("anna", "ready")
    until(lambda: not stage.contacts(), "nothing is owed")


def test_given_call_backs_when_the_core_is_killed_then_they_are_still_owed_in_their_order(
    stage: WaitingStage, trunk: SipParty
) -> None:
    asks_for_a_call_back(stage)
    waiting = stage.waits(speaks=None)
    gevent.sleep(0.5)
    stage.kill_core()
    stage.restart_core()
    until(lambda: len(stage.contacts()) == 2, "the call-back and the caller")
    assert [(row.call_back, row.position) for row in stage.contacts()] == [(True, 1), (False, 2)]
    stage.log_on("anna")
    device = stage.picks_up("anna")
    customer = trunk.expect_call()
    customer.answer()
    customer.rtp.say(1230)
    hears_in_turn(device, 1230)
    hears_music(waiting)


def test_given_a_customer_who_was_called_back_when_the_core_is_killed_then_both_talk_on_until_one_hangs_up(
    stage: WaitingStage, trunk: SipParty
) -> None:
    asks_for_a_call_back(stage)
    stage.log_on("anna")
    device = stage.picks_up("anna")
    customer = trunk.expect_call()
    customer.answer()
    customer.rtp.say(1230)
    hears_in_turn(customer, 1700)
    until(lambda: the_call_back(stage).state == "talking", "the screens show a conversation")
    stage.kill_core()
    stage.restart_core()
    until(lambda: the_call_back(stage).state == "talking", "the conversation is taken up")
    hears_in_turn(device, 1230)
    customer.bye()
    assert device.wait_ended()
    until(lambda: not stage.contacts(), "the contact has ended")
    stage.sees("anna", "wrap-up")
