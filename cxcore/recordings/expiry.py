"""Contacts are forgotten in time: first the person, then the contact, each proved in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cxcore.ports.audit import Audit, AuditResult
from cxcore.ports.retention import Retention

AT_ONCE = 200
"""Contacts in one transaction, for which the core's writer waits."""


@dataclass(frozen=True, slots=True)
class KeptMonths:
    """Whole calendar months before the present one."""

    reports: int
    persons: int


@dataclass(slots=True)
class Expiry:
    """Carried out by the process that deletes recordings."""

    retention: Retention
    months: KeptMonths
    audit: Audit

    def purge(self, by: str, local_now: datetime) -> tuple[int, int]:
        """Forget what was kept long enough: of how many contacts the person, and how many contacts.

        `local_now` is aware, on the site's clock on the wall. Raises `LogUnavailable`.
        """
        persons_before = months_before(local_now, min(self.months.persons, self.months.reports))
        reports_before = months_before(local_now, self.months.reports)
        deleted = self._delete_contacts(reports_before)
        figures = self.retention.delete_figures(reports_before)
        forgotten = self._forget_persons(persons_before, local_now)
        if deleted or figures:
            told = f"before={reports_before.isoformat()} contacts={deleted} figures={figures}"
            self.audit.record(by, "delete-contacts", told, AuditResult.DONE, "", local_now)
        if forgotten:
            told = f"before={persons_before.isoformat()} contacts={forgotten}"
            self.audit.record(by, "forget-persons", told, AuditResult.DONE, "", local_now)
        return forgotten, deleted

    def _delete_contacts(self, before: datetime) -> int:
        total = 0
        while count := self.retention.delete_contacts(before, AT_ONCE):
            total += count
        return total

    def _forget_persons(self, before: datetime, now: datetime) -> int:
        total = 0
        while count := self.retention.forget_persons(before, now, AT_ONCE):
            total += count
        return total


def months_before(local_now: datetime, months: int) -> datetime:
    """The first instant of the month so many months ago, on the same clock."""
    years, month = divmod(local_now.month - 1 - months, 12)
    return local_now.replace(
        year=local_now.year + years, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
