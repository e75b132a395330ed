"""What a port can play: files, tones, silence, and streams that many ports share.

A source is asked for one tick at a time by the media thread and must not wait; files are therefore read when the source
is made.
"""

from __future__ import annotations

import re
import wave
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from softswitch.media.codec import SAMPLE_RATE, TICK_SAMPLES, Samples

KEPT_FILES: Final = 128
"""Decoded files that are kept in memory, the least used going first."""
LONGEST_FILE_SECONDS: Final = 3600
DEFAULT_TONE_DBOV: Final = -7.0
"""Level of each frequency of a tone, as FreeSWITCH's libteletone begins with."""

_TONE_STEP: Final = re.compile(r"%\((?P<numbers>[0-9.,\s]+)\)")
_TONE_SETTING: Final = re.compile(r"(?P<name>loops|[lvwdr])=(?P<value>-?\d+(?:\.\d+)?)")


class UnreadableSound(Exception):
    """A sound file that cannot be played."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


class UnreadableTone(Exception):
    """A tone whose description is not understood."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"tone {text!r}: {why}; write for instance %(1000,4000,425);loops=-1")
        self.text = text


class Source(Protocol):
    """Sound to play."""

    def read(self, count: int = TICK_SAMPLES) -> Samples | None:
        """The next `count` samples, the last ones padded with silence; None when there are no more."""


class Stream(Protocol):
    """Endless sound at one position for all who hear it."""

    def frame(self, tick: int) -> Samples:
        """The 160 samples of a tick; ticks count from 0, and the same tick always gives the same samples."""


class StreamSource:
    """Plays a stream, which never ends."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._tick = 0

    def read(self, count: int = TICK_SAMPLES) -> Samples | None:
        """The next tick, counted from where this source began. The engine asks the stream itself instead."""
        self._tick += 1
        return self.stream.frame(self._tick - 1)[:count]


class ArraySource:
    """Plays samples, `loops` times; -1 is for ever."""

    def __init__(self, samples: Samples, loops: int = 1) -> None:
        self._samples = samples
        self._total = len(samples) * loops if loops >= 0 else None
        self._position = 0

    def read(self, count: int = TICK_SAMPLES) -> Samples | None:
        """See `Source`."""
        if not len(self._samples) or (self._total is not None and self._position >= self._total):
            return None
        start = self._position % len(self._samples)
        self._position += count
        if start + count <= len(self._samples):
            return self._samples[start : start + count]
        return self._join(start, count)

    def _join(self, start: int, count: int) -> Samples:
        """The end of one round with the beginning of the next, or with silence after the last."""
        frame: Samples = self._samples[(start + np.arange(count)) % len(self._samples)]
        if self._total is not None and self._position > self._total:
            frame[count - (self._position - self._total) :] = 0
        return frame


class FileSource:
    """Plays WAV files one after another without a gap, all of them `loops` times; -1 is for ever.

    The files are not joined: callers who hear the same long file share its samples.
    """

    def __init__(self, paths: Sequence[str | Path], loops: int = 1) -> None:
        """Reads the files. Raises `UnreadableSound` naming the first that cannot be played."""
        self._parts = [part for part in (read_sound(path) for path in paths) if len(part)]
        self._ends = list(accumulate(len(part) for part in self._parts))
        self._round = self._ends[-1] if self._ends else 0
        self._total = self._round * loops if loops >= 0 else None
        self._position = 0

    def read(self, count: int = TICK_SAMPLES) -> Samples | None:
        """See `Source`."""
        if not self._round or (self._total is not None and self._position >= self._total):
            return None
        start = self._position
        self._position += count
        frame = self._piece(start, count)
        return frame if len(frame) == count else self._join(start, count)

    def _piece(self, at: int, count: int) -> Samples:
        """At most so many samples, from within one file."""
        place = at % self._round
        number = bisect_right(self._ends, place)
        part = self._parts[number]
        offset = place - self._ends[number] + len(part)
        return part[offset : offset + count]

    def _join(self, start: int, count: int) -> Samples:
        """The end of one file with the beginning of the next, or with silence after the last."""
        frame: Samples = np.zeros(count, np.int16)
        wanted = count if self._total is None else min(count, self._total - start)
        filled = 0
        while filled < wanted:
            piece = self._piece(start + filled, wanted - filled)
            frame[filled : filled + len(piece)] = piece
            filled += len(piece)
        return frame


class SilenceSource:
    """Plays silence for so many milliseconds; 0 or less is for ever, as silence_stream of FreeSWITCH has it."""

    _FRAME: Final = np.zeros(TICK_SAMPLES, dtype=np.int16)

    def __init__(self, milliseconds: int) -> None:
        self._ticks_left = -1 if milliseconds <= 0 else -(-milliseconds // 20)

    def read(self, count: int = TICK_SAMPLES) -> Samples | None:
        """See `Source`."""
        if self._ticks_left == 0:
            return None
        self._ticks_left -= self._ticks_left > 0
        return self._FRAME[:count]


class ToneSource(ArraySource):
    """Plays tones with pauses, described in FreeSWITCH's tone_stream syntax."""

    @classmethod
    def parse(cls, text: str) -> ToneSource:
        """Steps `%(on ms,off ms,hz[,hz…])` and settings `loops=` (or `l=`; -1 is for ever) and `v=` dBov.

        Raises `UnreadableTone`.
        """
        loops, level = 1, DEFAULT_TONE_DBOV
        parts: list[Samples] = []
        for step in filter(None, (part.strip() for part in text.split(";"))):
            setting = _TONE_SETTING.fullmatch(step)
            if setting is None:
                parts += _tone_steps(text, step, level)
            elif setting["name"] in ("loops", "l"):
                loops = int(float(setting["value"]))
            elif setting["name"] == "v":
                level = float(setting["value"])
        if not parts:
            raise UnreadableTone(text, "no step in it")
        return cls(np.concatenate(parts), loops)


def _tone_steps(text: str, steps: str, level: float) -> list[Samples]:
    found = list(_TONE_STEP.finditer(steps))
    if "".join(match[0] for match in found) != re.sub(r"\s+(?=%)", "", steps):
        raise UnreadableTone(text, f"{steps!r} is not understood")
    return [_tone_step(text, match["numbers"], level) for match in found]


def _tone_step(text: str, numbers: str, level: float) -> Samples:
    try:
        on_ms, off_ms, *frequencies = (float(number) for number in numbers.split(","))
    except ValueError:
        raise UnreadableTone(text, f"({numbers}) must be numbers: on, off, frequency") from None
    if not frequencies or on_ms + off_ms > LONGEST_FILE_SECONDS * 1000:
        raise UnreadableTone(text, f"({numbers}) needs on and off in milliseconds and at least one frequency")
    sound = tone(frequencies, on_ms / 1000, level)
    return np.concatenate([sound, np.zeros(int(off_ms * SAMPLE_RATE / 1000), np.int16)])


def tone(frequencies: Sequence[float], seconds: float, level_dbov: float = DEFAULT_TONE_DBOV) -> Samples:
    """Sine waves together, each at `level_dbov`; the sum is clipped."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    amplitude = 32767 * 10 ** (level_dbov / 20)
    waves = sum((np.sin(2 * np.pi * hz * time) for hz in frequencies), np.zeros(len(time)))
    return np.clip(waves * amplitude, -32768, 32767).astype(np.int16)


def read_sound(path: str | Path) -> Samples:
    """A WAV file as 8 kHz mono. Raises `UnreadableSound`. The file is read again only when it has changed."""
    try:
        status = Path(path).stat()
        return _read_wav(str(path), status.st_mtime_ns, status.st_size)
    except (OSError, EOFError, wave.Error) as fault:
        raise UnreadableSound(str(path), _reason(fault)) from fault


def _reason(fault: Exception) -> str:
    if isinstance(fault, OSError):
        return fault.strerror or str(fault)
    return str(fault) or "the file is cut off"


@lru_cache(maxsize=KEPT_FILES)
def _read_wav(path: str, _modified_ns: int, _size: int) -> Samples:
    with wave.open(path, "rb") as file:
        parameters = file.getparams()
        _check_format(path, parameters.sampwidth, parameters.framerate, parameters.nframes)
        samples = np.frombuffer(file.readframes(parameters.nframes), dtype="<i2")
    whole = samples[: len(samples) // parameters.nchannels * parameters.nchannels]
    mono = whole.reshape(-1, parameters.nchannels).mean(axis=1)
    sound = _resample(mono, parameters.framerate // SAMPLE_RATE)
    sound.flags.writeable = False  # whoever plays the file hears these very samples
    return sound


def _check_format(path: str, octets: int, rate: int, count: int) -> None:
    if octets != 2:
        raise UnreadableSound(path, f"{octets * 8}-bit sound; convert it to 16-bit")
    if rate not in (8000, 16000, 24000, 32000, 48000):
        raise UnreadableSound(path, f"{rate} samples a second; convert it to 8000 or 16000")
    if count > rate * LONGEST_FILE_SECONDS:
        raise UnreadableSound(path, f"longer than {LONGEST_FILE_SECONDS} s")


def _resample(sound: np.ndarray[tuple[int, ...], np.dtype[np.float64]], factor: int) -> Samples:
    """Every `factor`-th sample, after a low pass at 0.9 of the new half rate (windowed sinc)."""
    if factor > 1 and len(sound):
        taps = np.arange(-16 * factor, 16 * factor + 1)
        kernel = np.sinc(taps * 0.9 / factor) * np.hamming(len(taps))
        sound = np.convolve(sound, kernel / kernel.sum(), mode="same")[::factor]
    return np.clip(np.round(sound), -32768, 32767).astype(np.int16)
