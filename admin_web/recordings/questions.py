"""Which recordings a supervisor asks for, read from the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from admin_web.periods import Period, read_period
from cxcore.ports.recordings import RecordingQuestion

LONGEST = 100
"""Characters of a text to look for."""


@dataclass(frozen=True, slots=True)
class RecordingSearch:
    """The form as it is filled in."""

    period: Period
    queue: str
    agent: str
    number: str

    @property
    def question(self) -> RecordingQuestion:
        """What the port is asked. A national number is looked for without its first zero, as it stands after +31."""
        digits = "".join(char for char in self.number if char.isdecimal()).removeprefix("0")
        return RecordingQuestion(self.period.since, self.period.until, self.queue, self.agent, digits)

    @property
    def described(self) -> str:
        """For the audit."""
        asked = {"first": self.period.first, "last": self.period.last, "queue": self.queue, "agent": self.agent}
        return " ".join(f"{name}={value}" for name, value in {**asked, "number": self.number}.items() if value)


def read_search(fields: Mapping[str, str], now: datetime) -> RecordingSearch:
    """The search in the address."""
    words = {name: fields.get(name, "").strip()[:LONGEST] for name in ("queue", "agent", "number")}
    return RecordingSearch(read_period(fields, now), **words)
