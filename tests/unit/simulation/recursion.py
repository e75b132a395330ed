"""An independent model of one queue: who waits how long follows from the callers alone, caller by caller.

Whoever arrives is served by the agent who is free first (J. Kiefer and J. Wolfowitz, On the Theory of Queues with Many
Servers, 1955), or gives up before that.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from random import Random

from cxcore.simulation.callers import Caller, Traffic
from cxcore.simulation.erlang import Expectation
from tests.unit.simulation.floors import START


def waits_of(callers: Iterable[Caller], agents: int) -> Iterator[tuple[float, bool]]:
    """The wait in seconds of each caller, in the order of arrival, and whether the caller gave up."""
    free_at = [0.0] * agents
    for caller in callers:
        arrives = (caller.calls_at - START).total_seconds()
        wait = max(free_at[0] - arrives, 0.0)
        if caller.patience_seconds is not None and caller.patience_seconds < wait:
            yield caller.patience_seconds, True
        else:
            heapq.heapreplace(free_at, arrives + wait + caller.talk_seconds)
            yield wait, False


def long_run(traffic: Traffic, agents: int, count: int, seed: int) -> Expectation:
    """The means over so many callers, without any caller being made: two million take some seconds."""
    dice, now, waited, total, left = Random(seed), 0.0, 0, 0.0, 0
    draw, free_at, patience = dice.expovariate, [0.0] * agents, traffic.patience_seconds
    for _ in range(count):
        now += draw(traffic.per_second)
        wait = max(free_at[0] - now, 0.0)
        waited += wait > 0
        limit = draw(1 / patience) if patience else wait
        left += limit < wait
        total += min(limit, wait)
        if limit >= wait:
            heapq.heapreplace(free_at, now + wait + draw(1 / traffic.talk_seconds))
    return Expectation(waited / count, total / count, left / count)
