"""What is known of recordings (port `cxcore.ports.recordings`, `RecordingIndex`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.events import ContactEnded, Fact, RecordingStarted, RecordingStopped
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import RecordingId
from cxcore.ports.recordings import (
    MOST_RECORDINGS,
    BegunRecording,
    NoSuchRecording,
    Peaks,
    RecordingQuestion,
    StoredRecording,
)
from cxcore.storage.engine import reading, writing
from cxcore.storage.facts import from_row
from cxcore.storage.models import FACTS, ContactEvent, ContactRecord, QueueVisit, RecordingRecord

Found = Select[RecordingRecord, str | None, str]
"""A recording with the number of the caller and the one that was dialled."""
MOST_PURGED = 1000
"""In one go; what is left comes next."""


class SqlRecordingIndex:
    """Implements `RecordingIndex`. Numbers are those of the contact, so that they have one home."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begun(self, recording_id: RecordingId) -> BegunRecording | None:
        contact_id = recording_id.rpartition(".")[0]
        for fact in self._facts(contact_id, RecordingStarted):
            if isinstance(fact, RecordingStarted) and fact.recording_id == recording_id:
                return BegunRecording(fact.contact_id, fact.queue_id, fact.agent_id, fact.at, fact.days)
        return None

    def is_over(self, recording_id: RecordingId, contact_id: ContactId) -> bool:
        return any(_ends(fact, recording_id) for fact in self._facts(contact_id, RecordingStopped, ContactEnded))

    def knows_contact(self, contact_id: ContactId) -> bool:
        query = select(ContactEvent.id).where(ContactEvent.contact_id == contact_id).limit(1)
        with reading(self._engine) as session:
            return session.execute(query).first() is not None

    def add(self, recording: StoredRecording, peaks: Peaks) -> None:
        with writing(self._engine) as session:
            if session.get(RecordingRecord, recording.recording_id) is None:
                session.add(_row(recording, peaks))

    def search(self, question: RecordingQuestion, limit: int = MOST_RECORDINGS) -> Sequence[StoredRecording]:
        return self._all(_asked(question).order_by(RecordingRecord.started_at.desc()).limit(limit))

    def of_contact(self, contact_id: ContactId) -> Sequence[StoredRecording]:
        query = _joined().where(RecordingRecord.contact_id == contact_id)
        return self._all(query.order_by(RecordingRecord.started_at))

    def find(self, recording_id: RecordingId) -> StoredRecording:
        found = self._all(_joined().where(RecordingRecord.recording_id == recording_id))
        if not found:
            raise NoSuchRecording(recording_id)
        return found[0]

    def peaks(self, recording_id: RecordingId) -> Peaks:
        query = select(RecordingRecord.caller_peaks, RecordingRecord.agent_peaks)
        with reading(self._engine) as session:
            row = session.execute(query.where(RecordingRecord.recording_id == recording_id)).first()
        if row is None:
            raise NoSuchRecording(recording_id)
        return Peaks(bytes(row.caller_peaks), bytes(row.agent_peaks))

    def hold(self, recording_id: RecordingId, by: str | None, reason: str) -> None:
        with writing(self._engine) as session:
            row = session.get(RecordingRecord, recording_id)
            if row is None:
                raise NoSuchRecording(recording_id)
            row.held_by, row.hold_reason = by, reason

    def of_number(self, number: str) -> Sequence[StoredRecording]:
        either = or_(ContactRecord.caller_number == number, ContactRecord.dialled_number == number)
        return self._all(_joined().where(either).order_by(RecordingRecord.started_at))

    def expired(self, now: datetime) -> Sequence[StoredRecording]:
        query = _joined().where(RecordingRecord.keep_until <= now, RecordingRecord.held_by.is_(None))
        return self._all(query.order_by(RecordingRecord.keep_until).limit(MOST_PURGED))

    def forget(self, recording_id: RecordingId) -> None:
        with writing(self._engine) as session:
            session.execute(delete(RecordingRecord).where(RecordingRecord.recording_id == recording_id))

    def _facts(self, contact_id: str, *kinds: type[Fact]) -> list[Fact]:
        names = [kind.__name__ for kind in kinds]
        query = select(FACTS).where(ContactEvent.contact_id == contact_id, ContactEvent.kind.in_(names))
        with reading(self._engine) as session:
            return [from_row(dict(row)) for row in session.execute(query.order_by(ContactEvent.id)).mappings()]

    def _all(self, query: Found) -> list[StoredRecording]:
        with reading(self._engine) as session:
            return _recordings(session, query)


def _ends(fact: Fact, recording_id: RecordingId) -> bool:
    return isinstance(fact, ContactEnded) or (
        isinstance(fact, RecordingStopped) and fact.recording_id == recording_id
    )


def _joined() -> Found:
    query = select(RecordingRecord, ContactRecord.caller_number, ContactRecord.dialled_number)
    return query.outerjoin(ContactRecord, ContactRecord.contact_id == RecordingRecord.contact_id)


def _asked(question: RecordingQuestion) -> Found:
    row = RecordingRecord
    query = _joined().where(row.started_at >= question.since, row.started_at < question.until)
    if question.queue_id:
        query = query.where(row.queue_id == question.queue_id)
    if question.agent_id:
        visit = exists().where(QueueVisit.contact_id == row.contact_id, QueueVisit.agent_id == question.agent_id)
        query = query.where(or_(row.agent_id == question.agent_id, visit))
    if question.number:
        either = (ContactRecord.caller_number, ContactRecord.dialled_number)
        query = query.where(or_(*(column.contains(question.number, autoescape=True) for column in either)))
    return query


def _recordings(session: Session, query: Found) -> list[StoredRecording]:
    return [_stored(row[0], row[1], row[2]) for row in session.execute(query)]


def _stored(row: RecordingRecord, caller_number: str | None, dialled_number: str | None) -> StoredRecording:
    return StoredRecording(
        recording_id=RecordingId(row.recording_id),
        contact_id=ContactId(row.contact_id),
        queue_id=None if row.queue_id is None else QueueId(row.queue_id),
        agent_id=None if row.agent_id is None else AgentId(row.agent_id),
        started_at=row.started_at,
        duration_seconds=row.duration_ms / 1000,
        keep_until=row.keep_until,
        digest=row.digest,
        held_by=row.held_by,
        hold_reason=row.hold_reason,
        caller_number=caller_number,
        dialled_number=dialled_number or "",
    )


def _row(recording: StoredRecording, peaks: Peaks) -> RecordingRecord:
    return RecordingRecord(
        recording_id=recording.recording_id,
        contact_id=recording.contact_id,
        queue_id=recording.queue_id,
        agent_id=recording.agent_id,
        started_at=recording.started_at,
        duration_ms=round(recording.duration_seconds * 1000),
        keep_until=recording.keep_until,
        digest=recording.digest,
        hold_reason="",
        caller_peaks=peaks.caller,
        agent_peaks=peaks.agent,
    )
