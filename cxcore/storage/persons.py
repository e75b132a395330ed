"""What the database keeps of a phone number (port `cxcore.ports.privacy`, `PersonIndex`).

Facts are never changed but here: who has the right to be forgotten must not come back when the tables are made anew
from the facts, so the facts themselves lose number, name and notes. All else stays, so that no figure changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, delete, exists, select, union, update
from sqlalchemy.orm import Session

from cxcore.domain.contact import WRITTEN, Channel, ContactId, Direction
from cxcore.domain.events import ChatWritten
from cxcore.ports.privacy import PersonContact, PersonLine
from cxcore.storage.engine import WRITER_LOCK, hold_lock, reading, writing
from cxcore.storage.models import FACTS, AuditEvent, ConfigurationRecord, ContactEvent, ContactNumber, ContactRecord
from cxcore.storage.named_numbers import named_in, without_number

FREE_TEXT = ("note",)
NAMES = ("caller_name",)


class SqlPersons:
    """Implements `PersonIndex`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def contacts_of(self, number: str) -> Sequence[PersonContact]:
        row = ContactRecord
        named = union(  # each by an index of its own
            select(row.contact_id).where(row.caller_number == number),
            select(row.contact_id).where(row.dialled_number == number, row.direction == Direction.OUTBOUND.value),
            select(ContactNumber.contact_id).where(ContactNumber.number == number),
        )
        with reading(self._engine) as session:
            contact_ids = session.scalars(named).all()
            rows = session.scalars(select(row).where(row.contact_id.in_(contact_ids)).order_by(row.opened_at)).all()
            return [_contact(session, each, number) for each in rows]

    def forget(self, contact: PersonContact, number: str) -> None:
        with writing(self._engine) as session:
            hold_lock(session.connection(), WRITER_LOCK)
            named: set[str] = set()
            for fact_id, kind, body in _bodies(session, contact.contact_id):
                cleaned = _cleaned(body, number, contact)
                named |= named_in(kind, cleaned)
                if cleaned != body:
                    session.execute(update(FACTS).where(FACTS.c.id == fact_id).values(body=cleaned))
            keep_named(session, contact.contact_id, named)
            record = session.get(ContactRecord, contact.contact_id)
            if record is not None:
                _forget_in(record, number, contact)

    def is_in_configuration(self, number: str) -> bool:
        row = ConfigurationRecord
        active = select(row.text).where(row.activated_at.is_not(None)).order_by(row.activated_at.desc()).limit(1)
        with reading(self._engine) as session:
            return number in (session.scalars(active).first() or "")

    def is_in_audit(self, number: str) -> bool:
        named = exists().where(AuditEvent.object.contains(number, autoescape=True))
        with reading(self._engine) as session:
            return bool(session.execute(select(named)).scalar())


def keep_named(session: Session, contact_id: str, named: set[str]) -> None:
    """Forget the numbers of a contact that none of its facts names any more."""
    of_contact = ContactNumber.contact_id == contact_id
    session.execute(delete(ContactNumber).where(of_contact, ContactNumber.number.not_in(named)))


def _bodies(session: Session, contact_id: str) -> list[tuple[int, str, dict[str, Any]]]:
    row = ContactEvent
    query = select(row.id, row.kind, row.body).where(row.contact_id == contact_id).order_by(row.id)
    return [(each.id, each.kind, each.body) for each in session.execute(query)]


def _contact(session: Session, row: ContactRecord, number: str) -> PersonContact:
    bodies = [body for _, _, body in _bodies(session, row.contact_id)]
    is_party = number in (row.caller_number, row.dialled_number)
    noted = [body for body in bodies if body.get("note") or body.get("topics")]
    return PersonContact(
        ContactId(row.contact_id), row.opened_at, row.channel, row.direction, row.caller_number, row.dialled_number,
        name=row.caller_name,
        is_party=is_party,
        chat=_lines(session, row.contact_id) if is_party and Channel(row.channel) in WRITTEN else (),
        ended=row.ended_at is not None,
        notes=tuple(body["note"] for body in noted if body.get("note")),
        topics=tuple(dict.fromkeys(topic for body in noted for topic in body.get("topics", ()))),
        facts=len(bodies),
    )  # fmt: skip


def _lines(session: Session, contact_id: str) -> tuple[PersonLine, ...]:
    """Sealed, as they are stored."""
    row = ContactEvent
    written = select(row.at, row.body).where(row.contact_id == contact_id, row.kind == ChatWritten.__name__)
    found = session.execute(written.order_by(row.id))
    return tuple(PersonLine(each.body["number"], each.at, each.body["author"], each.body["sealed"]) for each in found)


def _forget_in(record: ContactRecord, number: str, contact: PersonContact) -> None:
    if record.caller_number == number:
        record.caller_number = None
    if record.dialled_number == number:
        record.dialled_number = ""
    if contact.is_party:
        record.caller_name = ""
    if record.transferred_to == number:
        record.transferred_to = ""


def _cleaned(body: Mapping[str, Any], number: str, contact: PersonContact) -> dict[str, Any]:
    """What agents wrote, and the name, go when the person was a party; the number goes in any case."""
    cleaned = {name: _without(value, number) for name, value in body.items()}
    if body.get("caller_number") == number:
        cleaned["caller_number"] = None
    if contact.is_party:
        cleaned |= {name: "" for name in (*FREE_TEXT, *NAMES) if cleaned.get(name)}
    return cleaned


def _without(value: Any, number: str) -> Any:
    if isinstance(value, str):
        return without_number(value, number)
    if isinstance(value, list):
        return [_without(item, number) for item in value]
    if isinstance(value, dict):
        return {name: _without(item, number) for name, item in value.items()}
    return value
