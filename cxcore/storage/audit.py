"""Keeps audit events (port `cxcore.ports.audit`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from cxcore.ports.audit import AuditEntry, AuditQuestion, AuditResult, ChainState
from cxcore.storage.audit_chain import NOTHING_BEFORE, digest_after, state_of
from cxcore.storage.engine import hold_lock, reading, writing
from cxcore.storage.models import AuditEvent, storable

AUDIT_LOCK = 0x63780003
"""Number of the PostgreSQL advisory lock under which one process at a time lengthens the chain."""
BATCH = 1000


class SqlAudit:
    """The audit in the database. Nothing here changes or removes an event, and the database refuses it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, actor: str, action: str, object: str, result: AuditResult, origin: str, at: datetime) -> None:
        """Keep one event; returns when it is stored. Raises `LogUnavailable`."""
        words = (storable(actor), storable(action), storable(object), result.value, storable(origin))
        with writing(self._engine) as session:
            hold_lock(session.connection(), AUDIT_LOCK)
            session.add(_next_event(session, at, words))

    def entries(self, question: AuditQuestion, limit: int = 100) -> Sequence[AuditEntry]:
        """The events that are asked for, newest first. Raises `LogUnavailable`."""
        query = _asked(question).order_by(AuditEvent.id.desc()).limit(limit)
        with reading(self._engine) as session:
            return [_entry(event) for event in session.scalars(query)]

    def actions(self) -> Sequence[str]:
        """Every action that was ever kept, by name. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return session.scalars(listed_actions()).all()

    def digest(self, number: int) -> str | None:
        """The digest of one event; None when there is no such event. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return session.scalar(select(AuditEvent.digest).where(AuditEvent.id == number))

    def verify(self) -> ChainState:
        """Read the chain from its first event to its last. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return state_of(_all(session))


def _next_event(session: Session, at: datetime, words: tuple[str, str, str, str, str]) -> AuditEvent:
    last = session.execute(select(AuditEvent.id, AuditEvent.digest).order_by(AuditEvent.id.desc()).limit(1)).first()
    number, previous = (1, NOTHING_BEFORE) if last is None else (last.id + 1, last.digest)
    actor, action, object, result, origin = words
    digest = digest_after(previous, number, at, words)
    return AuditEvent(
        id=number, at=at, actor=actor, action=action, object=object, result=result, origin=origin, digest=digest
    )


def _asked(question: AuditQuestion) -> Select[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.at >= question.since, AuditEvent.at < question.until)
    if question.actor:
        query = query.where(AuditEvent.actor == question.actor)
    if question.action:
        query = query.where(AuditEvent.action == question.action)
    if question.object:
        query = query.where(AuditEvent.object.contains(question.object, autoescape=True))
    return query if question.before is None else query.where(AuditEvent.id < question.before)


def listed_actions() -> Select[str]:
    """Each action once: from one to the next by the index, for DISTINCT reads every event."""
    first = select(func.min(AuditEvent.action).label("action")).cte("step", recursive=True)
    next_one = select(func.min(AuditEvent.action)).where(AuditEvent.action > first.c.action).scalar_subquery()
    steps = first.union_all(select(next_one).where(first.c.action.is_not(None)))
    return select(steps.c.action).where(steps.c.action.is_not(None))


def _all(session: Session) -> Iterator[AuditEntry]:
    """Every event in order, a batch at a time, so that years of them need no memory."""
    query, last = select(AuditEvent).order_by(AuditEvent.id).limit(BATCH), 0
    while events := session.scalars(query.where(AuditEvent.id > last)).all():
        yield from map(_entry, events)
        last = events[-1].id
        session.expunge_all()


def _entry(event: AuditEvent) -> AuditEntry:
    return AuditEntry(
        event.id, event.at, event.actor, event.action, event.object, AuditResult(event.result), event.origin,
        event.digest,
    )  # fmt: skip
