"""Presence and calendar of employees [15, 16], from whatever knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cxcore.domain.employees import Employee
from cxcore.domain.presence import BusyPeriod, Presence


class PresenceSource(Protocol):
    """Answers at once from what it knows, never waits for a network and never fails: what it cannot tell is unknown."""

    def presence_of(self, employees: Sequence[Employee], now: datetime) -> Mapping[str, Presence]:
        """`employee_id` → presence at the instant, of each employee that was asked for."""

    def calendar_of(self, employee: Employee, since: datetime, until: datetime) -> Sequence[BusyPeriod] | None:
        """The appointments that overlap the period, by their start; None when the calendar is not known."""
