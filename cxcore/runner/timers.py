"""Tidings of time, kept in a heap. Nothing here waits: the runner asks when the next one is due."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime

from cxcore.domain.events import Tiding

Key = tuple[type[Tiding], str]
IDENTITIES = ("offer_id", "contact_id", "agent_id")


def key_of(tiding: Tiding) -> Key:
    """What a timer is about: its kind and the object that it names."""
    identity = next((getattr(tiding, name) for name in IDENTITIES if hasattr(tiding, name)), "")
    return type(tiding), identity


class TimerHeap:
    """Implements `services.workplace.Timers`. A replaced or cancelled timer stays in the heap and is skipped."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Tiding]] = []
        self._current: dict[Key, int] = {}
        self._count = 0

    def set(self, tiding: Tiding) -> None:
        """Make the tiding due at `tiding.at`; an earlier timer with the same key no longer counts."""
        self._count += 1
        self._current[key_of(tiding)] = self._count
        heapq.heappush(self._heap, (tiding.at, self._count, tiding))

    def cancel(self, tiding_type: type[Tiding], identity: str) -> None:
        """Take a timer away; one that is not set is no error."""
        self._current.pop((tiding_type, identity), None)

    def next_at(self) -> datetime | None:
        """When the next timer is due; None when none is set."""
        while self._heap and not self._counts(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: datetime) -> Iterator[Tiding]:
        """Take out the timers that are due, the earliest first."""
        while (at := self.next_at()) is not None and at <= now:
            _, _, tiding = heapq.heappop(self._heap)
            del self._current[key_of(tiding)]
            yield tiding

    def _counts(self, entry: tuple[datetime, int, Tiding]) -> bool:
        return self._current.get(key_of(entry[2])) == entry[1]
