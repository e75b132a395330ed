"""The simulated clock, and what is going to happen in the outside world."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

Entry = tuple[datetime, int, Callable[[Any], None], Any]


class Agenda:
    """Tells the time, and holds what callers and agents are going to do, the earliest first."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._entries: list[Entry] = []
        self._count = 0

    def at(self, instant: datetime, do: Callable[[Any], None], what: Any) -> None:
        """Do it at an instant; at the same instant in the order in which it was planned."""
        self._count += 1
        heapq.heappush(self._entries, (instant, self._count, do, what))

    def after(self, seconds: float, do: Callable[[Any], None], what: Any) -> None:
        """Do it some seconds from now."""
        self._count += 1
        heapq.heappush(self._entries, (self.now + timedelta(0, seconds), self._count, do, what))

    def next_at(self) -> datetime | None:
        """When something happens next; None when nothing is planned."""
        return self._entries[0][0] if self._entries else None

    def let_happen(self) -> None:
        """Let the next thing happen."""
        _, _, do, what = heapq.heappop(self._entries)
        do(what)
