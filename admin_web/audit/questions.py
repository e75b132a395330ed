"""What the privacy officer asks of the audit, read from the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from admin_web.periods import Period, read_period
from cxcore.ports.audit import AuditQuestion

LONGEST = 100
"""Characters of a text to look for."""
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Search:
    """The form as it is filled in."""

    period: Period
    actor: str
    action: str
    object: str
    before: int | None
    raw: bool = False
    """Whether what events were about is shown as it is kept."""

    @property
    def question(self) -> AuditQuestion:
        """What the port is asked."""
        return AuditQuestion(
            self.period.since, self.period.until, self.actor, self.action, self.object, self.before
        )

    def as_fields(self) -> dict[str, str]:
        """The form's fields, for the address of the next page."""
        days = {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()}
        return {**days, "actor": self.actor, "action": self.action, "object": self.object}


def read_search(fields: Mapping[str, str], now: datetime) -> Search:
    """The search in the address."""
    words = {name: fields.get(name, "").strip()[:LONGEST] for name in ("actor", "action", "object")}
    before = fields.get("before", "")
    number = int(before) if before.isdecimal() and len(before) <= MOST_DIGITS else None
    return Search(read_period(fields, now), **words, before=number, raw=fields.get("raw") == "yes")
