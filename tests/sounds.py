"""Sound for tests: tones in WAV files, and how loud a tone is in some samples."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

RATE = 8000


def tone(hertz: float, seconds: float, loudness: float = 0.3) -> np.ndarray:
    """Samples of one tone."""
    at = np.arange(round(seconds * RATE)) / RATE
    return (np.sin(2 * np.pi * hertz * at) * loudness * 32767).astype("<i2")


def stereo(left: np.ndarray, right: np.ndarray) -> bytes:
    """Both tracks as the samples of a stereo file."""
    return np.stack((left, right), axis=1).astype("<i2").tobytes()


def write_wav(path: Path, samples: bytes, channels: int = 2, told: int | None = None) -> None:
    """Write a WAV file."""
    path.write_bytes(wav(samples, channels, told))


def wav(samples: bytes, channels: int = 2, told: int | None = None) -> bytes:
    """A WAV file; `told` is what its head says of the length, when that is not the truth."""
    told = len(samples) if told is None else told
    riff = struct.pack("<4sI4s", b"RIFF", min(36 + told, 0xFFFFFFFF), b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, RATE, RATE * 2 * channels, 2 * channels, 16)
    return riff + form + struct.pack("<4sI", b"data", told) + samples
