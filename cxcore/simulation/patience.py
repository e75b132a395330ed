"""How long callers are willing to wait, estimated from a day on which most of them were answered.

Of a caller who was answered after 30 s it is only known that this caller would have waited 30 s or more: the patience
is *censored*. To take only those who gave up would make callers look far less patient than they are; so would taking
the waits of the answered as their patience. The estimate of Kaplan and Meier uses both: at each wait at which somebody
gave up, the share still there is multiplied by (1 - gave up then / still waiting then), and the answered count among
those still waiting until they were answered.

Beyond the longest wait at which somebody gave up nothing is known. Whoever is drawn from there is taken to stay, until
an agent answers or the queue's maximum wait ends it.

Source: E. L. Kaplan and P. Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958) 457-481.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Patience:
    """After a wait of `waits[i]` seconds the share `still_there[i]` is still there; waits grow, shares fall."""

    waits: tuple[float, ...] = ()
    still_there: tuple[float, ...] = ()

    def share_still_there(self, seconds: float) -> float:
        """The share of callers whose patience is longer than this."""
        index = bisect_right(self.waits, seconds)
        return self.still_there[index - 1] if index else 1.0

    def draw(self, dice: Random, beyond: float = 0.0) -> float | None:
        """The patience in seconds of a caller who is known to have waited `beyond`; None stays for ever."""
        left = dice.random() * self.share_still_there(beyond)
        index = bisect_left(self.still_there, -left, key=lambda share: -share)
        return self.waits[index] if index < len(self.waits) else None


def estimate(gave_up: Iterable[float], stayed: Iterable[float]) -> Patience:
    """From the waits of those who gave up, and of those whose wait ended otherwise: answered, moved or closed."""
    departures, others = Counter(gave_up), Counter(stayed)
    at_risk, share = sum(departures.values()) + sum(others.values()), 1.0
    waits, shares = [], []
    for wait in sorted(departures | others):
        if departures[wait]:
            share *= 1 - departures[wait] / at_risk
            waits.append(wait)
            shares.append(share)
        at_risk -= departures[wait] + others[wait]
    return Patience(tuple(waits), tuple(shares))
