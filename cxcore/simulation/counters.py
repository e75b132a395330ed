"""Counts what becomes of callers: the quickest ear for facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxcore.domain.contact import Outcome
from cxcore.domain.events import ContactAnswered, ContactLeftQueue, Fact


@dataclass(slots=True)
class Counters:
    """All queues together. Callers who gave up count however soon they did so, quick drops included."""

    answered: int = 0
    answered_at_once: int = 0
    gave_up: int = 0
    wait_seconds: float = 0.0
    """Sum over those who were answered and those who gave up."""

    def hear(self, facts: Sequence[Fact]) -> None:
        """Take the facts of a step into account."""
        for fact in facts:
            kind = type(fact)
            if kind is ContactAnswered:
                self._count_answer(fact.waited_seconds)  # type: ignore[attr-defined]
            elif kind is ContactLeftQueue:
                self._count_departure(fact)  # type: ignore[arg-type]

    def _count_answer(self, waited_seconds: float) -> None:
        self.answered += 1
        self.answered_at_once += waited_seconds == 0
        self.wait_seconds += waited_seconds

    def _count_departure(self, fact: ContactLeftQueue) -> None:
        if fact.outcome in (Outcome.ABANDONED, Outcome.QUICK_DROP):
            self.gave_up += 1
            self.wait_seconds += fact.waited_seconds

    @property
    def callers(self) -> int:
        """Whose wait has ended."""
        return self.answered + self.gave_up

    @property
    def mean_wait_seconds(self) -> float:
        """Over all callers, those answered at once included."""
        return self.wait_seconds / self.callers

    @property
    def share_waiting(self) -> float:
        """The share of the callers for whom no agent was free."""
        return 1 - self.answered_at_once / self.callers

    @property
    def share_abandoned(self) -> float:
        """The share of the callers who gave up."""
        return self.gave_up / self.callers
