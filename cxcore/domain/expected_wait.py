"""How long somebody in a waiting line will wait, measured from what happened in that line.

Only time in which the queue had more callers than free agents says anything about it: *pressed* time, while somebody
waits before no agent. In that time two rates are measured: how often an agent became free for a caller who had to
wait, and how often one of those who waited gave up, per caller and second. Whoever stands behind n others moves up at
the sum of both:

    wait(n) = Σ 1 / (served + i × gave up),  i = 0 … n

which is the mean wait of a line with exponential service and patience (Erlang A), and of one without abandonment when
nobody gave up. To that comes the time from the offer to its answer. Everything is weighted down by half every
`HALF_LIFE_SECONDS`, so that the estimate follows the staffing. With too little seen it says nothing (None).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cxcore.domain.contact import ContactId, Outcome
from cxcore.domain.events import (
    CallBackAsked,
    CallBackLinedUp,
    ContactAnswered,
    ContactLeftQueue,
    ContactOffered,
    ContactQueued,
    Fact,
    OfferEnded,
)

HALF_LIFE_SECONDS = 1800.0
LEAST_SERVED = 4.0
"""Turns in pressed time, by their weight, below which there is no estimate."""
LONGEST_SECONDS = 4 * 3600.0
EXACT_TERMS = 8
"""Steps of a line that are added up one by one."""


@dataclass(slots=True)
class ExpectedWait:
    """The measure of one line. `waiting` and `unoffered` are those in line, and those of them before no agent."""

    waiting: int = 0
    unoffered: int = 0
    _at: datetime | None = None
    _served: float = 0.0
    _pressed_seconds: float = 0.0
    _gave_up: float = 0.0
    _waited_seconds: float = 0.0
    _answers: float = 0.0
    _ring_seconds: float = 0.0

    def pass_time(self, now: datetime) -> None:
        """The time since the last call counts with the numbers in line as they were set then."""
        before, self._at = self._at, now
        if before is None or before is now:  # the facts of one step share their instant
            return
        seconds = (now - before).total_seconds()
        if seconds <= 0.0:
            return
        self._fade(0.5 ** (seconds / HALF_LIFE_SECONDS))
        self._pressed_seconds += seconds if self.unoffered else 0.0
        self._waited_seconds += seconds * self.waiting

    def note_turn(self) -> None:
        """An agent became free for a caller who had to wait."""
        self._served += 1

    def note_answer(self, rang_seconds: float) -> None:
        """An agent took a caller so long after the offer."""
        self._answers += 1
        self._ring_seconds += rang_seconds

    def note_gave_up(self) -> None:
        """A caller left the line unserved."""
        self._gave_up += 1

    def seconds(self, ahead: int) -> float | None:
        """The expected wait of somebody with `ahead` others before them who are before no agent yet."""
        if self._served < LEAST_SERVED or self._pressed_seconds <= 0:
            return None
        return min(self._climb(ahead) + self.ring_seconds, LONGEST_SECONDS)

    @property
    def ring_seconds(self) -> float:
        """The mean time from an offer to its answer."""
        return self._ring_seconds / self._answers if self._answers else 0.0

    def _climb(self, ahead: int) -> float:
        """The sum above. Its long tail is taken as an integral (midpoint rule): off by less than one in a thousand."""
        served = self._served / self._pressed_seconds
        gave_up = self._gave_up / self._waited_seconds if self._waited_seconds else 0.0
        if gave_up == 0:
            return (ahead + 1) / served
        exact = min(ahead + 1, EXACT_TERMS)
        steps = sum(1 / (served + others * gave_up) for others in range(exact))
        tail = math.log((served + (ahead + 0.5) * gave_up) / (served + (exact - 0.5) * gave_up)) / gave_up
        return steps + (tail if ahead >= exact else 0.0)

    def _fade(self, weight: float) -> None:
        self._served *= weight
        self._pressed_seconds *= weight
        self._gave_up *= weight
        self._waited_seconds *= weight
        self._answers *= weight
        self._ring_seconds *= weight


@dataclass(slots=True)
class LineWatch:
    """Reads the measure of one queue off its facts. The floor tells how many are in line after each of them."""

    measure: ExpectedWait = field(default_factory=ExpectedWait)
    _queued_at: dict[ContactId, datetime] = field(default_factory=dict)
    _offered_at: dict[ContactId, datetime] = field(default_factory=dict)
    _offers: dict[ContactId, int] = field(default_factory=dict)
    """How many offers run for each contact in line."""
    _had_turn: set[ContactId] = field(default_factory=set)
    """Those of them who had to wait, and for whom an agent became free."""

    def see(self, fact: Fact, waiting: int) -> None:
        """Take a fact into the measure; facts that are not about the line change nothing."""
        note = ABOUT_THE_LINE.get(type(fact))
        if note is None:
            return
        measure = self.measure
        measure.pass_time(fact.at)
        note(self, fact)
        unoffered = waiting - len(self._offers)
        measure.waiting, measure.unoffered = waiting, unoffered if unoffered > 0 else 0

    def seconds(self, position: int, offered: bool = False) -> int | None:
        """The expected wait at a place in line, in whole seconds; `offered`: before an agent already."""
        if offered:
            return round(self.measure.ring_seconds)
        found = self.measure.seconds(max(0, position - 1 - len(self._offers)))
        return None if found is None else round(found)

    def _note_nothing(self, fact: Fact) -> None:
        """How many are in line is all that changed."""

    def _note_queued(self, fact: ContactQueued) -> None:
        self._queued_at.setdefault(fact.contact_id, fact.at)

    def _note_offer(self, fact: ContactOffered) -> None:
        had_to_wait = fact.at > self._queued_at.get(fact.contact_id, fact.at)
        if had_to_wait and fact.contact_id not in self._had_turn:
            self._had_turn.add(fact.contact_id)
            self.measure.note_turn()
        self._offered_at[fact.contact_id] = fact.at
        self._offers[fact.contact_id] = self._offers.get(fact.contact_id, 0) + 1

    def _note_offer_ended(self, fact: OfferEnded) -> None:
        left = self._offers.pop(fact.contact_id, 0) - 1
        if left > 0:
            self._offers[fact.contact_id] = left

    def _note_answered(self, fact: ContactAnswered) -> None:
        offered_at = self._offered_at.get(fact.contact_id, fact.at)
        self.measure.note_answer((fact.at - offered_at).total_seconds())
        self._forget(fact.contact_id)

    def _note_left(self, fact: ContactLeftQueue) -> None:
        if fact.outcome not in (Outcome.LOST, Outcome.CLOSED, Outcome.NOT_REACHED, Outcome.CANCELLED):
            self.measure.note_gave_up()
        self._forget(fact.contact_id)

    def _forget(self, contact_id: ContactId) -> None:
        self._queued_at.pop(contact_id, None)
        self._offered_at.pop(contact_id, None)
        self._offers.pop(contact_id, None)
        self._had_turn.discard(contact_id)


ABOUT_THE_LINE: Mapping[type[Fact], Callable[[LineWatch, Any], None]] = {
    CallBackAsked: LineWatch._note_nothing,
    CallBackLinedUp: LineWatch._note_nothing,
    ContactAnswered: LineWatch._note_answered,
    ContactLeftQueue: LineWatch._note_left,
    ContactOffered: LineWatch._note_offer,
    ContactQueued: LineWatch._note_queued,
    OfferEnded: LineWatch._note_offer_ended,
}
"""The kinds of facts that say anything of a line, and what each says."""
