"""A recorded day, and its callers ready to call again.

What was recorded is repeated: when each caller came into a queue, how long the conversation and the wrap-up took, when
whoever gave up did so. What was not recorded is drawn, by seed, once for all replays of the day, so that they meet the
same callers: the talk and wrap-up of those who were not answered, from the conversations of the same queue; and the
patience of those who were answered, which is longer than their wait (`patience`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cxcore.domain.agent import AgentStatus
from cxcore.domain.contact import Outcome
from cxcore.domain.events import (
    AgentServes,
    AgentStatusChanged,
    ContactOffered,
    ContactOpened,
    ContactQueued,
    Fact,
)
from cxcore.domain.queue import QueueId
from cxcore.ports.history import AgentThen, History
from cxcore.simulation.callers import DIGITS, Caller
from cxcore.simulation.day_book import NOTES, DayBook, Visit
from cxcore.simulation.patience import Patience, estimate
from cxcore.simulation.shifts import Shifts
from cxcore.simulation.sites import number_of

AFTERMATH = timedelta(hours=4)
"""How long after the end of the day the contacts of that day are followed."""

BEGINNINGS = (ContactOpened, ContactQueued, ContactOffered, AgentServes, AgentStatusChanged)
"""Facts that belong to the next day when they come after the end of this one."""

ENOUGH = 10
"""A queue of which so many callers gave up has a patience of its own; else that of all queues is taken."""


class NothingToReplay(Exception):
    """The day does not tell enough; the message says what lacks."""


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """What was recorded from `since` to `until`."""

    since: datetime
    until: datetime
    book: DayBook
    shifts: Shifts

    @property
    def arrivals(self) -> list[Visit]:
        """The visits to call again, by time; a queue that sends callers on will do so in the replay too."""
        first = (visit for visit in self.book.visits.values() if not visit.moved_here)
        return sorted(first, key=lambda visit: (visit.queued_at, visit.contact_id))


def read_day(
    history: History,
    since: datetime,
    until: datetime,
    queue_ids: Collection[QueueId],
    progress: Callable[[float], None],
) -> RecordedDay:
    """The recorded day for these queues. Raises `LogUnavailable`. `progress` is told the share that is read."""
    day = RecordedDay(since, until, DayBook(queue_ids), Shifts(queue_ids))
    for agent in history.agents_logged_on(since):
        _hear(day, _as_facts(agent, since))
    for fact in history.facts(since, until + AFTERMATH, tuple(NOTES)):
        if fact.at < until or type(fact) not in BEGINNINGS:
            _hear(day, (fact,))
        progress(min((fact.at - since) / (until - since), 1.0))
    return day


def _hear(day: RecordedDay, facts: Sequence[Fact]) -> None:
    day.book.hear(facts)
    for fact in facts:
        day.shifts.hear(fact)


def _as_facts(agent: AgentThen, at: datetime) -> tuple[Fact, ...]:
    serves = AgentServes(at, agent.agent_id, agent.serves, agent.agent_id)
    status = AgentStatusChanged(at, agent.agent_id, AgentStatus(agent.status).value, agent.reason, agent.agent_id)
    return serves, status


# --- Callers ---------------------------------------------------------------------------------------------------------


def callers_of(day: RecordedDay, seed: int) -> tuple[Caller, ...]:
    """The day's callers, in the order of their calls. Raises `NothingToReplay` when nobody was answered."""
    visits = list(day.book.visits.values())
    served = [visit for visit in visits if visit.talk_ended]
    if not served:
        raise NothingToReplay("nobody was answered that day, so it is not known how long a conversation takes")
    conversations, patiences = _by_queue(served), _patiences(visits, day.until)
    dice = Random(seed)  # noqa: S311 - a simulation
    return tuple(
        _caller(visit, dice, conversations.get(visit.queue_id, served), patiences[visit.queue_id], day.until)
        for visit in day.arrivals
    )


def _caller(
    visit: Visit, dice: Random, conversations: Sequence[Visit], patience: Patience, until: datetime
) -> Caller:
    like, drawn = dice.choice(conversations), patience.draw(dice, _waited(visit, until))
    talk = visit if visit.talk_ended else like
    stays = visit.waited_seconds if visit.gave_up else drawn
    return Caller(
        visit.queued_at,
        number_of(visit.queue_id),
        round(talk.talked_seconds, DIGITS),
        stays,
        round(talk.wrapped_up_seconds, DIGITS),
        visit.caller_number,
    )


def _waited(visit: Visit, until: datetime) -> float:
    return (until - visit.queued_at).total_seconds() if visit.outcome is None else visit.waited_seconds


def _by_queue(visits: Iterable[Visit]) -> dict[QueueId, list[Visit]]:
    found: dict[QueueId, list[Visit]] = {}
    for visit in visits:
        found.setdefault(visit.queue_id, []).append(visit)
    return found


def _patiences(visits: Sequence[Visit], until: datetime) -> Mapping[QueueId, Patience]:
    everybody = _patience(visits, until)
    return {
        queue_id: _patience(of_queue, until) if sum(visit.gave_up for visit in of_queue) >= ENOUGH else everybody
        for queue_id, of_queue in _by_queue(visits).items()
    }


def _patience(visits: Iterable[Visit], until: datetime) -> Patience:
    gave_up: list[float] = []
    stayed: list[float] = []
    for visit in visits:
        if visit.outcome is not Outcome.LOST:
            (gave_up if visit.gave_up else stayed).append(_waited(visit, until))
    return estimate(gave_up, stayed)
