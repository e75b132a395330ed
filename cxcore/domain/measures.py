"""The measures of a queue, by one definition for the screens of the day (`Day`) and the reports (storage).

When and where each measure counts:

- A *visit* is one contact in one queue, however often it was queued there. All measures of a visit (its end, waits,
  talk, wrap-up, an agent's offers) count at the instant at which the contact was first queued there: reports count them
  in the interval of 15 minutes that holds it, screens in the day that holds it. So the figures are about the same
  contacts, and an average over them is one. Who was queued at 23:59 and answered at 0:01 belongs to yesterday.
- A visit counts in `offered` when its wait has ended, since only then it is known that it was no quick drop [28f].
  Hence offered = answered + abandoned + moved + closed holds at every instant.
- A visit that was answered stays answered. Any other end is replaced by that of a later wait in the same queue; a quick
  drop after an earlier wait is an abandon.
- A visit's wait is the sum of its waits up to the first answer, and is compared with the service level of its first
  queueing. Lengths are whole milliseconds, so that sums are exact in whatever order they are made.
- A caller who is to be called back goes on waiting: the visit ends when the customer and an agent talk, or *closed*
  when the customer could not be reached. The wait is the whole time until then.
- A voice message is a contact of its own channel, counted apart from calls: in the reports by the channel of the
  interval, in the day under `messages`. Chats likewise, those of each channel for themselves: under `chats` those on
  websites, under `whatsapp` those by WhatsApp.
- A visit ends *moved* when the contact went on elsewhere (overflow, transfer, another queue), and *closed* when we
  ended it: the dialplan, or a switch that died.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from cxcore.domain.contact import WRITTEN, Channel, ContactId, Outcome
from cxcore.domain.events import (
    ContactAnswered,
    ContactEnded,
    ContactLeftQueue,
    ContactOpened,
    ContactQueued,
    Fact,
)
from cxcore.domain.queue import QueueId

QUICK_DROP_SECONDS = 5.0
"""A caller who leaves the queue within this time is a quick drop and not counted as offered [28f]."""
DEFAULT_TARGET_SECONDS = 20
"""For a visit whose queueing is not among the facts."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class VisitEnd(StrEnum):
    """How a visit ended; each but the quick drop is the name of a figure."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    QUICK_DROP = "quick-drop"
    MOVED = "moved"
    CLOSED = "closed"


ANSWERED = VisitEnd.ANSWERED
QUICK_DROP = VisitEnd.QUICK_DROP
VOICEMAIL = Channel.VOICEMAIL
"""Asked at each wait; a name of the module costs a tenth of a member of an enumeration."""

VISIT_ENDS: Mapping[Outcome, VisitEnd] = {
    Outcome.ANSWERED: VisitEnd.CLOSED,  # ended while waiting again, so this queue did not answer it
    Outcome.ABANDONED: VisitEnd.ABANDONED,
    Outcome.LEFT_IN_FLOW: VisitEnd.ABANDONED,
    Outcome.QUICK_DROP: VisitEnd.QUICK_DROP,
    Outcome.TRANSFERRED: VisitEnd.MOVED,
    Outcome.OVERFLOWED: VisitEnd.MOVED,
    Outcome.CLOSED: VisitEnd.CLOSED,
    Outcome.UNANSWERED: VisitEnd.MOVED,
    Outcome.LOST: VisitEnd.CLOSED,
    Outcome.NOT_REACHED: VisitEnd.CLOSED,
    Outcome.CANCELLED: VisitEnd.CLOSED,
    Outcome.LEFT_MESSAGE: VisitEnd.MOVED,
    Outcome.HEARD: VisitEnd.CLOSED,
}


class VisitState(Protocol):
    """What must be known of a visit to count it."""

    waiting_since: Any
    """An instant while the contact waits, else None."""
    waited_ms: Any
    target_ms: Any
    outcome: Any
    """A `VisitEnd`, None until the first wait has ended."""


class Figures(Protocol):
    """Where visits are counted: a queue's day, or a queue's interval in the database."""

    offered: Any
    answered_in_time: Any
    quick_drops: Any
    wait_ms: Any
    """Sum over the answered visits."""
    longest_wait_ms: Any


def average_handling_seconds(worked: timedelta, handled: int) -> int | None:
    """What an agent needs for a contact of a queue, talk and wrap-up together; None before the first. A wrap-up counts
    when it has ended."""
    return round(worked.total_seconds() / handled) if handled else None


def milliseconds(seconds: float) -> int:
    """A length as it is counted: whole milliseconds, never negative."""
    rounded = round(seconds * 1000)
    return rounded if rounded > 0 else 0


def end_wait(figures: Figures, visit: VisitState, end: VisitEnd, waited_ms: int) -> None:
    """A wait of the visit ended: settle how the visit counts, unless it was answered before."""
    visit.waiting_since = None
    if visit.outcome == ANSWERED:
        return
    if visit.outcome is not None:
        count(figures, visit, -1)
        end = VisitEnd.ABANDONED if end is QUICK_DROP else end
    visit.waited_ms += waited_ms
    visit.outcome = end.value
    count(figures, visit, 1)


def count(figures: Figures, visit: VisitState, sign: int) -> None:
    """Add a settled visit to the figures, or take it out again."""
    if visit.outcome == QUICK_DROP:
        figures.quick_drops += sign
        return
    figures.offered += sign
    setattr(figures, visit.outcome, getattr(figures, visit.outcome) + sign)
    if visit.waited_ms > figures.longest_wait_ms:  # a visit's wait only grows, so it need not be taken back
        figures.longest_wait_ms = visit.waited_ms
    if visit.outcome == ANSWERED:
        figures.wait_ms += sign * visit.waited_ms
        figures.answered_in_time += sign * (visit.waited_ms <= visit.target_ms)


# --- The day, for screens --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Visit:
    """A visit of a contact that has not ended."""

    queued_at: datetime
    target_ms: int
    waiting_since: datetime | None = None
    waited_ms: int = 0
    outcome: str | None = None


@dataclass(slots=True)
class QueueDay:
    """One queue since local midnight."""

    offered: int = 0
    """Contacts that the queue was asked to serve, without quick drops."""
    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    quick_drops: int = 0
    moved: int = 0
    closed: int = 0
    wait_ms: int = 0
    longest_wait_ms: int = 0

    @property
    def average_wait_seconds(self) -> float | None:
        """The mean wait of the answered contacts."""
        return self.wait_ms / 1000 / self.answered if self.answered else None

    @property
    def longest_wait_seconds(self) -> float:
        """The longest wait, of whoever was no quick drop."""
        return self.longest_wait_ms / 1000


Visits = dict[QueueId, Visit]
Days = dict[QueueId, QueueDay]


def _no_days() -> Days:
    return defaultdict(QueueDay)


@dataclass(slots=True)
class Day:
    """All queues since local midnight."""

    began: datetime = LONG_AGO
    """The midnight (aware UTC); visits that began before it belong to an earlier day."""
    queues: Days = field(default_factory=_no_days)
    messages: Days = field(default_factory=_no_days)
    """The same figures of voice messages."""
    chats: Days = field(default_factory=_no_days)
    """The same figures of chats on websites."""
    whatsapp: Days = field(default_factory=_no_days)
    """The same figures of chats by WhatsApp."""
    visits: dict[ContactId, Visits] = field(default_factory=dict)
    """The visits of contacts that have not ended."""
    apart: set[ContactId] = field(default_factory=set)
    """The voice messages among them."""
    written: dict[ContactId, Channel] = field(default_factory=dict)
    """The chats among them, and how each came."""

    def begin(self, at: datetime) -> None:
        """A new day: only visits since then count. Some may have been told already."""
        self.began = at
        self.queues.clear()
        self.messages.clear()
        self.chats.clear()
        self.whatsapp.clear()
        for contact_id, queue_id, visit in self._all_visits():
            if visit.outcome is not None:
                count(self._figures(contact_id, queue_id, visit), visit, 1)

    def count(self, fact: Fact) -> None:
        """Take a fact into the figures; facts that are no measure of a queue change nothing."""
        function = COUNTED.get(type(fact))
        if function is not None:
            function(self, fact)

    def _all_visits(self) -> Iterator[tuple[ContactId, QueueId, Visit]]:
        for contact_id, visits in self.visits.items():
            for queue_id, visit in visits.items():
                yield contact_id, queue_id, visit

    def _figures(self, contact_id: ContactId, queue_id: QueueId, visit: Visit) -> QueueDay:
        if visit.queued_at < self.began:
            return QueueDay()
        channel = self.written.get(contact_id)
        if channel is not None:
            return self.written_days(channel)[queue_id]
        return self.messages[queue_id] if contact_id in self.apart else self.queues[queue_id]

    def written_days(self, channel: Channel) -> Days:
        """Where the chats of a channel are counted."""
        return self.whatsapp if channel is Channel.WHATSAPP else self.chats

    def is_call(self, contact_id: ContactId) -> bool:
        """Whether it is counted with the calls."""
        return contact_id not in self.apart and contact_id not in self.written

    def _visit(
        self, contact_id: ContactId, queue_id: QueueId, at: datetime, target: int = DEFAULT_TARGET_SECONDS
    ) -> Visit:
        visits = self.visits.get(contact_id)
        if visits is None:
            visits = self.visits[contact_id] = {}
        visit = visits.get(queue_id)
        if visit is None:
            visit = visits[queue_id] = Visit(at, target * 1000)
        return visit

    def _opened(self, fact: ContactOpened) -> None:
        if fact.channel is VOICEMAIL:
            self.apart.add(fact.contact_id)
        elif fact.channel in WRITTEN:
            self.written[fact.contact_id] = fact.channel

    def _queued(self, fact: ContactQueued) -> None:
        visits = self.visits.get(fact.contact_id)
        if visits is not None:
            self._end_waits(fact.contact_id, visits, VisitEnd.MOVED, fact.at, but=fact.queue_id)
        visit = self._visit(fact.contact_id, fact.queue_id, fact.at, fact.target_seconds)
        visit.waiting_since = visit.waiting_since or fact.at

    def _answered(self, fact: ContactAnswered) -> None:
        self._end_wait(fact, ANSWERED)

    def _left(self, fact: ContactLeftQueue) -> None:
        self._end_wait(fact, VISIT_ENDS[fact.outcome])

    def _ended(self, fact: ContactEnded) -> None:
        visits = self.visits.get(fact.contact_id)
        if visits is not None:
            self._end_waits(fact.contact_id, visits, VISIT_ENDS[fact.outcome], fact.at)
            del self.visits[fact.contact_id]
        self.apart.discard(fact.contact_id)
        self.written.pop(fact.contact_id, None)

    def _end_wait(self, fact: ContactAnswered | ContactLeftQueue, end: VisitEnd) -> None:
        visits = self.visits.get(fact.contact_id)
        visit = None if visits is None else visits.get(fact.queue_id)
        if visit is None:
            visit = self._visit(fact.contact_id, fact.queue_id, fact.at - timedelta(0, fact.waited_seconds))
        figures = self._figures(fact.contact_id, fact.queue_id, visit)
        end_wait(figures, visit, end, milliseconds(fact.waited_seconds))

    def _end_waits(
        self, contact_id: ContactId, visits: Visits, end: VisitEnd, at: datetime, but: QueueId | None = None
    ) -> None:
        for queue_id, visit in visits.items():
            if queue_id != but and visit.waiting_since is not None:
                waited_ms = milliseconds((at - visit.waiting_since).total_seconds())
                end_wait(self._figures(contact_id, queue_id, visit), visit, end, waited_ms)


COUNTED: dict[type[Fact], Callable[[Day, Any], None]] = {
    ContactOpened: Day._opened,
    ContactQueued: Day._queued,
    ContactAnswered: Day._answered,
    ContactLeftQueue: Day._left,
    ContactEnded: Day._ended,
}
"""The facts that are a measure of a queue, and what counts each."""
