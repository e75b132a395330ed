"""Erlang's formulas, against published values and identities."""

from __future__ import annotations

import math

import pytest

from cxcore.simulation.erlang import Unstable, blocking, erlang_a, erlang_c


@pytest.mark.parametrize(
    ("agents", "load", "expected"),
    [(1, 1.0, 0.5), (2, 1.0, 0.2), (10, 5.0, 0.018385), (20, 15.0, 0.045593)],
)
def test_blocking_is_that_of_the_tables(agents: int, load: float, expected: float) -> None:
    assert blocking(agents, load) == pytest.approx(expected, rel=1e-4)


def test_one_agent_is_the_queue_of_the_textbook() -> None:
    expected = erlang_c(1, 0.8, 1.0)
    assert expected.probability_of_waiting == pytest.approx(0.8)
    assert expected.mean_wait_seconds == pytest.approx(4.0)


def test_thousands_of_agents_do_not_overflow() -> None:
    expected = erlang_c(5000, 4.9, 1000.0)
    assert 0 < expected.probability_of_waiting < 1
    assert 0 < erlang_a(5000, 5.1, 1000.0, 120.0).share_abandoned < 0.1


def test_more_work_than_agents_has_no_mean_wait() -> None:
    with pytest.raises(Unstable, match="5 erlang are offered to 5 agents"):
        erlang_c(5, 5.0, 1.0)


def test_patience_without_end_is_erlang_c() -> None:
    patient, endless = erlang_c(10, 0.05, 170.0), erlang_a(10, 0.05, 170.0, 1e9)
    assert endless.mean_wait_seconds == pytest.approx(patient.mean_wait_seconds, rel=1e-4)
    assert endless.probability_of_waiting == pytest.approx(patient.probability_of_waiting, rel=1e-4)


def test_with_patience_as_long_as_a_conversation_each_caller_has_a_server() -> None:
    """With equal rates the number present is Poisson, whatever the number of agents."""
    load, agents = 12.0, 10
    poisson = [math.exp(-load) * load**n / math.factorial(n) for n in range(100)]
    expected = erlang_a(agents, load, 1.0, 1.0)
    assert expected.probability_of_waiting == pytest.approx(sum(poisson[agents:]))
    line = sum((n - agents) * share for n, share in enumerate(poisson) if n > agents)
    assert expected.mean_wait_seconds == pytest.approx(line / load)
