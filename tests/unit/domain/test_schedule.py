"""When a queue is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from cxcore.domain.schedule import Schedule, Span, every_day

OFFICE = Schedule(
    {day: (Span(time(8, 30), time(12)), Span(time(13), time(17))) for day in range(5)}, frozenset({date(2026, 12, 25)})
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_hours_are_those_of_the_clock_on_the_wall_in_summer_and_winter() -> None:
    assert not OFFICE.is_open(at("2026-01-12 07:29"))
    assert OFFICE.is_open(at("2026-01-12 07:30"))
    assert not OFFICE.is_open(at("2026-07-13 06:29"))
    assert OFFICE.is_open(at("2026-07-13 06:30"))


def test_it_closes_at_noon_and_at_the_end_to_the_minute() -> None:
    assert OFFICE.is_open(at("2026-01-12 10:59:59"))
    assert not OFFICE.is_open(at("2026-01-12 11:00"))
    assert OFFICE.is_open(at("2026-01-12 12:00"))
    assert not OFFICE.is_open(at("2026-01-12 16:00"))


def test_it_is_closed_on_holidays_and_on_days_that_are_not_named() -> None:
    assert not OFFICE.is_open(at("2026-12-25 10:00"))
    assert not OFFICE.is_open(at("2026-01-11 10:00"))


def test_next_opening_skips_nights_weekends_and_holidays() -> None:
    assert OFFICE.next_open(at("2026-01-12 11:30")) == at("2026-01-12 12:00")
    assert OFFICE.next_open(at("2026-01-12 20:00")) == at("2026-01-13 07:30")
    assert OFFICE.next_open(at("2026-12-24 20:00")) == at("2026-12-28 07:30")
    assert OFFICE.next_open(at("2026-01-12 10:00")) == at("2026-01-12 10:00")
    assert Schedule().next_open(at("2026-01-12 10:00")) is None


def test_next_opening_after_the_clock_was_put_forward_is_an_hour_earlier_in_utc() -> None:
    assert every_day(Span(time(9), time(17))).next_open(at("2026-03-28 20:00")) == at("2026-03-29 07:00")


def test_span_until_midnight_lasts_until_midnight() -> None:
    late = every_day(Span(time(20), time()))
    assert late.is_open(at("2026-01-12 22:59:59"))
    assert not late.is_open(at("2026-01-12 23:00"))


def test_next_change_is_the_next_opening_or_closing() -> None:
    assert OFFICE.next_change(at("2026-01-12 07:30")) == at("2026-01-12 11:00")
    assert OFFICE.next_change(at("2026-01-12 11:00")) == at("2026-01-12 12:00")
    assert OFFICE.next_change(at("2026-12-24 16:00")) == at("2026-12-28 07:30")
    assert every_day(Span(time(20), time())).next_change(at("2026-01-12 19:30")) == at("2026-01-12 23:00")
    assert Schedule().next_change(at("2026-01-12 10:00")) is None
