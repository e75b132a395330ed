"""What reports and screens ask of the past. Times are aware UTC; a period is half open: from ≤ t < until."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Direction, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.quality import Line
from cxcore.domain.queue import QueueId


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Measures of one queue over a period [28b]. Quick drops are left out of `offered` [28f].

    offered = answered + abandoned + moved + closed; seconds are sums over the contacts they belong to.
    """

    queue_id: QueueId
    offered: int = 0
    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    quick_drops: int = 0
    moved: int = 0
    closed: int = 0
    wait_seconds: float = 0.0
    """Sum of the waits of the answered contacts."""
    longest_wait_seconds: float = 0.0
    talk_seconds: float = 0.0
    wrap_up_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class IntervalFigures:
    """The same measures for one interval of 15 minutes."""

    starts_at: datetime
    figures: QueueFigures


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact as a report shows it."""

    contact_id: ContactId
    opened_at: datetime
    ended_at: datetime | None
    dialled_number: str
    caller_number: str | None
    queue_id: QueueId | None
    agent_id: AgentId | None
    waited_seconds: float | None
    talked_seconds: float | None
    outcome: Outcome | None
    direction: Direction = Direction.INBOUND
    channel: Channel = Channel.TELEPHONY
    caller_name: str = ""
    """What the caller's telephone said, or who writes gave."""


@dataclass(frozen=True, slots=True)
class SoundFigures:
    """How the legs of conversations sounded that ended on a day, by line; each leg by the worse of its directions."""

    day: date
    """In the Netherlands."""
    line: Line
    scores: int
    below_goal: int
    """Of these how many were under `MOS_GOAL` [112]."""
    mean: float


class Reports(Protocol):
    """Reads what the contact log derived. Raises `LogUnavailable` when the database does not answer."""

    def queue_figures(
        self, since: datetime, until: datetime, channel: Channel = Channel.TELEPHONY
    ) -> Sequence[QueueFigures]:
        """One row per queue that had a contact of this channel in the period."""

    def intervals(self, queue_id: QueueId, since: datetime, until: datetime) -> Sequence[IntervalFigures]:
        """The intervals of a queue in the period, of calls, in order, but for empty ones."""

    def contacts(
        self, since: datetime, until: datetime, limit: int = 200, agent_id: AgentId | None = None
    ) -> Sequence[ContactLine]:
        """The latest contacts of the period, newest first; with `agent_id` only those that this agent answered."""

    def sound(self, since: datetime, until: datetime) -> Sequence[SoundFigures]:
        """By day, the latest first, and line; days and lines of which nothing was measured are left out."""

    def history(self, contact_id: ContactId) -> Sequence[Fact]:
        """What is kept of the contact, in the order in which it happened; nothing for one that is not known."""
