"""Who did what: kept as it was told, found again, and never changed without a trace."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from cxcore.ports.audit import Audit, AuditQuestion, AuditResult
from cxcore.storage import Storage
from cxcore.storage.audit import listed_actions
from cxcore.storage.engine import WRITES
from tests.fakes.audit import FakeAudit
from tests.storage.streams import MONDAY

AMSTERDAM_WINTER = timezone(timedelta(hours=1))
THE_DAY = AuditQuestion(MONDAY, MONDAY + timedelta(days=1))


@pytest.fixture(params=["database", "fake"])
def audit(request: pytest.FixtureRequest, storage: Storage) -> Audit:
    """The audit, and the one that the tests of pages use."""
    return FakeAudit() if request.param == "fake" else storage.audit


def note(audit: Audit, *actions: str, actor: str = "aad", object: str = "") -> None:
    for minutes, action in enumerate(actions):
        at = MONDAY + timedelta(minutes=minutes)
        audit.record(actor, action, object, AuditResult.DONE, "192.0.2.7", at)


def tamper(storage: Storage, *statements: str) -> None:
    """What someone does who has the database for his own."""
    with storage.engine.execution_options(**{WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("DROP TRIGGER IF EXISTS audit_event_no_update"))
            connection.execute(text("DROP TRIGGER IF EXISTS audit_event_no_delete"))
        for statement in statements:
            connection.execute(text(statement))


def test_an_audit_event_is_kept_as_it_was_told(storage: Storage) -> None:
    at = MONDAY.astimezone(AMSTERDAM_WINTER)
    storage.audit.record("kar\0el", "sign-in", "", AuditResult.REFUSED, "2001:db8::7", at)
    storage.audit.record("aad", "set-password", "anna", AuditResult.DONE, "192.0.2.7", at)

    rows = storage.audit.entries(THE_DAY)

    assert [(row.actor, row.action, row.object, row.result, row.origin, row.at) for row in rows] == [
        ("aad", "set-password", "anna", "done", "192.0.2.7", MONDAY),
        ("kar\ufffdel", "sign-in", "", "refused", "2001:db8::7", MONDAY),
    ]


def test_events_are_found_by_who_what_and_to_what(audit: Audit) -> None:
    note(audit, "sign-in", "listen", object="contact_id=7_1")
    note(audit, "sign-in", actor="sofie", object="contact_id=721")

    def numbers(**asked: Any) -> list[int]:
        question = AuditQuestion(THE_DAY.since, THE_DAY.until, **asked)
        return [entry.number for entry in audit.entries(question)]

    assert numbers() == [3, 2, 1]
    assert numbers(actor="aad") == [2, 1]
    assert numbers(action="sign-in") == [3, 1]
    assert numbers(object="7_1") == [2, 1], "an underscore stands for itself"


def test_events_come_in_pages_and_in_a_period(audit: Audit) -> None:
    note(audit, "a", "b", "c")

    first = audit.entries(THE_DAY, limit=2)
    rest = audit.entries(AuditQuestion(THE_DAY.since, THE_DAY.until, before=first[-1].number), limit=2)
    early = audit.entries(AuditQuestion(MONDAY, MONDAY + timedelta(minutes=1)))

    assert [entry.action for entry in first] == ["c", "b"]
    assert [entry.action for entry in rest] == ["a"]
    assert [entry.action for entry in early] == ["a"]
    assert audit.actions() == ["a", "b", "c"]


def test_the_digest_of_an_event_can_be_asked_for(audit: Audit) -> None:
    note(audit, "sign-in", "listen")

    assert audit.digest(1) == audit.entries(THE_DAY)[1].digest
    assert audit.digest(3) is None


def test_a_chain_that_nobody_touched_is_whole(audit: Audit) -> None:
    assert (audit.verify().sound, audit.verify().broken_at) == (0, None)
    note(audit, "sign-in", "listen", "export")

    state = audit.verify()

    assert (state.sound, state.broken_at) == (3, None)
    assert state.digest == audit.entries(THE_DAY)[0].digest


@pytest.mark.parametrize(
    ("statement", "sound"),
    [
        ("UPDATE audit_event SET object = 'nothing' WHERE id = 2", 1),
        ("UPDATE audit_event SET result = 'refused' WHERE id = 1", 0),
        ("DELETE FROM audit_event WHERE id = 2", 1),
        ("UPDATE audit_event SET id = 9 WHERE id = 3", 2),
    ],
)
def test_an_event_that_was_changed_or_taken_out_breaks_the_chain(storage: Storage, statement: str, sound: int) -> None:
    note(storage.audit, "sign-in", "listen", "export")
    tamper(storage, statement)

    state = storage.audit.verify()

    assert (state.sound, state.broken_at) == (sound, sound + 1)


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET object = ''", "DELETE FROM audit_event"])
def test_the_database_refuses_to_change_an_event(storage: Storage, statement: str) -> None:
    note(storage.audit, "sign-in")

    with pytest.raises(DatabaseError, match="kept as they are"), storage.engine.begin() as connection:
        connection.execute(text(statement))

    assert storage.audit.verify().sound == 1


def test_events_that_are_kept_at_the_same_time_make_one_chain(storage: Storage) -> None:
    def busy(actor: str) -> Callable[[], None]:
        return lambda: note(storage.audit, *"abcde", actor=actor)

    with ThreadPoolExecutor(4) as pool:
        for work in [pool.submit(busy(actor)) for actor in ("anna", "bram", "chris", "dirk")]:
            work.result()

    assert storage.audit.verify().sound == 20


def test_the_list_of_actions_is_read_by_the_index_not_from_every_event(storage: Storage) -> None:
    note(storage.audit, "sign-in", "see-contact", "sign-in")
    if storage.engine.dialect.name == "sqlite":
        asked = str(listed_actions().compile(storage.engine))
        with storage.engine.connect() as connection:
            steps = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
        assert [step for step in steps if "audit_event" in step and not step.startswith("SEARCH")] == []
    assert storage.audit.actions() == ["see-contact", "sign-in"]
