"""Compose the hold music that comes with the system: a calm round of four chords, plucked notes over soft strings.

The piece is this program's own, so it may be played to anybody. It never pauses, also not where it begins anew.

    python scripts/make_hold_music.py var/hold-music
"""

from __future__ import annotations

import argparse
import sys
import wave
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 8000
BEAT_SECONDS: Final = 0.42
BEATS_PER_CHORD: Final = 8
ROUNDS: Final = 2
LEVEL: Final = 9000
CHORDS: Final = ((57, 60, 64, 69), (53, 57, 60, 65), (48, 55, 60, 64), (55, 59, 62, 67))
"""MIDI numbers: A minor, F, C, G."""
FIGURES: Final = ((0, 2, 3, 2, 1, 2, 3, 1), (3, 1, 2, 0, 3, 2, 1, 2))
"""Which note of the chord each beat plucks, per round."""

Sound = NDArray[np.float64]


def compose() -> NDArray[np.int16]:
    """The whole piece; its end runs over into its beginning."""
    beats = ROUNDS * len(CHORDS) * BEATS_PER_CHORD
    piece = np.zeros(int(beats * BEAT_SECONDS * RATE))
    for number in range(beats):
        chord = CHORDS[number // BEATS_PER_CHORD % len(CHORDS)]
        figure = FIGURES[number // (BEATS_PER_CHORD * len(CHORDS)) % len(FIGURES)]
        _mix(piece, number * BEAT_SECONDS, pluck(chord[figure[number % BEATS_PER_CHORD]] + 12))
        if number % BEATS_PER_CHORD == 0:
            for note in chord:
                _mix(piece, number * BEAT_SECONDS - 0.4, strings(note))
    loud: NDArray[np.int16] = (piece / np.abs(piece).max() * LEVEL).astype(np.int16)
    return loud


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
    parser.add_argument("folder", type=Path, help="folder for the file cx-round.wav; made when it is not there")
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
