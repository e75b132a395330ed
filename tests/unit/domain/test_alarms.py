"""When an alarm is raised and when it is cleared."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from cxcore.domain.alarms import LEAST_OFFERED, AlarmWatch, QueueReading, Verdict
from cxcore.domain.thresholds import AlarmKind, Threshold, fits, usual_clear_at

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WAITING = Threshold(AlarmKind.WAITING, raise_at=8, clear_at=5, after_seconds=10)
LEVEL = Threshold(AlarmKind.SERVICE_LEVEL, raise_at=70, clear_at=80, after_seconds=0)


def verdicts(threshold: Threshold, *values: float | None) -> list[Verdict]:
    """What each of these figures brings about, a second apart."""
    watch = AlarmWatch()
    return [watch.look(value, threshold, NOON + timedelta(seconds=at)) for at, value in enumerate(values)]


def test_figure_that_was_too_high_for_its_time_raises_the_alarm_once() -> None:
    assert verdicts(WAITING, *[8] * 10) == [Verdict.NOTHING] * 10
    assert verdicts(WAITING, *[8] * 15)[10:] == [Verdict.RAISED, *[Verdict.NOTHING] * 4]


def test_a_peak_that_is_over_before_its_time_raises_nothing() -> None:
    assert set(verdicts(WAITING, *([9] * 9 + [7]) * 5)) == {Verdict.NOTHING}


def test_figure_between_the_levels_leaves_the_alarm_as_it_is() -> None:
    told = verdicts(WAITING, *[8] * 11, *[6, 7] * 30)
    assert told.count(Verdict.RAISED) == 1
    assert Verdict.CLEARED not in told


def test_figure_that_is_calm_for_its_time_clears_the_alarm() -> None:
    told = verdicts(WAITING, *[8] * 11, *[5] * 10, 6, *[5] * 11)
    assert told.index(Verdict.CLEARED) == 11 + 10 + 1 + 10


def test_figure_that_is_too_low_raises_at_once_where_no_time_is_set() -> None:
    assert verdicts(LEVEL, 70, 69.9, 79, 80) == [Verdict.NOTHING, Verdict.RAISED, Verdict.NOTHING, Verdict.CLEARED]


def test_nothing_to_watch_clears_at_once() -> None:
    assert verdicts(LEVEL, 10, None, None) == [Verdict.RAISED, Verdict.CLEARED, Verdict.NOTHING]


def test_whatever_the_figures_do_alarms_are_raised_and_cleared_by_turns_and_never_within_their_time() -> None:
    dice = random.Random(20260302)
    values = [dice.choice([None, *range(12)]) if dice.random() < 0.2 else dice.randrange(12) for _ in range(20_000)]
    steady = [value for value in values for _ in range(dice.randrange(1, 15))]
    told = [(at, each) for at, each in enumerate(verdicts(WAITING, *steady)) if each is not Verdict.NOTHING]
    assert len(told) > 100
    assert [each for _, each in told] == [Verdict.RAISED, Verdict.CLEARED] * (len(told) // 2) + [Verdict.RAISED] * (
        len(told) % 2
    )
    for at, each in told:
        if each is Verdict.RAISED:
            assert all(value is not None and value >= 8 for value in steady[at - 10 : at + 1])


@pytest.mark.parametrize("kind", list(AlarmKind))
@pytest.mark.parametrize("raise_at", [1, 2, 5, 70, 100])
def test_level_that_clears_without_being_given_is_on_the_calm_side(kind: AlarmKind, raise_at: float) -> None:
    assert fits(kind, raise_at, usual_clear_at(kind, raise_at))


def reading(**figures: object) -> QueueReading:
    usual = {
        "open": True, "waiting": 0, "longest_wait_seconds": 0.0, "offered": 0, "answered_in_time": 0, "abandoned": 0,
        "agents": 1, "unreachable": 0, "mos": None,
    }  # fmt: skip
    return QueueReading(**{**usual, **figures})  # type: ignore[arg-type]


def test_first_callers_of_the_day_are_no_share() -> None:
    assert reading(offered=LEAST_OFFERED - 1).value(AlarmKind.SERVICE_LEVEL) is None
    assert reading(offered=20, answered_in_time=15).value(AlarmKind.SERVICE_LEVEL) == 75
    assert reading(offered=20, abandoned=1).value(AlarmKind.ABANDONED) == 5
    assert reading(chats_offered=20, chats_in_time=10).value(AlarmKind.CHAT_LEVEL) == 50
    assert reading(offered=20, chats_offered=LEAST_OFFERED - 1).value(AlarmKind.CHAT_LEVEL) is None


def test_agents_are_not_missed_while_the_queue_is_closed() -> None:
    assert reading(agents=0).value(AlarmKind.AGENTS) == 0
    assert reading(agents=0, open=False).value(AlarmKind.AGENTS) is None
