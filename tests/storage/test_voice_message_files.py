"""The files of voice messages: their length, also of one that was broken off, and how long they are kept."""

from __future__ import annotations

import os
import struct
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cxcore.recordings import sealing
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.message_intake import MessageIntake
from cxcore.recordings.voice_messages import VoiceMessageFolder, write_beep
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def folder(path: Path) -> VoiceMessageFolder:
    return VoiceMessageFolder(path, keys(path))


def keys(path: Path) -> KeyRing:
    ring = KeyRing(path / "keys")
    ring.prepare(NOW.date())
    return ring


def write(path: Path, seconds: float) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(int(16000 * seconds)))


def frames(path: Path) -> int:
    with wave.open(str(path)) as file:
        return int(file.getnframes())


@pytest.mark.parametrize("said", [0, 4000, 0xFFFFFFFF])
def test_recording_that_was_broken_off_is_as_long_as_its_file_and_can_be_played(tmp_path: Path, said: int) -> None:
    messages = folder(tmp_path)
    write(tmp_path / "m.wav", 3)
    with (tmp_path / "m.wav").open("r+b") as file:
        file.seek(40)
        file.write(struct.pack("<I", said))
    assert messages.seconds("m.wav") == 3
    assert frames(tmp_path / "m.wav") == 24_000


def test_whole_recording_is_left_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "m.wav", 2.5)
    before = (tmp_path / "m.wav").read_bytes()
    assert folder(tmp_path).seconds("m.wav") == 2.5
    assert (tmp_path / "m.wav").read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"no sound at all, but longer than a head is"])
def test_file_that_lacks_or_is_no_sound_has_no_length(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "m.wav").write_bytes(content)
    assert folder(tmp_path).seconds("m.wav") == 0


def test_old_files_are_removed_except_those_to_keep(tmp_path: Path) -> None:
    messages = folder(tmp_path)
    for name, age in (("old.wav", 40), ("waits.wav", 40), ("new.wav", 1)):
        write(tmp_path / name, 1)
        at = (NOW - timedelta(days=age)).timestamp()
        os.utime(tmp_path / name, (at, at))
    assert messages.forget(NOW - timedelta(days=30), frozenset({"waits.wav"})) == 1
    assert sorted(path.name for path in tmp_path.glob("*.wav")) == ["new.wav", "waits.wav"]


def test_beep_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "sounds" / "beep.wav"
    assert write_beep(path) == pytest.approx(frames(path) / 8000)
    path.write_bytes(b"our own")
    write_beep(path)
    assert path.read_bytes() == b"our own"


class Facts:
    """An index that knows of some contacts."""

    def __init__(self, *known: str) -> None:
        self.known = known

    def knows_contact(self, contact_id: str) -> bool:
        return contact_id in self.known


def intake(path: Path, clock: FakeClock, *known: str) -> MessageIntake:
    return MessageIntake(Facts(*known), path, keys(path), clock)  # type: ignore[arg-type]


def spoken(path: Path, seconds: float = 3) -> bytes:
    write(path, seconds)
    content = bytearray(path.read_bytes())
    content[1000:1011] = b"naar Sofie!"
    path.write_bytes(content)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return bytes(content)


def test_message_that_was_spoken_is_encrypted_and_the_plain_file_goes_a_little_later(tmp_path: Path) -> None:
    clock = FakeClock(NOW + timedelta(seconds=3))
    content, messages = spoken(tmp_path / "m.wav"), folder(tmp_path)
    assert intake(tmp_path, clock, "m").look() == 1
    assert b"naar Sofie!" not in (tmp_path / "kept" / "m.wav.sealed").read_bytes()
    assert (tmp_path / "m.wav").exists()
    clock = FakeClock(datetime.now(UTC) + timedelta(seconds=6))  # noqa: TID251 - files bear the machine's own time
    intake(tmp_path, clock, "m").look()
    assert not (tmp_path / "m.wav").exists()
    assert messages.seconds("m.wav") == 3
    copy = Path(messages.playable("m.wav"))
    assert copy.read_bytes() == content
    messages.put_away("m.wav")
    assert list((tmp_path / "playing").iterdir()) == []


def test_message_that_is_still_being_spoken_is_left_alone(tmp_path: Path) -> None:
    spoken(tmp_path / "m.wav")
    assert intake(tmp_path, FakeClock(NOW + timedelta(seconds=30))).look() == 0
    assert intake(tmp_path, FakeClock(NOW + timedelta(seconds=1)), "m").look() == 0
    assert intake(tmp_path, FakeClock(NOW + timedelta(seconds=700))).look() == 1


def test_copy_that_a_killed_core_left_behind_goes_when_the_next_one_begins(tmp_path: Path) -> None:
    spoken(tmp_path / "m.wav")
    intake(tmp_path, FakeClock(NOW + timedelta(seconds=3)), "m").look()
    folder(tmp_path).playable("m.wav")
    folder(tmp_path)
    assert list((tmp_path / "playing").iterdir()) == []


def test_old_message_is_destroyed_with_its_key_and_one_that_waits_stays(tmp_path: Path) -> None:
    for name in ("old.wav", "waits.wav"):
        spoken(tmp_path / name)
    intake(tmp_path, FakeClock(NOW + timedelta(seconds=3)), "old", "waits").look()
    for path in tmp_path.glob("*.wav"):
        path.unlink()
    later = datetime.now(UTC) + timedelta(days=1)  # noqa: TID251 - files bear the machine's own time
    assert folder(tmp_path).forget(later, frozenset({"waits.wav"})) == 1
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["waits.wav.key", "waits.wav.sealed"]


def test_message_whose_key_is_gone_is_told_and_not_played(tmp_path: Path) -> None:
    spoken(tmp_path / "m.wav")
    intake(tmp_path, FakeClock(NOW + timedelta(seconds=3)), "m").look()
    for key in (tmp_path / "keys").glob("*.key"):
        key.unlink()
    assert not Path(folder(tmp_path).playable("m.wav")).exists()
    assert sealing.is_sealed(tmp_path / "kept", "m.wav")
