"""What theory expects of a queue with Poisson arrivals and exponential handling times: Erlang C and Erlang A.

`load` is the offered load in erlang: arrivals per second times the mean handling time in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

NEGLIGIBLE = 1e-15
"""A state this much less likely than the first waiting state no longer counts; it ends the sum of Erlang A."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a caller meets. `mean_wait_seconds` is over all callers, those who waited not and who gave up included."""

    probability_of_waiting: float
    mean_wait_seconds: float
    share_abandoned: float = 0.0


class Unstable(ValueError):
    """Patient callers arrive faster than the agents can serve them: the line grows without end."""


def blocking(agents: int, load: float) -> float:
    """Erlang B: the share of callers who find all agents busy where nobody waits.

    The recursion on 1/B, in which nothing overflows or cancels: 1/B(0) = 1, 1/B(n) = 1 + n/load · 1/B(n-1).
    Source: A. K. Erlang (1917); the recursion as in L. Kosten, Stochastic Theory of Service Systems (1973).
    """
    inverse = 1.0
    for number in range(1, agents + 1):
        inverse = 1.0 + inverse * number / load
    return 1.0 / inverse


def erlang_c(agents: int, arrivals_per_second: float, handling_seconds: float) -> Expectation:
    """M/M/n: callers wait as long as it takes. Raises `Unstable`.

    C = B / (1 - load/n · (1 - B)), and the mean wait is C · handling / (n - load).
    Source: A. K. Erlang (1917); L. Kleinrock, Queueing Systems I (1975), section 3.5.
    """
    load = arrivals_per_second * handling_seconds
    if load >= agents:
        raise Unstable(f"{load:g} erlang are offered to {agents} agents")
    busy = blocking(agents, load)
    waiting = busy / (1.0 - load / agents * (1.0 - busy))
    return Expectation(waiting, waiting * handling_seconds / (agents - load))


def erlang_a(
    agents: int, arrivals_per_second: float, handling_seconds: float, patience_seconds: float
) -> Expectation:
    """M/M/n+M: each caller gives up after an exponential time with the given mean, unless answered before.

    The states' probabilities are taken relative to that of "all agents busy, nobody waits". Those below sum up to 1/B;
    each further one is the last times arrivals / (n/handling + waiting/patience). By Little's law the mean wait is the
    mean line over the arrivals, and the share that gives up is the mean wait over the mean patience.
    Source: C. Palm (1946); O. Garnett, A. Mandelbaum and M. Reiman, Designing a Call Center with Impatient Customers,
    M&SOM 4 (2002) 208-227.
    """
    below = 1.0 / blocking(agents, arrivals_per_second * handling_seconds)
    state, line, waiting, number = 1.0, 0.0, 1.0, 0
    while state > NEGLIGIBLE * waiting:
        number += 1
        state *= arrivals_per_second / (agents / handling_seconds + number / patience_seconds)
        waiting += state
        line += number * state
    total = below - 1.0 + waiting
    mean_wait = line / total / arrivals_per_second
    return Expectation(waiting / total, mean_wait, mean_wait / patience_seconds)
