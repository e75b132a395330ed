"""What the database forgets by itself (port `cxcore.ports.retention`).

Facts are deleted with what was derived from them, so that deriving everything anew gives the same tables. Facts that no
contact owns hold states that may still count (who serves which queue, which message is used) and stay, but for those of
agents' working days.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Delete, Engine, Select, delete, exists, func, select, update
from sqlalchemy.orm import Session

from cxcore.domain.contact import Direction
from cxcore.storage.engine import WRITER_LOCK, hold_lock, writing
from cxcore.storage.models import (
    FACTS,
    AgentCallRecord,
    AgentInterval,
    AgentStatusPeriod,
    ContactEvent,
    ContactNumber,
    ContactRecord,
    DirectInterval,
    Interval,
    QueueVisit,
    RecordingRecord,
    SoundInterval,
)
from cxcore.storage.named_numbers import named_in
from cxcore.storage.persons import keep_named

NUMBERS = ("caller_number", "forwarded_from", "number", "destination", "target")
"""Fields of facts that may hold a phone number of somebody outside."""
WORDS = ("caller_name", "note")
NUMBER = re.compile(r"\+?[0-9]{3,15}")
OF_WORKING_DAYS = ("AgentStatusChanged", "AgentServes", "SoftphoneChanged")


class SqlRetention:
    """Implements `Retention`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def forget_persons(self, before: datetime, now: datetime, most: int) -> int:
        with writing(self._engine) as session:
            hold_lock(session.connection(), WRITER_LOCK)
            row = ContactRecord
            known = select(row).where(row.forgotten_at.is_(None), row.ended_at < before, ~_kept_back())
            contacts = session.scalars(known.order_by(row.ended_at).limit(most)).all()
            for contact in contacts:
                _forget(session, contact)
                contact.forgotten_at = now
            return len(contacts)

    def delete_contacts(self, before: datetime, most: int) -> int:
        with writing(self._engine) as session:
            hold_lock(session.connection(), WRITER_LOCK)
            row = ContactRecord
            old = select(row.contact_id).where(row.ended_at < before, ~_recorded()).order_by(row.ended_at).limit(most)
            contact_ids = session.scalars(old).all()
            for table in (ContactEvent, ContactNumber, QueueVisit, AgentCallRecord, ContactRecord):
                session.execute(delete(table).where(table.contact_id.in_(contact_ids)))
            return len(contact_ids)

    def delete_figures(self, before: datetime) -> int:
        with writing(self._engine) as session:
            hold_lock(session.connection(), WRITER_LOCK)
            return sum(_rows(session, statement) for statement in _of_figures(before))


def _of_figures(before: datetime) -> Sequence[Delete]:
    fact = ContactEvent
    last = select(func.max(fact.id)).where(fact.kind.in_(OF_WORKING_DAYS)).group_by(fact.agent_id, fact.kind)
    working_days = delete(fact).where(fact.at < before, fact.kind.in_(OF_WORKING_DAYS), fact.id.not_in(last))
    tables = (Interval, AgentInterval, DirectInterval, SoundInterval)
    intervals = [delete(table).where(table.starts_at < before) for table in tables]
    return [working_days, delete(AgentStatusPeriod).where(AgentStatusPeriod.until < before), *intervals]


def _rows(session: Session, statement: Delete) -> int:
    result = session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0


def _recorded() -> Any:
    return exists().where(RecordingRecord.contact_id == ContactRecord.contact_id)


def _kept_back() -> Any:
    return exists().where(RecordingRecord.contact_id == ContactRecord.contact_id, RecordingRecord.held_by.is_not(None))


def _forget(session: Session, contact: ContactRecord) -> None:
    outbound, named = contact.direction == Direction.OUTBOUND, set[str]()
    for fact_id, kind, body in session.execute(_bodies(contact.contact_id)):
        cleaned = {name: _cleaned(name, value, outbound) for name, value in body.items()}
        named |= named_in(kind, cleaned)
        if cleaned != body:
            session.execute(update(FACTS).where(FACTS.c.id == fact_id).values(body=cleaned))
    keep_named(session, contact.contact_id, named)
    contact.caller_number, contact.caller_name = None, ""
    if outbound:
        contact.dialled_number = ""
    if NUMBER.fullmatch(contact.transferred_to or ""):
        contact.transferred_to = ""


def _bodies(contact_id: str) -> Select[tuple[int, str, Mapping[str, Any]]]:
    row = ContactEvent
    return select(row.id, row.kind, row.body).where(row.contact_id == contact_id)


def _cleaned(name: str, value: Any, outbound: bool) -> Any:
    if name in WORDS:
        return ""
    is_outside = name in NUMBERS or (outbound and name == "dialled_number")
    if name == "caller_number" and value:
        return None
    if is_outside and isinstance(value, str) and NUMBER.fullmatch(value):
        return None if name == "forwarded_from" else ""
    return value
