"""Fits speech for the line: in its band, at one level, without silence at the ends.

Level: speech at −20 dBov, its pauses left out, after the idea of ITU-T P.56. EBU R128 was made for programmes of
minutes with a pause of 400 ms as its grain; a prompt of one word has no loudness by its gates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from cxcore.sound.telephone import RATE, Sound, amplitude, frame_powers, limited, narrowed, speech_level, telephone_band

WIDE_RATE: Final = 2 * RATE
SPEECH_DBOV: Final = -20.0
"""Level of speech on a line (ITU-T G.100 recommends −20 ± 5), the same as the hold music's in softswitch."""
CEILING: Final = 0.85
LEAD_SECONDS: Final = 0.15
"""Silence before the speech: the first packets after an answer may be lost to the opening of the path."""
TAIL_SECONDS: Final = 0.25
FADE_SECONDS: Final = 0.01
"""A recording's background begins and ends softly instead of with a click."""
QUIET_DB: Final = -32.0
"""What lies so far below the speech is silence at the ends; quieter ends of words do not pass a telephone."""
FAINTEST_DBOV: Final = -65.0
PEAKS: Final = 240
"""Bars of a waveform; the widest one on a page is about 700 pixels."""


class NothingHeard(Exception):
    """The sound is silent, or so faint that only noise would come of it."""

    def __init__(self) -> None:
        super().__init__("nothing can be heard in it; record it again, louder, or take it away")


@dataclass(frozen=True, slots=True)
class Fitted:
    """The same speech for a telephone line (8000 samples a second) and for a wide one (16000)."""

    narrow: Sound
    wide: Sound

    @property
    def seconds(self) -> float:
        return len(self.narrow) / RATE


def fit_for_the_line(speech: Sound) -> Sound:
    """Speech of 8000 samples a second in the telephone band, trimmed, at the level of speech. Raises `NothingHeard`."""
    room = np.zeros(RATE // 10)
    banded = telephone_band(np.concatenate([room, speech, room]))
    begin, end = _spoken_part(banded)
    trimmed = _cut(banded, begin, end, RATE)
    return limited(trimmed * _gain(trimmed), CEILING)


def fit_for_both(speech: Sound) -> Fitted:
    """Speech of 16000 samples a second, fitted for narrow and wide lines alike. Raises `NothingHeard`."""
    room = np.zeros(WIDE_RATE // 10)
    wide = np.concatenate([room, speech, np.zeros(-len(speech) % 4), room])
    narrow = narrowed(wide)
    begin, end = _spoken_part(narrow)
    trimmed = _cut(narrow, begin, end, RATE)
    gain = _gain(trimmed)
    wide = _cut(wide, 2 * begin, 2 * end, WIDE_RATE)
    return Fitted(limited(trimmed * gain, CEILING), limited(wide * gain, CEILING))


def peaks(sound: Sound) -> tuple[int, ...]:
    """The waveform as bars from 0 to 100."""
    parts = np.array_split(np.abs(sound), min(PEAKS, max(len(sound), 1)))
    return tuple(min(100, round(100 * float(part.max(initial=0.0)))) for part in parts)


def _spoken_part(sound: Sound) -> tuple[int, int]:
    """Where the speech begins and ends, in samples."""
    level = speech_level(sound)
    if level < FAINTEST_DBOV:
        raise NothingHeard
    frame = RATE // 100
    loud = np.flatnonzero(frame_powers(sound, frame) >= amplitude(level + QUIET_DB) ** 2)
    return int(loud[0]) * frame, int(loud[-1] + 1) * frame


def _cut(sound: Sound, begin: int, end: int, rate: int) -> Sound:
    """That part, with a little room before and after it, which fades."""
    lead, tail = int(LEAD_SECONDS * rate), int(TAIL_SECONDS * rate)
    part = np.pad(sound, (lead, tail + rate // 100))[begin : end + lead + tail]
    slope = np.linspace(0, 1, int(FADE_SECONDS * rate))
    gain = np.ones(len(part))
    gain[: len(slope)] = slope
    gain[-len(slope) :] = slope[::-1]
    return part * gain


def _gain(speech: Sound) -> float:
    return amplitude(SPEECH_DBOV - speech_level(speech))
