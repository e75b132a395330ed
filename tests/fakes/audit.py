"""An audit in memory (port `cxcore.ports.audit`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cxcore.ports.audit import AuditEntry, AuditQuestion, AuditResult, ChainState


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
    """Keeps the events in a list, with their numbers as digests."""

    def __init__(self) -> None:
        self.events: list[RecordedAction] = []

    def record(self, actor: str, action: str, object: str, result: AuditResult, origin: str, at: datetime) -> None:
        """Keep one event."""
        self.events.append(RecordedAction(actor, action, object, result, origin, at))

    def entries(self, question: AuditQuestion, limit: int = 100) -> Sequence[AuditEntry]:
        """The events that are asked for, newest first."""
        found = [entry for entry in map(_entry, range(1, len(self.events) + 1), self.events) if _asked(entry, question)]
        return found[::-1][:limit]

    def actions(self) -> Sequence[str]:
        """Every action that was ever kept."""
        return sorted({event.action for event in self.events})

    def digest(self, number: int) -> str | None:
        """The number, as long as there is such an event."""
        return str(number) if 0 < number <= len(self.events) else None

    def verify(self) -> ChainState:
        """The chain is always whole."""
        return ChainState(len(self.events), str(len(self.events) or ""))


def _entry(number: int, event: RecordedAction) -> AuditEntry:
    return AuditEntry(
        number, event.at, event.actor, event.action, event.object, event.result, event.origin, str(number)
    )


def _asked(entry: AuditEntry, question: AuditQuestion) -> bool:
    return (
        question.since <= entry.at < question.until
        and question.actor in ("", entry.actor)
        and question.action in ("", entry.action)
        and question.object in entry.object
        and (question.before is None or entry.number < question.before)
    )
