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
from collections.abc import Callable
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
    at: datetime | None = None
    """The instant up to which the time was taken into account."""
    _served: float = 0.0
    _pressed_seconds: float = 0.0
    _gave_up: float = 0.0
    _waited_seconds: float = 0.0
    _answers: float = 0.0
    _ring_seconds: float = 0.0

    def pass_time(self, now: datetime) -> None:
        """The time since the last call counts with the numbers in line as they were set then."""
        before, self.at = self.at, now
        if before is None:
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
class _InLine:
    """A contact in line: since when, its last offer, and how many offers run."""

    queued_at: datetime | None = None
    """None for one of whom that was not told: taken up from an earlier core."""
    offered_at: datetime | None = None
    offers: int = 0
    had_turn: bool = False
    """It had to wait, and an agent became free for it."""


@dataclass(slots=True)
class LineWatch:
    """Reads the measure of one queue off its facts. The floor tells how many are in line after each of them."""

    measure: ExpectedWait = field(default_factory=ExpectedWait)
    _in_line: dict[ContactId, _InLine] = field(default_factory=dict)
    _offered: int = 0
    """Those of them who are before an agent."""

    def see(self, fact: Fact, note: Callable[[LineWatch, Any], None], waiting: int) -> None:
        """Take a fact into the measure, as its kind is noted (`ABOUT_THE_LINE`)."""
        measure = self.measure
        if fact.at is not measure.at:  # the facts of one step share their instant
            measure.pass_time(fact.at)
        note(self, fact)
        unoffered = waiting - self._offered
        measure.waiting, measure.unoffered = waiting, unoffered if unoffered > 0 else 0

    def seconds(self, position: int, offered: bool = False) -> int | None:
        """The expected wait at a place in line, in whole seconds; `offered`: before an agent already."""
        if offered:
            return round(self.measure.ring_seconds)
        found = self.measure.seconds(max(0, position - 1 - self._offered))
        return None if found is None else round(found)

    def _note_nothing(self, fact: Fact) -> None:
        """How many are in line is all that changed."""

    def _note_queued(self, fact: ContactQueued) -> None:
        caller = self._of(fact.contact_id)
        caller.queued_at = caller.queued_at or fact.at

    def _of(self, contact_id: ContactId) -> _InLine:
        known = self._in_line.get(contact_id)
        if known is None:
            known = self._in_line[contact_id] = _InLine()
        return known

    def _note_offer(self, fact: ContactOffered) -> None:
        caller = self._of(fact.contact_id)
        if not caller.had_turn and caller.queued_at is not None and fact.at > caller.queued_at:
            caller.had_turn = True
            self.measure.note_turn()
        self._offered += not caller.offers
        caller.offered_at, caller.offers = fact.at, caller.offers + 1

    def _note_offer_ended(self, fact: OfferEnded) -> None:
        caller = self._in_line.get(fact.contact_id)
        if caller is not None and caller.offers:
            caller.offers -= 1
            self._offered -= not caller.offers

    def _note_answered(self, fact: ContactAnswered) -> None:
        caller = self._forget(fact.contact_id)
        offered_at = None if caller is None else caller.offered_at
        self.measure.note_answer(0.0 if offered_at is None else (fact.at - offered_at).total_seconds())

    def _note_left(self, fact: ContactLeftQueue) -> None:
        if fact.outcome not in (Outcome.LOST, Outcome.CLOSED, Outcome.NOT_REACHED, Outcome.CANCELLED):
            self.measure.note_gave_up()
        self._forget(fact.contact_id)

    def _forget(self, contact_id: ContactId) -> _InLine | None:
        caller = self._in_line.pop(contact_id, None)
        if caller is not None and caller.offers:
            self._offered -= 1
        return caller


ABOUT_THE_LINE: dict[type[Fact], Callable[[LineWatch, Any], None]] = {
    CallBackAsked: LineWatch._note_nothing,
    CallBackLinedUp: LineWatch._note_nothing,
    ContactAnswered: LineWatch._note_answered,
    ContactLeftQueue: LineWatch._note_left,
    ContactOffered: LineWatch._note_offer,
    ContactQueued: LineWatch._note_queued,
    OfferEnded: LineWatch._note_offer_ended,
}
"""The kinds of facts that say anything of a line, and what each says."""
