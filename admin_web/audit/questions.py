"""What the privacy officer asks of the audit, read from the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cxcore.ports.audit import AuditQuestion

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS_AT_FIRST = 7
LONGEST = 100
"""Characters of a text to look for."""


@dataclass(frozen=True, slots=True)
class Search:
    """The form as it is filled in: whole days in the Netherlands, both ends included."""

    first: date
    last: date
    actor: str
    action: str
    object: str
    before: int | None

    @property
    def question(self) -> AuditQuestion:
        """What the port is asked."""
        since, until = _midnight(self.first), _midnight(self.last + timedelta(days=1))
        return AuditQuestion(since, until, self.actor, self.action, self.object, self.before)

    def as_fields(self) -> dict[str, str]:
        """The form's fields, for the address of the next page."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "actor": self.actor,
            "action": self.action,
            "object": self.object,
        }


def read_search(fields: Mapping[str, str], today: date) -> Search:
    """The search in the address; what is missing or no date falls back to the last week."""
    last = _date(fields.get("last"), today)
    first = _date(fields.get("first"), last - timedelta(days=DAYS_AT_FIRST - 1))
    first, last = min(first, last), max(first, last)
    words = {name: fields.get(name, "").strip()[:LONGEST] for name in ("actor", "action", "object")}
    before = fields.get("before", "")
    return Search(first, last, **words, before=int(before) if before.isdecimal() and len(before) < 16 else None)


def _date(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)
