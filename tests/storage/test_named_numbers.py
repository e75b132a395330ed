"""A person is found by every number that a fact names, however people wrote it."""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from cxcore.domain import events
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId
from cxcore.storage import Storage
from cxcore.storage.engine import MIGRATIONS, WRITES, reading
from cxcore.storage.facts import BODY_FIELDS, KINDS
from cxcore.storage.models import ContactNumber
from cxcore.storage.named_numbers import NAMED_IN, numbers_in, without_number
from tests.storage.streams import MONDAY

KAREL, OTHER = "+31612345678", "+31201234567"
C1, ANNA = ContactId("c1"), AgentId("anna")
NAMES_NOBODY = {
    "by", "status", "reason", "end", "cause", "state", "topics", "strategy", "candidates", "considered", "queue_ids",
    "scope", "message", "then", "flow", "kind", "identity", "menu", "key", "sound", "party", "action", "fault", "page",
    "recording", "author", "sealed", "token", "via", "dialled_number", "caller_number",
}  # fmt: skip
"""Texts of facts that hold words of ours; the last two are columns of the contact, with indexes of their own."""


@pytest.mark.parametrize(
    "written",
    [
        "+31612345678", "bel +31 6 12345678.", "0612345678", "06-12345678", "06 12 34 56 78 na 12 uur", "0031612345678",
        "+31 (0)6 1234 5678", "sip:+31612345678@192.0.2.7", "op (06) 12345678 graag", "0612345678/0201234567",
    ],
)  # fmt: skip
def test_number_is_found_and_taken_out_however_it_is_written(written: str) -> None:
    assert KAREL in set(numbers_in(written))
    assert KAREL not in set(numbers_in(without_number(written, KAREL)))


def test_other_numbers_and_figures_stay() -> None:
    note = "Zaak 2026-0612345, BSN 123456782, terugbellen 020 123 45 67 of 06-12345678, 14071 belde ook"
    assert set(numbers_in(note)) == {KAREL, OTHER}
    assert without_number(note, KAREL) == note.replace("06-12345678", "")


def test_every_text_of_a_fact_either_names_nobody_or_is_looked_through() -> None:
    unknown = {
        (name, field)
        for name, kind in KINDS.items()
        for field in BODY_FIELDS[kind]
        if "str" in str(get_type_hints(kind)[field]) or "tuple" in str(get_type_hints(kind)[field])
        if field not in NAMES_NOBODY and field not in NAMED_IN.get(name, ())
    }
    about_contacts = {(name, field) for name, field in unknown if "contact_id" in {f.name for f in fields(KINDS[name])}}
    assert about_contacts == set()


def record(storage: Storage) -> None:
    storage.contact_log.record([
        events.ContactOpened(MONDAY, C1, Channel.TELEPHONY, "+31715550100", OTHER, ""),
        events.ContactNoted(MONDAY, C1, ANNA, (), "Zoon belt op 06-12345678"),
        events.ContactTransferred(MONDAY, C1, f"sip:{KAREL}@192.0.2.7", True, ANNA),
    ])  # fmt: skip
    storage.contact_log.flush()


def kept(storage: Storage) -> list[tuple[str, str]]:
    with reading(storage.engine) as session:
        return [(row.number, row.contact_id) for row in session.scalars(select(ContactNumber))]


def test_number_named_twice_is_kept_once_and_erased_with_the_person(storage: Storage) -> None:
    record(storage)
    assert kept(storage) == [(KAREL, "c1")]
    (contact,) = storage.persons.contacts_of(KAREL)
    assert not contact.is_party
    storage.persons.forget(contact, KAREL)
    assert kept(storage) == []
    assert storage.persons.contacts_of(KAREL) == []
    storage.contact_log.rebuild()
    assert kept(storage) == []
    assert [each.notes for each in storage.persons.contacts_of(OTHER)] == [("Zoon belt op ",)]


def test_migration_finds_the_numbers_of_facts_that_were_there_before(storage: Storage) -> None:
    record(storage)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with storage.engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0017")
        command.upgrade(config, "head")
        rows = connection.execute(text("SELECT number, contact_id FROM contact_number")).all()
    assert [tuple(row) for row in rows] == [(KAREL, "c1")]
