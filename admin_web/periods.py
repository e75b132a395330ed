"""Whole days in the Netherlands, as a form asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cxcore.domain.schedule import AMSTERDAM

DAYS_AT_FIRST = 7


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day up to and including the last."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """When it begins."""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """When it is over; that instant is no part of it."""
        return _midnight(self.last + timedelta(days=1))


def read_period(fields: Mapping[str, str], now: datetime) -> Period:
    """The fields `first` and `last`; what is missing or no date falls back to the week that ends now."""
    today = now.astimezone(AMSTERDAM).date()
    last = _date(fields.get("last"), today)
    first = _date(fields.get("first"), last - timedelta(days=DAYS_AT_FIRST - 1))
    return Period(min(first, last), max(first, last))


def _date(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)
