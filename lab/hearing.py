"""What a phone of the lab hears: level per half second, tones, silence."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from softswitch.media.codec import SAMPLE_RATE, TICK_SAMPLES, Samples
from softswitch.media.frames import level_of

HALF_SECOND_TICKS: Final = 25
SILENCE_DBOV: Final = -50.0
"""A half second below this level is silence; speech on a line is at −20 ± 10, a quiet room at −65."""
KEPT_SECONDS: Final = 10
LONGEST_HOURS: Final = 12
TONE_WIDTH_HZ: Final = 20.0
TONE_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class HalfSecond:
    """Half a second of what was heard; `at` is its beginning in seconds since the call began, `level` in dBov."""

    at: float
    level: float
    silence: bool


class Hearing:
    """Listens from the moment it is made. `listen` is called by the media thread, the rest by any."""

    def __init__(self, began_at: float) -> None:
        """`began_at` is the instant, in seconds of `time.monotonic`, from which times are counted."""
        self._began_at = began_at
        self._lock = threading.Lock()
        self._frames: deque[Samples] = deque(maxlen=KEPT_SECONDS * SAMPLE_RATE // TICK_SAMPLES)
        self._halves: deque[HalfSecond] = deque(maxlen=LONGEST_HOURS * 7200)
        self._ticks = 0
        self.sound_began_at: float | None = None
        """When the first sound was heard, to one tick of 20 ms; None before."""
        self._silence = 0
        self._longest_silence = 0

    def listen(self, said: Samples) -> None:
        """Take one tick."""
        with self._lock:
            self._frames.append(said)
            self._ticks += 1
            if self.sound_began_at is None and level_of(said) >= SILENCE_DBOV:
                self.sound_began_at = round(time.monotonic() - self._began_at, 3)
            if self._ticks % HALF_SECOND_TICKS == 0:
                self._note_half()

    @property
    def halves(self) -> list[HalfSecond]:
        """One entry per half second heard so far."""
        with self._lock:
            return list(self._halves)

    def last(self, seconds: float) -> Samples:
        """The samples of the last seconds, at most ten."""
        with self._lock:
            frames = list(self._frames)[-max(math.ceil(seconds * SAMPLE_RATE / TICK_SAMPLES), 1) :]
        return np.concatenate(frames) if frames else np.zeros(0, np.int16)

    def tone_share(self, hz: float, seconds: float = 0.5) -> float:
        """The share of the sound's energy within 20 Hz of a pitch, 0 to 1; 0 before so many seconds were heard."""
        sound = self.last(seconds)
        return tone_share(sound, hz) if len(sound) >= int(seconds * SAMPLE_RATE) else 0.0

    def longest_silence(self) -> float:
        """Seconds of the longest unbroken silence."""
        return self._longest_silence / 2

    def forget_sound(self) -> None:
        """Give the memory of the samples back; levels are kept."""
        with self._lock:
            self._frames.clear()

    def _note_half(self) -> None:
        frames = list(self._frames)[-HALF_SECOND_TICKS:]
        level = round(level_of(np.concatenate(frames)), 1)
        at = max(round(time.monotonic() - self._began_at - 0.5, 2), 0.0)
        half = HalfSecond(at, level, level < SILENCE_DBOV)
        self._halves.append(half)
        self._silence = self._silence + 1 if half.silence else 0
        self._longest_silence = max(self._longest_silence, self._silence)


def tone_share(sound: Samples, hz: float) -> float:
    """The share of a sound's energy within 20 Hz of a pitch; 0 for silence."""
    if level_of(sound) < SILENCE_DBOV:
        return 0.0
    energy = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    pitches = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    return float(energy[np.abs(pitches - hz) < TONE_WIDTH_HZ].sum() / energy.sum())
