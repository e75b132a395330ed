"""A port listener that keeps what it is told."""

from __future__ import annotations

import time
from collections.abc import Callable

from softswitch.media import Port

PATIENCE_SECONDS = 15.0


class RecordingListener:
    """Keeps every callback."""

    def __init__(self) -> None:
        self.digits: list[tuple[str, int]] = []
        self.playbacks: list[tuple[int, bool]] = []
        self.recordings: list[tuple[str, str]] = []
        self.timed_out: list[Port] = []

    def digit(self, port: Port, digit: str, duration_ms: int) -> None:
        self.digits.append((digit, duration_ms))

    def playback_ended(self, port: Port, playback: int, completed: bool) -> None:
        self.playbacks.append((playback, completed))

    def recording_ended(self, port: Port, path: str, reason: str) -> None:
        self.recordings.append((path, reason))

    def media_timed_out(self, port: Port) -> None:
        self.timed_out.append(port)


def wait_until(what: Callable[[], object], patience: float = PATIENCE_SECONDS) -> None:
    """Wait until something is so; fails after the patience."""
    end = time.monotonic() + patience
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
