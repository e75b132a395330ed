"""The figures of a day, counted from facts by the same definitions as the reports."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from cxcore.domain.contact import Outcome
from cxcore.domain.events import ContactAnswered, ContactLeftQueue, Fact
from cxcore.domain.queue import Queue, QueueId

QUICK_DROP_SECONDS = 5.0
"""A caller who leaves the queue within this time is a quick drop and not counted as offered [28f]."""


@dataclass(slots=True)
class QueueDay:
    """One queue since local midnight. A contact counts when its wait ends."""

    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    quick_drops: int = 0
    moved: int = 0
    closed: int = 0
    wait_seconds: float = 0.0
    """Sum over the answered contacts."""
    longest_wait_seconds: float = 0.0

    @property
    def offered(self) -> int:
        """Contacts that the queue was asked to serve, without quick drops."""
        return self.answered + self.abandoned + self.moved + self.closed

    @property
    def average_wait_seconds(self) -> float | None:
        """The mean wait of the answered contacts."""
        return self.wait_seconds / self.answered if self.answered else None


@dataclass(slots=True)
class Day:
    """All queues since local midnight."""

    queues: dict[QueueId, QueueDay] = field(default_factory=lambda: defaultdict(QueueDay))

    def count(self, fact: Fact, queue: Queue | None) -> None:
        """Take a fact into the figures; facts that are no measure of a queue change nothing."""
        if queue is None:
            return
        if type(fact) is ContactAnswered:
            _count_answer(self.queues[queue.queue_id], fact.waited_seconds, queue.service_level.seconds)
        elif type(fact) is ContactLeftQueue:
            _count_departure(self.queues[queue.queue_id], fact)


def _count_answer(day: QueueDay, waited_seconds: float, target_seconds: int) -> None:
    day.answered += 1
    day.answered_in_time += waited_seconds <= target_seconds
    day.wait_seconds += waited_seconds
    day.longest_wait_seconds = max(day.longest_wait_seconds, waited_seconds)


def _count_departure(day: QueueDay, fact: ContactLeftQueue) -> None:
    match fact.outcome:
        case Outcome.QUICK_DROP:
            day.quick_drops += 1
            return
        case Outcome.OVERFLOWED | Outcome.TRANSFERRED:
            day.moved += 1
        case Outcome.CLOSED | Outcome.LOST | Outcome.NOT_REACHED:
            day.closed += 1
        case _:
            day.abandoned += 1
    day.longest_wait_seconds = max(day.longest_wait_seconds, fact.waited_seconds)
