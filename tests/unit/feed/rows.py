"""Rows with sane defaults."""

from __future__ import annotations

from datetime import UTC, datetime

from cxcore.ports.controller import AgentRow, AlarmRow, ContactRow, QueueRow, SystemRow

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def agent_row(agent_id: str = "anna", status: str = "available", reason: str | None = None) -> AgentRow:
    return AgentRow(
        agent_id=agent_id,
        name="Anna de Vries",
        status=status,
        state="ready",
        reason=reason,
        since=NINE,
        memberships=("burgerzaken", "receptie"),
        serves=("receptie",),
        handled_contacts=3,
    )


def queue_row(waiting: int = 0) -> QueueRow:
    return QueueRow("burgerzaken", "Burgerzaken", waiting, longest_waiting_since=NINE, average_wait_seconds=12.5)


def contact_row(contact_id: str = "c-1", caller_name: str = "Karel") -> ContactRow:
    return ContactRow(contact_id, "waiting", "+31715550100", None, caller_name, opened_at=NINE, position=1)


def system_row(healthy: bool = True) -> SystemRow:
    return SystemRow("switch", healthy, NINE, "" if healthy else "connection refused")


def alarm_row(seen_by: str = "") -> AlarmRow:
    return AlarmRow("burgerzaken", "mos", NINE, 3.25, 3.8, "Burgerzaken", seen_by, NINE if seen_by else None)
