"""Recordings: what is in the file, sample for sample where that matters."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.contract.conftest import Floor, Leg
from tests.contract.sound import Samples, level, read_wav, tones_in


@pytest.fixture
def file(floor: Floor, request: pytest.FixtureRequest) -> Path:
    return floor.engine.folder / "recordings" / f"{request.node.name.split('[')[0]}.wav"


def _start(floor: Floor, leg: Leg, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    floor.esl.ok(f"uuid_setvar {leg.uuid} RECORD_STEREO true")
    assert floor.esl.api(f"uuid_record {leg.uuid} start {file}") == "+OK Success\n"
    started = floor.esl.wait_event("RECORD_START", leg.uuid)
    assert started["Record-File-Path"] == str(file)


def _stop(floor: Floor, leg: Leg, file: Path) -> list[Samples]:
    assert floor.esl.api(f"uuid_record {leg.uuid} stop {file}") == "+OK Success\n"
    stopped = floor.esl.wait_event("RECORD_STOP", leg.uuid)
    assert stopped["Record-File-Path"] == str(file)
    rate, channels = read_wav(file)
    assert rate == 8000
    return channels


def _middle(samples: Samples) -> Samples:
    """Without the first and last 150 ms, in which the sound may begin and end."""
    return samples[1200:-1200]


def test_party_is_left_and_what_it_hears_is_right(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    _start(floor, caller, file)
    time.sleep(1.0)
    left, right = _stop(floor, caller, file)
    assert tones_in(_middle(left)) == {1230}
    assert tones_in(_middle(right)) == {1700}


def test_recording_is_as_long_as_the_time_between_start_and_stop(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    _start(floor, caller, file)
    started = time.monotonic()
    time.sleep(1.5)
    left, right = _stop(floor, caller, file)
    assert left.size == right.size
    assert abs(left.size / 8000 - (time.monotonic() - started)) < 0.25


def test_prompt_is_recorded_as_what_the_caller_hears(floor: Floor, file: Path) -> None:
    caller = floor.caller()
    _start(floor, caller, file)
    floor.esl.run(caller.uuid, "playback", floor.engine.prompt("first"))
    left, right = _stop(floor, caller, file)
    assert tones_in(_middle(left)) == {1230}
    assert 630 in tones_in(right)


def test_recording_goes_on_when_the_caller_changes_hands(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    second = floor.agent(1900, user="bram")
    _start(floor, caller, file)
    time.sleep(1.0)
    floor.esl.ok(f"uuid_setvar {caller.uuid} park_after_bridge true")
    agent.call.bye()
    floor.esl.wait_event("CHANNEL_PARK", caller.uuid)
    floor.bridge(caller, second)
    caller.rtp.hear_tone(1900)
    time.sleep(1.2)
    left, right = _stop(floor, caller, file)
    assert tones_in(left[-4000:]) == {1230}
    assert tones_in(right[1600:4800]) == {1700}
    assert 1900 in tones_in(right[-2000:])


def test_masked_stretch_is_silent_and_the_rest_is_not(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    _start(floor, caller, file)
    time.sleep(0.6)
    assert floor.esl.api(f"uuid_record {caller.uuid} mask {file}") == "+OK Success\n"
    time.sleep(1.0)
    assert floor.esl.api(f"uuid_record {caller.uuid} unmask {file}") == "+OK Success\n"
    time.sleep(0.6)
    channels = _stop(floor, caller, file)
    for samples in channels:
        assert level(samples[1600:4000]) > -30
        assert level(samples[6400:11200]) < -60
        assert level(samples[-4000:-1200]) > -30


def test_masked_recording_keeps_its_length(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    _start(floor, caller, file)
    started = time.monotonic()
    floor.esl.ok(f"uuid_record {caller.uuid} mask {file}")
    time.sleep(1.0)
    left, _ = _stop(floor, caller, file)
    assert abs(left.size / 8000 - (time.monotonic() - started)) < 0.25


def test_hangup_ends_the_recording(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    _start(floor, caller, file)
    time.sleep(1.5)
    caller.call.bye()
    stopped = floor.esl.wait_event("RECORD_STOP", caller.uuid)
    assert stopped["Record-File-Path"] == str(file)
    assert stopped["Record-Completion-Cause"] == "success-silence"
    left, _ = read_wav(file)[1]
    assert tones_in(left[1600:8000]) == {1230}


def test_recording_ends_at_its_limit(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    file.parent.mkdir(exist_ok=True)
    floor.esl.ok(f"uuid_record {caller.uuid} start {file} 2")
    floor.esl.wait_event("RECORD_STOP", caller.uuid)
    _, channels = read_wav(file)
    assert 0.9 < channels[0].size / 8000 < 2.5


def test_recording_is_mono_unless_stereo_is_asked(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    file.parent.mkdir(exist_ok=True)
    floor.esl.ok(f"uuid_record {caller.uuid} start {file}")
    time.sleep(0.8)
    (both,) = _stop(floor, caller, file)
    assert tones_in(_middle(both)) == {1230, 1700}


def test_recording_starts_and_stops_by_applications(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    file.parent.mkdir(exist_ok=True)
    floor.esl.run(caller.uuid, "record_session", str(file))
    floor.esl.wait_event("RECORD_START", caller.uuid)
    time.sleep(0.6)
    floor.esl.run(caller.uuid, "record_session_mask", str(file))
    time.sleep(1.0)
    floor.esl.run(caller.uuid, "record_session_unmask", str(file))
    time.sleep(0.6)
    floor.esl.run(caller.uuid, "stop_record_session", str(file))
    floor.esl.wait_event("RECORD_STOP", caller.uuid)
    (both,) = read_wav(file)[1]
    assert level(both[800:3200]) > -30
    assert level(both[7200:10400]) < -60
    assert level(both[-2000:]) > -30


def test_recording_that_does_not_run_cannot_be_stopped(floor: Floor) -> None:
    caller = floor.caller()
    assert floor.esl.api(f"uuid_record {caller.uuid} stop /nonexistent.wav") == "-ERR Cannot stop record session!\n"


def test_impossible_place_is_refused_and_the_call_goes_on(floor: Floor) -> None:
    caller = floor.caller()
    answer = floor.esl.api(f"uuid_record {caller.uuid} start /proc/nonexistent/a.wav")
    assert answer == "-ERR Cannot record session!\n"
    assert floor.esl.api(f"uuid_exists {caller.uuid}") == "true"


def test_two_recordings_of_one_leg_run_side_by_side(floor: Floor, file: Path) -> None:
    caller, agent = floor.talking()
    agent.rtp.hear_tone(1230)
    other = file.with_name("other.wav")
    for target in (file, other):
        _start(floor, caller, target)
    time.sleep(0.8)
    lefts = [_stop(floor, caller, target)[0] for target in (file, other)]
    assert [tones_in(_middle(left)) for left in lefts] == [{1230}, {1230}]
