"""The list of received, missed and made calls of one agent [15f], and what went on with a caller before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Direction, Outcome
from cxcore.domain.queue import QueueId


class CallKind(StrEnum):
    """What a call was for the agent."""

    RECEIVED = "received"
    MISSED = "missed"
    """Offered to the agent, or dialled to the agent's own number, and not answered by the agent."""
    MADE = "made"


@dataclass(frozen=True, slots=True)
class AgentCall:
    """One contact as the agent had it. `at` is when it was answered, missed or begun (aware UTC)."""

    contact_id: ContactId
    kind: CallKind
    at: datetime
    number: str | None
    """Of the other party; None when it was hidden."""
    name: str
    """What the other party's telephone said, or the list of callers."""
    queue_id: QueueId | None
    channel: Channel
    talked_seconds: float
    answered_by: AgentId | None = None
    """Whoever else answered a call that this agent missed: it needs no call back."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the list: that of the last call of a page."""

    at: datetime
    contact_id: ContactId


@dataclass(frozen=True, slots=True)
class EarlierContact:
    """A contact with a caller, whoever handled it."""

    contact_id: ContactId
    opened_at: datetime
    direction: Direction
    channel: Channel
    queue_id: QueueId | None
    agent_id: AgentId | None
    outcome: Outcome | None


class AgentCalls(Protocol):
    """Reads what the contact log derived. Raises `LogUnavailable` when the database does not answer."""

    def page(
        self, agent_id: AgentId, kinds: Collection[CallKind], most: int, before: Mark | None = None
    ) -> Sequence[AgentCall]:
        """The latest calls of the agent, newest first; with `before` those that come after that place in the list."""

    def earlier(self, number: str, but: ContactId, most: int) -> Sequence[EarlierContact]:
        """The latest contacts with a number, newest first, but one."""
