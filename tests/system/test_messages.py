"""What an administrator makes is what the next caller hears, within 2 s; who waits is left in peace [47e, 48]."""

from __future__ import annotations

import time

import pytest

from cxcore.domain.commands import EndEmergency, SetEmergency, UseMessage
from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.sound.library import FileLibrary
from cxcore.sound.speaking import EspeakVoice
from tests.contract.sip_peer import Call
from tests.contract.sound import tone, write_wav
from tests.system.stage import ANNOUNCEMENT, GENERAL, HOLD_MUSIC, MENU, WELCOME, Stage, until

pytestmark = pytest.mark.system

NEW, EMERGENCY = 1900, 1500
WITHIN_SECONDS = 2.0


def made(stage: Stage, message: str, hertz: int) -> str:
    """An upload of the page, as the library keeps it."""
    library = FileLibrary(stage.state / "messages", EspeakVoice(), 1_000_000, 30)
    upload = stage.folder / f"upload-{hertz}.wav"
    write_wav(upload, tone(hertz, 1.0))
    with upload.open("rb") as file:
        return library.take(message, file).sound


def hears_next(stage: Stage, hertz: int) -> Call:
    """The next caller of the general number hears this tone first."""
    caller = stage.calls(GENERAL)
    caller.wait_answered()
    assert caller.rtp.hear_tone(hertz, timeout=5.0).tones == {hertz}
    return caller


def seconds_from_click(stage: Stage) -> float:
    """How soon after the click a new caller hears the emergency message; the best of three, on a busy machine."""
    best = 60.0
    for _ in range(3):
        clicked = time.monotonic()
        stage.does(SetEmergency("sofie", EVERYWHERE, "noodtekst", Then.END_CALL))
        caller = hears_next(stage, EMERGENCY)
        best = min(best, time.monotonic() - clicked)
        assert caller.wait_ended()
        if best < WITHIN_SECONDS:
            break
        stage.does(EndEmergency("sofie", EVERYWHERE))
    return best


def test_new_version_and_emergency_message_are_heard_by_the_next_caller_and_outlive_the_core(stage: Stage) -> None:
    waiting = stage.waits(speaks=None)
    waiting.rtp.hear_tone(ANNOUNCEMENT)
    new, emergency = made(stage, "welkom", NEW), made(stage, "noodtekst", EMERGENCY)
    hearing = stage.calls(GENERAL)
    hearing.wait_answered()
    hearing.rtp.hear_tone(WELCOME)
    stage.does(UseMessage("aad", "welkom", 1, new))
    hearing.rtp.hear_tone(MENU)
    hears_next(stage, NEW).bye()
    stage.does(UseMessage("aad", "noodtekst", 1, emergency))
    assert seconds_from_click(stage) < WITHIN_SECONDS
    assert EMERGENCY not in waiting.rtp.hear(0.5).tones
    stage.kill_core()
    stage.restart_core()
    until(lambda: stage.queue().waiting == 1, "who waited waits on")
    assert hears_next(stage, EMERGENCY).wait_ended()
    stage.does(SetEmergency("sofie", EVERYWHERE, "noodtekst", Then.GO_ON, tell_waiting=True))
    waiting.rtp.hear_tone(EMERGENCY)
    waiting.rtp.hear_tones(set(HOLD_MUSIC))
    goes_on = hears_next(stage, EMERGENCY)
    stage.does(EndEmergency("sofie", EVERYWHERE))
    goes_on.rtp.hear_tone(NEW)
    hears_next(stage, NEW)
