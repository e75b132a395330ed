"""What a replay asks of the past: the facts themselves, and who was logged on. Instants are aware UTC."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.events import Fact
from cxcore.domain.queue import QueueId


@dataclass(frozen=True, slots=True)
class AgentThen:
    """An agent as the log knew the agent at an instant; never logged off."""

    agent_id: AgentId
    status: AgentStatus
    reason: str | None
    since: datetime
    serves: tuple[QueueId, ...]


class History(Protocol):
    """Reads the facts that the contact log keeps. Raises `LogUnavailable` when the database does not answer."""

    def facts(self, since: datetime, until: datetime, kinds: Collection[type[Fact]]) -> Iterator[Fact]:
        """The facts of these kinds with since ≤ at < until, in the order in which they were recorded; read in pieces,
        so that a busy day needs no memory of its size."""

    def agents_logged_on(self, instant: datetime) -> Sequence[AgentThen]:
        """The agents who were available or on a break just before the instant, by id."""

    def days(self, latest: int = 5) -> Sequence[datetime]:
        """The starts of the latest intervals of 15 minutes in which a queue was called, one for each UTC day that had
        any, newest first."""
