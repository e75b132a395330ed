"""A clock that stands still until the test moves it (port `cxcore.ports.clock`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class FakeClock:
    """Stands at noon of a Monday at first."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        """The instant at which the test put it."""
        return self._now

    def advance(self, seconds: float) -> datetime:
        """Move the clock on; the new instant."""
        if seconds < 0:
            raise ValueError("a clock never goes back")
        self._now += timedelta(seconds=seconds)
        return self._now
