"""A day as its facts tell it: each visit of a contact to a queue, and what each agent did.

The facts may come from the contact log or from a simulation; so a recorded day and a replayed one are measured by the
same definitions, which are those of the reports (`cxcore.storage.derive`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.contact import TELEPHONY, ContactId, Outcome
from cxcore.domain.events import (
    AgentServes,
    AgentStatusChanged,
    ContactAnswered,
    ContactEnded,
    ContactLeftQueue,
    ContactOffered,
    ContactOpened,
    ContactQueued,
    Fact,
    OfferEnded,
    TalkEnded,
    WrapUpEnded,
)
from cxcore.domain.offer import OfferEnd, OfferId
from cxcore.domain.queue import QueueId


@dataclass(slots=True)
class Visit:
    """One contact in one queue, however often it was queued there. An answered visit stays answered."""

    contact_id: ContactId
    queue_id: QueueId
    queued_at: datetime
    target_seconds: int
    caller_number: str | None = None
    moved_here: bool = False
    """The queue that the contact was in before sent it on, after its maximum wait."""
    outcome: Outcome | None = None
    """`ANSWERED`, or how the contact left the queue; None while it waits."""
    waiting_since: datetime | None = None
    waited_seconds: float = 0.0
    talked_seconds: float = 0.0
    wrapped_up_seconds: float = 0.0
    talk_ended: bool = False

    @property
    def gave_up(self) -> bool:
        """Whether the caller's patience ended."""
        return self.outcome in (Outcome.ABANDONED, Outcome.QUICK_DROP)


@dataclass(slots=True)
class AgentDay:
    """What an agent did. `busy` is talk and wrap-up; `available` is the time logged on without breaks."""

    agent_id: AgentId
    status: AgentStatus = AgentStatus.LOGGED_OFF
    since: datetime | None = None
    was_logged_on: bool = False
    serves: bool = False
    """Whether the agent ever served one of the queues that count."""
    handled: int = 0
    busy: timedelta = timedelta()
    available: timedelta = timedelta()

    def available_until(self, until: datetime) -> timedelta:
        """The time logged on without breaks up to an instant."""
        running = self.status is AgentStatus.AVAILABLE and self.since is not None and self.since < until
        return self.available + (until - self.since if running and self.since else timedelta())


@dataclass(slots=True)
class DayBook:
    """Takes facts in their order; only contacts of the queues that are given count, or all when None is."""

    queue_ids: Collection[QueueId] | None = None
    visits: dict[tuple[ContactId, QueueId], Visit] = field(default_factory=dict)
    agents: dict[AgentId, AgentDay] = field(default_factory=dict)
    pick_ups: list[float] = field(default_factory=list)
    """Seconds from each offer that was accepted to the agent's answer."""
    offers: int = 0
    missed: int = 0
    _numbers: dict[ContactId, str | None] = field(default_factory=dict)
    _messages: set[ContactId] = field(default_factory=set)
    """Voice messages and chats: nobody waits for their answer on the line, so they are no callers of the day."""
    _latest: dict[ContactId, Visit] = field(default_factory=dict)
    _offered_at: dict[OfferId, datetime] = field(default_factory=dict)

    def hear(self, facts: Sequence[Fact]) -> None:
        """Take facts in; those that say nothing of waits and work are left out."""
        for fact in facts:
            note = NOTES.get(type(fact))
            if note is not None:
                note(self, fact)

    def counts(self, queue_id: QueueId) -> bool:
        """Whether the queue is looked at."""
        return self.queue_ids is None or queue_id in self.queue_ids

    def agent(self, agent_id: AgentId) -> AgentDay:
        """The agent's day, begun when there was none."""
        if agent_id not in self.agents:
            self.agents[agent_id] = AgentDay(agent_id)
        return self.agents[agent_id]

    # --- One method per fact ---

    def _opened(self, fact: ContactOpened) -> None:
        self._numbers[fact.contact_id] = fact.caller_number
        if fact.channel is not TELEPHONY:
            self._messages.add(fact.contact_id)

    def _queued(self, fact: ContactQueued) -> None:
        before = self._latest.get(fact.contact_id)
        if before is not None and before.queue_id != fact.queue_id:
            self._end_wait(before, Outcome.TRANSFERRED, fact.at)
        if not self.counts(fact.queue_id) or fact.contact_id in self._messages:
            return
        key = (fact.contact_id, fact.queue_id)
        if key not in self.visits:
            moved = before is not None and before.outcome is Outcome.OVERFLOWED
            number = self._numbers.get(fact.contact_id)
            self.visits[key] = Visit(*key, fact.at, fact.target_seconds, number, moved)
        visit = self._latest[fact.contact_id] = self.visits[key]
        visit.waiting_since = visit.waiting_since or fact.at

    def _end_wait(self, visit: Visit, outcome: Outcome, at: datetime) -> None:
        if visit.waiting_since is not None:
            waited, visit.waiting_since = (at - visit.waiting_since).total_seconds(), None
            self._settle(visit, outcome, waited)

    def _settle(self, visit: Visit, outcome: Outcome, waited_seconds: float) -> None:
        if visit.outcome is Outcome.ANSWERED:
            return
        again = visit.outcome is not None and outcome is Outcome.QUICK_DROP
        visit.outcome = Outcome.ABANDONED if again else outcome
        visit.waited_seconds += waited_seconds

    def _visit(self, fact: ContactAnswered | ContactLeftQueue | TalkEnded | WrapUpEnded) -> Visit | None:
        return self.visits.get((fact.contact_id, fact.queue_id))

    def _answered(self, fact: ContactAnswered) -> None:
        visit = self._visit(fact)
        if visit is not None:
            visit.waiting_since = None
            self._settle(visit, Outcome.ANSWERED, fact.waited_seconds)

    def _left(self, fact: ContactLeftQueue) -> None:
        visit = self._visit(fact)
        if visit is not None:
            visit.waiting_since = None
            self._settle(visit, fact.outcome, fact.waited_seconds)

    def _ended(self, fact: ContactEnded) -> None:
        visit = self._latest.pop(fact.contact_id, None)
        self._numbers.pop(fact.contact_id, None)
        self._messages.discard(fact.contact_id)
        if visit is not None:
            closed = Outcome.CLOSED if fact.outcome is Outcome.ANSWERED else fact.outcome
            self._end_wait(visit, closed, fact.at)

    def _talked(self, fact: TalkEnded) -> None:
        visit = self._visit(fact)
        if visit is not None:
            visit.talked_seconds += fact.talked_seconds
            visit.talk_ended = True
            agent = self.agent(fact.agent_id)
            agent.handled += 1
            agent.busy += timedelta(seconds=fact.talked_seconds)

    def _wrapped_up(self, fact: WrapUpEnded) -> None:
        visit = self._visit(fact)
        if visit is not None:
            visit.wrapped_up_seconds += fact.lasted_seconds
            self.agent(fact.agent_id).busy += timedelta(seconds=fact.lasted_seconds)

    def _offered(self, fact: ContactOffered) -> None:
        if self.counts(fact.queue_id) and fact.contact_id not in self._messages:
            self._offered_at[fact.offer_id] = fact.at

    def _offer_ended(self, fact: OfferEnded) -> None:
        offered_at = self._offered_at.pop(fact.offer_id, None)
        if offered_at is None:
            return
        self.offers += 1
        self.missed += fact.end in (OfferEnd.MISSED, OfferEnd.DECLINED)
        if fact.end is OfferEnd.ACCEPTED:
            self.pick_ups.append((fact.at - offered_at).total_seconds())

    def _status(self, fact: AgentStatusChanged) -> None:
        agent = self.agent(fact.agent_id)
        agent.available = agent.available_until(fact.at)
        agent.status, agent.since = AgentStatus(fact.status), fact.at
        agent.was_logged_on |= agent.status is not AgentStatus.LOGGED_OFF

    def _serves(self, fact: AgentServes) -> None:
        self.agent(fact.agent_id).serves |= any(self.counts(queue_id) for queue_id in fact.queue_ids)


NOTES: Mapping[type[Fact], Callable[[DayBook, Any], None]] = {
    ContactOpened: DayBook._opened,
    ContactQueued: DayBook._queued,
    ContactAnswered: DayBook._answered,
    ContactLeftQueue: DayBook._left,
    ContactEnded: DayBook._ended,
    TalkEnded: DayBook._talked,
    WrapUpEnded: DayBook._wrapped_up,
    ContactOffered: DayBook._offered,
    OfferEnded: DayBook._offer_ended,
    AgentStatusChanged: DayBook._status,
    AgentServes: DayBook._serves,
}
