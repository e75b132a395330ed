"""Looks once a second at what the core stands on, and shows it: database, disk, inbox."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cxcore.domain.health import Health, Reading, read_database, read_disk, read_inbox, take_stock
from cxcore.ports.clock import Clock
from cxcore.ports.contact_log import ContactLog
from cxcore.ports.controller import SystemRow


@dataclass(slots=True)
class HealthWatch:
    """`show` takes a row for the screens; a row that has not changed costs nothing there."""

    contact_log: ContactLog
    inbox_depth: Callable[[], int]
    inbox_size: int
    disk: Path
    clock: Clock
    show: Callable[[SystemRow], object]
    recordings: Callable[[], Reading]
    outside: Callable[[], Iterable[Reading]] = tuple
    """Trunk and Teams, where there are any."""
    health: Health | None = None

    def look(self) -> None:
        """Take stock and show each part."""
        self.health = take_stock(self.health, self._readings(), self.clock.now())
        for part in self.health.parts:
            self.show(SystemRow(part.name, part.healthy, part.since, part.reason))

    def _readings(self) -> Iterator[Reading]:
        yield read_database(self.contact_log.healthy())
        usage = shutil.disk_usage(self.disk)
        yield read_disk(usage.free, usage.total)
        yield read_inbox(self.inbox_depth(), self.inbox_size)
        yield self.recordings()
        yield from self.outside()
