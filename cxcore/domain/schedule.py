"""When a queue is open: spans of each weekday, and holidays, in local time [43, 47c]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_CLOSURE = timedelta(days=60)
"""How far ahead the next opening is looked for."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `opens` until `closes`, half open. A span that closes at 00:00 lasts until midnight."""

    opens: time
    closes: time

    def holds(self, moment: time) -> bool:
        """Whether the moment lies in it."""
        return self.opens <= moment and (moment < self.closes or self.closes == time())


@dataclass(frozen=True, slots=True)
class Schedule:
    """Spans by weekday (0 is Monday). A weekday that is not named is closed, and so is a holiday."""

    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()

    def is_open(self, now: datetime) -> bool:
        """Whether it is open at an instant."""
        local = now.astimezone(AMSTERDAM)
        return any(span.holds(local.time()) for span in self._spans_of(local.date()))

    def next_open(self, now: datetime) -> datetime | None:
        """The first instant from `now` on at which it is open; None when there is none in the next weeks."""
        if self.is_open(now):
            return now
        today = now.astimezone(AMSTERDAM).date()
        for days in range(LONGEST_CLOSURE.days):
            for span in sorted(self._spans_of(today + timedelta(days=days))):
                opens = datetime.combine(today + timedelta(days=days), span.opens, AMSTERDAM)
                if opens > now:
                    return opens.astimezone(now.tzinfo)
        return None

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant after `now` at which it opens or closes; None when there is none in the next weeks."""
        today = now.astimezone(AMSTERDAM).date()
        for days in range(LONGEST_CLOSURE.days):
            changes = [at for at in self._changes_on(today + timedelta(days=days)) if at > now]
            if changes:
                return min(changes).astimezone(now.tzinfo)
        return None

    def _changes_on(self, day: date) -> Iterator[datetime]:
        for span in self._spans_of(day):
            yield datetime.combine(day, span.opens, AMSTERDAM)
            closes_on = day if span.closes > time() else day + timedelta(days=1)
            yield datetime.combine(closes_on, span.closes, AMSTERDAM)

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        return () if day in self.holidays else self.week.get(day.weekday(), ())


def every_day(*spans: Span) -> Schedule:
    """The same spans on each day of the week."""
    return Schedule(dict.fromkeys(range(len(WEEKDAYS)), spans))
