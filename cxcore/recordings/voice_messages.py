"""The files of voice messages, in a folder that the switch and the core share (port `cxcore.ports.voice_messages`).

A recording that was broken off by the death of the switch may say in its head that it holds no sound, or less than it
does: FreeSWITCH writes the sizes when it closes the file. They are put right from the size of the file (RIFF WAVE,
multimedia programming interface 1.0: a chunk is its name, its size, and its octets).
"""

from __future__ import annotations

import logging
import math
import struct
import wave
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import BinaryIO

log = logging.getLogger(__name__)

BEEP_HERTZ, BEEP_SECONDS, BEEP_LEVEL = 1100, 0.4, 0.3
RATE = 8000
RIFF_HEAD = 12
CHUNK_HEAD = struct.Struct("<4sI")
FORMAT = struct.Struct("<HHIIHH")


class VoiceMessageFolder:
    """Voice messages as files of one folder, which only the core's user and the switch's can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._folder.mkdir(mode=0o770, parents=True, exist_ok=True)

    def path(self, recording: str) -> PurePath:
        """The place of the file."""
        return self._folder / recording

    def seconds(self, recording: str) -> float:
        """The length of the sound, after a broken-off head was put right; 0.0 for a file that lacks or is no WAV."""
        try:
            with (self._folder / recording).open("r+b") as file:
                return _mended(file)
        except (OSError, ValueError, struct.error) as fault:
            log.warning("voice message %s cannot be read: %s", recording, fault)
            return 0.0

    def remove(self, recording: str) -> None:
        """Remove one file, if it is there."""
        path = self._folder / recording
        if path.exists():
            _removed(path)

    def forget(self, before: datetime, keep: frozenset[str]) -> int:
        """Remove old files. One that cannot be removed is told in the log, and tried again the next time."""
        old = [path for path in self._folder.glob("*.wav") if path.name not in keep and _written_at(path) < before]
        return sum(_removed(path) for path in old)


def _written_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except OSError as fault:
        log.warning("voice message %s cannot be removed: %s", path, fault.strerror or fault)
        return False
    return True


def _mended(file: BinaryIO) -> float:
    """Write the true sizes into the head, and give the length in seconds."""
    size = file.seek(0, 2)
    octets_a_second, data_at = _read_head(file, size)
    octets = size - data_at
    file.seek(data_at - 4)
    if struct.unpack("<I", file.read(4))[0] != octets:
        file.seek(4)
        file.write(struct.pack("<I", size - CHUNK_HEAD.size))
        file.seek(data_at - 4)
        file.write(struct.pack("<I", octets))
    return octets / octets_a_second


def _read_head(file: BinaryIO, size: int) -> tuple[int, int]:
    """Octets a second, and where the samples begin. The samples are the last chunk."""
    file.seek(0)
    if file.read(RIFF_HEAD)[:4] != b"RIFF":
        raise ValueError("it is no RIFF file")
    octets_a_second, at = 0, RIFF_HEAD
    while at + CHUNK_HEAD.size <= size:
        file.seek(at)
        name, length = CHUNK_HEAD.unpack(file.read(CHUNK_HEAD.size))
        if name == b"data" and octets_a_second:
            return octets_a_second, at + CHUNK_HEAD.size
        if name == b"fmt ":
            octets_a_second = FORMAT.unpack(file.read(FORMAT.size))[3]
        at += CHUNK_HEAD.size + length + length % 2
    raise ValueError("it holds no samples")


def write_beep(path: Path) -> float:
    """Make the sound after which callers speak, unless it is there; its seconds."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        height = BEEP_LEVEL * 32767
        turn = 2 * math.pi * BEEP_HERTZ / RATE
        samples = [round(height * math.sin(turn * at)) for at in range(int(BEEP_SECONDS * RATE))]
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return BEEP_SECONDS
