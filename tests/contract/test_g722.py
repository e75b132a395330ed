"""G.722: taken where a caller offers it, passed on as it came, and heard, recorded and mixed like any other sound."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from tests.contract.conftest import Floor, Leg
from tests.contract.engines import HOLD_MUSIC_HERTZ, STREAM
from tests.contract.sip_peer import wait_until
from tests.contract.sound import G722, PCMA, PCMU, level, read_wav, tone, tones_in

WIDE = (G722, PCMA)
NARROW = (PCMA, PCMU)


def _caller(floor: Floor, speaks: int | None = 1230) -> Leg:
    return floor.caller(speaks, codecs=WIDE)


def _agent(floor: Floor, codecs: tuple[int, ...] = WIDE, speaks: int | None = 1700) -> Leg:
    return floor.agent(speaks, codecs=codecs)


def _talking(floor: Floor, codecs: tuple[int, ...] = WIDE) -> tuple[Leg, Leg]:
    caller, agent = _caller(floor), _agent(floor, codecs)
    floor.bridge(caller, agent)
    agent.rtp.hear_tone(1230)
    caller.rtp.hear_tone(1700)
    return caller, agent


def _passes_unchanged(speaker: Leg, listener: Leg) -> bool:
    """Whether half a second of what one sends reaches the other octet for octet."""
    heard = [packet.payload for packet in listener.rtp.packets[-25:]]
    return len(heard) == 25 and b"".join(heard) in b"".join(speaker.rtp.said)


@pytest.mark.parametrize("codecs", [(G722, PCMA, PCMU), (PCMA, PCMU, G722), (G722,)])
def test_caller_who_offers_g722_is_answered_with_it(floor: Floor, codecs: tuple[int, ...]) -> None:
    caller = floor.caller(codecs=codecs)
    answer = caller.call.wait_answered().sdp
    assert answer
    assert answer.payload_types[0] == G722
    assert "a=rtpmap:9 G722/8000" in answer.text
    assert floor.esl.variable(caller.uuid, "rtp_use_codec_name") == "G722"
    assert floor.esl.variable(caller.uuid, "rtp_use_codec_rate") == "8000"
    assert floor.esl.variable(caller.uuid, "read_rate") == "16000"


def test_g722_between_two_who_speak_it_passes_octet_by_octet(floor: Floor) -> None:
    caller, agent = _talking(floor)
    assert wait_until(lambda: _passes_unchanged(caller, agent))
    assert wait_until(lambda: _passes_unchanged(agent, caller))


def test_packet_of_g722_is_160_octets_and_160_of_its_clock(floor: Floor) -> None:
    _, agent = _talking(floor)
    time.sleep(0.5)
    packets = agent.rtp.packets[-20:]
    assert {(packet.payload_type, len(packet.payload)) for packet in packets} == {(G722, 160)}
    steps = {(later.timestamp - packet.timestamp) % 2**32 for packet, later in itertools.pairwise(packets)}
    assert min(steps) == 160, "a packet that the switch left out makes a longer step"


def test_g722_and_g711_hear_each_other_at_their_level(floor: Floor) -> None:
    caller, agent = _talking(floor, NARROW)
    said = level(tone(1230, 0.5))
    time.sleep(0.6)
    for heard in (caller.rtp.hear(0.5), agent.rtp.hear(0.5)):
        assert abs(heard.level - said) < 1


def test_prompt_and_hold_music_are_heard_in_g722(floor: Floor) -> None:
    caller = _caller(floor, None)
    floor.esl.execute(caller.uuid, "playback", floor.engine.prompt("first"))
    caller.rtp.hear_tone(630)
    floor.esl.wait_event("PLAYBACK_STOP", caller.uuid)
    floor.esl.execute(caller.uuid, "endless_playback", f"local_stream://{STREAM}")
    began = time.monotonic()
    time.sleep(2.0)
    heard = caller.rtp.heard_since(began + 0.5)
    assert not any(half.silent for half in heard.half_seconds())


def test_keys_beside_g722_reach_the_controller_and_the_other_party(floor: Floor) -> None:
    caller, agent = _talking(floor)
    caller.rtp.press("15#")
    for key in "15#":
        floor.esl.wait_event("DTMF", caller.uuid, where={"DTMF-Digit": key})
    assert wait_until(lambda: agent.rtp.digits == ["1", "5", "#"])


def test_recording_of_g722_has_8000_samples_a_second_and_both_tracks(floor: Floor, tmp_path: Path) -> None:
    caller, _ = _talking(floor)
    file = tmp_path / "call.wav"
    floor.esl.ok(f"uuid_setvar_multi {caller.uuid} RECORD_STEREO=true;record_sample_rate=8000")
    floor.esl.api(f"uuid_record {caller.uuid} start {file}")
    time.sleep(1.5)
    floor.esl.api(f"uuid_record {caller.uuid} stop {file}")
    floor.esl.wait_event("RECORD_STOP", caller.uuid)
    rate, (left, right) = read_wav(file)
    assert rate == 8000
    assert 1.2 < left.size / rate < 1.8
    assert (tones_in(left[2400:-1200]), tones_in(right[2400:-1200])) == ({1230}, {1700})
    assert abs(level(left[2400:-1200]) - level(tone(1230, 0.5))) < 1


def test_octets_pass_unchanged_while_they_are_recorded(floor: Floor, tmp_path: Path) -> None:
    caller, agent = _talking(floor)
    floor.esl.api(f"uuid_record {caller.uuid} start {tmp_path / 'call.wav'}")
    floor.esl.wait_event("RECORD_START", caller.uuid)
    time.sleep(1.0)
    assert wait_until(lambda: _passes_unchanged(caller, agent))
    assert wait_until(lambda: _passes_unchanged(agent, caller))


def test_supervisor_with_g711_listens_to_two_with_g722_and_joins_them(floor: Floor) -> None:
    caller, agent = _talking(floor)
    supervisor = floor.agent(2150, user="sofie")
    floor.esl.execute(supervisor.uuid, "eavesdrop", agent.uuid)
    supervisor.rtp.hear_tones({1230, 1700})
    floor.esl.ok(f"uuid_transfer {supervisor.uuid} three_way:{agent.uuid} inline")
    caller.rtp.hear_tones({1700, 2150})
    agent.rtp.hear_tones({1230, 2150})


def test_party_with_g722_may_hold_and_come_back(floor: Floor) -> None:
    caller, agent = _talking(floor)
    held = agent.call.reinvite("sendonly").sdp
    assert held
    assert held.payload_types[0] == G722
    floor.esl.wait_event("CHANNEL_HOLD", agent.uuid)
    caller.rtp.hear_among(HOLD_MUSIC_HERTZ[0])
    agent.call.reinvite("sendrecv")
    floor.esl.wait_event("CHANNEL_UNHOLD", agent.uuid)
    agent.rtp.hear_tone(1230)
    caller.rtp.hear_tone(1700)
    assert wait_until(lambda: _passes_unchanged(caller, agent))


def test_party_is_asked_for_g711_and_then_both_speak_it(floor: Floor) -> None:
    caller, agent = _talking(floor, NARROW)
    floor.esl.ok(f"uuid_media_reneg {caller.uuid} =PCMA,PCMU,G722")
    assert wait_until(lambda: bool(caller.call.reinvites()))
    assert caller.call.reinvites()[0].payload_types[:3] == (PCMA, PCMU, G722)
    assert wait_until(lambda: {packet.payload_type for packet in caller.rtp.packets[-20:]} == {PCMA})
    agent.rtp.hear_tone(1230)
    caller.rtp.hear_tone(1700)
    assert wait_until(lambda: floor.esl.variable(caller.uuid, "rtp_use_codec_name") == "PCMA")


def test_party_that_was_asked_for_g711_stays_with_it_when_it_offers_both_again(floor: Floor) -> None:
    caller, _ = _talking(floor, NARROW)
    floor.esl.ok(f"uuid_media_reneg {caller.uuid} =PCMA,PCMU,G722")
    assert wait_until(lambda: {packet.payload_type for packet in caller.rtp.packets[-20:]} == {PCMA})
    answer = caller.call.reinvite("sendrecv", WIDE).sdp
    assert answer
    assert answer.payload_types[0] == PCMA


def test_party_that_declines_g711_goes_on_with_g722(floor: Floor) -> None:
    caller, agent = _talking(floor, NARROW)
    caller.call.codecs = (G722,)
    floor.esl.ok(f"uuid_media_reneg {caller.uuid} =PCMA,PCMU,G722")
    assert wait_until(lambda: bool(caller.call.reinvites()))
    agent.rtp.hear_tone(1230)
    caller.rtp.hear_tone(1700)


def test_second_agent_with_g711_takes_a_caller_with_g722_over(floor: Floor) -> None:
    caller, agent = _talking(floor)
    second = floor.agent(1900, user="bram")
    floor.esl.ok(f"uuid_setvar {caller.uuid} park_after_bridge true")
    agent.call.bye()
    floor.esl.wait_event("CHANNEL_PARK", caller.uuid)
    floor.bridge(caller, second)
    caller.rtp.hear_tone(1900)
    second.rtp.hear_tone(1230)
