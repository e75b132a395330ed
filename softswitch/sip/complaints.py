"""Log lines about bad input, at most one per interval: a flood of rubbish must not become a flood of log."""

from __future__ import annotations

import logging
import sys
import time

log = logging.getLogger(__name__)


class Complaints:
    """Counts what it does not log; the next line tells how many there were."""

    def __init__(self, subject: str, interval_seconds: float) -> None:
        self._subject = subject
        self._interval = interval_seconds
        self._next_at = 0.0
        self.count = 0

    def add(self, why: str) -> None:
        self.count += 1
        now = time.monotonic()
        if now < self._next_at:
            return
        self._next_at = now + self._interval
        log.warning("%s: %s (%d so far; at most one line in %.0f s)", self._subject, why, self.count, self._interval)

    def dump_exception(self, message: str, *_: object, extra: object = None) -> None:
        """Stands in for sippy's function of this name, which prints a traceback and the whole message."""
        fault = sys.exc_info()[1]
        log.debug("%s", message, exc_info=True)
        self.add(f"{type(fault).__name__}")

    def swallow(self, *_: object) -> None:
        """Stands in for `print` in sippy's modules."""
        self.count += 1
