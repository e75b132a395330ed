"""Who did what."""

from __future__ import annotations

from datetime import timedelta, timezone

from sqlalchemy import select

from cxcore.ports.audit import AuditResult
from cxcore.storage import Storage
from cxcore.storage.engine import reading
from cxcore.storage.models import AuditEvent
from tests.storage.streams import MONDAY

AMSTERDAM_WINTER = timezone(timedelta(hours=1))


def test_an_audit_event_is_kept_as_it_was_told(storage: Storage) -> None:
    at = MONDAY.astimezone(AMSTERDAM_WINTER)
    storage.audit.record("kar\0el", "sign-in", "", AuditResult.REFUSED, "2001:db8::7", at)
    storage.audit.record("aad", "set-password", "anna", AuditResult.DONE, "192.0.2.7", at)

    with reading(storage.engine) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        kept = [(row.actor, row.action, row.object, row.result, row.origin, row.at) for row in rows]

    assert kept == [
        ("kar\ufffdel", "sign-in", "", "refused", "2001:db8::7", MONDAY),
        ("aad", "set-password", "anna", "done", "192.0.2.7", MONDAY),
    ]
