"""What CX itself knows of employees (port `cxcore.ports.presence`): the state of those who are its agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cxcore.domain.agent import AgentState, AgentStatus
from cxcore.domain.employees import Employee
from cxcore.domain.presence import UNKNOWN, Availability, BusyPeriod, Presence
from cxcore.ports.controller import AgentRow, Controller, ControllerUnavailable, Subject

BY_STATUS: Mapping[str, Availability] = {
    AgentStatus.AVAILABLE: Availability.AVAILABLE,
    AgentStatus.ON_BREAK: Availability.AWAY,
    AgentStatus.LOGGED_OFF: Availability.OFFLINE,
}


class AgentPresence:
    """Presence from the live picture; nobody's calendar is known."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def presence_of(self, employees: Sequence[Employee], now: datetime) -> Mapping[str, Presence]:
        """Agents as they are now; everybody else is unknown, and all are while the core is not heard from."""
        try:
            rows = self._controller.picture().rows if self._controller.connected() else {}
        except ControllerUnavailable:
            rows = {}
        return {each.employee_id: _presence(rows.get((Subject.AGENT, each.agent_id or ""))) for each in employees}

    def calendar_of(self, employee: Employee, since: datetime, until: datetime) -> Sequence[BusyPeriod] | None:
        """Not known."""
        return None


def _presence(row: object) -> Presence:
    if not isinstance(row, AgentRow):
        return UNKNOWN
    if row.direct_contact_id is not None or row.state in (AgentState.OFFERED, AgentState.TALKING):
        return Presence(Availability.BUSY)
    if row.state == AgentState.WRAP_UP:
        return Presence(Availability.BUSY, row.wrap_up_until)
    return Presence(BY_STATUS.get(row.status, Availability.UNKNOWN), reason=row.reason or "")
