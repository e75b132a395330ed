"""An audit in memory (port `cxcore.ports.audit`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cxcore.ports.audit import AuditResult


@dataclass(frozen=True, slots=True)
class RecordedAction:
    """One event as it was told."""

    actor: str
    action: str
    object: str
    result: AuditResult
    origin: str
    at: datetime


class FakeAudit:
    """Keeps the events in a list."""

    def __init__(self) -> None:
        self.events: list[RecordedAction] = []

    def record(self, actor: str, action: str, object: str, result: AuditResult, origin: str, at: datetime) -> None:
        """Keep one event."""
        self.events.append(RecordedAction(actor, action, object, result, origin, at))
