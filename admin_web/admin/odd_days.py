"""Holidays and days that differ, of the opening hours: from the file to the rows of a form, and back [43, 88].

A row is a day, a period with both its ends, or a holiday that comes back each year by its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from cxcore.domain.holidays import Holiday

Day = date
Form = MultiDict[str, str]
Spans = list[tuple[str, str]]

ALL_HOLIDAYS = "nederland"
YEARLY = (ALL_HOLIDAYS, *(holiday.value for holiday in Holiday))
"""The names that holidays have which come back each year."""
_SPAN = re.compile(r"(\d\d:\d\d)\s*-\s*(\d\d:\d\d)")
_END_OF_DAY = "24:00"


@dataclass(slots=True)
class OddDay:
    """A holiday, or a day with hours of its own. `date` is the name of one that comes back each year."""

    date: str
    name: str = ""
    spans: Spans = field(default_factory=list)
    until: str = ""
    """The last day of a period."""
    text: str = ""
    """The prompt that callers hear then, in place of the usual one."""

    @property
    def is_yearly(self) -> bool:
        """Whether it comes back each year."""
        return bool(self.date) and not self.date[:1].isdecimal()

    @property
    def key(self) -> str:
        """As it stands in the file."""
        return f"{self.date}/{self.until}" if self.until else self.date

    def is_past(self, today: Day) -> bool:
        """Whether its last day has been."""
        try:
            return date.fromisoformat(self.until or self.date) < today
        except ValueError:
            return False


def holiday_of(item: Any) -> OddDay:
    """An item of `holidays`."""
    key, told = next(iter(item.items())) if isinstance(item, dict) and item else (item, None)
    first, _, until = str(key).partition("/")
    more = told if isinstance(told, dict) else {"name": told}
    return OddDay(first.strip(), str(more.get("name") or ""), [], until.strip(), str(more.get("say") or ""))


def exception_of(key: str, value: Any) -> OddDay:
    """An entry of `exceptions`."""
    first, _, until = key.partition("/")
    more = value if isinstance(value, dict) else {"hours": value}
    name, text = str(more.get("name") or ""), str(more.get("say") or "")
    return OddDay(first.strip(), name, spans_of(more.get("hours")), until.strip(), text)


def spans_of(written: Any) -> Spans:
    """Pairs of times of what stands in the file; none for a day that is closed."""
    return [(opens, closes) for opens, closes in _SPAN.findall(str(written or ""))]


# --- From the form ---------------------------------------------------------------------------------------------------


def written_holidays(form: Form, after: date | None = None) -> list[Any]:
    """`holidays` as the form says; with `after` without what is past on that day."""
    found: list[Any] = []
    for each in _rows(form, "holiday"):
        more = {"name": each.name, "say": each.text} if each.text else each.name
        item = {each.key: {key: value for key, value in more.items() if value} if isinstance(more, dict) else more}
        kept = item if more else each.key
        if kept not in found and not (after and each.is_past(after)):
            found.append(kept)
    return found


def written_exceptions(form: Form, after: date | None = None) -> dict[str, Any]:
    """`exceptions` as the form says; with `after` without what is past on that day."""
    found: dict[str, Any] = {}
    for index, each in enumerate(_rows(form, "exception", drop=False)):
        hours = written_spans(form, f"exception-{index}") or "closed"
        name = form.get(f"exception-{index}-name", "").strip()
        more = {"hours": hours, "name": name, "say": each.text}
        if each.key and not (after and each.is_past(after)):
            found[each.key] = {key: value for key, value in more.items() if value} if name or each.text else hours
    return dict(sorted(found.items()))


def _rows(form: Form, what: str, drop: bool = True) -> list[OddDay]:
    """The rows as they were filled in, with the hours left out; `drop` leaves out the empty ones."""
    days = form.getlist(what)
    columns = [(form.getlist(f"{what}-{name}") + [""] * len(days))[: len(days)] for name in ("name", "until", "say")]
    filled = [[cell.strip() for cell in row] for row in zip(days, *columns, strict=True)]
    rows = [OddDay(day, name, [], "" if until == day else until, text) for day, name, until, text in filled]
    return [row for row in rows if row.key or not drop]


def written_spans(form: Form, name: str) -> str:
    """The hours of a day: `08:30-12:00, 13:00-17:00`; empty when it is closed."""
    pairs = zip(form.getlist(f"{name}-opens"), form.getlist(f"{name}-closes"), strict=False)
    return ", ".join(f"{opens}-{_closing(closes)}" for opens, closes in sorted(pairs) if opens or closes)


def _closing(closes: str) -> str:
    """A browser has no 24:00; midnight as the end is the end of the day."""
    return _END_OF_DAY if closes == "00:00" else closes


def rows_of(hours: Mapping[str, Any]) -> tuple[list[OddDay], list[OddDay]]:
    """The holidays and the exceptions of opening hours."""
    exceptions = hours.get("exceptions") or {}
    holidays = [holiday_of(item) for item in hours.get("holidays") or []]
    return holidays, [exception_of(str(day), value) for day, value in exceptions.items()]
