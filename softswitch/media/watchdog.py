"""Sees to it that media which stalls is noticed: calls answered with silence are worse than a process that ends."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

LOOKS = 4
"""How often within the limit it is looked for a sign of life."""

_log = logging.getLogger(__name__)


class Watchdog:
    """Calls `on_stall` with the seconds since the last sign of life, once, when they exceed the limit.

    The callback comes from the watchdog's own thread. It is expected to end the process or to start a new engine.
    """

    def __init__(self, limit_seconds: float, on_stall: Callable[[float], None]) -> None:
        self._limit = limit_seconds
        self._on_stall = on_stall
        self._alive_at = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="media-watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._alive_at = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """End the watch."""
        self._done.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(self._limit + 1)

    def alive(self) -> None:
        """A sign of life of the media thread."""
        self._alive_at = time.monotonic()

    def _watch(self) -> None:
        period, silent, seen = self._limit / LOOKS, 0.0, self._alive_at
        while not self._done.wait(period):
            # Its own waits are counted, not the clock: a process that was frozen as a whole goes on with its calls.
            silent, seen = (silent + period if self._alive_at == seen else 0.0), self._alive_at
            if silent >= self._limit:
                _log.critical("the media thread has stood still for %.1f s", silent)
                self._on_stall(silent)
                return
