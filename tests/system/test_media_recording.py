"""Recordings of the media engine, and what happens when it stands still."""

from __future__ import annotations

import logging
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from softswitch.media import Codec, MediaEngine, MediaSettings, Port, ToneSource
from softswitch.media.codec import Samples
from softswitch.media.frames import level_of
from tests.system.media_listener import RecordingListener, wait_until
from tests.system.rtp_peer import RtpPeer, peers, share_of_tone

pytestmark = pytest.mark.system


@pytest.fixture
def engine() -> Iterator[MediaEngine]:
    engine = MediaEngine(MediaSettings(), on_stall=lambda seconds: None)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def listener() -> RecordingListener:
    return RecordingListener()


@pytest.fixture
def call(engine: MediaEngine, listener: RecordingListener) -> Iterator[tuple[RtpPeer, Port]]:
    """A party that says 425 Hz and hears 1000 Hz."""
    with peers(Codec.PCMA) as [anna]:
        port = engine.open_port(listener)
        anna.join(port)
        anna.say_tone(425)
        port.play(ToneSource.parse("v=-15;%(1000,0,1000);loops=-1"))
        time.sleep(0.2)
        yield anna, port


def read_wav(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        assert file.getframerate() == 8000
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return samples.reshape(-1, file.getnchannels())


def test_given_a_stereo_recording_then_left_is_what_the_party_says_and_right_what_it_hears(
    call: tuple[RtpPeer, Port], listener: RecordingListener, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "call.wav"
    call[1].record(str(path), stereo=True)
    time.sleep(0.8)
    call[1].stop_recording(str(path))
    wait_until(lambda: listener.recordings == [(str(path), "stopped")])
    sound = read_wav(path)
    assert 0.7 * 8000 < len(sound) < 1.0 * 8000
    assert share_of_tone(sound[:, 0], 425) > 0.9
    assert share_of_tone(sound[:, 1], 1000) > 0.9


def test_given_a_mono_recording_then_both_are_in_it(
    call: tuple[RtpPeer, Port], listener: RecordingListener, tmp_path: Path
) -> None:
    path = tmp_path / "call.wav"
    call[1].record(str(path), stereo=False)
    time.sleep(0.6)
    call[1].stop_recording(str(path))
    wait_until(lambda: listener.recordings)
    sound = read_wav(path)[:, 0]
    assert share_of_tone(sound, 425) > 0.3
    assert share_of_tone(sound, 1000) > 0.3


def test_given_a_mask_then_silence_is_written_and_the_time_goes_on(
    call: tuple[RtpPeer, Port], listener: RecordingListener, tmp_path: Path
) -> None:
    path = tmp_path / "call.wav"
    port = call[1]
    port.record(str(path), stereo=True)
    time.sleep(0.3)
    port.mask(str(path), True)
    time.sleep(0.4)
    port.mask(str(path), False)
    time.sleep(0.3)
    port.stop_recording(str(path))
    wait_until(lambda: listener.recordings)
    sound = read_wav(path)
    assert len(sound) > 0.9 * 8000
    assert not sound[3200:4800].any()
    assert level_of(sound[:1600]) > -30
    assert level_of(sound[-1600:]) > -30


def test_given_a_recording_that_runs_then_the_file_is_playable_at_any_moment(
    call: tuple[RtpPeer, Port], tmp_path: Path
) -> None:
    path = tmp_path / "call.wav"
    call[1].record(str(path), stereo=True)
    wait_until(lambda: path.exists() and path.stat().st_size > 1000)
    time.sleep(0.1)
    assert len(read_wav(path)) >= 4000


def test_given_a_port_that_closes_then_its_recording_is_finished(
    call: tuple[RtpPeer, Port], listener: RecordingListener, tmp_path: Path
) -> None:
    path = tmp_path / "call.wav"
    call[1].record(str(path), stereo=True)
    time.sleep(0.3)
    call[1].close()
    wait_until(lambda: listener.recordings == [(str(path), "port-closed")])
    assert len(read_wav(path)) > 1600


def test_given_a_disk_that_refuses_then_that_is_told_and_the_call_goes_on(
    call: tuple[RtpPeer, Port], listener: RecordingListener, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    path = str(tmp_path / "file" / "call.wav")
    call[1].record(path, stereo=True)
    wait_until(lambda: listener.recordings)
    assert listener.recordings[0][1].startswith("disk-error: ")
    wait_until(lambda: share_of_tone(call[0].heard(0.2), 1000) > 0.9)


class Stuck:
    """A source that breaks the rule and waits."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def read(self, count: int = 160) -> Samples | None:
        self.let_go.wait(5)
        return None


class Broken:
    """A source that fails."""

    def read(self, count: int = 160) -> Samples | None:
        raise RuntimeError("the decoder broke")


def test_given_media_that_stands_still_then_the_watchdog_says_for_how_long(listener: RecordingListener) -> None:
    stalls: list[float] = []
    engine = MediaEngine(MediaSettings(stall_seconds=0.4), on_stall=stalls.append)
    engine.start()
    stuck = Stuck()
    engine.open_port(listener).play(stuck)
    wait_until(lambda: stalls)
    stuck.let_go.set()
    engine.stop()
    assert 0.4 <= stalls[0] < 1.0
    assert len(stalls) == 1


def test_given_a_media_thread_that_dies_then_that_is_told_at_once(
    listener: RecordingListener, caplog: pytest.LogCaptureFixture
) -> None:
    stalls: list[float] = []
    engine = MediaEngine(MediaSettings(stall_seconds=5), on_stall=stalls.append)
    engine.start()
    engine.open_port(listener)
    engine.order(lambda: [][0])
    wait_until(lambda: stalls == [0.0], patience=1)
    engine.stop()
    assert "the media thread died" in caplog.text


def test_given_a_source_that_fails_then_only_its_own_playback_ends(
    call: tuple[RtpPeer, Port], engine: MediaEngine, listener: RecordingListener, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL, "softswitch.media"):
        playback = engine.open_port(listener).play(Broken())
        wait_until(lambda: listener.playbacks == [(playback, False)])
    before = len(call[0].received)
    wait_until(lambda: len(call[0].received) > before + 5)


def test_given_a_delay_of_the_engine_then_no_more_than_two_packets_come_at_once_and_the_time_is_right(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA) as [anna]:
        port = engine.open_port(listener)
        anna.join(port)
        wait_until(lambda: len(anna.received) > 10)
        before = len(anna.received)
        engine.order(lambda: time.sleep(0.2))
        time.sleep(0.5)
        gained = anna.received[-1].timestamp - anna.received[before].timestamp
        packets = len(anna.received) - before
    assert 15 <= packets <= 19
    assert gained >= (packets + 5) * 160
    assert engine.statistics().skipped >= 7
