"""Presence and calendars that the test put in (port `cxcore.ports.presence`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cxcore.domain.employees import Employee
from cxcore.domain.presence import UNKNOWN, BusyPeriod, Presence


class FakePresence:
    """Knows of each employee what the test said."""

    def __init__(self) -> None:
        self.known: dict[str, Presence] = {}
        self.calendars: dict[str, list[BusyPeriod]] = {}

    def presence_of(self, employees: Sequence[Employee], now: datetime) -> Mapping[str, Presence]:
        """What was put in; unknown without."""
        present = {each.employee_id: self.known.get(each.employee_id, UNKNOWN) for each in employees}
        return {key: UNKNOWN if each.until is not None and each.until <= now else each for key, each in present.items()}

    def calendar_of(self, employee: Employee, since: datetime, until: datetime) -> Sequence[BusyPeriod] | None:
        """What was put in; None without."""
        kept = self.calendars.get(employee.employee_id)
        if kept is None:
            return None
        return sorted(
            (each for each in kept if each.starts_at < until and each.ends_at > since), key=lambda each: each.starts_at
        )
