"""What a port can play."""

import wave
from pathlib import Path

import numpy as np
import pytest

from softswitch.media.codec import Samples
from softswitch.media.hold_music import HoldMusic, NoHoldMusic
from softswitch.media.sources import (
    FileSource,
    SilenceSource,
    Source,
    StreamSource,
    ToneSource,
    UnreadableSound,
    UnreadableTone,
    tone,
)


def write_wav(path: Path, samples: Samples, rate: int = 8000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def played(source: Source, most_ticks: int = 1000) -> Samples:
    frames: list[Samples] = []
    while len(frames) < most_ticks and (frame := source.read()) is not None:
        assert len(frame) == 160
        frames.append(frame)
    return np.concatenate(frames) if frames else np.zeros(0, np.int16)


def loudest_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.argmax(spectrum)) * 8000 / len(samples)


def test_files_are_played_one_after_another_without_a_gap(tmp_path: Path) -> None:
    first = write_wav(tmp_path / "a.wav", np.arange(1, 251, dtype=np.int16))
    second = write_wav(tmp_path / "b.wav", np.arange(251, 401, dtype=np.int16))
    assert played(FileSource([first, second])).tolist() == [*range(1, 401), *[0] * 80]


def test_loops_join_without_a_gap(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.arange(1, 101, dtype=np.int16))
    assert played(FileSource([path], loops=8)).tolist() == [*range(1, 101)] * 8


def test_a_file_that_is_played_often_is_in_memory_once(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.ones(800, dtype=np.int16))
    frames = [FileSource([path] * 12).read() for _ in range(3)]
    assert all(frame is not None and np.shares_memory(frame, frames[0]) for frame in frames)


def test_an_endless_file_does_not_end(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.ones(70, dtype=np.int16))
    assert played(FileSource([path], loops=-1), 500).tolist() == [1] * 500 * 160


def test_sixteen_kilohertz_is_brought_to_eight_and_what_would_fold_over_is_taken_out(tmp_path: Path) -> None:
    time = np.arange(16000) / 16000
    sound = np.sin(2 * np.pi * 1000 * time) * 8000 + np.sin(2 * np.pi * 6000 * time) * 8000
    heard = played(FileSource([write_wav(tmp_path / "a.wav", sound.astype(np.int16), rate=16000)]))
    spectrum = np.abs(np.fft.rfft(heard[:8000]))
    assert loudest_hz(heard[:8000]) == 1000
    assert spectrum[2000] < spectrum[1000] / 500


def test_stereo_is_brought_to_mono(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.array([100, 300] * 160, dtype=np.int16), channels=2)
    assert set(played(FileSource([path])).tolist()) == {200}


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all, but long enough to be looked at as if it were"])
def test_a_file_that_is_no_sound_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    with pytest.raises(UnreadableSound, match=r"broken\.wav"):
        FileSource([path])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSound, match=r"missing\.wav: No such file"):
        FileSource([tmp_path / "missing.wav"])


def test_a_rate_that_is_not_played_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "cd.wav", np.zeros(10, np.int16), rate=44100)
    with pytest.raises(UnreadableSound, match="convert it to 8000 or 16000"):
        FileSource([path])


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.full(160, 5, np.int16))
    played(FileSource([path]))
    write_wav(path, np.full(320, 6, np.int16))
    assert played(FileSource([path])).tolist() == [6] * 320


def test_silence_lasts_as_long_as_asked() -> None:
    assert len(played(SilenceSource(1000))) == 8000
    assert len(played(SilenceSource(0), 10_000)) == 10_000 * 160


def test_a_tone_has_its_pitch_its_length_and_its_pause() -> None:
    heard = played(ToneSource.parse("%(1000,500,425);loops=2"))
    assert len(heard) == 2 * 12000
    assert loudest_hz(heard[:8000]) == 425
    assert not heard[8000:12000].any()


def test_a_tone_of_several_steps_and_frequencies() -> None:
    heard = played(ToneSource.parse("v=-13;%(200,0,950)%(200,0,1400)%(200,0,1800,2000)"))
    assert len(heard) == 4800
    assert [loudest_hz(heard[start : start + 1600]) for start in (0, 1600)] == [950, 1400]


@pytest.mark.parametrize("text", ["", "beep", "%(1000,4000)", "%(a,b,c)", "loops=3", "%(1000,0,425)rubbish"])
def test_a_tone_that_is_not_understood_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UnreadableTone, match="write for instance"):
        ToneSource.parse(text)


def test_all_who_hear_a_stream_hear_the_same_moment(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", tone([440], 2))
    music = HoldMusic(tmp_path)
    assert (music.frame(77) == music.frame(77)).all()
    assert StreamSource(music).read() is not None


def test_hold_music_has_no_pause_between_files_and_one_level(tmp_path: Path) -> None:
    pause = np.zeros(8000, np.int16)
    write_wav(tmp_path / "1.wav", np.concatenate([pause, tone([440], 2, -3), pause]))
    write_wav(tmp_path / "2.wav", np.concatenate([pause, tone([550], 2, -40), pause]))
    music = HoldMusic(tmp_path)
    ticks = [float(np.sqrt(np.mean(music.frame(tick).astype(float) ** 2))) for tick in range(500)]
    assert music.seconds == pytest.approx(4, abs=0.05)
    assert min(ticks) > 0.8 * max(ticks)


def test_a_folder_without_music_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoHoldMusic, match="put WAV files"):
        HoldMusic(tmp_path)
