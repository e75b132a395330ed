"""What administrators make is what the next caller hears; who waits is left in peace [47e, 48].

`scripts/bench_messages.py` measures how soon."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from cxcore.domain.commands import EndEmergency, SetEmergency, UseMessage
from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.sound.library import FileLibrary
from cxcore.sound.speaking import EspeakVoice
from tests.contract.sip_peer import Call
from tests.contract.sound import tone, write_wav
from tests.system.stage import ANNOUNCEMENT, GENERAL, HOLD_MUSIC, WELCOME, Stage, until

pytestmark = pytest.mark.system

NEW, EMERGENCY = 1900, 2500


def made(stage: Stage, message: str, hertz: int) -> str:
    """An upload of the page, as the library keeps it."""
    library = FileLibrary(stage.state / "messages", EspeakVoice(), 1_000_000, 30)
    upload = stage.folder / f"upload-{hertz}.wav"
    write_wav(upload, tone(hertz, 1.0))
    with upload.open("rb") as file:
        return library.take(message, file).sound


def hears_next(stage: Stage, hertz: int) -> Call:
    """The next caller of the general number hears this tone before any other."""
    caller = stage.calls(GENERAL)
    caller.wait_answered()
    began = time.monotonic()
    caller.rtp.hear_tone(hertz)
    assert not caller.rtp.heard_since(began).tones & ({WELCOME, NEW, EMERGENCY} - {hertz})
    return caller


def test_new_version_and_emergency_message_are_heard_by_the_next_caller_and_outlive_the_core(stage: Stage) -> None:
    waiting = stage.waits(speaks=None)
    waiting.rtp.hear_tone(ANNOUNCEMENT)
    hearing = stage.calls(GENERAL)
    hearing.wait_answered()
    hearing.rtp.hear_tone(WELCOME)
    stage.does(UseMessage("aad", "welkom", 1, made(stage, "welkom", NEW)))
    hears_next(stage, NEW).bye()
    stage.does(UseMessage("aad", "noodtekst", 1, made(stage, "noodtekst", EMERGENCY)))
    soon = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251 - the core's clock is the real one
    stage.does(SetEmergency("sofie", EVERYWHERE, "noodtekst", Then.END_CALL, until=soon))
    caller = hears_next(stage, EMERGENCY)
    assert caller.wait_ended()
    assert EMERGENCY not in waiting.rtp.hear(0.5).tones
    stage.kill_core()
    stage.restart_core()
    until(lambda: stage.contacts() and stage.contacts()[0].state == "waiting", "who waited waits on", 30)
    assert hears_next(stage, EMERGENCY).wait_ended()
    stage.does(SetEmergency("sofie", EVERYWHERE, "noodtekst", Then.GO_ON, tell_waiting=True))
    waiting.rtp.hear_tone(EMERGENCY)
    waiting.rtp.hear_tones(set(HOLD_MUSIC))
    goes_on = hears_next(stage, EMERGENCY)
    stage.does(EndEmergency("sofie", EVERYWHERE))
    goes_on.rtp.hear_tone(NEW)
    hears_next(stage, NEW)
