"""Patience, estimated from waits of which most ended with an answer."""

from __future__ import annotations

from random import Random

import pytest

from cxcore.simulation.patience import Patience, estimate


def test_estimate_is_that_of_a_worked_example() -> None:
    patience = estimate(gave_up=[10, 30, 30], stayed=[10, 20, 40])
    assert list(patience.waits) == [10, 30]
    assert patience.still_there == pytest.approx((5 / 6, 5 / 18))


def test_who_was_answered_counts_as_there_until_the_answer() -> None:
    """Half of them give up after 30 s on average; those who are answered before do not make them look less patient."""
    dice = Random(1)
    gave_up: list[float] = []
    stayed: list[float] = []
    for _ in range(20_000):
        patience, answered = dice.expovariate(1 / 60), dice.expovariate(1 / 30)
        (gave_up if patience < answered else stayed).append(min(patience, answered))
    found = estimate(gave_up, stayed)
    for wait in (15, 30, 60, 90):
        assert found.share_still_there(wait) == pytest.approx(2.718281828 ** (-wait / 60), abs=0.02)


def test_draw_is_longer_than_what_the_caller_waited_already() -> None:
    patience = estimate(gave_up=[10, 20, 30, 40], stayed=[])
    draws = [patience.draw(Random(seed), beyond=20) for seed in range(300)]
    assert set(draws) == {30, 40}
    assert draws.count(30) == pytest.approx(150, abs=30)


def test_nobody_is_known_to_give_up_later_than_the_last_who_did() -> None:
    patience = estimate(gave_up=[10], stayed=[50, 50, 50])
    draws = [patience.draw(Random(seed)) for seed in range(400)]
    assert set(draws) == {10, None}
    assert draws.count(None) == pytest.approx(300, abs=30)
    assert patience.draw(Random(1), beyond=50) is None


def test_day_without_anybody_giving_up_has_callers_who_stay() -> None:
    assert estimate(gave_up=[], stayed=[5, 6]).draw(Random(1)) is None
    assert Patience().share_still_there(1000) == 1.0
