"""Contacts are forgotten in time: first who called, then that there was a call; what must stay does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from cxcore.domain import events
from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.contact import Channel, ContactId, Direction, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import RecordingId
from cxcore.ports.audit import AuditQuestion
from cxcore.ports.recordings import Peaks, StoredRecording
from cxcore.recordings.expiry import Expiry, KeptMonths, months_before
from cxcore.storage import Storage
from cxcore.storage.engine import reading
from cxcore.storage.models import DERIVED, AgentCallRecord, ContactEvent, ContactRecord, Interval

WALL = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=WALL)
KAREL, OURS = "+31612345678", "+31715550100"
BURGERZAKEN, ANNA = QueueId("burgerzaken"), AgentId("anna")
MONTHS = KeptMonths(reports=13, persons=3)


def call(name: str, at: datetime, *, ended: bool = True) -> list[Fact]:
    """A call of Karel that Anna answered, wrote a note of and passed on to a number outside."""
    contact_id = ContactId(name)
    facts: list[Fact] = [
        events.ContactOpened(at, contact_id, Channel.TELEPHONY, OURS, KAREL, "Karel"),
        events.ContactQueued(at, contact_id, BURGERZAKEN, 20),
        events.ContactAnswered(at, contact_id, ANNA, BURGERZAKEN, 5.0),
        events.ConsultationStarted(at, contact_id, ANNA, KAREL, False, None),
        events.ContactNoted(at, contact_id, ANNA, ("Paspoort",), "belt morgen terug"),
        events.TalkEnded(at, contact_id, ANNA, BURGERZAKEN, 60.0),
    ]
    end = events.ContactEnded(at, contact_id, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY)
    return [*facts, end] if ended else facts


def keep(storage: Storage, *facts: Fact) -> None:
    storage.contact_log.record(facts)
    storage.contact_log.flush()


def keep_recording(storage: Storage, name: str) -> None:
    until = NOW + timedelta(days=90)
    row = StoredRecording(RecordingId(f"{name}.1"), ContactId(name), None, ANNA, NOW, 12.0, until, "ab" * 32)
    storage.recordings.add(row, Peaks(b"", b""))


def purged(storage: Storage) -> tuple[int, int]:
    return Expiry(storage.retention, MONTHS, storage.audit).purge("recorder", NOW)


def contacts(storage: Storage) -> dict[str, ContactRecord]:
    with reading(storage.engine) as session:
        return {row.contact_id: row for row in session.scalars(select(ContactRecord))}


def facts(storage: Storage, contact_id: str | None = None) -> list[dict[str, Any]]:
    query = select(ContactEvent.kind, ContactEvent.body).order_by(ContactEvent.id)
    if contact_id is not None:
        query = query.where(ContactEvent.contact_id == contact_id)
    with reading(storage.engine) as session:
        return [{"kind": row.kind, **row.body} for row in session.execute(query)]


def derived(storage: Storage) -> list[list[tuple[Any, ...]]]:
    """Every row of every derived table."""
    with reading(storage.engine) as session:
        tables = (sorted(session.execute(select(model.__table__)), key=repr) for model in DERIVED)
        return [[tuple(row) for row in rows] for rows in tables]


def test_months_are_whole_ones_before_the_present() -> None:
    assert months_before(NOW, 13) == datetime(2025, 10, 1, tzinfo=WALL)
    assert months_before(NOW, 10) == datetime(2026, 1, 1, tzinfo=WALL)
    assert months_before(NOW, 11) == datetime(2025, 12, 1, tzinfo=WALL)


def test_contact_is_kept_for_its_months_and_then_deleted_with_all_that_was_derived(storage: Storage) -> None:
    first = datetime(2025, 10, 1, tzinfo=WALL)
    keep(storage, *call("old", first - timedelta(seconds=1)), *call("kept", first))
    assert purged(storage)[1] == 1
    assert list(contacts(storage)) == ["kept"]
    assert facts(storage, "old") == []
    assert len(facts(storage, "kept")) == 7
    with reading(storage.engine) as session:
        assert session.scalar(select(func.count()).select_from(Interval)) == 1
        assert session.scalars(select(AgentCallRecord.contact_id)).all() == ["kept"]
    assert purged(storage) == (0, 0)


def test_caller_is_forgotten_earlier_and_no_figure_changes(storage: Storage) -> None:
    old, young = NOW - timedelta(days=150), NOW - timedelta(days=30)
    keep(storage, *call("old", old), *call("young", young))
    with reading(storage.engine) as session:
        before = [tuple(row) for row in session.execute(select(Interval.__table__))]
    assert purged(storage) == (1, 0)
    kept = contacts(storage)
    assert (kept["old"].caller_number, kept["old"].caller_name) == (None, "")
    assert (kept["young"].caller_number, kept["young"].caller_name) == (KAREL, "Karel")
    assert KAREL not in repr(facts(storage, "old"))
    assert "morgen" not in repr(facts(storage, "old"))
    assert "Paspoort" in repr(facts(storage, "old"))
    assert OURS in repr(facts(storage, "old"))
    with reading(storage.engine) as session:
        assert [tuple(row) for row in session.execute(select(Interval.__table__))] == before
    storage.contact_log.rebuild()
    assert contacts(storage)["old"].caller_number is None
    assert len(storage.reports.history(ContactId("old"))) == 7


def test_number_that_was_called_is_forgotten_too(storage: Storage) -> None:
    at, contact_id = NOW - timedelta(days=150), ContactId("out")
    keep(
        storage,
        events.ContactOpened(at, contact_id, Channel.TELEPHONY, KAREL, None, "", Direction.OUTBOUND),
        events.DirectCallStarted(at, contact_id, ANNA, Direction.OUTBOUND, KAREL),
        events.ContactEnded(at, contact_id, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY),
    )
    purged(storage)
    assert contacts(storage)["out"].dialled_number == ""
    assert KAREL not in repr(facts(storage))


def test_contact_that_has_not_ended_and_one_whose_recording_is_kept_back_stay_as_they_are(storage: Storage) -> None:
    old = NOW - timedelta(days=600)
    keep(storage, *call("open", old, ended=False), *call("held", old), *call("gone", old))
    keep_recording(storage, "held")
    storage.recordings.hold(RecordingId("held.1"), "sofie", "klacht")
    assert purged(storage) == (0, 1)
    kept = contacts(storage)
    assert {name: row.caller_number for name, row in kept.items()} == {"open": KAREL, "held": KAREL}


def test_contact_stays_as_long_as_its_recording_and_without_who_called(storage: Storage) -> None:
    keep(storage, *call("recorded", NOW - timedelta(days=600)))
    keep_recording(storage, "recorded")
    assert purged(storage) == (1, 0)
    assert contacts(storage)["recorded"].caller_number is None


def test_states_that_hold_outlive_their_facts_and_everything_can_be_derived_anew(storage: Storage) -> None:
    old = datetime(2024, 3, 1, 8, tzinfo=UTC)
    keep(
        storage,
        *call("old", old - timedelta(days=1)),
        events.AgentStatusChanged(old, ANNA, AgentStatus.AVAILABLE, None, "anna"),
        events.AgentStatusChanged(old + timedelta(hours=1), ANNA, AgentStatus.LOGGED_OFF, None, "anna"),
        events.MessageUsed(old, "welkom", 3, "welkom-3.wav", "sofie"),
        events.QueueSwitched(old, BURGERZAKEN, False, "sofie"),
    )
    purged(storage)
    after = derived(storage)
    storage.contact_log.rebuild()
    assert derived(storage) == after
    kinds = [fact["kind"] for fact in facts(storage)]
    assert kinds == ["AgentStatusChanged", "MessageUsed", "QueueSwitched"]


def test_each_round_is_proved_in_the_audit(storage: Storage) -> None:
    keep(storage, *call("old", NOW - timedelta(days=600)), *call("half", NOW - timedelta(days=150)))
    purged(storage)
    today = AuditQuestion(NOW - timedelta(days=1), NOW + timedelta(days=1))
    told = {entry.action: entry.object for entry in storage.audit.entries(today)}
    assert told["delete-contacts"].startswith("before=2025-10-01T00:00:00+02:00 contacts=1 ")
    assert told["forget-persons"] == "before=2026-08-01T00:00:00+02:00 contacts=1"


@pytest.mark.parametrize("most", [1, 2])
def test_many_contacts_are_forgotten_in_several_transactions(storage: Storage, most: int) -> None:
    old = NOW - timedelta(days=600)
    for name in "abcd":
        keep(storage, *call(name, old))
    before = months_before(NOW, 3)
    assert storage.retention.forget_persons(before, NOW, most) == most
    assert sum(row.caller_number is None for row in contacts(storage).values()) == most
