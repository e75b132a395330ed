"""A device that holds as Teams does, with `a=inactive`: the caller hears our own music [10, 19]."""

from __future__ import annotations

import pytest

from tests.system.stage import DIRECT, HOLD_MUSIC, Stage

pytestmark = pytest.mark.system


def test_caller_hears_music_while_the_device_is_inactive_and_the_agent_afterwards(stage: Stage) -> None:
    stage.log_on("anna")
    caller = stage.calls(DIRECT)
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    answer = device.reinvite("inactive")
    assert answer.sdp is not None and answer.sdp.direction == "inactive"
    caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
    device.reinvite("sendrecv")
    caller.rtp.hear_tone(1700)
    caller.bye()
    assert device.wait_ended()
