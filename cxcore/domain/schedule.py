"""When a queue or timetable is open: spans of each weekday, holidays and days that differ, in local time [43, 47c]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cxcore.domain.holidays import Holiday, holiday_on

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


class DayKind(StrEnum):
    """What decides the hours of a day; the last one that applies wins."""

    WEEK = "week"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class DayHours:
    """The spans of one day, and what they come from. `name` is that of a holiday or exception, if it has one."""

    spans: tuple[Span, ...]
    kind: DayKind = DayKind.WEEK
    name: str = ""
    text: str = ""
    """The prompt that callers hear that day while it is closed, in place of the usual one; empty: the usual one."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether it is open at an instant, and why: the day's hours."""

    open: bool
    day: date
    hours: DayHours


@dataclass(frozen=True, slots=True)
class Schedule:
    """Spans by weekday (0 is Monday). A weekday that is not named is closed, and so is a holiday; an exception is
    whatever it says, also on a holiday."""

    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    """Days of one's own."""
    public_holidays: frozenset[Holiday] = frozenset()
    """Those that come back each year."""
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    """Days with hours of their own; no spans: closed."""
    day_names: Mapping[date, str] = field(default_factory=dict)
    """What holidays of one's own and exceptions are called."""
    texts: Mapping[date, str] = field(default_factory=dict)
    """Holiday of one's own, or exception → the prompt that callers hear that day while it is closed."""
    holiday_texts: Mapping[Holiday, str] = field(default_factory=dict)
    """The same for those that come back each year."""

    def is_open(self, now: datetime) -> bool:
        """Whether it is open at an instant."""
        local = now.astimezone(AMSTERDAM)
        return any(span.holds(local.time()) for span in self._spans_of(local.date()))

    def opening(self, now: datetime) -> Opening:
        """Whether it is open at an instant, and why."""
        day = now.astimezone(AMSTERDAM).date()
        return Opening(self.is_open(now), day, self.hours_on(day))

    def hours_on(self, day: date) -> DayHours:
        """The spans of a day, and what they come from."""
        if day in self.exceptions:
            return DayHours(self.exceptions[day], DayKind.EXCEPTION, *self._told_of(day))
        if day in self.holidays:
            return DayHours((), DayKind.HOLIDAY, *self._told_of(day))
        holiday = holiday_on(day, self.public_holidays) if self.public_holidays else None
        if holiday is not None:
            return DayHours((), DayKind.HOLIDAY, holiday.value, self.holiday_texts.get(holiday, ""))
        return DayHours(self.week.get(day.weekday(), ()))

    def _told_of(self, day: date) -> tuple[str, str]:
        return self.day_names.get(day, ""), self.texts.get(day, "")

    @property
    def ever_opens(self) -> bool:
        """Whether any weekday or exception has hours."""
        return any(self.week.values()) or any(self.exceptions.values())

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
            changes = [at for at in self.changes_on(today + timedelta(days=days)) if at > now]
            if changes:
                return min(changes).astimezone(now.tzinfo)
        return None

    def changes_on(self, day: date) -> Iterator[datetime]:
        """The instants at which the spans of a day begin and end."""
        for span in self._spans_of(day):
            yield datetime.combine(day, span.opens, AMSTERDAM)
            closes_on = day if span.closes > time() else day + timedelta(days=1)
            yield datetime.combine(closes_on, span.closes, AMSTERDAM)

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        return self.hours_on(day).spans


def every_day(*spans: Span) -> Schedule:
    """The same spans on each day of the week."""
    return Schedule(dict.fromkeys(range(len(WEEKDAYS)), spans))
