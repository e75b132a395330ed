#!/usr/bin/env python3
"""How far off the expected wait is that callers and screens are told, in simulated time.

A queue with Poisson arrivals, exponential handling and exponential patience runs for some weeks. Each caller who has to
wait is told the expected wait on arrival; of those whom an agent took, what was told is compared with the wait that it
became. Beside it stands what one would be told who knows the true rates: no estimate is better than that, since the
rest is chance. All of it is decided by the seed.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId, Outcome
from cxcore.domain.events import (
    ContactAnswered,
    ContactLeftQueue,
    ContactOffered,
    ContactQueued,
    Fact,
    OfferEnded,
)
from cxcore.domain.expected_wait import ABOUT_THE_LINE, LineWatch
from cxcore.domain.offer import OfferEnd, OfferId
from cxcore.domain.queue import QueueId

QUEUE, ANNA = QueueId("burgerzaken"), AgentId("anna")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Setting:
    """A queue to simulate; lengths in seconds. Without `patience` nobody gives up."""

    name: str
    agents: int
    between_arrivals: float
    handling: float
    patience: float | None = None
    ring: float = 6.0


SETTINGS = (
    Setting("3 agents, busy", 3, 100.0, 240.0, 300.0),
    Setting("10 agents, overloaded, impatient callers", 10, 20.0, 240.0, 300.0),
    Setting("30 agents, busy, patient callers", 30, 8.6, 240.0, None),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A caller who had to wait and was taken by an agent: what was told, what the true rates say, and what it was."""

    told: float
    best: float
    waited: float


@dataclass(frozen=True, slots=True)
class Errors:
    """Mean absolute errors in seconds over `callers`, of whom nothing was told to `untold` more."""

    callers: int
    untold: int
    mean_wait: float
    told: float
    best: float
    bias: float


@dataclass(slots=True)
class Line:
    """The simulated queue. Every fact goes to the watch, as the floor sends it."""

    setting: Setting
    dice: random.Random
    watch: LineWatch = field(default_factory=LineWatch)
    now: float = 0.0
    free: int = 0
    waiting: dict[ContactId, float] = field(default_factory=dict)
    """Who is in line, ringing or not, and since when."""
    ringing: set[ContactId] = field(default_factory=set)
    guesses: dict[ContactId, tuple[int | None, float]] = field(default_factory=dict)
    heard: list[Told] = field(default_factory=list)
    untold: int = 0
    _events: list[tuple[float, int, str, ContactId]] = field(default_factory=list)
    _count: Iterator[int] = field(default_factory=itertools.count)

    def run(self, callers: int) -> None:
        """Let that many callers come, and the line run empty."""
        self.free = self.setting.agents
        at = 0.0
        for number in range(callers):
            at += self.dice.expovariate(1 / self.setting.between_arrivals)
            self._plan(at, "arrives", ContactId(f"c{number}"))
        while self._events:
            self.now, _, what, contact = heapq.heappop(self._events)
            getattr(self, f"_{what}")(contact)

    def _plan(self, at: float, what: str, contact: ContactId) -> None:
        heapq.heappush(self._events, (at, next(self._count), what, contact))

    def _tell(self, fact: Fact) -> None:
        self.watch.see(fact, ABOUT_THE_LINE[type(fact)], len(self.waiting))

    @property
    def _at(self) -> datetime:
        return START + timedelta(seconds=self.now)

    def _arrives(self, contact: ContactId) -> None:
        self.waiting[contact] = self.now
        self._tell(ContactQueued(self._at, contact, QUEUE))
        if not self.free:
            ahead = len(self.waiting) - 1 - len(self.ringing)
            self.guesses[contact] = (self.watch.seconds(len(self.waiting)), self._best(ahead))
            if self.setting.patience:
                self._plan(self.now + self.dice.expovariate(1 / self.setting.patience), "gives_up", contact)
        self._offer_next()

    def _best(self, ahead: int) -> float:
        served = self.setting.agents / (self.setting.handling + self.setting.ring)
        gave_up = 1 / self.setting.patience if self.setting.patience else 0.0
        return sum(1 / (served + others * gave_up) for others in range(ahead + 1)) + self.setting.ring

    def _offer_next(self) -> None:
        contact = next((each for each in self.waiting if each not in self.ringing), None)
        if contact is None or not self.free:
            return
        self.free -= 1
        self.ringing.add(contact)
        self._tell(ContactOffered(self._at, OfferId(contact), contact, ANNA, QUEUE, "only-one", (ANNA,)))
        self._plan(self.now + self.setting.ring, "answered", contact)

    def _answered(self, contact: ContactId) -> None:
        waited = self.now - self.waiting.pop(contact)
        self.ringing.discard(contact)
        self._tell(OfferEnded(self._at, OfferId(contact), contact, ANNA, QUEUE, OfferEnd.ACCEPTED, ""))
        self._tell(ContactAnswered(self._at, contact, ANNA, QUEUE, waited))
        told, best = self.guesses.pop(contact, (None, 0.0))
        if told is not None:
            self.heard.append(Told(told, best, waited))
        elif best:
            self.untold += 1
        self._plan(self.now + self.dice.expovariate(1 / self.setting.handling), "is_free", contact)

    def _is_free(self, _contact: ContactId) -> None:
        self.free += 1
        self._offer_next()

    def _gives_up(self, contact: ContactId) -> None:
        if contact in self.waiting and contact not in self.ringing:
            waited = self.now - self.waiting.pop(contact)
            self._tell(ContactLeftQueue(self._at, contact, QUEUE, Outcome.ABANDONED, waited))


def errors_of(setting: Setting, callers: int, seed: int) -> Errors:
    """Simulate the queue and compare."""
    line = Line(setting, random.Random(seed))
    line.run(callers)
    heard = line.heard
    return Errors(
        len(heard),
        line.untold,
        _mean([each.waited for each in heard]),
        _mean([abs(each.told - each.waited) for each in heard]),
        _mean([abs(each.best - each.waited) for each in heard]),
        _mean([each.told - each.waited for each in heard]),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def main() -> int:
    """Run each setting."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callers", type=int, default=10_000, help="callers per setting (10000)")
    parser.add_argument("--seed", type=int, default=1, help="decides everything (1)")
    options = parser.parse_args()
    for setting in SETTINGS:
        found = errors_of(setting, options.callers, options.seed)
        sys.stdout.write(
            f"{setting.name:42s} mean wait {found.mean_wait:6.0f} s | mean absolute error {found.told:5.0f} s, "
            f"with the true rates {found.best:5.0f} s | bias {found.bias:+5.0f} s | {found.callers} told, "
            f"{found.untold} not\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
