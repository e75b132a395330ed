"""Requirement 10: a waiting or held caller never hears silence; an accepted hold tone or music always plays.

Measured on the sound that reaches the caller: no half second below -50 dBov, on each engine.
"""

from __future__ import annotations

import time

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import HoldContact, ResumeContact
from tests.system.stage import ANNOUNCEMENT, HOLD_MUSIC, Stage, silent_half_seconds

pytestmark = pytest.mark.system
ANNA = AgentId("anna")


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
