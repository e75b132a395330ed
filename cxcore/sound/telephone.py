"""Sound for a telephone line: its band, its level, and WAV files that are kept until their recipe changes.

Samples are floats of which 1.0 is full scale, 8000 a second unless it says otherwise. Levels are in dBov (ITU-T
G.100.1): 0 dBov is the power of a square wave at full scale, so a full sine is at −3 dBov.
"""

from __future__ import annotations

import hashlib
import json
import os
import wave
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Sound = NDArray[np.float64]

RATE: Final = 8000
FULL_SCALE: Final = 32768

BAND_HERTZ: Final = (300.0, 3400.0)
"""What a telephone line carries (ITU-T G.712); the edges are the −6 dB points of our filter."""
_EDGE_HERTZ: Final = 50.0
"""Half the width of the slope at an edge; a steeper one would ring audibly before each consonant."""

_ACTIVE_MARGIN_DB: Final = 15.9
"""Sound counts as active when it is no further than this below the active level (ITU-T P.56)."""
_FRAME: Final = RATE // 50
_LOOK_AHEAD: Final = RATE // 200


def amplitude(decibels: float) -> float:
    """The factor that changes a level by so many decibels."""
    return float(10 ** (decibels / 20))


def level(sound: Sound) -> float:
    """RMS level in dBov; −inf for silence."""
    return _decibels(float(np.mean(sound**2))) if len(sound) else -np.inf


def speech_level(sound: Sound) -> float:
    """Level in dBov of the speech in it, its pauses left out, after the idea of ITU-T P.56; −inf for silence."""
    powers = frame_powers(sound, _FRAME)
    active = powers[powers > 0]
    while len(active):
        floor = float(active.mean()) * amplitude(-_ACTIVE_MARGIN_DB) ** 2
        louder = active[active >= floor]
        if len(louder) == len(active):
            return _decibels(float(active.mean()))
        active = louder
    return -np.inf


def frame_powers(sound: Sound, frame: int) -> Sound:
    """Mean square of each frame of so many samples; the last frame is filled up with silence."""
    whole = np.pad(sound, (0, -len(sound) % frame))
    powers: Sound = np.mean(whole.reshape(-1, frame) ** 2, axis=1)
    return powers


def telephone_band(sound: Sound) -> Sound:
    """Only what a telephone line carries. The sound is taken as a circle: its end runs on into its start."""
    spectrum = np.fft.rfft(sound)
    spectrum *= _band_gain(np.fft.rfftfreq(len(sound), 1 / RATE))
    banded: Sound = np.fft.irfft(spectrum, len(sound))
    return banded


def limited(sound: Sound, ceiling: float) -> Sound:
    """No sample above `ceiling`: loud moments are turned down for some milliseconds, not cut off. Taken as a circle.

    The gain at each sample is the mean of minima that all cover that sample, so it is never too high.
    """
    needed = np.minimum(1.0, ceiling / np.maximum(np.abs(sound), 1e-9))
    if needed.min() == 1.0:
        return sound
    lowest = sliding_window_view(np.pad(needed, _LOOK_AHEAD, mode="wrap"), 2 * _LOOK_AHEAD + 1).min(axis=1)
    gain = sliding_window_view(np.pad(lowest, _LOOK_AHEAD, mode="wrap"), 2 * _LOOK_AHEAD + 1).mean(axis=1)
    turned_down: Sound = sound * gain
    return turned_down


def fingerprint(*ingredients: bytes | str | Path) -> str:
    """A hash that changes with any of the ingredients; of a path, its content counts. Raises OSError."""
    whole = hashlib.sha256()
    for ingredient in ingredients:
        whole.update(hashlib.sha256(_content(ingredient)).digest())
    return whole.hexdigest()


def is_made(path: Path, recipe: str) -> bool:
    """Whether the file stands there, whole, as `write_sound` made it with this recipe."""
    try:
        kept = json.loads(_record(path).read_bytes())
        return isinstance(kept, dict) and kept == {"recipe": recipe, "sound": fingerprint(path)}
    except (FileNotFoundError, ValueError):
        return False


def narrowed(wide: Sound) -> Sound:
    """What a telephone line carries of a sound of 16000 samples a second, at 8000. Taken as a circle."""
    half = len(wide) // 4 * 2
    spectrum = np.fft.rfft(wide[: 2 * half])[: half // 2 + 1] / 2
    spectrum *= _band_gain(np.fft.rfftfreq(half, 1 / RATE))
    narrow: Sound = np.fft.irfft(spectrum, half)
    return narrow


def write_sound(path: Path, sound: Sound, recipe: str) -> None:
    """Write a WAV file (8 kHz, mono, 16 bit PCM), and beside it, in NAME.json, what it was made with.

    Each file is replaced in one step, the record last: who reads it never finds half a sound. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_wav(part, sound)
        kept = {"recipe": recipe, "sound": fingerprint(part)}
        part.replace(path)
        part.write_text(json.dumps(kept, indent=1) + "\n", encoding="ascii")
        part.replace(_record(path))
    finally:
        part.unlink(missing_ok=True)


def write_wav(file: Path | BinaryIO, sound: Sound, rate: int = RATE) -> None:
    """Write mono, 16 bit PCM. Raises OSError."""
    samples = np.clip(np.round(sound * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype("<i2")
    with wave.open(str(file) if isinstance(file, Path) else file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())


def _record(path: Path) -> Path:
    return path.with_suffix(".json")


def _content(ingredient: bytes | str | Path) -> bytes:
    if isinstance(ingredient, Path):
        return ingredient.read_bytes()
    return ingredient.encode() if isinstance(ingredient, str) else ingredient


def _decibels(power: float) -> float:
    return float(10 * np.log10(power)) if power > 0 else -np.inf


def _band_gain(frequencies: NDArray[np.floating]) -> NDArray[np.floating]:
    low, high = BAND_HERTZ
    return _slope(frequencies - low) * _slope(high - frequencies)


def _slope(above_edge: NDArray[np.floating]) -> NDArray[np.floating]:
    """0 below the edge, 1 above it, half a cosine between."""
    position = np.clip(above_edge / _EDGE_HERTZ, -1.0, 1.0)
    slope: NDArray[np.floating] = (1 + np.sin(position * np.pi / 2)) / 2
    return slope
