"""Looks once a second at what the core stands on, shows it and logs each change: database, disk, inbox, lines."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxcore.domain.health import Health, Reading, read_database, read_disk, read_inbox, take_stock
from cxcore.ports.clock import Clock
from cxcore.ports.contact_log import ContactLog
from cxcore.ports.controller import SystemRow

log = logging.getLogger(__name__)


@dataclass(slots=True)
class HealthWatch:
    """`show` takes a row for the screens; a row that has not changed costs nothing there."""

    contact_log: ContactLog
    inbox_depth: Callable[[], int]
    inbox_size: int
    disk: Path
    clock: Clock
    show: Callable[[SystemRow], object]
    others: Sequence[Callable[[], Reading]] = ()
    """What watches itself."""
    outside: Callable[[], Iterable[Reading]] = tuple
    """Trunk and Teams, where there are any."""
    health: Health | None = None

    def look(self) -> None:
        """Take stock and show each part."""
        before = self.health
        self.health = take_stock(before, self._readings(), self.clock.now())
        _log_changes(before, self.health)
        for part in self.health.parts:
            self.show(SystemRow(part.name, part.healthy, part.since, part.reason))

    def _readings(self) -> Iterator[Reading]:
        yield read_database(self.contact_log.healthy())
        usage = shutil.disk_usage(self.disk)
        yield read_disk(usage.free, usage.total)
        yield read_inbox(self.inbox_depth(), self.inbox_size)
        for read in self.others:
            yield read()
        yield from self.outside()


def _log_changes(before: Health | None, after: Health) -> None:
    """One line when a part fails, and one when it is well again."""
    failed = {part.name for part in before.parts if not part.healthy} if before is not None else set()
    for part in after.parts:
        if not part.healthy and part.name not in failed:
            log.error("%s is down: %s", part.name, part.reason)
        elif part.healthy and part.name in failed:
            log.warning("%s is well again", part.name)
