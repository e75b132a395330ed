"""Phones of the lab call one another: real SIP and RTP on the loopback interface."""

from __future__ import annotations

import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lab.conversation import wait_for_recording
from lab.phone import Answer, Busy, CallFailed, Decline, Lab, Miss, Side, read_keys
from lab.saying import AGENT_TONE, AGENT_TONE_HZ, CALLER_TONE, CALLER_TONE_HZ

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as opened:
        yield opened


@pytest.mark.parametrize("ipv6", [False, True])
def test_given_a_station_that_answers_then_both_hear_each_other(lab: Lab, ipv6: bool) -> None:
    anna = lab.station(user="anna", behaviour=Answer(after=0.1), say=AGENT_TONE, ipv6=ipv6)
    call = lab.call(anna.uri, "+31612345678", say=CALLER_TONE)
    call.wait_answered()
    call.wait_tone(AGENT_TONE_HZ, timeout=3)
    talk = anna.wait_call()
    talk.wait_tone(CALLER_TONE_HZ, timeout=3)
    assert call.wait_sound() - (call.answered_at or 0) < 0.3
    call.hang_up()
    assert call.wait_ended().hung_up_by is Side.US
    assert talk.wait_ended().hung_up_by is Side.THEM
    assert talk.wait_ended().cause == "NORMAL_CLEARING"


def test_given_a_station_that_hangs_up_then_the_caller_knows_who_did(lab: Lab) -> None:
    anna = lab.station(user="anna", behaviour=Answer(after=0.0, talk=0.3))
    ending = lab.call(anna.uri).wait_ended()
    assert (ending.hung_up_by, ending.cause, ending.status) == (Side.THEM, "NORMAL_CLEARING", None)


@pytest.mark.parametrize("ipv6", [False, True])
def test_given_a_call_over_tcp_then_both_hear_each_other_and_either_may_hang_up(lab: Lab, ipv6: bool) -> None:
    anna = lab.station(user="anna", behaviour=Answer(after=0.1), say=AGENT_TONE, ipv6=ipv6, transport="tcp")
    for hangs_up_here in (True, False):
        call = lab.call(anna.uri, "+31612345678", say=CALLER_TONE, transport="tcp")
        call.wait_tone(AGENT_TONE_HZ)
        talk = anna.conversations[-1]
        talk.wait_tone(CALLER_TONE_HZ)
        (call if hangs_up_here else talk).hang_up()
        assert call.wait_ended().hung_up_by is (Side.US if hangs_up_here else Side.THEM)
        assert talk.wait_ended().hung_up_by is (Side.THEM if hangs_up_here else Side.US)
    assert anna.invites[0].headers["via"][0].startswith("SIP/2.0/TCP")


@pytest.mark.parametrize(
    ("behaviour", "status", "cause"), [(Busy(), 486, "USER_BUSY"), (Decline(after=0.1), 603, "CALL_REJECTED")]
)
def test_given_a_station_that_refuses_then_the_caller_gets_status_and_cause(
    lab: Lab, behaviour: Busy | Decline, status: int, cause: str
) -> None:
    ending = lab.call(lab.station(behaviour=behaviour).uri).wait_ended()
    assert (ending.hung_up_by, ending.status, ending.cause) == (Side.THEM, status, cause)


def test_given_a_station_that_misses_when_the_caller_gives_up_then_the_station_is_free_again(lab: Lab) -> None:
    anna = lab.station(behaviour=Miss())
    call = lab.call(anna.uri)
    call.wait_ringing()
    assert lab.call(anna.uri).wait_ended().cause == "USER_BUSY"
    call.hang_up()
    assert anna.conversations[0].wait_ended().hung_up_by is Side.THEM
    assert anna.current is None


def test_given_a_station_that_rings_when_it_is_picked_up_then_the_call_is_answered(lab: Lab) -> None:
    anna = lab.station(behaviour=Miss())
    call = lab.call(anna.uri)
    call.wait_ringing()
    anna.pick_up()
    call.wait_answered()
    call.hang_up()


def test_given_nobody_at_the_address_then_waiting_tells_what_happened(lab: Lab) -> None:
    anna = lab.station(behaviour=Miss())
    call = lab.call(anna.uri)
    with pytest.raises(CallFailed, match=r"never was answered within 0\.3 s: rang at 0\.\d+, answered at None"):
        call.wait_answered(timeout=0.3)
    call.hang_up()


def test_given_planned_keys_then_the_station_gets_them_in_order(lab: Lab) -> None:
    anna = lab.station(behaviour=Answer(after=0.0))
    call = lab.call(anna.uri, keys="2@0.2,#@0.6")
    talk = anna.wait_call()
    call.press("5")
    deadline = time.monotonic() + 3
    while len(talk.digits_received) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [pressed.digits for pressed in talk.digits_received] == ["5", "2", "#"]
    assert [pressed.digits for pressed in call.digits_sent] == ["5", "2", "#"]
    call.hang_up()


def test_given_an_invite_then_the_station_keeps_number_name_and_headers(lab: Lab) -> None:
    anna = lab.station(user="anna", behaviour=Busy())
    name = 'Jan "de" Vries %0AUnique-ID: x'
    lab.call(anna.uri, "+31612345678", display_name=name, headers=[("X-Trial", "7")]).wait_ended()
    invite = anna.wait_invite()
    assert invite.from_number == "+31612345678"
    assert invite.display_name == name
    assert invite.headers["x-trial"] == ["7"]
    assert "anna@" in invite.uri


def test_given_a_silent_caller_then_the_station_hears_half_seconds_of_silence(lab: Lab) -> None:
    anna = lab.station(behaviour=Answer(after=0.0), say=AGENT_TONE)
    call = lab.call(anna.uri)
    talk = anna.wait_call()
    time.sleep(1.7)
    call.hang_up()
    assert [half.silence for half in talk.heard] == [True] * len(talk.heard)
    assert not any(half.silence for half in call.heard[1:])
    assert 2 <= len(call.heard) <= 4
    assert call.heard[1].level == pytest.approx(-18, abs=2)
    assert call.heard[1].at - call.heard[0].at == pytest.approx(0.5, abs=0.05)


def test_given_hold_then_the_held_side_knows_it_and_is_silent_until_it_is_taken_back(lab: Lab) -> None:
    anna = lab.station(behaviour=Answer(after=0.0), say=AGENT_TONE)
    call = lab.call(anna.uri)
    talk = anna.wait_call()
    call.wait_tone(AGENT_TONE_HZ)
    call.hold()
    _until(lambda: talk.held)
    call.hold(False)
    _until(lambda: not talk.held)
    call.hang_up()


def test_given_a_recording_then_left_is_the_other_side_and_right_this_phone(lab: Lab, tmp_path: Path) -> None:
    anna = lab.station(behaviour=Answer(after=0.0), say=AGENT_TONE)
    call = lab.call(anna.uri, say=CALLER_TONE)
    call.wait_tone(AGENT_TONE_HZ)
    path = str(tmp_path / "call.wav")
    call.record(path)
    time.sleep(0.6)
    call.hang_up()
    assert wait_for_recording(call, path) == "port-closed"
    with wave.open(path) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    pitches = [float(np.argmax(np.abs(np.fft.rfft(side)))) * 8000 / len(sound) for side in (sound[:, 0], sound[:, 1])]
    assert pitches == [pytest.approx(AGENT_TONE_HZ, abs=5), pytest.approx(CALLER_TONE_HZ, abs=5)]


def test_given_no_common_codec_then_the_call_ends_with_that_cause(lab: Lab) -> None:
    anna = lab.station(behaviour=Answer(after=0.0), codecs=("PCMU",))
    assert lab.call(anna.uri, codecs=("PCMA",)).wait_ended().cause == "INCOMPATIBLE_DESTINATION"


@pytest.mark.parametrize(
    ("text", "planned"),
    [("2@3.0", [("2", 3.0)]), ("1,2", [("1", 1.0), ("2", 2.0)]), ("12#@2 3", [("12#", 2.0), ("3", 3.0)]), ("", [])],
)
def test_plans_of_keys_are_understood(text: str, planned: list[tuple[str, float]]) -> None:
    assert [(pressed.digits, pressed.at) for pressed in read_keys(text)] == planned


@pytest.mark.parametrize("text", ["x", "2@", "@3", "2@a"])
def test_a_plan_that_is_not_understood_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write for instance"):
        read_keys(text)


def _until(happened: object) -> None:
    assert callable(happened)
    deadline = time.monotonic() + 3
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)
