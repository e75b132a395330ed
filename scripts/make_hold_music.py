"""Compose the hold music that comes with the system: calm chords, plucked over soft strings, and a sparse melody.

The piece is this program's own, so it may be played to anybody. It never pauses, also not where it begins anew.

    python scripts/make_hold_music.py
"""

from __future__ import annotations

import argparse
import sys
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

FOLDER: Final = Path(__file__).resolve().parents[1] / "var/prompts/music/wachtmuziek"
RATE: Final = 8000
BEAT_SECONDS: Final = 0.42
BEATS_PER_CHORD: Final = 8
LEVEL: Final = 9000
RESTS: Final = -1

Chord = tuple[int, int, int, int]
A_MINOR, F, C, G = (57, 60, 64, 69), (53, 57, 60, 65), (48, 55, 60, 64), (55, 59, 62, 67)
D_MINOR, E_MINOR, B_FLAT = (50, 57, 62, 65), (52, 55, 59, 64), (58, 62, 65, 70)
"""MIDI numbers of the notes of each chord."""

RISING, FALLING, ROCKING = (0, 2, 3, 2, 1, 2, 3, 1), (3, 1, 2, 0, 3, 2, 1, 2), (0, 3, 1, 3, 2, 3, 1, 3)
"""Which note of the chord each beat plucks."""


@dataclass(frozen=True, slots=True)
class Part:
    """Four chords of the piece, how they are plucked, and a melody: one note for each half chord, or a rest."""

    chords: tuple[Chord, ...]
    figure: tuple[int, ...]
    melody: tuple[int, ...] = (RESTS,) * 8


HOME, AWAY, BRIDGE = (A_MINOR, F, C, G), (F, G, E_MINOR, A_MINOR), (D_MINOR, B_FLAT, F, G)
PIECE: Final = (
    Part(HOME, RISING),
    Part(HOME, FALLING, (76, 74, 72, 69, 72, 67, 71, 74)),
    Part(AWAY, ROCKING),
    Part(AWAY, RISING, (77, 72, 74, 71, 71, 67, 72, 76)),
    Part(BRIDGE, FALLING, (74, 77, 74, 70, 72, 69, 71, RESTS)),
    Part(HOME, ROCKING),
    Part(AWAY, FALLING, (72, RESTS, 74, RESTS, 76, 74, 72, RESTS)),
    Part(HOME, RISING, (RESTS, 76, 72, RESTS, 67, RESTS, 74, 71)),
)
"""What comes back is known, what changes keeps it from wearing: under two minutes until the same bar sounds again."""

Sound = NDArray[np.float64]


def compose() -> NDArray[np.int16]:
    """The whole piece; its end runs over into its beginning."""
    part_seconds = len(HOME) * BEATS_PER_CHORD * BEAT_SECONDS
    piece = np.zeros(int(len(PIECE) * part_seconds * RATE))
    for number, part in enumerate(PIECE):
        _add_part(piece, number * part_seconds, part)
    loud: NDArray[np.int16] = (piece / np.abs(piece).max() * LEVEL).astype(np.int16)
    return loud


def _add_part(piece: Sound, at_seconds: float, part: Part) -> None:
    for place, chord in enumerate(part.chords):
        begins_at = at_seconds + place * BEATS_PER_CHORD * BEAT_SECONDS
        for note in chord:
            _mix(piece, begins_at - 0.4, strings(note))
        for beat, choice in enumerate(part.figure):
            _mix(piece, begins_at + beat * BEAT_SECONDS, pluck(chord[choice] + 12))
    for half, note in enumerate(part.melody):
        if note != RESTS:
            _mix(piece, at_seconds + half * BEATS_PER_CHORD * BEAT_SECONDS / 2, sung(note))


def sung(note: int) -> Sound:
    """A melody note: soft, with a slow vibrato, over half a chord."""
    seconds = np.arange(int(BEATS_PER_CHORD * BEAT_SECONDS / 2 * 1.1 * RATE)) / RATE
    swell = np.minimum(np.minimum(seconds / 0.15, seconds[::-1] / 0.6), 1)
    wavering = seconds + 0.0004 * np.sin(2 * np.pi * 4.5 * seconds)
    sound: Sound = (_wave(note, wavering, 1) + _wave(note, wavering, 2) / 4) * swell * 0.45
    return sound


def pluck(note: int) -> Sound:
    """A plucked string, fading out over a second and a half."""
    seconds = np.arange(int(1.5 * RATE)) / RATE
    sound: Sound = sum((_wave(note, seconds, part) / part**1.5 for part in (1, 2, 3)), np.zeros(len(seconds)))
    sound *= np.exp(-3.2 * seconds) * np.minimum(seconds / 0.008, 1)
    return sound


def strings(note: int) -> Sound:
    """A soft chord tone, a little longer than its chord, so that one runs over into the next."""
    seconds = np.arange(int((BEATS_PER_CHORD * BEAT_SECONDS + 0.8) * RATE)) / RATE
    swell = np.minimum(np.minimum(seconds, seconds[::-1]) / 0.8, 1)
    sound: Sound = (_wave(note, seconds, 1.003) + _wave(note, seconds, 0.997)) * swell * 0.22
    return sound


def _wave(note: int, seconds: Sound, part: float) -> Sound:
    hertz = 440 * 2 ** ((note - 69) / 12)
    wave_form: Sound = np.sin(2 * np.pi * hertz * part * seconds)
    return wave_form


def _mix(piece: Sound, at_seconds: float, sound: Sound) -> None:
    """Add a sound; what is before the beginning or after the end comes round at the other side."""
    start = int(at_seconds * RATE)
    places = np.arange(start, start + len(sound)) % len(piece)
    piece[places] += sound


def main() -> int:
    """Write the file and say where."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, help=f"folder for cx-round.wav ({FOLDER})")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / "cx-round.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(compose().astype("<i2").tobytes())
    print(folder / "cx-round.wav")
    return 0


if __name__ == "__main__":
    sys.exit(main())
