"""The files of voice messages: their length, also of one that was broken off, and how long they are kept."""

from __future__ import annotations

import os
import struct
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cxcore.recordings.voice_messages import VoiceMessageFolder, write_beep

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def write(path: Path, seconds: float) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(int(16000 * seconds)))


def frames(path: Path) -> int:
    with wave.open(str(path)) as file:
        return file.getnframes()


@pytest.mark.parametrize("said", [0, 4000, 0xFFFFFFFF])
def test_recording_that_was_broken_off_is_as_long_as_its_file_and_can_be_played(tmp_path: Path, said: int) -> None:
    messages = VoiceMessageFolder(tmp_path)
    write(tmp_path / "m.wav", 3)
    with (tmp_path / "m.wav").open("r+b") as file:
        file.seek(40)
        file.write(struct.pack("<I", said))
    assert messages.seconds("m.wav") == 3
    assert frames(tmp_path / "m.wav") == 24_000


def test_whole_recording_is_left_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "m.wav", 2.5)
    before = (tmp_path / "m.wav").read_bytes()
    assert VoiceMessageFolder(tmp_path).seconds("m.wav") == 2.5
    assert (tmp_path / "m.wav").read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"no sound at all, but longer than a head is"])
def test_file_that_lacks_or_is_no_sound_has_no_length(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "m.wav").write_bytes(content)
    assert VoiceMessageFolder(tmp_path).seconds("m.wav") == 0


def test_old_files_are_removed_except_those_to_keep(tmp_path: Path) -> None:
    messages = VoiceMessageFolder(tmp_path)
    for name, age in (("old.wav", 40), ("waits.wav", 40), ("new.wav", 1)):
        write(tmp_path / name, 1)
        at = (NOW - timedelta(days=age)).timestamp()
        os.utime(tmp_path / name, (at, at))
    assert messages.forget(NOW - timedelta(days=30), frozenset({"waits.wav"})) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.wav", "waits.wav"]


def test_beep_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "sounds" / "beep.wav"
    assert write_beep(path) == pytest.approx(frames(path) / 8000)
    path.write_bytes(b"our own")
    write_beep(path)
    assert path.read_bytes() == b"our own"
