"""The measures of a day, recorded or replayed, by the definitions of the reports."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, pstdev

from cxcore.domain.contact import Outcome
from cxcore.simulation.day_book import DayBook, Visit

MOVED = (Outcome.OVERFLOWED, Outcome.TRANSFERRED)


@dataclass(frozen=True, slots=True)
class Figures:
    """One column of the comparison. Waits in seconds; mean and 90th percentile are of those who were answered.

    offered = answered + abandoned + moved + unserved; quick drops are left out of all of them [28f].
    """

    name: str
    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
    quick_drops: int
    moved: int
    """Sent on after the queue's maximum wait."""
    unserved: int
    """Ended by us, lost, or still waiting at the end of the day."""
    mean_wait: float | None
    p90_wait: float | None
    longest_wait: float | None
    """Of those who were answered and those who were not."""
    service_level: float | None
    """The share of the offered contacts that was answered within the queue's target, 0 to 1."""
    occupancy: float | None
    """Talk and wrap-up over the time that agents were logged on and on no break, 0 to 1."""
    handled: tuple[int, ...]
    """Contacts handled by each agent who was logged on, ascending."""

    @property
    def handled_deviation(self) -> float | None:
        """How far the agents' numbers of contacts lie from their mean: the standard deviation."""
        return pstdev(self.handled) if self.handled else None


def figures_of(name: str, book: DayBook, until: datetime) -> Figures:
    """The figures of a day that ends at `until`."""
    visits = list(book.visits.values())
    counted = [visit for visit in visits if visit.outcome is not Outcome.QUICK_DROP]
    answered = [visit for visit in counted if visit.outcome is Outcome.ANSWERED]
    in_time = sum(visit.waited_seconds <= visit.target_seconds for visit in answered)
    abandoned = sum(visit.gave_up for visit in counted)
    moved = sum(visit.outcome in MOVED for visit in counted)
    return Figures(
        name,
        offered=len(counted),
        answered=len(answered),
        answered_in_time=in_time,
        abandoned=abandoned,
        quick_drops=len(visits) - len(counted),
        moved=moved,
        unserved=len(counted) - len(answered) - abandoned - moved,
        mean_wait=fmean(visit.waited_seconds for visit in answered) if answered else None,
        p90_wait=_percentile([visit.waited_seconds for visit in answered], 0.9),
        longest_wait=max((_waited(visit, until) for visit in counted), default=None),
        service_level=in_time / len(counted) if counted else None,
        occupancy=_occupancy(book, until),
        handled=_handled(book),
    )


def _waited(visit: Visit, until: datetime) -> float:
    still = (until - visit.waiting_since).total_seconds() if visit.waiting_since else 0.0
    return visit.waited_seconds + max(still, 0.0)


def _percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that this share of the values does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else None


def _occupancy(book: DayBook, until: datetime) -> float | None:
    agents = [agent for agent in book.agents.values() if agent.serves]
    available = sum((agent.available_until(until) for agent in agents), timedelta())
    busy = sum((agent.busy for agent in agents), timedelta())
    return min(busy / available, 1.0) if available else None


def _handled(book: DayBook) -> tuple[int, ...]:
    agents = book.agents.values()
    return tuple(sorted(agent.handled for agent in agents if agent.handled or (agent.serves and agent.was_logged_on)))
