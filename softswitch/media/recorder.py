"""Recordings: WAV files written by a thread of their own, so that a slow disk never delays a tick.

8 kHz, 16 bit; in stereo the left channel is what the party says and the right what it hears. The sizes in the file's
head are kept up to date, so that a file is playable although the process was killed.
"""

from __future__ import annotations

import logging
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Full, Queue
from typing import BinaryIO, Final

import numpy as np

from softswitch.media.codec import SAMPLE_RATE, TICK_SAMPLES, Samples

LONGEST_QUEUE: Final = 4096
"""Half-second blocks that may wait for the disk, over all recordings."""
BLOCK_TICKS: Final = 25
CLOSING_SECONDS: Final = 10.0
"""How long stopping waits for the last blocks."""

_SILENCE: Final = np.zeros(TICK_SAMPLES, dtype=np.int16)
_log = logging.getLogger(__name__)

Ended = Callable[[str, str], None]
"""Called with the path and the reason: `stopped`, `port-closed` or `disk-error: …`. From the writer's thread."""


class Recording:
    """One file being written. Used by the media thread, except for what `RecordingWriter` does."""

    def __init__(self, path: str, stereo: bool, ended: Ended, said_only: bool = False) -> None:
        self.path = path
        self.masked = False
        self.failure: str | None = None
        self._channels = 2 if stereo else 1
        self._said_only = said_only
        self._ended = ended
        self._block: list[Samples] = []
        self._file: BinaryIO | None = None
        self._octets = 0

    def add(self, said: Samples, heard: Samples) -> bytes | None:
        """Take one tick; returns a block to write whenever one is full."""
        if self.masked:
            said = heard = _SILENCE
        elif self._said_only:
            heard = _SILENCE
        self._block.append(self._interleave(said, heard))
        return self.rest() if len(self._block) >= BLOCK_TICKS else None

    def rest(self) -> bytes:
        """What was not given out yet."""
        block = b"".join(frame.tobytes() for frame in self._block)
        self._block.clear()
        return block

    def _interleave(self, said: Samples, heard: Samples) -> Samples:
        if self._channels == 2:
            return np.stack((said, heard), axis=1)
        both = said.astype(np.int32) + heard
        mono: Samples = np.clip(both, -32768, 32767).astype(np.int16)
        return mono

    def write(self, block: bytes) -> None:
        """Append a block, opening the file first. Raises OSError."""
        if self._file is None:
            self._file = self._open()
        self._file.write(block)
        self._octets += len(block)
        self._file.seek(0)
        self._file.write(_wav_head(self._channels, self._octets))
        self._file.seek(0, 2)

    def close(self, reason: str) -> None:
        """Close the file and tell how it ended."""
        try:
            if self._file is not None:
                self._file.close()
        except OSError as fault:
            reason = _disk_error(fault)
        self._file = None
        self._ended(self.path, self.failure or reason)

    def _open(self) -> BinaryIO:
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        file = open(self.path, "w+b")
        file.write(_wav_head(self._channels, 0))
        return file


class RecordingWriter:
    """The thread that writes recordings."""

    def __init__(self) -> None:
        self._queue: Queue[tuple[Recording, bytes, str | None] | None] = Queue(maxsize=LONGEST_QUEUE)
        self._thread = threading.Thread(target=self._run, name="recording-writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits and end, within a limit of seconds."""
        if not self._thread.is_alive():
            return
        try:
            self._queue.put(None, timeout=CLOSING_SECONDS)
        except Full:
            _log.error("the disk did not take the last recordings within %s s", CLOSING_SECONDS)
        self._thread.join(CLOSING_SECONDS)

    def write(self, recording: Recording, block: bytes) -> bool:
        """Hand over a block; False when the disk is so slow that no more may wait."""
        return self._hand_over(recording, block, None)

    def close(self, recording: Recording, reason: str) -> bool:
        """Hand over the rest of a recording and the reason of its end; False as for `write`."""
        return self._hand_over(recording, recording.rest(), reason)

    def _hand_over(self, recording: Recording, block: bytes, reason: str | None) -> bool:
        try:
            self._queue.put_nowait((recording, block, reason))
        except Full:
            recording.failure = "disk-error: the disk is too slow"
            return False
        return True

    def _run(self) -> None:
        while (entry := self._next()) is not None:
            recording, block, reason = entry
            if recording.failure is None:
                self._write(recording, block)
            if reason is not None:
                recording.close(reason)

    def _next(self) -> tuple[Recording, bytes, str | None] | None:
        while True:
            try:
                return self._queue.get(timeout=60)
            except Empty:
                continue

    @staticmethod
    def _write(recording: Recording, block: bytes) -> None:
        try:
            recording.write(block)
        except OSError as fault:
            recording.failure = _disk_error(fault)
            _log.error("recording %s: %s", recording.path, recording.failure)


def _disk_error(fault: OSError) -> str:
    return f"disk-error: {fault.strerror or fault}"


def _wav_head(channels: int, octets: int) -> bytes:
    """The 44 octets before the samples (RIFF WAVE, linear PCM)."""
    frame = channels * 2
    riff = struct.pack("<4sI4s", b"RIFF", 36 + octets, b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, SAMPLE_RATE, SAMPLE_RATE * frame, frame, 16)
    return riff + form + struct.pack("<4sI", b"data", octets)
