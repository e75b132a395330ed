"""Acted-out callers: when they call, how long they wait and talk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

DIGITS = 6
"""Draws are whole microseconds, as the core's clock is."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One call. `number` is what is dialled."""

    calls_at: datetime
    number: str
    talk_seconds: float
    patience_seconds: float | None = None
    """The caller hangs up after so long without an agent; None waits for ever."""
    wrap_up_seconds: float | None = None
    """How long the agent wraps this call up; None as long as the queue gives."""
    caller_number: str | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Poisson arrivals with exponential talk and, unless None, exponential patience."""

    per_second: float
    talk_seconds: float
    patience_seconds: float | None = None
    wrap_up_seconds: float | None = None


def poisson(traffic: Traffic, numbers: tuple[str, ...], start: datetime, seed: int) -> Iterator[Caller]:
    """Callers without end, each of one of the numbers. Arrivals, talk and patience have dice of their own, so that two
    runs with the same seed that differ in patience or in agents meet the same callers."""
    arrivals, talks, patiences, choices = (Random(f"{seed} {what}") for what in "atpc")  # noqa: S311 - a simulation
    at = start
    while True:
        at += timedelta(seconds=_exponential(arrivals, 1 / traffic.per_second))
        patience = traffic.patience_seconds
        yield Caller(
            at,
            numbers[0] if len(numbers) == 1 else choices.choice(numbers),
            _exponential(talks, traffic.talk_seconds),
            None if patience is None else _exponential(patiences, patience),
            traffic.wrap_up_seconds,
        )


def _exponential(dice: Random, mean: float) -> float:
    return round(dice.expovariate(1 / mean), DIGITS)
