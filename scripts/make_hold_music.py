#!/usr/bin/env python3
"""Make the hold music: a piece of our own, so that no rights are due, played by additive synthesis.

    scripts/make_hold_music.py
    scripts/make_hold_music.py --out var/prompts/music/wachtmuziek/wachtmuziek.wav

48 bars in G major, two and a half minutes, without a beginning or an end: the last chord and its reverberation run on
into the first bar. 8 kHz, mono, 16 bit PCM, 300–3400 Hz, −22 dBov. The same notes always give the same sound; it is
made again only when this file changes.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxcore.sound import telephone as line
from cxcore.sound.telephone import BAND_HERTZ, RATE, Sound

ROOT: Final = Path(__file__).resolve().parents[1]

# --- The composition -------------------------------------------------------------------------------------------------

BEAT: Final = 6400
"""Samples: 75 beats a minute, the pulse of somebody at rest, and 40 packets of 20 ms, so that the loop is whole."""
BAR_BEATS: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. Its chords share it evenly, each `bass: voicing` from low to high; a melody note is `PITCH:BEATS`."""

    chords: tuple[str, ...]
    melody: str


# Voicings stay between C4 and D5, where the line carries every fundamental but the lowest, and move by step or stay:
# the ear then hears one instrument breathing instead of jumps. Sevenths and ninths instead of triads: they do not
# close with a bump, so eight bars can come round often without sounding finished.
SECTIONS: Final[dict[str, tuple[Bar, ...]]] = {
    # The theme. Falls from the tonic by thirds (G–e–C) and ends on the dominant, suspended first: a question.
    "theme": (
        Bar(("G3: D4 F#4 A4 B4",), "D5:1.5 B4:0.5 A4:2"),
        Bar(("E3: D4 E4 G4 B4",), "-:1 G4:1 B4:1 D5:1"),
        Bar(("C3: E4 G4 B4 D5",), "E5:3 D5:1"),
        Bar(("D3: E4 G4 A4 C5",), "C5:1 A4:3"),
        Bar(("B2: D4 F#4 A4 B4",), "-:1 F#5:1.5 D5:1.5"),
        Bar(("E3: D4 E4 G4 B4",), "E5:1 D5:1 B4:2"),
        Bar(("A2: C4 E4 G4 B4",), "-:1 C5:1 B4:1 G4:1"),
        Bar(("D3: C4 E4 G4 A4", "D3: C4 E4 F#4 A4"), "A4:4"),
    ),
    # The theme answered: the same rise, more breath in it, and home to the tonic with its ninth.
    "answer": (
        Bar(("G3: D4 F#4 A4 B4",), "D5:1.5 E5:0.5 D5:2"),
        Bar(("E3: D4 E4 G4 B4",), "-:2 B4:1 D5:1"),
        Bar(("C3: E4 G4 B4 D5",), "E5:2 G5:2"),
        Bar(("D3: E4 G4 A4 C5",), "D5:1 E5:3"),
        Bar(("B2: D4 F#4 A4 B4",), "-:1 D5:1.5 F#5:1.5"),
        Bar(("C3: E4 G4 B4 D5",), "E5:2 D5:1 B4:1"),
        Bar(("A2: C4 E4 G4 B4", "D3: C4 E4 F#4 A4"), "C5:2 A4:2"),
        Bar(("G3: D4 G4 A4 B4",), "B4:4"),
    ),
    # Contrast: begins on the subdominant, sings higher and longer; D over C is the bright Lydian colour.
    "bridge": (
        Bar(("C3: E4 G4 B4 D5",), "G5:3 E5:1"),
        Bar(("C3: D4 F#4 A4 D5",), "F#5:2 D5:2"),
        Bar(("B2: D4 F#4 A4 B4",), "-:2 D5:1 E5:1"),
        Bar(("E3: D4 E4 G4 B4",), "G5:1.5 F#5:0.5 E5:2"),
        Bar(("A2: C4 E4 G4 B4",), "-:1 E5:1 D5:1 C5:1"),
        Bar(("D3: C4 E4 G4 A4",), "E5:3 D5:1"),
        Bar(("G3: D4 F#4 A4 B4",), "B4:4"),
        Bar(("C3: E4 G4 B4 D5", "D3: E4 G4 A4 C5"), "-:4"),
    ),
    # Contrast: the relative minor, with a bass that walks down from it; the melody leaves room.
    "evening": (
        Bar(("E3: D4 F#4 G4 B4",), "-:2 B4:2"),
        Bar(("D3: D4 F#4 A4 B4",), "A4:3 -:1"),
        Bar(("C3: E4 G4 B4 D5",), "-:2 G4:1 B4:1"),
        Bar(("B2: D4 G4 B4 D5",), "D5:4"),
        Bar(("A2: C4 E4 G4 B4",), "-:1 E5:2 C5:1"),
        Bar(("E3: D4 E4 G4 B4",), "B4:3 -:1"),
        Bar(("C3: E4 G4 B4 D5",), "-:1 D5:1 E5:1 G5:1"),
        Bar(("D3: E4 G4 A4 C5", "D3: C4 E4 F#4 A4"), "E5:2 F#5:2"),
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is played this time. `figure` breaks the chord into quavers: which note of it, `.` for none."""

    section: str
    lead: str
    figure: str


# A waiting caller hears the theme three times at most in one round, each time in another dress.
FORM: Final = (
    Part("theme", lead="piano", figure=". . . . . . . ."),
    Part("answer", lead="piano", figure=". . 2 . 3 . 4 ."),
    Part("bridge", lead="marimba", figure="1 . 3 . 2 . 4 ."),
    Part("theme", lead="marimba", figure=". 1 . 3 . 4 . 2"),
    Part("evening", lead="piano", figure="1 2 3 4 3 2 3 2"),
    Part("answer", lead="piano", figure="1 . . 3 . . 4 ."),
)

# --- The instruments -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Instrument:
    """A tone as a sum of partials: (multiple of the pitch, loudness). Times in seconds.

    `fades` is how long the first partial takes to fall by 60 dB; partial n takes a shorter time, as in struck things.
    `lingers` is how long the tone goes on after its written end.
    """

    partials: tuple[tuple[float, float], ...]
    attack: float
    fades: float
    lingers: float


# Attacks are soft on purpose: G.711 and packet loss concealment both turn a hard one into a crackle.
INSTRUMENTS: Final = {
    "piano": Instrument(((1, 1.0), (2, 0.5), (3, 0.28), (4, 0.15), (5, 0.08)), attack=0.022, fades=5.0, lingers=0.7),
    # The bar of a marimba is tuned so that its second partial is two octaves above the first.
    "marimba": Instrument(((1, 1.0), (3.98, 0.2)), attack=0.014, fades=1.6, lingers=0.9),
    # Held softly under the chords, so that the line never falls quiet and is never taken for broken.
    "strings": Instrument(((1, 1.0), (2, 0.6), (3, 0.4), (4, 0.2)), attack=0.7, fades=40.0, lingers=0.9),
    # The line cuts the fundamental; the ear supplies it from partials 2 to 6 (the missing fundamental).
    "bass": Instrument(
        ((1, 1.0), (2, 1.0), (3, 0.75), (4, 0.5), (5, 0.25), (6, 0.12)), attack=0.045, fades=6.0, lingers=0.4
    ),
}

LOUDNESS: Final = {"lead": 0.42, "chord": 0.17, "figure": 0.15, "strings": 0.085, "bass": 0.30}
SHIMMER_CENTS: Final = 4.0
SHIMMER_SHARE: Final = 0.2
"""The lead has a faint double a hair's breadth higher: a slow shimmer instead of a dead tone. As loud as the lead it
would cancel it once a second."""

# --- The finish ------------------------------------------------------------------------------------------------------

HUMAN_SEED: Final = 75
HUMAN_SECONDS: Final = 0.012
HUMAN_LOUDNESS: Final = 0.12
"""Nobody plays on the grid; without this a repeated bar sounds like a machine."""

ROOM_SEED: Final = 14
ROOM_SECONDS: Final = 1.8
ROOM_DELAY_SECONDS: Final = 0.02
ROOM_SHARE: Final = 0.30

EVENED_SECONDS: Final = 1.0
EVENED_STRENGTH: Final = 0.6
LEVEL_DBOV: Final = -22.0
"""A little under speech at −20 dBov, so that an announcement stands out."""
PEAK_DBOV: Final = -7.0
SEAM_SAMPLE: Final = 300 / line.FULL_SCALE
"""Players trim near-silence from a file (softswitch what is below 100 of 32768); ours ends and begins above it."""


@dataclass(frozen=True, slots=True)
class Note:
    """A tone to be played: when and how long in beats, pitch in hertz, and its share of full loudness."""

    beat: float
    beats: float
    hertz: float
    instrument: str
    loudness: float


def hertz(pitch: str) -> float:
    """The frequency of a note name such as `F#4`, in equal temperament with A4 at 440 Hz (ISO 16)."""
    semitone = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}[pitch[0]]
    raised = pitch.count("#")
    return float(440 * 2 ** (int(pitch[-1]) - 4 + (semitone + raised) / 12))


def score() -> list[Note]:
    """Every note of the piece in the order of its writing."""
    notes: list[Note] = []
    beat = 0.0
    for part in FORM:
        for bar in SECTIONS[part.section]:
            notes += _melody(bar, part, beat)
            for place, chord in enumerate(bar.chords):
                length = BAR_BEATS / len(bar.chords)
                notes += _chord(chord, part, beat + place * length, length)
            beat += BAR_BEATS
    return notes


def total_samples() -> int:
    """The length of one round."""
    return sum(len(SECTIONS[part.section]) for part in FORM) * BAR_BEATS * BEAT


def compose() -> Sound:
    """One round of the piece, ready for the line. Its end runs on into its start."""
    dry = _play(score())
    wet = dry + ROOM_SHARE * _in_a_room(dry)
    even = _evened(line.telephone_band(wet))
    loud = even * line.amplitude(LEVEL_DBOV - line.level(even))
    return _with_a_firm_seam(line.limited(loud, line.amplitude(PEAK_DBOV)))


def _melody(bar: Bar, part: Part, beat: float) -> Iterator[Note]:
    for written in bar.melody.split():
        pitch, length = written.split(":")
        if pitch != "-":
            for cents, share in ((0, 1 - SHIMMER_SHARE), (SHIMMER_CENTS, SHIMMER_SHARE)):
                pitched = hertz(pitch) * 2 ** (cents / 1200)
                yield Note(beat, float(length), pitched, part.lead, LOUDNESS["lead"] * share)
        beat += float(length)


def _chord(chord: str, part: Part, beat: float, length: float) -> Iterator[Note]:
    bass, voicing = chord.split(":")
    pitches = [hertz(pitch) for pitch in voicing.split()]
    yield Note(beat, length, hertz(bass), "bass", LOUDNESS["bass"])
    for order, pitch in enumerate(pitches):
        # Rolled from below by 30 ms a note: softer than four attacks at once.
        yield Note(beat + order * 0.0375, length, pitch, "piano", LOUDNESS["chord"])
        yield Note(beat, length, pitch, "strings", LOUDNESS["strings"])
    for quaver, step in enumerate(part.figure.split()[: int(length * 2)]):
        if step != ".":
            yield Note(beat + quaver / 2, 0.5, pitches[int(step) - 1], "marimba", LOUDNESS["figure"])


def _play(notes: list[Note]) -> Sound:
    """All notes in one circle: what sounds beyond the end sounds at the start, as when the piece comes round."""
    circle = np.zeros(total_samples())
    human = random.Random(HUMAN_SEED)
    for note in notes:
        late = human.uniform(0, HUMAN_SECONDS) * RATE
        loudness = note.loudness * (1 + human.uniform(-HUMAN_LOUDNESS, HUMAN_LOUDNESS))
        tone = loudness * _tone(note)
        places = (int(note.beat * BEAT + late) + np.arange(len(tone))) % len(circle)
        circle[places] += tone
    return circle


def _tone(note: Note) -> Sound:
    instrument = INSTRUMENTS[note.instrument]
    held = note.beats * BEAT / RATE
    time = np.arange(int((held + instrument.lingers) * RATE)) / RATE
    tone = np.zeros(len(time))
    for multiple, loudness in instrument.partials:
        if note.hertz * multiple < BAND_HERTZ[1]:
            decay = np.exp(-6.9 * multiple**0.7 * time / instrument.fades)
            tone += loudness * decay * np.sin(2 * np.pi * note.hertz * multiple * time)
    return tone * _swell(time / instrument.attack) * _swell((held + instrument.lingers - time) / instrument.lingers)


def _swell(position: Sound) -> Sound:
    """From 0 to 1 without a corner, by half a cosine; a corner would click."""
    swell: Sound = (1 - np.cos(np.pi * np.clip(position, 0, 1))) / 2
    return swell


def _in_a_room(dry: Sound) -> Sound:
    """The reverberation of a small hall: noise that dies away, as dense late reflections do."""
    noise = random.Random(ROOM_SEED)
    time = np.arange(int(ROOM_SECONDS * RATE)) / RATE
    tail = np.array([noise.gauss(0, 1) for _ in time]) * np.exp(-6.9 * time / ROOM_SECONDS)
    tail *= _swell(time / 0.03) / np.sqrt(np.sum(tail**2))
    return _around(dry, np.concatenate([np.zeros(int(ROOM_DELAY_SECONDS * RATE)), tail]))


def _evened(sound: Sound) -> Sound:
    """Loud passages come down and soft ones up, slowly: a caller who holds the phone away hears all of it."""
    rise = np.linspace(0, 1, int(EVENED_SECONDS * RATE))
    window = _swell(np.concatenate([rise, rise[::-1]]))
    smooth = np.roll(_around(sound**2, window / window.sum()), -len(window) // 2)
    evened: Sound = sound * (np.mean(smooth) / np.maximum(smooth, 1e-12)) ** (EVENED_STRENGTH / 2)
    return evened


def _around(sound: Sound, response: Sound) -> Sound:
    """Convolution in a circle."""
    spectrum = np.fft.rfft(sound) * np.fft.rfft(response, len(sound))
    result: Sound = np.fft.irfft(spectrum, len(sound))
    return result


def _with_a_firm_seam(circle: Sound) -> Sound:
    """The same circle, cut open some milliseconds on, between two samples that no player takes for silence."""
    firm = (np.abs(circle) > SEAM_SAMPLE) & (np.abs(np.roll(circle, 1)) > SEAM_SAMPLE)
    return np.roll(circle, -int(np.argmax(firm)))


def options(arguments: list[str] | None) -> Path:
    """The command line: the file to write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "var/prompts/music/wachtmuziek/wachtmuziek.wav",
                        metavar="FILE", help="default var/prompts/music/wachtmuziek/wachtmuziek.wav")  # fmt: skip
    chosen: Path = parser.parse_args(arguments).out
    return chosen if chosen.suffix == ".wav" else parser.error(f"--out {chosen}: name a file that ends in .wav")


def make(path: Path, play: Callable[[], Sound] = compose) -> bool:
    """Write the music unless it is there already; whether it was made. Raises OSError."""
    recipe = line.fingerprint(Path(__file__), Path(line.__file__))
    if line.is_made(path, recipe):
        return False
    line.write_sound(path, play(), recipe)
    return True


def main(arguments: list[str] | None = None) -> int:
    """Make the music if it is not up to date; gives the exit code."""
    path = options(arguments)
    try:
        made = make(path)
    except OSError as error:
        print(f"{error.filename or path}: {error.strerror}; check who may write there", file=sys.stderr)
        return 1
    print(f"hold music: {total_samples() / RATE:.0f} s {'made' if made else 'already there'}, {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
