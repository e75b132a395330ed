"""Keeps letters until they were taken (port `cxcore.ports.outbox`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Engine, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from cxcore.domain.events import Fact
from cxcore.ports.outbox import KeptLetter, Letter, Way
from cxcore.storage.engine import reading, writing
from cxcore.storage.facts import HeldFact
from cxcore.storage.models import OutboxRecord

KEPT_DAYS = 30
"""How long a letter that was given up is kept."""

LettersOf = Callable[[Fact], Sequence[Letter]]
"""What is to be sent because of a fact."""


class SqlOutbox:
    """Implements `Outbox` and `LettersToSend`. `ways` are those by which letters leave this site."""

    def __init__(self, engine: Engine, ways: frozenset[Way], now: Callable[[], datetime]) -> None:
        self._engine, self._ways, self._now = engine, ways, now

    def mail(self, subject: str, body: str, recipients: Sequence[str]) -> bool:
        """Keep one letter for each recipient. Raises `LogUnavailable`."""
        if Way.MAIL not in self._ways or not recipients:
            return False
        with writing(self._engine) as session:
            letters = [Letter(Way.MAIL, subject, body, recipient) for recipient in recipients]
            _add(session, uuid4().hex, self._now(), letters)
        return True

    def hurry(self, way: Way, now: datetime) -> None:
        """All that waits is due. Raises `LogUnavailable`."""
        waits = OutboxRecord.next_at > now
        with writing(self._engine) as session:
            session.execute(update(OutboxRecord).where(OutboxRecord.way == way.value, waits).values(next_at=now))

    def take(self, way: Way, now: datetime, until: datetime) -> KeptLetter | None:
        """The oldest letter that is due. Raises `LogUnavailable`."""
        row = OutboxRecord
        due = select(row).where(row.way == way.value, row.next_at <= now).order_by(row.at, row.letter_id).limit(1)
        if way is Way.WHATSAPP:
            due = due.where(~_waits_before(row))
        with reading(self._engine) as session:  # most looks find nothing, and must not lock the database for that
            found = session.scalars(due).first()
        if found is None or not self._claimed(found, until):
            return None
        letter = Letter(Way(found.way), found.subject, found.body, found.recipient)
        return KeptLetter(found.letter_id, found.at, letter, found.attempts + 1)

    def _claimed(self, found: OutboxRecord, until: datetime) -> bool:
        row = OutboxRecord
        mine = update(row).where(row.letter_id == found.letter_id, row.attempts == found.attempts)
        with writing(self._engine) as session:
            done = session.execute(mine.values(attempts=found.attempts + 1, next_at=until).returning(row.letter_id))
            return done.first() is not None

    def sent(self, letter_id: str) -> None:
        """Forget it. Raises `LogUnavailable`."""
        with writing(self._engine) as session:
            session.execute(delete(OutboxRecord).where(OutboxRecord.letter_id == letter_id))

    def put_back(self, letter_id: str, fault: str, next_at: datetime) -> None:
        """Try again then. Raises `LogUnavailable`."""
        self._note(letter_id, fault=fault, next_at=next_at)

    def give_up(self, letter_id: str, fault: str, at: datetime) -> None:
        """Try no more, and forget what was given up long ago. Raises `LogUnavailable`."""
        self._note(letter_id, fault=fault, next_at=None, given_up_at=at)
        long_ago = OutboxRecord.given_up_at < at - timedelta(days=KEPT_DAYS)
        with writing(self._engine) as session:
            session.execute(delete(OutboxRecord).where(long_ago))

    def _note(self, letter_id: str, **values: object) -> None:
        with writing(self._engine) as session:
            session.execute(update(OutboxRecord).where(OutboxRecord.letter_id == letter_id).values(**values))

    def trouble(self, way: Way, since: datetime) -> str:
        """Why the newest one was not taken. Raises `LogUnavailable`."""
        row = OutboxRecord
        fresh = or_(row.given_up_at.is_(None), row.given_up_at >= since)
        query = select(row).where(row.way == way.value, row.fault != "", fresh).order_by(row.at.desc()).limit(1)
        with reading(self._engine) as session:
            found = session.scalars(query).first()
        if found is None:
            return ""
        return found.fault if found.given_up_at is None else f"given up: {found.fault}"


def _waits_before(row: type[OutboxRecord]) -> ColumnElement[bool]:
    """Whether an earlier line of the same chat was not taken yet."""
    earlier = aliased(OutboxRecord)
    same = (earlier.way == row.way, earlier.subject == row.subject)
    return exists().where(*same, earlier.next_at.is_not(None), earlier.at < row.at)


def add_letters(session: Session, facts: Sequence[HeldFact], letters_of: LettersOf) -> None:
    """Keep what these facts have sent, in the transaction that keeps the facts. Ids follow from those of the facts."""
    for held in facts:
        _add(session, f"{held.writer}-{held.number}", held.fact.at, letters_of(held.fact))


def _add(session: Session, name: str, at: datetime, letters: Sequence[Letter]) -> None:
    for number, letter in enumerate(letters, start=1):
        record = OutboxRecord(
            letter_id=f"{name}-{number}", way=letter.way.value, subject=letter.subject, body=letter.body,
            recipient=letter.recipient, at=at, next_at=at, attempts=0, fault="", given_up_at=None,
        )  # fmt: skip
        session.add(record)
