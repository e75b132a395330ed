"""Tidings of time, kept in a heap. Nothing here waits: the runner asks when the next one is due."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cxcore.domain.tidings import Tiding

Key = tuple[type[Tiding], str]
Entry = tuple[Any, ...]
"""When it is due, its number, its key and the tiding. With each part's type a compiled heap would take the whole entry
apart at each look."""
IDENTITIES = ("offer_id", "contact_id", "agent_id", "queue_id", "scope")

_named_by: dict[type[Tiding], str] = {}
"""By kind of tiding: the field that names its object, found once."""


def key_of(tiding: Tiding) -> Key:
    """What a timer is about: its kind and the object that it names."""
    kind = type(tiding)
    if kind not in _named_by:
        _named_by[kind] = next((name for name in IDENTITIES if hasattr(tiding, name)), "")
    name = _named_by[kind]
    return kind, getattr(tiding, name) if name else ""


class TimerHeap:
    """Implements `services.workplace.Timers`. A replaced or cancelled timer stays in the heap and is skipped."""

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._current: dict[Key, int] = {}
        self._void: set[int] = set()
        self._count = 0

    def set(self, tiding: Tiding) -> None:
        """Make the tiding due at `tiding.at`; an earlier timer with the same key no longer counts."""
        key = key_of(tiding)
        self._count += 1
        before = self._current.get(key)
        if before is not None:
            self._void.add(before)
        self._current[key] = self._count
        heapq.heappush(self._heap, (tiding.at, self._count, key, tiding))

    def cancel(self, tiding_type: type[Tiding], identity: str) -> None:
        """Take a timer away; one that is not set is no error."""
        number = self._current.pop((tiding_type, identity), None)
        if number is not None:
            self._void.add(number)

    def next_at(self) -> datetime | None:
        """When the next timer is due; None when none is set."""
        heap = self._heap
        while self._void and heap and heap[0][1] in self._void:
            self._void.discard(heapq.heappop(heap)[1])
        return heap[0][0] if heap else None

    def due(self, now: datetime) -> Iterator[Tiding]:
        """Take out the timers that are due, the earliest first."""
        while (at := self.next_at()) is not None and at <= now:
            _, _, key, tiding = heapq.heappop(self._heap)
            del self._current[key]
            yield tiding
