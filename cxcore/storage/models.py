"""The tables.

`contact_event` holds the facts and is only ever added to. `contact`, `contact_number`, `queue_visit`, `interval`,
`agent_interval`, `sound_interval`, `agent`, `agent_status`, the steered ones, `message_used`, `emergency` and `alarm`
are derived from it (`derive.py`) and can be made anew. `account`, `phone_pin`, `audit_event`, `message_version`,
`recording` and `outbox` stand by themselves. Instants are UTC; lengths are whole milliseconds, so that sums are exact
in whatever order they are made.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Double, Index, Integer, LargeBinary, MetaData, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept and given back in UTC. SQLite has no time zones: it gets the UTC wall time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> str:
    """The text without what PostgreSQL refuses: NUL, and lone surrogates (bytes of a caller that were no UTF-8)."""
    if text.isprintable():
        return text
    return "".join(REPLACEMENT if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)


class StorableText(TypeDecorator[str]):
    """Text as `storable` makes it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


WholeNumber = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column of type INTEGER, which holds 64 bits there."""

Document = JSON().with_variant(JSONB, "postgresql")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime, int: WholeNumber, float: Double(), str: StorableText, dict[str, Any]: Document,
    }  # fmt: skip


class ContactEvent(Base):
    """One fact. Its order is that of `id`; `writer` and `number` are those of `facts.HeldFact`."""

    __tablename__ = "contact_event"
    __table_args__ = (
        Index("uq_contact_event_writer_number", "writer", "number", unique=True),
        Index("ix_contact_event_contact_id", "contact_id"),
        Index("ix_contact_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    writer: Mapped[str]
    number: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    contact_id: Mapped[str | None]
    agent_id: Mapped[str | None]
    queue_id: Mapped[str | None]
    body: Mapped[dict[str, Any]]


class ContactRecord(Base):
    """One line per contact. `queue_id` and `agent_id` are the last that the contact was with."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_opened_at", "opened_at"),
        Index("ix_contact_ended_at", "ended_at"),
        Index("ix_contact_caller_number", "caller_number"),
        Index(
            "ix_contact_called_number",
            "dialled_number",
            sqlite_where=text("direction = 'outbound'"),
            postgresql_where=text("direction = 'outbound'"),
        ),
        Index(
            "ix_contact_not_forgotten",
            "ended_at",
            sqlite_where=text("forgotten_at IS NULL AND ended_at IS NOT NULL"),
            postgresql_where=text("forgotten_at IS NULL AND ended_at IS NOT NULL"),
        ),
        Index(
            "ix_contact_open",
            "opened_at",
            "contact_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    contact_id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    opened_at: Mapped[datetime]
    direction: Mapped[str]
    dialled_number: Mapped[str]
    caller_number: Mapped[str | None]
    caller_name: Mapped[str]
    queue_id: Mapped[str | None]
    agent_id: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    held_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    cause: Mapped[str | None]
    ended_by: Mapped[str | None]
    transferred_to: Mapped[str | None]
    waited_ms: Mapped[int | None]
    talked_ms: Mapped[int | None]
    held_ms: Mapped[int]
    wrap_up_ms: Mapped[int]
    forgotten_at: Mapped[datetime | None] = mapped_column(default=None)
    """When number, name and notes were taken out because they had been kept long enough."""


class ContactNumber(Base):
    """A number that the facts of a contact name beside its own two (`named_numbers`), such as that of a transfer."""

    __tablename__ = "contact_number"
    __table_args__ = (Index("ix_contact_number_contact_id", "contact_id"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(primary_key=True)


class QueueVisit(Base):
    """One contact in one queue, however often it was queued there. `outcome` is a `measures.VisitEnd` value."""

    __tablename__ = "queue_visit"

    contact_id: Mapped[str] = mapped_column(primary_key=True)
    queue_id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    queued_at: Mapped[datetime]
    target_ms: Mapped[int]
    waiting_since: Mapped[datetime | None]
    waited_ms: Mapped[int]
    outcome: Mapped[str | None]
    agent_id: Mapped[str | None]


class Interval(Base):
    """Measures of one queue and channel over 15 minutes."""

    __tablename__ = "interval"

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    queue_id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    offered: Mapped[int]
    answered: Mapped[int]
    answered_in_time: Mapped[int]
    abandoned: Mapped[int]
    quick_drops: Mapped[int]
    moved: Mapped[int]
    closed: Mapped[int]
    wait_ms: Mapped[int]
    longest_wait_ms: Mapped[int]
    talk_ms: Mapped[int]
    wrap_up_ms: Mapped[int]


class AgentInterval(Base):
    """One agent's part in the contacts of one queue and channel over 15 minutes."""

    __tablename__ = "agent_interval"

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(primary_key=True)
    queue_id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    offers: Mapped[int]
    missed: Mapped[int]
    declined: Mapped[int]
    handled: Mapped[int]
    talk_ms: Mapped[int]
    wrap_up_ms: Mapped[int]


class DirectInterval(Base):
    """An agent's direct calls over 15 minutes, counted apart from the contacts of queues [21]."""

    __tablename__ = "direct_interval"

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    answered: Mapped[int]
    missed: Mapped[int]
    talk_ms: Mapped[int]


class SoundInterval(Base):
    """How the legs of conversations that ended in 15 minutes sounded, by line, each by the worse of its directions.

    `hundredths` is the sum of the scores times a hundred; `below_goal` counts those under `MOS_GOAL` [112].
    """

    __tablename__ = "sound_interval"

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    scores: Mapped[int]
    below_goal: Mapped[int]
    hundredths: Mapped[int]


class AgentCallRecord(Base):
    """One contact in the list of calls of an agent; `kind` is a `ports.agent_calls.CallKind` value."""

    __tablename__ = "agent_call"
    __table_args__ = (
        Index("ix_agent_call_agent_id_at", "agent_id", "at"),
        Index("ix_agent_call_contact_id", "contact_id"),
    )

    agent_id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    queue_id: Mapped[str | None]
    talk_ms: Mapped[int]


class AgentRecord(Base):
    """The last that is known of an agent. `handled_contacts` and `worked_ms` count since the last log-on.

    The fields of the wrap-up are set while one runs.
    """

    __tablename__ = "agent"

    agent_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    reason: Mapped[str | None]
    status_since: Mapped[datetime]
    serves: Mapped[list[str]] = mapped_column(Document)
    handled_contacts: Mapped[int]
    worked_ms: Mapped[int]
    wrap_up_of: Mapped[str | None]
    """The contact."""
    changed_by: Mapped[str | None]
    """The user who made the last change of status or queues."""
    wrap_up_queue_id: Mapped[str | None]
    wrap_up_since: Mapped[datetime | None]
    wrap_up_until: Mapped[datetime | None]


class AgentStatusPeriod(Base):
    """How long an agent had one status, with the reason of a break [28c]. `until` is empty for the present one."""

    __tablename__ = "agent_status"

    agent_id: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]
    status: Mapped[str]
    reason: Mapped[str | None]


class SteeredMembership(Base):
    """The last word of a supervisor on who serves a queue; level 0 means not at all."""

    __tablename__ = "steered_membership"

    agent_id: Mapped[str] = mapped_column(primary_key=True)
    queue_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    level: Mapped[int]
    by: Mapped[str]


class SteeredQueue(Base):
    """The last word of a supervisor on whether a queue is open; None gives it back to its timetable."""

    __tablename__ = "steered_queue"

    queue_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    open: Mapped[bool | None]
    by: Mapped[str]


class UsedMessage(Base):
    """The version of a message that callers hear; version 0 is the one that was shipped."""

    __tablename__ = "message_used"

    message: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    version: Mapped[int]
    sound: Mapped[str]
    by: Mapped[str]


class EmergencyRecord(Base):
    """The last emergency message of a scope; `active` until it was ended."""

    __tablename__ = "emergency"

    scope: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    active: Mapped[bool]
    message: Mapped[str]
    then: Mapped[str]
    flow: Mapped[str]
    until: Mapped[datetime | None]
    tell_waiting: Mapped[bool]
    by: Mapped[str]


class AlarmRecord(Base):
    """The last alarm of a queue and kind; `active` until it cleared."""

    __tablename__ = "alarm"

    queue_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    active: Mapped[bool]
    value: Mapped[float]
    level: Mapped[float]
    acknowledged_by: Mapped[str]
    acknowledged_at: Mapped[datetime | None]


class MessageVersionRecord(Base):
    """One version of a message; its sound stands in the library under the name `sound`. Never changed or removed."""

    __tablename__ = "message_version"

    message: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sound: Mapped[str]
    digest: Mapped[str]
    length_ms: Mapped[int]
    origin: Mapped[str]
    text: Mapped[str]
    peaks: Mapped[list[int]] = mapped_column(Document)
    by: Mapped[str]
    at: Mapped[datetime]


class AccountRecord(Base):
    """A user who can sign in."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    agent_id: Mapped[str | None]
    password_hash: Mapped[str]


class PhonePinRecord(Base):
    """The code and PIN with which a user signs in at the service number; `failures` counts wrong PINs in a row."""

    __tablename__ = "phone_pin"

    username: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    pin_hash: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    failures: Mapped[int]
    failed_at: Mapped[datetime | None]


class AuditEvent(Base):
    """One action of a user, or an attempt. `id` counts without gaps; `digest` is that of `audit_chain`."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_at", "at"),
        Index("ix_audit_event_actor_at", "actor", "at"),
        Index("ix_audit_event_action_at", "action", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    object: Mapped[str]
    result: Mapped[str]
    origin: Mapped[str]
    digest: Mapped[str]


class ConfigurationRecord(Base):
    """One version of the configuration, kept for good; fields as in `ports.configurations.Version`."""

    __tablename__ = "configuration"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str]
    summary: Mapped[str]
    text: Mapped[str]
    base: Mapped[int | None]
    activate_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    file_digest: Mapped[str]


class WallboardRecord(Base):
    """One wallboard; fields as in `ports.wallboards.Wallboard`, `layout` holds its tiles."""

    __tablename__ = "wallboard"

    board_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    dark: Mapped[bool]
    layout: Mapped[dict[str, Any]]
    link_number: Mapped[int]
    version: Mapped[int]
    by: Mapped[str]
    at: Mapped[datetime]


class FaultRecord(Base):
    """A reported fault; fields as in `ports.faults.FaultReport`, `attached` holds its contact ids and log lines."""

    __tablename__ = "fault"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    by: Mapped[str]
    page: Mapped[str]
    text: Mapped[str]
    browser: Mapped[str]
    attached: Mapped[dict[str, Any]]
    status: Mapped[str]
    remark: Mapped[str]
    handled_by: Mapped[str]
    handled_at: Mapped[datetime | None]


class RecordingRecord(Base):
    """A recording of a call that is kept. Its sound is a file (`cxcore.recordings`)."""

    __tablename__ = "recording"
    __table_args__ = (
        Index("ix_recording_contact_id", "contact_id"),
        Index("ix_recording_started_at", "started_at"),
        Index("ix_recording_keep_until", "keep_until"),
    )

    recording_id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str]
    queue_id: Mapped[str | None]
    agent_id: Mapped[str | None]
    started_at: Mapped[datetime]
    duration_ms: Mapped[int]
    keep_until: Mapped[datetime]
    digest: Mapped[str]
    held_by: Mapped[str | None]
    hold_reason: Mapped[str]
    caller_peaks: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    agent_peaks: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class EmployeeRecord(Base):
    """An employee of the directory; `name_words` and `searched` are those of `domain.employees.SearchTexts`."""

    __tablename__ = "employee"

    employee_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    department: Mapped[str]
    function: Mapped[str]
    numbers: Mapped[list[str]] = mapped_column(Document)
    email: Mapped[str]
    agent_id: Mapped[str | None]
    name_words: Mapped[str]
    searched: Mapped[str]


class EmployeeNumber(Base):
    """A number of an employee, by which a caller is recognised."""

    __tablename__ = "employee_number"

    number: Mapped[str] = mapped_column(primary_key=True)
    employee_id: Mapped[str] = mapped_column(primary_key=True)


class OutboxRecord(Base):
    """A letter that was not taken yet; fields as in `ports.outbox`. Without `next_at` it was given up."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_way_next_at", "way", "next_at"),)

    letter_id: Mapped[str] = mapped_column(primary_key=True)
    way: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    recipient: Mapped[str]
    at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    attempts: Mapped[int]
    fault: Mapped[str]
    """Why the last attempt failed."""
    given_up_at: Mapped[datetime | None]


class DeskRecord(Base):
    """How a user arranged the agent's page: `columns`, lists of names of parts, and `hidden`."""

    __tablename__ = "desk"

    username: Mapped[str] = mapped_column(primary_key=True)
    layout: Mapped[dict[str, Any]]


DERIVED: tuple[type[Base], ...] = (
    ContactNumber,
    QueueVisit,
    ContactRecord,
    Interval,
    AgentInterval,
    DirectInterval,
    SoundInterval,
    AgentCallRecord,
    AgentRecord,
    AgentStatusPeriod,
    SteeredMembership,
    SteeredQueue,
    UsedMessage,
    EmergencyRecord,
    AlarmRecord,
)

FACTS = Base.metadata.tables["contact_event"]
"""The facts without the object mapping, which would cost twice the time to write them."""
