"""Hold by the other side: a device that holds as Teams does, with `a=inactive` (the caller hears our music [10, 19]); a
network that holds for the caller (it gets no sound of ours)."""

from __future__ import annotations

import pytest

from tests.contract.sip_peer import OPPOSITE
from tests.system.stage import DIRECT, HOLD_MUSIC, Stage, until

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


def test_hold_of_a_caller_is_shown_by_the_next_core_too(stage: Stage) -> None:
    stage.log_on("anna")
    caller = stage.waits()
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    caller.reinvite("sendonly")
    until(lambda: stage.contacts()[0].caller_holds_since is not None, "the screens show the hold")
    since = stage.contacts()[0].caller_holds_since
    stage.kill_core()
    stage.restart_core()
    until(lambda: bool(stage.contacts()) and stage.contacts()[0].caller_holds_since == since, "and still do", 15)
    caller.reinvite("sendrecv")
    until(lambda: stage.contacts()[0].caller_holds_since is None, "the screens show that the caller is back")
    caller.bye()
    assert device.wait_ended()


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
def test_caller_who_holds_gets_no_sound_of_ours_the_agent_reads_it_and_both_talk_on(
    stage: Stage, direction: str
) -> None:
    stage.log_on("anna")
    caller = stage.waits()
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    answer = caller.reinvite(direction)
    assert answer.sdp is not None and answer.sdp.direction == OPPOSITE[direction]
    until(lambda: stage.contacts()[0].caller_holds_since is not None, "the screens show the hold")
    assert caller.rtp.hear(0.5).packets == 0, "neither the agent nor our music is sent to who does not want it"
    caller.reinvite("sendrecv")
    caller.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)
    until(lambda: stage.contacts()[0].caller_holds_since is None, "the screens show that the caller is back")
    caller.bye()
    assert device.wait_ended()
