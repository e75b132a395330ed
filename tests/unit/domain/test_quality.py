"""The E-model against the values of ITU-T G.107, and what a side's reception means."""

from __future__ import annotations

import pytest

from cxcore.domain.quality import MOS_GOAL, Codec, Reception, mos, mos_of, rating


def test_a_line_without_fault_has_the_rating_of_the_recommendation() -> None:
    assert rating(0.0, 0.0) == pytest.approx(93.2, abs=0.05)
    assert mos(93.2) == pytest.approx(4.41, abs=0.005)


@pytest.mark.parametrize(
    ("loss", "delay", "expected"),
    [
        (0.00, 100, 4.36), (0.00, 150, 4.33), (0.00, 250, 3.99),
        (0.01, 100, 4.26), (0.01, 150, 4.23), (0.01, 250, 3.85),
        (0.02, 100, 4.16), (0.02, 150, 4.12), (0.02, 250, 3.70),
    ],
)  # fmt: skip
def test_g711_with_concealment_follows_loss_and_delay(loss: float, delay: float, expected: float) -> None:
    assert mos(rating(loss, delay)) == pytest.approx(expected, abs=0.015)


@pytest.mark.parametrize(("delay", "expected"), [(100, 4.02), (150, 3.97)])
def test_g729_begins_lower(delay: float, expected: float) -> None:
    assert mos(rating(0.0, delay, Codec.G729)) == pytest.approx(expected, abs=0.015)


@pytest.mark.parametrize("loss", [0.0, 0.01, 0.02])
def test_g722_and_opus_are_put_at_g711_with_concealment(loss: float) -> None:
    assert rating(loss, 150, Codec.G722) == rating(loss, 150, Codec.OPUS) == rating(loss, 150, Codec.PCMA)


@pytest.mark.parametrize(("rated", "expected"), [(-5.0, 1.0), (0.0, 1.0), (100.0, 4.5), (140.0, 4.5)])
def test_scale_ends_at_one_and_four_and_a_half(rated: float, expected: float) -> None:
    assert mos(rated) == expected


def test_jitter_costs_the_delay_of_its_buffer() -> None:
    assert Reception(0.0, jitter=20.0, round_trip=100.0).one_way == 110.0


@pytest.mark.parametrize("loss", [0.0, 0.01])
def test_goal_is_reached_with_little_loss_and_twenty_milliseconds_of_jitter(loss: float) -> None:
    assert mos_of(Reception(loss, jitter=20.0, round_trip=60.0)) >= MOS_GOAL


def test_goal_is_missed_with_much_loss() -> None:
    assert mos_of(Reception(0.05, jitter=20.0, round_trip=60.0)) < MOS_GOAL
