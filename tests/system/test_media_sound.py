"""Sound through the media engine: real sockets on the loopback interface."""

from __future__ import annotations

import itertools
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from softswitch.media import (
    Codec,
    HoldMusic,
    MediaEngine,
    MediaSettings,
    Port,
    SilenceSource,
    StreamSource,
    ToneSource,
)
from softswitch.media.codec import Samples
from softswitch.media.frames import level_of
from softswitch.media.sources import tone
from tests.system.media_listener import RecordingListener, wait_until
from tests.system.rtp_peer import RtpPeer, peers, share_of_tone

pytestmark = pytest.mark.system
PURE = 0.9
ABSENT = 0.02
SAID_LEVEL = level_of(tone([425], 1.0, -15))


@pytest.fixture
def engine() -> Iterator[MediaEngine]:
    engine = MediaEngine(MediaSettings(rtcp_interval_seconds=0.2), on_stall=lambda seconds: None)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def listener() -> RecordingListener:
    return RecordingListener()


def connect(engine: MediaEngine, listener: RecordingListener, joining: list[RtpPeer]) -> list[Port]:
    ports = [engine.open_port(listener, ipv6=":" in peer.host) for peer in joining]
    for peer, port in zip(joining, ports, strict=True):
        peer.join(port)
    return ports


def write_music(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(tone([440, 550], 0.7).tobytes())


def test_given_two_parties_with_different_codecs_when_bridged_then_each_hears_the_other(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA, Codec.PCMU) as (anna, bram):
        first, second = connect(engine, listener, [anna, bram])
        anna.say_tone(425)
        bram.say_tone(1000)
        first.hear(frozenset([second]))
        second.hear(frozenset([first]))
        time.sleep(0.8)
        wait_until(lambda: share_of_tone(bram.heard(0.4), 425) > PURE)
        wait_until(lambda: share_of_tone(anna.heard(0.4), 1000) > PURE)
        assert -20 < first.speech_level() < -15


def bridge(engine: MediaEngine, listener: RecordingListener, *pair: RtpPeer) -> list[Port]:
    first, second = connect(engine, listener, list(pair))
    first.hear(frozenset([second]))
    second.hear(frozenset([first]))
    return [first, second]


def said_by(peer: RtpPeer, packets: int) -> list[bytes]:
    """The payloads of the tone that a peer says, from its beginning."""
    fresh = RtpPeer(peer.codec)
    fresh.says = peer.says
    said = [fresh.packet().payload for _ in range(packets)]
    fresh.udp.close()
    return said


def test_given_a_bridge_of_two_parties_with_g722_then_octets_pass_unchanged_and_each_is_a_tick(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.G722, Codec.G722) as (anna, bram):
        bridge(engine, listener, anna, bram)
        anna.says = tone([425], 1.0, -15)
        said = b"".join(said_by(anna, 1000))
        wait_until(lambda: len(bram.received) > 60)
        wait_until(lambda: b"".join(packet.payload for packet in bram.received[-25:]) in said)
        heard = bram.received[-25:]
        assert {(packet.payload_type, len(packet.payload)) for packet in heard} == {(9, 160)}
        assert min((b.timestamp - a.timestamp) % 2**32 for a, b in itertools.pairwise(heard)) == 160


def test_given_a_lost_packet_in_a_bridge_with_g722_then_nothing_louder_than_the_tone_is_heard(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.G722, Codec.G722) as (anna, bram):
        first, _ = bridge(engine, listener, anna, bram)
        says = tone([425], 1.0, -15)
        anna.loses_every, anna.says = 12, says
        wait_until(lambda: len(bram.received) > 100)
        assert first.quality().lost > 3
        assert np.abs(bram.heard().astype(int)).max() < 1.6 * np.abs(says.astype(int)).max()


@pytest.mark.parametrize("other", [Codec.PCMA, Codec.PCMU])
def test_given_parties_with_g722_and_g711_when_bridged_then_each_hears_the_other_at_its_level(
    engine: MediaEngine, listener: RecordingListener, other: Codec
) -> None:
    with peers(Codec.G722, other) as (anna, bram):
        first, second = bridge(engine, listener, anna, bram)
        anna.say_tone(425)
        bram.say_tone(1000)
        time.sleep(0.8)
        wait_until(lambda: share_of_tone(bram.heard(0.4), 425) > PURE)
        wait_until(lambda: share_of_tone(anna.heard(0.4), 1000) > PURE)
        for peer in (anna, bram):
            wait_until(lambda peer=peer: abs(level_of(peer.heard(0.4)) - SAID_LEVEL) < 0.5)  # type: ignore[misc]
        wait_until(lambda: abs(first.speech_level() - second.speech_level()) < 0.5)


def test_given_a_conference_of_three_when_two_speak_g722_then_each_hears_the_two_others(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.G722, Codec.G722, Codec.PCMA) as joining:
        ports = connect(engine, listener, joining)
        for port in ports:
            port.hear(frozenset(ports) - {port})
        for peer, hz in zip(joining, (425, 700, 1000), strict=True):
            peer.say_tone(hz)
        wait_until(lambda: share_of_tone(joining[0].heard(0.4), 700) > 0.4)
        wait_until(lambda: share_of_tone(joining[0].heard(0.4), 1000) > 0.4)
        wait_until(lambda: share_of_tone(joining[2].heard(0.4), 425) > 0.4)


def test_given_a_party_with_g722_then_what_is_played_is_heard_and_the_bridge_after_it_is_unchanged(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.G722, Codec.G722) as (anna, bram):
        first, _ = bridge(engine, listener, anna, bram)
        bram.say_tone(700)
        first.play(ToneSource.parse("%(1000,0,1230);loops=1"))
        wait_until(lambda: share_of_tone(anna.heard(0.4), 1230) > PURE)
        wait_until(lambda: share_of_tone(anna.heard(0.4), 700) > PURE)


def test_given_a_bridge_over_ipv6_then_each_hears_the_other(engine: MediaEngine, listener: RecordingListener) -> None:
    with peers(Codec.PCMA, Codec.PCMA, ipv6=True) as (anna, bram):
        first, second = connect(engine, listener, [anna, bram])
        anna.say_tone(425)
        second.hear(frozenset([first]))
        time.sleep(0.7)
        wait_until(lambda: share_of_tone(bram.heard(0.3), 425) > PURE)


def test_given_three_parties_then_each_hears_both_others_and_not_itself(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA, Codec.PCMA, Codec.PCMA) as table:
        ports = connect(engine, listener, table)
        pitches = (400, 700, 1200)
        for peer, pitch in zip(table, pitches, strict=True):
            peer.say_tone(pitch)
        for port in ports:
            port.hear(frozenset(ports) - {port})
        time.sleep(0.8)
        for peer, own in zip(table, pitches, strict=True):
            for pitch in pitches:
                share = share_of_tone(peer.heard(0.4), pitch)
                assert share < ABSENT if pitch == own else share > 0.3


def test_given_a_whisper_then_only_the_agent_hears_it(engine: MediaEngine, listener: RecordingListener) -> None:
    with peers(Codec.PCMA, Codec.PCMA, Codec.PCMA) as (caller, agent, supervisor):
        a, b, c = connect(engine, listener, [caller, agent, supervisor])
        for peer, pitch in ((caller, 400), (agent, 700), (supervisor, 1200)):
            peer.say_tone(pitch)
        a.hear(frozenset([b]))
        b.hear(frozenset([a, c]))
        c.hear(frozenset([a, b]))
        time.sleep(0.8)
        wait_until(lambda: share_of_tone(agent.heard(0.4), 1200) > 0.3)
        assert share_of_tone(caller.heard(0.4), 1200) < ABSENT


def test_given_hold_music_then_no_half_second_is_silent(
    engine: MediaEngine, listener: RecordingListener, tmp_path: Path
) -> None:
    write_music(tmp_path / "music.wav")
    with peers(Codec.PCMA, Codec.PCMU) as callers:
        for port in connect(engine, listener, callers):
            port.play(StreamSource(HoldMusic(tmp_path)))
        time.sleep(2.2)
        for caller in callers:
            halves = caller.heard()[800:16800].reshape(-1, 4000)
            assert len(halves) == 4
            assert min(level_of(half) for half in halves) > -25


def test_given_hold_music_then_packets_follow_one_another_in_number_and_time(
    engine: MediaEngine, listener: RecordingListener, tmp_path: Path
) -> None:
    write_music(tmp_path / "music.wav")
    with peers(Codec.PCMA) as [caller]:
        [port] = connect(engine, listener, [caller])
        port.play(StreamSource(HoldMusic(tmp_path)))
        time.sleep(0.6)
        numbers = [packet.sequence for packet in caller.received]
        times = [packet.timestamp for packet in caller.received]
        assert len(numbers) > 25
        assert set(np.diff(numbers) % 65536) == {1}
        assert set(np.diff(times) % 2**32) == {160}
        assert [packet.marker for packet in caller.received].count(True) == 1


def test_given_a_tone_when_it_ends_then_that_is_told_and_the_party_hears_the_others_again(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA, Codec.PCMA) as (anna, bram):
        first, second = connect(engine, listener, [anna, bram])
        bram.say_tone(1000)
        first.hear(frozenset([second]))
        playback = first.play(ToneSource.parse("%(300,0,425)"))
        wait_until(lambda: listener.playbacks)
        assert listener.playbacks == [(playback, True)]
        time.sleep(0.4)
        assert share_of_tone(anna.heard()[:2000], 425) > 0.5
        wait_until(lambda: share_of_tone(anna.heard(0.2), 1000) > PURE)


def test_given_something_plays_when_something_else_is_played_then_the_first_ends_uncompleted(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    port = engine.open_port(listener)
    first = port.play(SilenceSource(0))
    second = port.play(SilenceSource(0))
    wait_until(lambda: listener.playbacks == [(first, False)])
    port.stop_playing()
    wait_until(lambda: listener.playbacks[-1] == (second, False))


def test_given_a_party_on_hold_then_nothing_is_sent_until_it_receives_again(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA) as [anna]:
        [port] = connect(engine, listener, [anna])
        port.play(ToneSource.parse("%(1000,0,425);loops=-1"))
        wait_until(lambda: len(anna.received) > 5)
        port.set_remote(anna.remote(receives=False))
        time.sleep(0.1)
        held = len(anna.received)
        time.sleep(0.2)
        assert len(anna.received) == held
        port.set_remote(anna.remote())
        wait_until(lambda: len(anna.received) > held + 5)


def test_given_a_closed_port_then_its_partner_hears_silence_and_goes_on_getting_packets(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA, Codec.PCMA) as (anna, bram):
        first, second = connect(engine, listener, [anna, bram])
        anna.say_tone(425)
        second.hear(frozenset([first]))
        time.sleep(0.4)
        first.close()
        first.close()
        time.sleep(0.5)
        assert level_of(bram.heard(0.2)) < -60
        assert len(bram.received) > 35
        assert engine.statistics().ports == 1


def test_given_an_ear_then_it_gets_every_tick_of_what_the_party_says(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    heard: list[Samples] = []
    with peers(Codec.PCMA) as [anna]:
        [port] = connect(engine, listener, [anna])
        anna.say_tone(425)
        time.sleep(0.2)
        port.follow(heard.append)
        time.sleep(0.5)
        port.follow(None)
        time.sleep(0.05)
        count = len(heard)
        time.sleep(0.1)
    assert 22 <= count == len(heard) <= 30
    assert share_of_tone(np.concatenate(heard), 425) > PURE


def test_given_a_closed_port_when_something_is_played_then_it_ends_at_once(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    port = engine.open_port(listener)
    port.close()
    playback = port.play(SilenceSource(0))
    wait_until(lambda: listener.playbacks == [(playback, False)])
