"""Where facts are kept for good, and what a starting core must know of the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.alarms import Alarm
from cxcore.domain.contact import Channel, ContactId
from cxcore.domain.emergency import Emergency, Then
from cxcore.domain.events import (
    ChatWritten,
    EmergencySet,
    Fact,
    MembershipChanged,
    MessageUsed,
    QueueSwitched,
)
from cxcore.domain.measures import Visit
from cxcore.domain.offer import OfferId
from cxcore.domain.queue import QueueId
from cxcore.ports.inspection import Circumstances


class LogUnavailable(Exception):
    """The database does not answer; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class WrapUp:
    """A wrap-up that has not ended, as the log knows it."""

    contact_id: ContactId
    queue_id: QueueId
    began: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class KnownAgent:
    """What the log last knew of an agent, for a core that starts again."""

    agent_id: AgentId
    status: AgentStatus
    reason: str | None
    status_since: datetime
    serves: tuple[QueueId, ...]
    handled_contacts: int
    worked: timedelta
    wrap_up: WrapUp | None = None
    changed_by: str | None = None
    """The user who made the last change of status or queues."""


@dataclass(frozen=True, slots=True)
class OpenContact:
    """A contact that has no end yet, as the log knows it."""

    contact_id: ContactId
    opened_at: datetime
    queue_id: QueueId | None = None
    """The queue that it was in last."""
    agent_id: AgentId | None = None
    """The agent who had it last."""
    answered_at: datetime | None = None
    visits: Mapping[QueueId, Visit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Steering:
    """What supervisors changed and no later configuration took back, in the order in which they did."""

    memberships: tuple[MembershipChanged, ...] = ()
    """The last word on each agent and queue."""
    queues: tuple[QueueSwitched, ...] = ()
    """The last word on each queue."""
    emergencies: tuple[EmergencySet, ...] = ()
    """The emergency messages that are on."""
    messages: tuple[MessageUsed, ...] = ()
    """Of each message that was ever replaced, the version that callers hear."""
    alarms: tuple[Alarm, ...] = ()
    """The alarms that are on."""


    def circumstances(self) -> Circumstances:
        """The same for whoever asks what callers hear."""
        emergencies = tuple(
            Emergency(each.scope, each.message, each.at, each.until, Then(each.then), each.flow, each.by)
            for each in self.emergencies
        )
        switched = {each.queue_id: each for each in self.queues if each.open is not None}
        queues = {queue_id: bool(each.open) for queue_id, each in switched.items()}
        return Circumstances(emergencies, queues, {queue_id: each.at for queue_id, each in switched.items()})


@dataclass(frozen=True, slots=True)
class OwedCallBack:
    """A call-back that was asked for and is still owed. `next_at` is set when it was tried before."""

    contact_id: ContactId
    queue_id: QueueId
    number: str
    asked_at: datetime
    queued_at: datetime
    attempts: int
    next_at: datetime | None
    opened_at: datetime
    dialled_number: str
    caller_name: str
    in_front: bool = False


@dataclass(frozen=True, slots=True)
class KnownOffer:
    """An offer of an open contact, as the log knows it."""

    offer_id: OfferId
    contact_id: ContactId
    agent_id: AgentId
    queue_id: QueueId
    ended: bool


@dataclass(frozen=True, slots=True)
class PastTalk:
    """An agent spoke a caller whose number is known, until `at`."""

    caller_number: str
    agent_id: AgentId
    queue_id: QueueId
    at: datetime


@dataclass(frozen=True, slots=True)
class BegunMessage:
    """A voice message that a caller began to speak, and of which nothing more is known."""

    message_id: ContactId
    call_id: ContactId
    queue_id: QueueId
    priority: int
    began: datetime
    dialled_number: str
    caller_number: str | None
    caller_name: str


@dataclass(frozen=True, slots=True)
class LeftMessage:
    """A voice message whose contact has not ended. `queued_at` is when it was left."""

    contact_id: ContactId
    call_id: ContactId
    queue_id: QueueId
    """Where it waits, or waited last."""
    recording: str
    spoken_seconds: float
    priority: int
    queued_at: datetime
    opened_at: datetime
    dialled_number: str
    caller_number: str | None
    caller_name: str


@dataclass(frozen=True, slots=True)
class OpenChat:
    """A chat that has not ended. `agent_id` and `answered_at` while an agent has it."""

    contact_id: ContactId
    channel: Channel
    opened_at: datetime
    dialled_number: str
    address: str | None
    name: str
    queue_id: QueueId
    queued_at: datetime
    agent_id: AgentId | None = None
    answered_at: datetime | None = None
    in_front: bool = False
    """Whether it was assigned to somebody and waits in front."""
    lines: tuple[ChatWritten, ...] = ()
    faults: tuple[tuple[int, str], ...] = ()
    """By the number of the line: why it did not reach the customer."""


class ContactLog(Protocol):
    """Keeps every fact, once, in order. What reports read is derived from the facts in the same transaction."""

    def record(self, facts: Sequence[Fact]) -> None:
        """Keep the facts. Returns at once; they are written by another greenlet or thread, in order.

        While the database is away they are held back and written when it returns; `healthy` is False meanwhile.
        """

    def known_agents(self) -> tuple[KnownAgent, ...]:
        """The last known state of every agent. Waits for the database; raises `LogUnavailable`."""

    def steering(self) -> Steering:
        """What supervisors changed. Waits for the database; raises `LogUnavailable`."""

    def open_contacts(self) -> tuple[OpenContact, ...]:
        """Contacts without a `ContactEnded` yet, in the order of their opening. Waits; raises `LogUnavailable`."""

    def ended_contacts(self, since: datetime) -> frozenset[ContactId]:
        """Contacts that ended at or after an instant. Waits; raises `LogUnavailable`."""

    def owed_call_backs(self) -> tuple[OwedCallBack, ...]:
        """Call-backs of open contacts that have no `CallBackEnded` yet, in the order in which they were asked for.

        Waits; raises `LogUnavailable`.
        """

    def known_offers(self) -> tuple[KnownOffer, ...]:
        """Offers of open contacts, in order. Waits; raises `LogUnavailable`."""

    def past_talks(self, since: datetime) -> tuple[PastTalk, ...]:
        """Conversations of queues that ended at or after an instant, in order. Waits; raises `LogUnavailable`."""

    def begun_messages(self) -> tuple[BegunMessage, ...]:
        """Voice messages that were begun in calls that have not ended, and neither left nor dropped, in order. Waits;
        raises `LogUnavailable`."""

    def left_messages(self) -> tuple[LeftMessage, ...]:
        """Voice messages whose contact is open, the first to be left first. Waits; raises `LogUnavailable`."""

    def open_chats(self) -> tuple[OpenChat, ...]:
        """Chats without an end, in the order of their opening. Waits; raises `LogUnavailable`."""

    def healthy(self) -> bool:
        """Whether facts are being written."""

    def close(self) -> None:
        """Write what is held back, within a limit of seconds, and let go of the database."""
