"""What screens ask of the core: the live picture, its changes, and commands.

The picture is a set of rows. Each row has a subject and a key; a change replaces one row or takes it away. Changes are
numbered without gaps, so that whoever holds a picture with number n and applies n+1, n+2, … sees what the core sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cxcore.domain.commands import Command


class Subject(StrEnum):
    """What a row is about."""

    QUEUE = "queue"
    AGENT = "agent"
    CONTACT = "contact"
    SYSTEM = "system"
    EMERGENCY = "emergency"
    ALARM = "alarm"
    CHAT = "chat"
    CHAT_LINE = "chat-line"


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """The chats of one channel in one queue: those of now, and the figures since local midnight."""

    channel: str
    """A `Channel` value."""
    waiting: int = 0
    oldest_at: datetime | None = None
    """Since when the one waits that waits longest."""
    talking: int = 0
    """Those that an agent has."""
    offered: int = 0
    """Chats of today that the queue was asked to serve, without quick drops."""
    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    average_wait_seconds: float | None = None
    longest_wait_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One queue now, and its figures since local midnight."""

    queue_id: str
    name: str
    waiting: int = 0
    longest_waiting_since: datetime | None = None
    agents_logged_on: int = 0
    agents_ready: int = 0
    agents_talking: int = 0
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    quick_drops: int = 0
    answered_in_time: int = 0
    average_wait_seconds: float | None = None
    longest_wait_seconds: float | None = None
    target_seconds: int = 20
    target_percent: int = 80
    expected_wait_seconds: int | None = None
    """What somebody who came now would wait, measured; None when too little was seen."""
    call_backs: int = 0
    """Those who are to be called back, in line (then also counted in `waiting`) or later."""
    messages: int = 0
    """Voice messages that wait for an agent; they are not counted in `waiting`."""
    oldest_message_at: datetime | None = None
    messages_heard: int = 0
    """Voice messages of today that agents accepted."""
    written: tuple[WrittenRow, ...] = ()
    """The chats of each channel that has any; they are counted in no other figure."""
    open: bool = True
    """Whether callers may wait in it."""
    opens_at: datetime | None = None
    """When it opens next, where its timetable closed it."""
    steered: bool = False
    """Whether a supervisor decided on `open`; otherwise the timetable of the queue does."""


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent now. `since` is when the status or state that the screen shows began."""

    agent_id: str
    name: str
    status: str
    state: str
    reason: str | None = None
    since: datetime | None = None
    memberships: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    """The level of each of the memberships."""
    serves: tuple[str, ...] = ()
    contact_id: str | None = None
    wrap_up_until: datetime | None = None
    handled_contacts: int = 0
    average_handling_seconds: int | None = None
    """Of the contacts of queues since log-on; None before the first."""
    direct_calls: int = 0
    direct_contact_id: str | None = None
    warning: str | None = None
    """What agent and supervisor should know, for instance a missed offer or an unreachable device."""
    listened_by: str | None = None
    """The user name of the supervisor who is on the agent's call."""
    listening: str | None = None
    """Whether that supervisor listens, whispers or barged in, a `ListeningMode`."""
    listening_told: bool = False
    """Whether the agent may know of it."""
    softphone: bool = False
    """Whether the agent's telephone is the page."""
    softphone_page: str = ""
    """The opened page that is the telephone."""
    device_fault: str | None = None
    """Why the softphone cannot be rung; None when it can."""
    returning: bool = False
    """Whether a caller is kept for the agent, whose page went in a conversation."""
    listens_to: str | None = None
    """The agent on whose call this one listens in."""
    listens_mode: str | None = None
    """Who hears that: a `ListeningMode` value."""
    passed_to: str | None = None
    """To whom the agent passed a contact on last without waiting, or with whom a consultation was that others ended;
    told to the agent alone."""
    passed_end: str | None = None
    """How that ended, as in `domain.agent.PassedOn`."""
    passed_at: datetime | None = None
    steered_by: str | None = None
    """The name of whoever else made the last change of status or queues; None when the agent did."""


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One live contact. `position` counts from 1 among those who wait in the same queue."""

    contact_id: str
    state: str
    dialled_number: str
    caller_number: str | None
    caller_name: str
    opened_at: datetime
    queue_id: str | None = None
    queued_at: datetime | None = None
    position: int | None = None
    offered_to: str | None = None
    offered_at: datetime | None = None
    offer_reason: str | None = None
    also_offered_to: tuple[str, ...] = ()
    """The others whose devices ring for it at the same time."""
    agent_id: str | None = None
    answered_at: datetime | None = None
    held_since: datetime | None = None
    caller_holds_since: datetime | None = None
    """Since when the caller has had us on hold."""
    expected_wait_seconds: int | None = None
    """How long a waiting contact will wait from now on, measured; None when too little was seen."""
    call_back: bool = False
    """Whether the caller hung up and is to be called back."""
    voicemail: bool = False
    """Whether it is a voice message; then `caller_number` left it."""
    message_seconds: float | None = None
    """How long the message is."""
    forwarded_from: str | None = None
    """The number that the caller dialled, where the network or Teams forwarded the call to `dialled_number`."""
    outbound: bool = False
    """Whether we called; then `dialled_number` is the other party."""
    consult_state: str | None = None
    """Where a consultation or transfer stands, a `ConsultationState` value; None when there is none."""
    consult_target: str | None = None
    """The name of who is consulted, or of whom the contact goes to."""
    consult_since: datetime | None = None
    consult_by: str | None = None
    """The agent who consults, or passed the contact on."""
    consult_agent: str | None = None
    """The agent who is consulted, if it is one."""
    channel: str = "telephony"
    """A `Channel` value. Of a chat `dialled_number` is the website, and `caller_number` what the customer gave."""
    recording: str | None = None
    """While the call is recorded `on`, `paused` by arrangement, or `silent` as long as the caller hears music; `off`
    where the agent may ask for it; None where nothing is recorded."""
    recording_resumes_at: datetime | None = None
    """When a paused recording goes on by itself."""

    def concerns(self, agent_id: str) -> bool:
        """Whether the contact is before this agent, or the agent's own."""
        parties = (self.offered_to, self.agent_id, self.consult_by, self.consult_agent)
        return agent_id in parties or agent_id in self.also_offered_to


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A chat of now, or one that ended a while ago. For its customer and its agent, and nobody else."""

    contact_id: str
    site: str = ""
    """The website on which it began."""
    away_since: datetime | None = None
    """Since when the customer's page is not heard of."""
    end: str | None = None
    """Who ended it, a `ChatEnd` value."""
    agent: str = ""
    """The name of the agent who has it."""
    customer_writes_until: datetime | None = None
    """Until when the customer counts as somebody who is writing; so does the agent."""
    agent_writes_until: datetime | None = None
    read: int = 0
    """The number of the last line that the customer has seen."""


@dataclass(frozen=True, slots=True)
class ChatLineRow:
    """A line of such a chat; `name` is that of the agent who wrote it."""

    contact_id: str
    number: int
    at: datetime
    author: str
    text: str = field(repr=False)
    name: str = ""
    token: str = ""
    fault: str = ""
    """Why it did not reach the customer: a code of the messaging service."""

    @property
    def key(self) -> str:
        """What tells it from every other line."""
        return f"{self.contact_id}/{self.number}"


@dataclass(frozen=True, slots=True)
class SystemRow:
    """The health of one part: `switch`, `database`. `reason` is empty when all is well."""

    part: str
    healthy: bool
    since: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EmergencyRow:
    """An emergency message that is on; `scope`, `then` and `flow` are those of `domain.emergency.Emergency`."""

    scope: str
    message: str
    since: datetime
    until: datetime | None = None
    then: str = ""
    flow: str = ""
    by: str = ""
    """The name of whoever switched it on."""
    queue: str = ""
    """The name of the queue that `scope` is, if it is one."""


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm that is on; fields as in `domain.alarms.Alarm`."""

    queue_id: str
    kind: str
    since: datetime
    value: float
    level: float
    queue: str = ""
    """The name of the queue."""
    acknowledged_by: str = ""
    """The name of whoever has seen it; empty while nobody has."""
    acknowledged_at: datetime | None = None


Row = QueueRow | AgentRow | ContactRow | SystemRow | EmergencyRow | AlarmRow | ChatRow | ChatLineRow


@dataclass(frozen=True, slots=True)
class Change:
    """Row `key` of `subject` is now `row`; None means that it is gone."""

    number: int
    subject: Subject
    key: str
    row: Row | None


@dataclass(frozen=True, slots=True)
class Picture:
    """All rows, as they are after change `number`."""

    number: int
    rows: Mapping[tuple[Subject, str], Row] = field(default_factory=dict)


class CommandRefused(Exception):
    """The core understood the command and will not do it; `code` names the refusal, the message says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """How a command ended in the core: done, or refused with a code and the reason."""

    code: str | None = None
    """None when it was done."""
    message: str = ""


class ControllerUnavailable(Exception):
    """The core does not answer; nothing was done, or it is not known whether it was."""


Listener = Callable[[Change], None]


class Controller(Protocol):
    """The core, seen from a screen."""

    def submit(self, command: Command) -> None:
        """Carry out the command; returns when it is done. Raises `CommandRefused`, `ControllerUnavailable`."""

    def picture(self) -> Picture:
        """The live picture. Raises `ControllerUnavailable` when none was ever received."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each change from now on; returns what ends it. A listener must not wait."""

    def connected(self) -> bool:
        """Whether the core is heard from; False means that the picture may be old."""
