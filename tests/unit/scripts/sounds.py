"""Measures sound files as they come out of set-up."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxcore.sound.telephone import RATE, Sound


def samples(path: Path) -> NDArray[np.int16]:
    """The samples of a WAV file that has the form every switch plays without converting."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def sound(path: Path) -> Sound:
    """The same as floats, 1.0 being full scale."""
    return samples(path) / 32768


def share_decibels(sound: Sound, low: float, high: float) -> float:
    """How much of the power lies between two frequencies."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    within = power[(frequencies >= low) & (frequencies < high)].sum()
    return float(10 * np.log10(within / power.sum() + 1e-30))
