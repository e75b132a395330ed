"""Which recordings a supervisor asks for, read from the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cxcore.ports.recordings import RecordingQuestion

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS_AT_FIRST = 7
LONGEST = 100
"""Characters of a text to look for."""


@dataclass(frozen=True, slots=True)
class RecordingSearch:
    """The form as it is filled in: whole days in the Netherlands, both ends included."""

    first: date
    last: date
    queue: str
    agent: str
    number: str

    @property
    def question(self) -> RecordingQuestion:
        """What the port is asked. A national number is looked for without its first zero, as it stands after +31."""
        since, until = _midnight(self.first), _midnight(self.last + timedelta(days=1))
        digits = "".join(char for char in self.number if char.isdecimal())
        return RecordingQuestion(since, until, self.queue, self.agent, digits.removeprefix("0"))

    @property
    def described(self) -> str:
        """For the audit."""
        asked = {"first": self.first, "last": self.last, "queue": self.queue, "agent": self.agent}
        return " ".join(f"{name}={value}" for name, value in {**asked, "number": self.number}.items() if value)


def read_search(fields: Mapping[str, str], today: date) -> RecordingSearch:
    """The search in the address; what is missing or no date falls back to the last week."""
    last = _date(fields.get("last"), today)
    first = _date(fields.get("first"), last - timedelta(days=DAYS_AT_FIRST - 1))
    words = {name: fields.get(name, "").strip()[:LONGEST] for name in ("queue", "agent", "number")}
    return RecordingSearch(min(first, last), max(first, last), **words)


def _date(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)
