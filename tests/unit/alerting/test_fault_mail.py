"""A fault that a user reports is kept, and mailed to those who are to know of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from cxcore.alerting.fault_mail import MailedFaults
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.faults import Fault
from tests.fakes.faults import FakeFaults

AT = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
FAULT = Fault(AT, "anna", "/agent", "Ik hoor niets", "Chromium", ("c2", "c1"), ("core: a", "web: b"))
ADMINISTRATORS = ("beheer@example.nl", "dienst@example.nl")


class Letters:
    """An outbox that keeps what is handed in, or whose database is away."""

    def __init__(self, away: bool = False) -> None:
        self.mails: list[tuple[str, str, tuple[str, ...]]] = []
        self._away = away

    def mail(self, subject: str, body: str, recipients: Sequence[str]) -> bool:
        if self._away:
            raise LogUnavailable("the database does not answer")
        self.mails.append((subject, body, tuple(recipients)))
        return True


def faults(letters: Letters) -> MailedFaults:
    return MailedFaults(FakeFaults(), letters, ADMINISTRATORS, lambda at: at + timedelta(hours=1))


def test_report_is_kept_and_mailed_with_contacts_and_log() -> None:
    letters = Letters()
    kept = faults(letters)
    assert kept.add(FAULT) == 1
    assert kept.find(1) is not None
    [(subject, body, recipients)] = letters.mails
    assert (subject, recipients) == ("Storingsmelding 1", ADMINISTRATORS)
    for part in ("Ik hoor niets", "anna", "02-03-2026 10:15:00", "/agent", "c2, c1", "core: a\nweb: b"):
        assert part in body


def test_report_that_cannot_be_mailed_is_kept_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    kept = faults(Letters(away=True))
    with caplog.at_level(logging.WARNING):
        assert kept.add(FAULT) == 1
    assert kept.latest()[0].fault == FAULT
    assert "fault report 1 is kept, but not mailed" in caplog.text
