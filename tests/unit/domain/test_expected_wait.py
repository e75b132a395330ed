"""The expected wait is measured, and how far off it is is known."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from cxcore.domain.expected_wait import ExpectedWait, LineWatch
from scripts.bench_expected_wait import SETTINGS, START, Line, Setting, errors_of

WORSE_THAN_BEST = {setting.name: limit for setting, limit in zip(SETTINGS, (1.25, 1.1, 1.15), strict=True)}
"""How much larger the mean absolute error may be than that of one who knows the true rates."""


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_error_is_close_to_that_of_one_who_knows_the_true_rates(setting: Setting, seed: int) -> None:
    errors = errors_of(setting, callers=6000, seed=seed)
    assert errors.callers > 1000
    assert errors.told <= WORSE_THAN_BEST[setting.name] * errors.best
    assert errors.told < 0.75 * errors.mean_wait


def test_nothing_is_told_before_enough_was_seen() -> None:
    measure = ExpectedWait()
    assert measure.seconds(0) is None
    for minute in range(1, 4):
        measure.unoffered = measure.waiting = 3
        measure.pass_time(START + timedelta(minutes=minute))
        measure.note_turn()
        assert measure.seconds(0) is None


def test_wait_of_a_line_that_moves_every_minute_is_a_minute_for_each_place() -> None:
    measure = ExpectedWait()
    for minute in range(61):
        measure.pass_time(START + timedelta(minutes=minute))
        measure.unoffered = measure.waiting = 5
        measure.note_turn()
    assert measure.seconds(0) == pytest.approx(60, rel=0.05)
    assert measure.seconds(4) == pytest.approx(300, rel=0.05)


def test_time_in_which_nobody_had_to_wait_says_nothing() -> None:
    setting = Setting("quiet", 10, 600.0, 60.0)
    line = Line(setting, random.Random(1))
    line.run(200)
    assert line.watch.seconds(1) is None


def test_estimate_follows_when_half_of_the_agents_leave() -> None:
    line = Line(Setting("busy", 10, 20.0, 240.0, 300.0), random.Random(1))
    line.run(2000)
    before = line.watch.measure.seconds(5)
    half = replace(line.setting, agents=5)
    after = Line(half, random.Random(1), watch=line.watch, now=line.now)
    after.run(1000)
    now = after.watch.measure.seconds(5)
    assert before is not None
    assert now is not None
    assert now > 1.3 * before


def test_who_is_offered_already_is_told_the_ringing_time_only() -> None:
    line = Line(Setting("busy", 3, 100.0, 240.0, 300.0, ring=9.0), random.Random(1))
    line.run(500)
    assert line.watch.seconds(1, offered=True) == pytest.approx(9, abs=1)


def test_watch_forgets_contacts_that_left() -> None:
    line = Line(SETTINGS[1], random.Random(1))
    line.run(500)
    watch: LineWatch = line.watch
    assert not watch._in_line
    assert watch._offered == 0


@pytest.mark.parametrize("ahead", [0, 3, 7, 8, 40, 400])
def test_long_lines_are_summed_without_counting_each_place(ahead: int) -> None:
    measure = ExpectedWait(_served=20, _pressed_seconds=600, _gave_up=10, _waited_seconds=3000)
    exact = sum(1 / (20 / 600 + others * 10 / 3000) for others in range(ahead + 1))
    assert measure.seconds(ahead) == pytest.approx(exact, rel=0.001)
