"""The Dutch public holidays, against published calendars."""

from __future__ import annotations

from datetime import date

import pytest

from cxcore.domain.holidays import GENERAL, Holiday, date_of, easter, holiday_on, kings_day


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1818, 3, 22), (2008, 3, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)],
)
def test_easter_is_where_the_calendars_have_it(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_koningsdag_is_on_saturday_when_the_birthday_is_on_sunday() -> None:
    assert (kings_day(2025), kings_day(2026)) == (date(2025, 4, 26), date(2026, 4, 27))


def test_the_holidays_of_2026() -> None:
    days = {holiday: date_of(holiday, 2026) for holiday in Holiday}
    assert days[Holiday.ASCENSION_DAY] == date(2026, 5, 14)
    assert days[Holiday.WHIT_MONDAY] == date(2026, 5, 25)
    assert days[Holiday.GOOD_FRIDAY] == date(2026, 4, 3)
    assert days[Holiday.LIBERATION_DAY] == date(2026, 5, 5)


def test_bevrijdingsdag_counts_only_where_it_is_chosen_and_may_count_once_in_five_years() -> None:
    assert holiday_on(date(2025, 5, 5), GENERAL) is None
    assert holiday_on(date(2026, 5, 5), {Holiday.LIBERATION_DAY}) is Holiday.LIBERATION_DAY
    assert holiday_on(date(2026, 5, 5), {Holiday.LIBERATION_DAY_LUSTRUM}) is None
    assert holiday_on(date(2025, 5, 5), {Holiday.LIBERATION_DAY_LUSTRUM}) is Holiday.LIBERATION_DAY_LUSTRUM
