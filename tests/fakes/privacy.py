"""What is kept of persons, in memory (port `cxcore.ports.privacy`)."""

from __future__ import annotations

from datetime import UTC, datetime

from cxcore.domain.contact import ContactId
from cxcore.domain.recording import RecordingId
from cxcore.ports.audit import Audit, AuditResult
from cxcore.ports.clock import Clock
from cxcore.ports.privacy import CoreMemory, KeptBecause, PersonContact, PersonRecording, PersonReport, Place

KNOWN = "+31612345678"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def demo_report() -> PersonReport:
    """Two contacts of one number, of which one has a recording that is kept back."""
    plain = PersonContact(
        ContactId("c1"), AT, "telephony", "inbound", KNOWN, "+31715550100", "K. de Groot",
        notes=("Vraagt naar de verhuizing.",), topics=("Verhuizing",), facts=12,
    )  # fmt: skip
    held = PersonContact(ContactId("c2"), AT, "telephony", "inbound", KNOWN, "+31715550101", facts=9)
    recording = PersonRecording(RecordingId("c2.1"), ContactId("c2"), AT, 61.0, AT, "sofie", "klacht 2026-14")
    kept = {ContactId("c2"): KeptBecause.HELD}
    return PersonReport(KNOWN, (plain, held), (recording,), (), kept, (recording,), frozenset({Place.CONFIGURATION}))


class FakePrivacy:
    """Knows one person."""

    def __init__(self, audit: Audit, clock: Clock) -> None:
        self._audit, self._clock = audit, clock
        self.report = demo_report()
        self.erased: list[str] = []
        self.core = CoreMemory.FORGOTTEN

    def find(self, number: str, by: str, origin: str) -> PersonReport:
        self._audit.record(by, "find-person", f"number={number}", AuditResult.DONE, origin, self._clock.now())
        return self.report if number == KNOWN else PersonReport(number)

    def erase(self, number: str, by: str, origin: str) -> PersonReport:
        self._audit.record(by, "erase-person", "", AuditResult.DONE, origin, self._clock.now())
        self.erased.append(number)
        contacts = tuple(each for each in self.report.contacts if each.contact_id not in self.report.kept)
        left = (self.report.kept, self.report.held, self.report.elsewhere)
        return PersonReport(number, contacts, (), (), *left, core=self.core)
