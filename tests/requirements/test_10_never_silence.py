"""Requirement 10: a waiting or held caller never hears silence; an accepted hold tone or music always plays.

Measured on the sound that reaches the caller: no half second below -50 dBov, on each engine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import HoldContact, ResumeContact
from tests.contract.engines import Engine
from tests.contract.sip_peer import SipParty
from tests.contract.sound import tone, write_wav
from tests.system.conftest import on_stage
from tests.system.stage import (
    ANNOUNCEMENT,
    GENERAL,
    HOLD_MUSIC,
    LATER,
    MENU,
    WELCOME,
    WRONG_KEY,
    Stage,
    silent_half_seconds,
)

pytestmark = pytest.mark.system
ANNA = AgentId("anna")
GREETING = 880


def test_waiting_ringing_held_and_resumed_caller_hears_no_half_second_of_silence(stage: Stage) -> None:
    caller = stage.waits()
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    begun = time.monotonic()
    caller.rtp.hear_tone(ANNOUNCEMENT, timeout=5)
    stage.log_on("anna")
    device = stage.rings("anna")
    time.sleep(1.0)
    device.answer()
    device.rtp.say(1700)
    caller.rtp.hear_tone(1700)
    stage.does(HoldContact("anna", ANNA))
    time.sleep(1.5)
    stage.does(ResumeContact("anna", ANNA))
    caller.rtp.hear_tone(1700)
    assert not silent_half_seconds([caller], begun)


class LongWay(Stage):
    """The general number leads through each kind of step: answer, text, menu, a number outside, queue, overflow, voice
    message."""

    def _write_site(self) -> None:
        write_wav(self.folder / "prompts" / "voicemail.wav", tone(GREETING, 1.2))
        self.outside = SipParty(self.engine.sip_address)
        super()._write_site()

    def _site(self) -> dict[str, object]:
        site = super()._site()
        menu = {"prompt": "hoofdmenu", "choices": {1: "burgerzaken"}, "otherwise": "buiten", "attempts": 3}
        menu |= {"wrong_key": "verkeerde-toets", "timeout_seconds": 2}
        transfer = {"to": f"sip:niemand@{self.outside.address}", "ring_seconds": 2}
        flows = {
            "hoofdmenu": ["answer", {"say": "welkom"}, {"menu": menu}],
            "buiten": [{"transfer": transfer}, {"say": "bel-later-terug"}, {"goto": "burgerzaken"}],
            "burgerzaken": [{"queue": "burgerzaken"}],
            "vol": [{"voicemail": "burgerzaken"}, "close"],
        }
        return site | {"flows": flows}


@pytest.fixture
def long_way(system_engine: Engine, tmp_path: Path) -> Iterator[LongWay]:
    """A stage of that kind; its queue soon gives up."""
    text = {"prompt": "even-geduld", "first_seconds": 1}
    waits = {"maximum_wait": {"seconds": 10, "then": "vol"}, "announcement": text}
    with on_stage(LongWay(system_engine, tmp_path, queue=waits)) as stage:
        assert isinstance(stage, LongWay)
        yield stage
        stage.outside.close()


def test_caller_who_walks_through_every_kind_of_step_hears_no_half_second_of_silence(long_way: LongWay) -> None:
    caller = long_way.calls(GENERAL)
    caller.wait_answered()
    caller.rtp.hear_tone(WELCOME)
    begun = time.monotonic()
    caller.rtp.hear_tone(MENU)
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    caller.rtp.hear_tone(MENU)
    caller.rtp.press("5")
    caller.rtp.hear_tone(WRONG_KEY)
    long_way.outside.expect_call(15).ring()
    for hertz in (LATER, ANNOUNCEMENT, GREETING):
        caller.rtp.hear_tone(hertz, timeout=15)
    assert not silent_half_seconds([caller], begun)
