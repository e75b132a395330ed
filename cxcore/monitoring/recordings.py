"""Whether calls are recorded that should be, and whether recordings are encrypted soon."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cxcore.domain.events import Fact, RecordingMissed, RecordingStopped
from cxcore.domain.health import Reading, read_recordings
from cxcore.ports.clock import Clock

LEAST_FREE_BYTES = 200_000_000
"""Below this no recording is begun: what is left belongs to the database."""
ALARM_TIME = timedelta(minutes=10)
"""How long a recording that went wrong is shown."""


def has_room(disk: Path) -> bool:
    """Whether the disk has room for another recording; an hour of a call takes 115 MB."""
    return shutil.disk_usage(disk).free >= LEAST_FREE_BYTES


@dataclass(slots=True)
class RecordingWatch:
    """An ear of the inbox; `incoming` is where recordings wait to be encrypted."""

    incoming: Path
    clock: Clock
    missed: str = ""
    missed_at: datetime | None = None

    def hear(self, facts: Sequence[Fact]) -> None:
        """Note what went wrong."""
        for fact in facts:
            if isinstance(fact, RecordingMissed):
                self.missed, self.missed_at = fact.cause, fact.at
            elif isinstance(fact, RecordingStopped) and fact.cause == "failed":
                self.missed, self.missed_at = "the switch cannot write to the disk", fact.at

    def reading(self) -> Reading:
        """How it is now."""
        now = self.clock.now()
        lately = self.missed_at is not None and now - self.missed_at < ALARM_TIME
        return read_recordings(self.missed if lately else "", self._oldest_seconds(now))

    def _oldest_seconds(self, now: datetime) -> float:
        written = (_written_at(path) for path in self.incoming.glob("*.wav"))
        oldest = min((each for each in written if each is not None), default=now)
        return (now - oldest).total_seconds()


def _written_at(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None  # encrypted meanwhile
