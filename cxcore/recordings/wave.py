"""WAV files as the switch writes them, also those whose writer was killed: then the head tells less than is there."""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from cxcore.ports.recordings import Peaks

SAMPLE_OCTETS = 2
HEAD_OCTETS = 44
PICTURE_POINTS = 1000
FOLLOWERS = (b"LIST", b"PEAK", b"fact", b"id3 ", b"bext")
"""What may stand behind the samples of a file that was closed."""
LINEAR_PCM = 1


class NotARecording(Exception):
    """The file is not the sound that the switch writes; the message says why."""


@dataclass(frozen=True, slots=True)
class WaveFile:
    """Where the samples stand in a file: `frames` of `channels` samples of 16 bit each, from octet `begin` on."""

    path: Path
    begin: int
    frames: int
    channels: int
    rate: int

    @property
    def frame_octets(self) -> int:
        """Of one sample of each channel."""
        return self.channels * SAMPLE_OCTETS

    @property
    def duration_seconds(self) -> float:
        """How long it sounds."""
        return self.frames / self.rate

    def blocks(self, frames: int) -> Iterator[bytes]:
        """The samples, so many frames at a time."""
        with self.path.open("rb") as file:
            file.seek(self.begin)
            left = self.frames
            while left > 0:
                block = file.read(min(frames, left) * self.frame_octets)
                if not block:
                    return
                yield block
                left -= len(block) // self.frame_octets


def open_wave(path: Path) -> WaveFile:
    """Find the samples. Raises `NotARecording` or OSError."""
    with path.open("rb") as file:
        if file.read(4) != b"RIFF" or not file.read(4) or file.read(4) != b"WAVE":
            raise NotARecording("it is no WAV file")
        return _samples(path, file, os.fstat(file.fileno()).st_size)


def _samples(path: Path, file: BinaryIO, size: int) -> WaveFile:
    form: tuple[int, int] | None = None
    while len(head := file.read(8)) == 8:
        name, length = struct.unpack("<4sI", head)
        if name == b"fmt ":
            form = _form(file.read(length))
        elif name == b"data":
            if form is None:
                raise NotARecording("it does not say what its samples are")
            channels, rate = form
            octets = _length(file, file.tell(), length, size)
            return WaveFile(path, file.tell(), octets // (channels * SAMPLE_OCTETS), channels, rate)
        else:
            file.seek(length + length % 2, os.SEEK_CUR)
    raise NotARecording("it holds no samples")


def _form(octets: bytes) -> tuple[int, int]:
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", octets[:16])
    if kind != LINEAR_PCM or bits != 16 or channels not in (1, 2) or not rate:
        raise NotARecording(f"format {kind}, {channels} channels, {bits} bit: not what recordings are made of")
    return channels, rate


def _length(file: BinaryIO, begin: int, told: int, size: int) -> int:
    """What the head says, unless the file was not closed and holds more or less."""
    there = size - begin
    if told >= there or told == 0:
        return there
    file.seek(begin + told + told % 2)
    follower = file.read(4)
    file.seek(begin)
    return told if follower in FOLLOWERS else there


class Painter:
    """Makes the picture of a recording while its samples pass by."""

    def __init__(self, wave: WaveFile) -> None:
        self.block_frames = max(wave.frames // PICTURE_POINTS, 1)
        self._channels = wave.channels
        self._loudest: list[tuple[int, int]] = []

    def see(self, block: bytes) -> None:
        """Take the next `block_frames` frames."""
        samples = np.frombuffer(block, dtype="<i2").reshape(-1, self._channels)
        loud = np.abs(samples.astype(np.int32)).max(axis=0)
        self._loudest.append((int(loud[0]), int(loud[-1])))

    def picture(self) -> Peaks:
        """How loud each part was. The root makes a soft voice visible beside a loud one."""
        caller, agent = (bytes(_height(loud) for loud in track) for track in zip(*self._loudest, strict=True))
        return Peaks(caller, agent)


def _height(loudness: int) -> int:
    return min(round(math.sqrt(loudness / 32768) * 255), 255)


def wave_head(channels: int, rate: int, octets: int) -> bytes:
    """The 44 octets before the samples (RIFF WAVE, linear PCM)."""
    frame = channels * SAMPLE_OCTETS
    riff = struct.pack("<4sI4s", b"RIFF", 36 + octets, b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, LINEAR_PCM, channels, rate, rate * frame, frame, 16)
    return riff + form + struct.pack("<4sI", b"data", octets)


def one_channel(octets: bytes, channel: int) -> bytes:
    """One channel of a block of stereo samples."""
    return np.frombuffer(octets, dtype="<i2").reshape(-1, 2)[:, channel].tobytes()
