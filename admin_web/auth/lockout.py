"""Slows down those who guess passwords: failures are counted per account and address, and per address."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

REMEMBERED = 10_000


@dataclass(slots=True)
class _Failures:
    count: int
    latest: datetime


@dataclass(slots=True)
class Lockout:
    """Counts in memory, for the latest 10,000 pairs; a count is forgotten `duration` after its last failure."""

    attempts: int
    attempts_per_address: int
    duration: timedelta
    _failures: OrderedDict[tuple[str, str], _Failures] = field(default_factory=OrderedDict)

    def locked(self, username: str, address: str, now: datetime) -> bool:
        """Whether this account may not try from this address now."""
        return (
            self._count((username.casefold(), address), now) >= self.attempts
            or self._count(("", address), now) >= self.attempts_per_address
        )

    def failed(self, username: str, address: str, now: datetime) -> None:
        """A wrong password, or an unknown account."""
        for key in ((username.casefold(), address), ("", address)):
            count = self._count(key, now) + 1
            self._failures[key] = _Failures(count, now)
            self._failures.move_to_end(key)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, username: str, address: str) -> None:
        """The right password: the account's failures from here are forgotten, the address's are not."""
        self._failures.pop((username.casefold(), address), None)

    def _count(self, key: tuple[str, str], now: datetime) -> int:
        failures = self._failures.get(key)
        if failures is None or now - failures.latest >= self.duration:
            return 0
        return failures.count
