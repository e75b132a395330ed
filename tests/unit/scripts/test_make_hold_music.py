"""The hold music that comes with the system."""

from __future__ import annotations

import numpy as np

from scripts.make_hold_music import RATE, compose


def levels(samples: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """dBov of each half second."""
    halves = samples[: len(samples) // (RATE // 2) * (RATE // 2)].reshape(-1, RATE // 2).astype(float)
    return 20 * np.log10(np.sqrt((halves**2).mean(axis=1)) / 32768)


def test_music_never_falls_silent_and_never_startles() -> None:
    measured = levels(compose())
    assert measured.min() > -35
    assert measured.max() - measured.min() < 14


def test_music_lasts_longer_than_a_minute_and_a_half_before_it_comes_round() -> None:
    assert len(compose()) > 90 * RATE


def test_end_runs_over_into_the_beginning_without_a_step_or_a_pause() -> None:
    samples = compose().astype(int)
    assert abs(samples[0] - samples[-1]) <= np.abs(np.diff(samples)).max()
    assert levels(np.roll(samples, RATE))[:4].min() > -35


def test_same_music_is_made_each_time() -> None:
    assert np.array_equal(compose(), compose())
