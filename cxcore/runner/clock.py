"""The machine's clock, kept from going back."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class SystemClock:
    """Implements `ports.clock.Clock`: wall time that stands still instead of going back."""

    def __init__(self) -> None:
        self._last = datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)

    def now(self) -> datetime:
        """The present instant, aware UTC; never earlier than the one told before."""
        present = datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)
        self._last = max(self._last, present)
        return self._last


def local_time(at: datetime) -> datetime:
    """An instant on the clock on the wall in the Netherlands."""
    return at.astimezone(AMSTERDAM)


def next_midnight(now: datetime) -> datetime:
    """The next local midnight in the Netherlands, aware UTC."""
    tomorrow = now.astimezone(AMSTERDAM).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=AMSTERDAM).astimezone(UTC)


def last_midnight(now: datetime) -> datetime:
    """The local midnight with which the present day began, aware UTC."""
    today = now.astimezone(AMSTERDAM).date()
    return datetime(today.year, today.month, today.day, tzinfo=AMSTERDAM).astimezone(UTC)
