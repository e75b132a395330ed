"""Tidings of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from cxcore.domain.agent import AgentId
from cxcore.domain.tidings import AnnouncementDue, RestOver, Tiding, WrapUpDue
from cxcore.runner.clock import last_midnight, next_midnight
from cxcore.runner.timers import TimerHeap

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA, BRAM = AgentId("anna"), AgentId("bram")


def test_timers_fall_due_in_the_order_of_time() -> None:
    timers = TimerHeap()
    timers.set(WrapUpDue(NINE + timedelta(seconds=2), ANNA))
    timers.set(WrapUpDue(NINE + timedelta(seconds=1), BRAM))
    assert timers.next_at() == NINE + timedelta(seconds=1)
    assert [each.agent_id for each in timers.due(NINE + timedelta(seconds=5)) if isinstance(each, WrapUpDue)] == [
        BRAM,
        ANNA,
    ]
    assert timers.next_at() is None


def test_timer_set_again_counts_once_and_at_the_later_instant() -> None:
    timers = TimerHeap()
    timers.set(WrapUpDue(NINE, ANNA))
    timers.set(WrapUpDue(NINE + timedelta(seconds=60), ANNA))
    assert not list(timers.due(NINE + timedelta(seconds=59)))
    assert len(list(timers.due(NINE + timedelta(seconds=60)))) == 1


def test_cancelled_timer_never_falls_due_and_others_of_the_same_agent_do() -> None:
    timers = TimerHeap()
    timers.set(WrapUpDue(NINE, ANNA))
    timers.set(RestOver(NINE, ANNA))
    timers.cancel(WrapUpDue, ANNA)
    timers.cancel(AnnouncementDue, "never-set")
    assert [type(each) for each in timers.due(NINE)] == [RestOver]


def test_the_day_ends_at_midnight_in_the_netherlands() -> None:
    winter, summer = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 22, 30, tzinfo=UTC)
    assert next_midnight(winter) == datetime(2026, 1, 15, 23, tzinfo=UTC)
    assert last_midnight(summer) == datetime(2026, 7, 15, 22, tzinfo=UTC)


def test_timers_that_are_set_again_and_cancelled_at_random_fall_due_as_in_a_plain_table() -> None:
    dice, timers = Random(1), TimerHeap()
    table: dict[tuple[type[Tiding], str], Tiding] = {}
    now = NINE
    for _ in range(3000):
        kind, agent = dice.choice((WrapUpDue, RestOver)), dice.choice((ANNA, BRAM))
        if dice.random() < 0.6:
            tiding = kind(now + timedelta(seconds=dice.randrange(20)), agent)
            timers.set(tiding)
            table[kind, agent] = tiding
        else:
            timers.cancel(kind, agent)
            table.pop((kind, agent), None)
        now += timedelta(seconds=dice.randrange(3))
        expected = sorted((tiding.at, type(tiding).__name__) for tiding in table.values() if tiding.at <= now)
        assert sorted((tiding.at, type(tiding).__name__) for tiding in timers.due(now)) == expected
        table = {key: tiding for key, tiding in table.items() if tiding.at > now}
        assert timers.next_at() == min((tiding.at for tiding in table.values()), default=None)
