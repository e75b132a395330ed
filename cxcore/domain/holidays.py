"""The public holidays of the Netherlands, computed for any year of the Gregorian calendar.

Which days they are: Algemene termijnenwet, article 3. Nieuwjaarsdag, Tweede Paasdag, Hemelvaartsdag, Tweede
Pinksterdag, both Christmas days, the day on which the King's birthday is celebrated and 5 May; Goede Vrijdag counts as
one for terms only. Koningsdag is 27 April by the royal decree of 30 January 2013 (Stcrt. 2013, 4075), and the Saturday
before when that is a Sunday. Whether an organisation closes on Goede Vrijdag, on Bevrijdingsdag (5 May; some only once
in five years) and on the last day of the year is its own choice, so each has a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

SUNDAY = 6


class Holiday(StrEnum):
    """A public holiday, by the name that stands in a dialplan."""

    NEW_YEAR = "nieuwjaarsdag"
    GOOD_FRIDAY = "goede-vrijdag"
    EASTER_SUNDAY = "eerste-paasdag"
    EASTER_MONDAY = "tweede-paasdag"
    KINGS_DAY = "koningsdag"
    LIBERATION_DAY = "bevrijdingsdag"
    LIBERATION_DAY_LUSTRUM = "bevrijdingsdag-lustrum"
    """5 May in years that five divides."""
    ASCENSION_DAY = "hemelvaartsdag"
    WHIT_SUNDAY = "eerste-pinksterdag"
    WHIT_MONDAY = "tweede-pinksterdag"
    CHRISTMAS_DAY = "eerste-kerstdag"
    BOXING_DAY = "tweede-kerstdag"
    NEW_YEARS_EVE = "oudejaarsdag"


GENERAL = frozenset(
    {
        Holiday.NEW_YEAR,
        Holiday.EASTER_SUNDAY,
        Holiday.EASTER_MONDAY,
        Holiday.KINGS_DAY,
        Holiday.ASCENSION_DAY,
        Holiday.WHIT_SUNDAY,
        Holiday.WHIT_MONDAY,
        Holiday.CHRISTMAS_DAY,
        Holiday.BOXING_DAY,
    }
)
"""Those on which every municipality is closed: what `nederland` stands for in a dialplan."""


def easter(year: int) -> date:
    """Easter Sunday: the Gregorian computus as "A New York correspondent" gave it in Nature, 20 April 1876; Meeus,
    Astronomical Algorithms, chapter 8."""
    century, rest = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * (year % 19) + century - leap_centuries - moon_correction + 15) % 30
    weekday = (32 + 2 * century_rest + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def kings_day(year: int) -> date:
    """27 April, or the Saturday before when that is a Sunday."""
    birthday = date(year, 4, 27)
    return birthday - timedelta(days=1) if birthday.weekday() == SUNDAY else birthday


def _fixed(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> Callable[[int], date | None]:
    return lambda year: easter(year) + timedelta(days=days)


_DATES: Mapping[Holiday, Callable[[int], date | None]] = {
    Holiday.NEW_YEAR: _fixed(1, 1),
    Holiday.GOOD_FRIDAY: _from_easter(-2),
    Holiday.EASTER_SUNDAY: _from_easter(0),
    Holiday.EASTER_MONDAY: _from_easter(1),
    Holiday.KINGS_DAY: kings_day,
    Holiday.LIBERATION_DAY: _fixed(5, 5),
    Holiday.LIBERATION_DAY_LUSTRUM: lambda year: date(year, 5, 5) if year % 5 == 0 else None,
    Holiday.ASCENSION_DAY: _from_easter(39),
    Holiday.WHIT_SUNDAY: _from_easter(49),
    Holiday.WHIT_MONDAY: _from_easter(50),
    Holiday.CHRISTMAS_DAY: _fixed(12, 25),
    Holiday.BOXING_DAY: _fixed(12, 26),
    Holiday.NEW_YEARS_EVE: _fixed(12, 31),
}


def date_of(holiday: Holiday, year: int) -> date | None:
    """The day of a holiday in a year; None when it has none that year."""
    return _DATES[holiday](year)


@lru_cache(maxsize=64)
def _dates_in(holidays: frozenset[Holiday], year: int) -> Mapping[date, Holiday]:
    found = {date_of(holiday, year): holiday for holiday in sorted(holidays, reverse=True)}
    return {day: holiday for day, holiday in found.items() if day is not None}


def holiday_on(day: date, among: Iterable[Holiday]) -> Holiday | None:
    """The holiday that a day is, among those that count; None for any other day."""
    return _dates_in(frozenset(among), day.year).get(day)
