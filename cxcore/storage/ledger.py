"""The derived rows that some facts touch: read with one statement a table, changed in memory, written with one a table.

Rows in hand are plain objects with the columns of their model: SQLAlchemy's object mapping would cost several times
what all the rest of a transaction does. Whoever writes holds `engine.WRITER_LOCK`, so no row changes meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, Insert, Select, Table, bindparam, case, select
from sqlalchemy.dialects import postgresql, sqlite

from cxcore.domain.agent import AgentStatus
from cxcore.domain.contact import Channel, Direction
from cxcore.domain.events import Fact
from cxcore.domain.measures import DEFAULT_TARGET_SECONDS
from cxcore.storage.models import (
    DERIVED,
    AgentCallRecord,
    AgentInterval,
    AgentRecord,
    AgentStatusPeriod,
    AlarmRecord,
    Base,
    ContactNumber,
    ContactRecord,
    DirectInterval,
    EmergencyRecord,
    Interval,
    QueueVisit,
    SoundInterval,
    SteeredMembership,
    SteeredQueue,
    UsedMessage,
)

INTERVAL = timedelta(minutes=15)

Row = TypeVar("Row", bound=Base)
Key = tuple[Any, ...]

INSERTS: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
SUMMED: frozenset[type[Base]] = frozenset({Interval, AgentInterval, DirectInterval, SoundInterval})
"""Rows of these hold what is to be added to the stored ones, so that they need not be read."""
LONGEST = "longest_wait_ms"
"""Of these the longer one stands."""


def interval_of(at: datetime) -> datetime:
    """The start of the interval that holds the instant (aware UTC)."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


class Rows(Generic[Row]):
    """The rows of one table that are in hand."""

    def __init__(self, connection: Connection, model: type[Row]) -> None:
        self._connection = connection
        self._shape: Shape[Row] = SHAPES[model]
        self._found: dict[Key, Row] = {}
        self._stored: dict[Key, Key] = {}
        """What the database holds, of those that were read."""

    def __iter__(self) -> Iterator[Row]:
        return iter(self._found.values())

    def read(self, column: str, values: Iterable[str]) -> None:
        """Take in hand all rows with one of these values in the column."""
        named = tuple(values)
        if named:
            self._take(_rows_named(self._shape, column), {"named": named})

    def row(self, *key: Any, **new: Any) -> Row:
        """The row with the key; where there is none in hand, one with these values."""
        if key not in self._found:
            self._found[key] = self._shape.make(key, new)
        return self._found[key]

    def looked_up(self, *key: Any, **new: Any) -> Row:
        """The same, but looked for in the database first."""
        if key not in self._found:
            self._take(_row_of_key(self._shape), dict(zip(self._shape.keys, key, strict=True)))
        return self.row(*key, **new)

    def __contains__(self, key: Key) -> bool:
        return key in self._found

    def write(self) -> None:
        """Store what is new and what changed."""
        values = self._shape.values
        changed = [row for key, row in self._found.items() if values(row) != self._stored.get(key)]
        if changed:
            statement = _upsert(self._shape, self._connection.dialect.name)
            self._connection.execute(statement, [vars(row) for row in changed])

    def _take(self, statement: Select[Any], values: dict[str, Any]) -> None:
        for stored in self._connection.execute(statement, values).mappings():
            row = self._shape.in_hand(stored)
            key = self._shape.key(row)
            self._found[key], self._stored[key] = row, self._shape.values(row)


class Shape(Generic[Row]):
    """How the rows of a model look in hand."""

    def __init__(self, model: type[Row]) -> None:
        self.table = table = cast(Table, model.__table__)
        self.summed = model in SUMMED
        self.keys = tuple(column.name for column in table.primary_key)
        self.values: Callable[[Row], Key] = _getter([column.name for column in table.columns])
        self.key: Callable[[Row], Key] = _getter(self.keys)
        zero = 0 if self.summed else None
        self._blank = {column.name: None if column.name in self.keys else zero for column in table.columns}

    def make(self, key: Key, values: dict[str, Any]) -> Row:
        """A new row; what is not given is empty, or 0 where it is added up."""
        return self.in_hand({**self._blank, **dict(zip(self.keys, key, strict=True)), **values})

    def in_hand(self, values: Any) -> Row:
        """A row of these values."""
        return cast(Row, SimpleNamespace(**values))


def _getter(names: Sequence[str]) -> Callable[[Any], Key]:
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda row: (get(row),)


SHAPES: dict[type[Base], Shape[Any]] = {model: Shape(model) for model in DERIVED}


# Statements are kept, since to make one takes longer than to carry it out.


@cache
def _rows_named(shape: Shape[Any], column: str) -> Select[Any]:
    table = shape.table
    return select(table).where(table.c[column].in_(bindparam("named", expanding=True)))


@cache
def _row_of_key(shape: Shape[Any]) -> Select[Any]:
    table = shape.table
    return select(table).where(*(column == bindparam(column.name) for column in table.primary_key))


@cache
def _upsert(shape: Shape[Any], dialect: str) -> Insert:
    statement, keys = INSERTS[dialect](shape.table), shape.keys
    change = _added if shape.summed else _replaced
    others = [column for column in shape.table.columns if column.name not in keys]
    changes = {column.name: change(column, statement.excluded[column.name]) for column in others}
    if not changes:
        return cast(Insert, statement.on_conflict_do_nothing(index_elements=keys))
    return cast(Insert, statement.on_conflict_do_update(index_elements=keys, set_=changes))


def _replaced(_column: Any, by: Any) -> Any:
    return by


def _added(column: Any, more: Any) -> Any:
    return case((more > column, more), else_=column) if column.name == LONGEST else column + more


class Ledger:
    """The derived rows that some facts touch."""

    def __init__(self, connection: Connection, facts: Iterable[Fact]) -> None:
        self._connection = connection
        self._tables: dict[type[Base], Rows[Any]] = {}
        contact_ids, agent_ids = _named(facts, "contact_id"), _named(facts, "agent_id")
        for model in (ContactRecord, QueueVisit, AgentCallRecord):
            self._rows(model).read("contact_id", contact_ids)
        self._rows(AgentRecord).read("agent_id", agent_ids)
        self._visits: defaultdict[str, list[QueueVisit]] = defaultdict(list)
        for visit in self._rows(QueueVisit):
            self._visits[visit.contact_id].append(visit)

    def write(self) -> None:
        """Store what is new and what changed."""
        for rows in self._tables.values():
            rows.write()

    def contact(self, contact_id: str, at: datetime) -> ContactRecord:
        """The contact; one whose opening is not among the facts is taken to have been opened `at`."""
        new: dict[str, Any] = {
            "channel": Channel.TELEPHONY.value,
            "opened_at": at,
            "direction": Direction.INBOUND.value,
            "dialled_number": "",
            "caller_name": "",
            "held_ms": 0,
            "wrap_up_ms": 0,
        }
        return self._rows(ContactRecord).row(contact_id, **new)

    def visit(
        self, contact_id: str, queue_id: str, at: datetime, target_seconds: int = DEFAULT_TARGET_SECONDS
    ) -> QueueVisit:
        """The contact's visit to the queue, begun `at` when there was none."""
        visits = self._rows(QueueVisit)
        if (contact_id, queue_id) in visits:
            return visits.row(contact_id, queue_id)
        channel = self.contact(contact_id, at).channel
        new = {"channel": channel, "queued_at": at, "target_ms": target_seconds * 1000, "waited_ms": 0}
        visit = visits.row(contact_id, queue_id, **new)
        self._visits[contact_id].append(visit)
        return visit

    def waiting(self, contact_id: str) -> list[QueueVisit]:
        """The contact's visits whose wait has not ended."""
        return [visit for visit in self._visits[contact_id] if visit.waiting_since]

    def interval(self, visit: QueueVisit) -> Interval:
        """What is added to the interval in which the visit counts."""
        return self._rows(Interval).row(interval_of(visit.queued_at), visit.queue_id, visit.channel)

    def agent_interval(self, visit: QueueVisit, agent_id: str) -> AgentInterval:
        """What is added to the interval in which the agent's part in the visit counts."""
        return self._rows(AgentInterval).row(interval_of(visit.queued_at), agent_id, visit.queue_id, visit.channel)

    def direct_interval(self, agent_id: str, direction: str, at: datetime) -> DirectInterval:
        """What is added to the interval in which an agent's direct call counts: that in which it ended."""
        return self._rows(DirectInterval).row(interval_of(at), agent_id, direction)

    def sound_interval(self, line: str, at: datetime) -> SoundInterval:
        """What is added to the interval in which a leg's sound counts: that in which it was measured."""
        return self._rows(SoundInterval).row(interval_of(at), line)

    def agent_call(self, agent_id: str, contact_id: str, kind: str, at: datetime) -> AgentCallRecord:
        """The contact in the agent's list of calls; a new line is of the kind and at the instant."""
        return self._rows(AgentCallRecord).row(agent_id, contact_id, kind=kind, at=at, talk_ms=0)

    def agent(self, agent_id: str, at: datetime) -> AgentRecord:
        """The agent; one of whom nothing is known is logged off since `at`."""
        status = AgentStatus.LOGGED_OFF.value
        counts = {"handled_contacts": 0, "worked_ms": 0}
        return self._rows(AgentRecord).row(agent_id, status=status, status_since=at, serves=[], **counts)

    def period(self, agent_id: str, since: datetime) -> AgentStatusPeriod:
        """The agent's period that began then."""
        return self._rows(AgentStatusPeriod).looked_up(agent_id, since)

    def steered_membership(self, agent_id: str, queue_id: str) -> SteeredMembership:
        """The last word of a supervisor on who serves a queue."""
        return self._rows(SteeredMembership).looked_up(agent_id, queue_id)

    def steered_queue(self, queue_id: str) -> SteeredQueue:
        """The last word of a supervisor on whether a queue is open."""
        return self._rows(SteeredQueue).looked_up(queue_id)

    def used_message(self, message: str) -> UsedMessage:
        """The version of a message that callers hear."""
        return self._rows(UsedMessage).looked_up(message)

    def emergency(self, scope: str) -> EmergencyRecord:
        """The last emergency message of a scope."""
        return self._rows(EmergencyRecord).looked_up(scope)

    def alarm(self, queue_id: str, kind: str) -> AlarmRecord:
        """The last alarm of a queue and kind."""
        return self._rows(AlarmRecord).looked_up(queue_id, kind)

    def note_number(self, number: str, contact_id: str) -> None:
        """The contact names the number."""
        self._rows(ContactNumber).row(number, contact_id)

    def _rows(self, model: type[Row]) -> Rows[Row]:
        if model not in self._tables:
            self._tables[model] = Rows(self._connection, model)
        return self._tables[model]


def _named(facts: Iterable[Fact], field: str) -> frozenset[str]:
    return frozenset(getattr(fact, field) for fact in facts if getattr(fact, field, None) is not None)
