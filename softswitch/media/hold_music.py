"""Hold music: the files of a folder, one after another, for ever, at one position for all callers.

The files are read once, brought to one level, and freed of silence at their ends, so that no caller ever hears a pause.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from softswitch.media.codec import SAMPLE_RATE, TICK_SAMPLES, Samples
from softswitch.media.sources import UnreadableSound, read_sound

LEVEL_DBOV: Final = -20.0
"""The level to which each file is brought, that of speech on a telephone line (ITU-T G.100 recommends −20 ± 5)."""
PEAK: Final = 24000
SILENCE: Final = 100
"""Samples below this at the ends of a file are cut off (about −50 dBov)."""


class NoHoldMusic(Exception):
    """The folder has no file to play."""

    def __init__(self, directory: str) -> None:
        super().__init__(f"{directory}: no hold music; put WAV files of 8 or 16 kHz there")
        self.directory = directory


class HoldMusic:
    """A `Stream` of the WAV files of a folder in the order of their names."""

    def __init__(self, directory: str | Path) -> None:
        """Reads the files. Raises `NoHoldMusic`, or `UnreadableSound` naming the file."""
        parts = [_ready(path) for path in sorted(Path(directory).glob("*.wav"))]
        if not parts:
            raise NoHoldMusic(str(directory))
        self._sound = _whole_ticks(np.concatenate(parts)).reshape(-1, TICK_SAMPLES)

    @property
    def seconds(self) -> float:
        """How long it takes until the music begins anew."""
        return self._sound.size / SAMPLE_RATE

    def frame(self, tick: int) -> Samples:
        """See `Stream`."""
        frame: Samples = self._sound[tick % len(self._sound)]
        return frame


def _ready(path: Path) -> Samples:
    sound = read_sound(path)
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) >= SILENCE)
    if not len(loud):
        raise UnreadableSound(str(path), "nothing but silence")
    return _levelled(sound[loud[0] : loud[-1] + 1])


def _levelled(sound: Samples) -> Samples:
    linear = sound.astype(np.float64)
    power = float(np.sqrt(np.mean(linear**2)))
    gain = min(32768 * 10 ** (LEVEL_DBOV / 20) / power, PEAK / float(np.abs(linear).max()))
    levelled: Samples = (linear * gain).astype(np.int16)
    return levelled


def _whole_ticks(sound: Samples) -> Samples:
    """The sound repeated or cut so that it fills whole ticks."""
    if len(sound) < TICK_SAMPLES:
        sound = np.tile(sound, -(-TICK_SAMPLES // len(sound)))
    whole: Samples = sound[: len(sound) // TICK_SAMPLES * TICK_SAMPLES]
    return whole
