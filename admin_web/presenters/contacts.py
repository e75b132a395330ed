"""The contacts of today, with names in place of identities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from admin_web.web_ports import WebPorts
from cxcore.domain.agent import AgentId
from cxcore.ports.controller import AgentRow, Controller, ControllerUnavailable, QueueRow, Subject
from cxcore.ports.reports import ContactLine

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A contact as the report has it, and the names of its queue and agent."""

    line: ContactLine
    queue_name: str
    agent_name: str


def contact_lines(ports: WebPorts) -> Sequence[ShownLine]:
    """Newest first. Raises `LogUnavailable`."""
    now = ports.clock.now()
    names = _names(ports.controller)
    return [
        ShownLine(
            line,
            names.get((Subject.QUEUE, line.queue_id or ""), line.queue_id or "–"),
            names.get((Subject.AGENT, line.agent_id or ""), line.agent_id or "–"),
        )
        for line in ports.reports.contacts(local_midnight(now), now + timedelta(seconds=1))
    ]


def lines_of_agent(lines: Sequence[ShownLine], agent_id: AgentId | None) -> Sequence[ShownLine]:
    """Those that the agent handled."""
    return [each for each in lines if agent_id is not None and each.line.agent_id == agent_id]


def local_midnight(now: datetime) -> datetime:
    """When the day began in the Netherlands."""
    return now.astimezone(AMSTERDAM).replace(hour=0, minute=0, second=0, microsecond=0)


def _names(controller: Controller) -> Mapping[tuple[Subject, str], str]:
    try:
        rows = controller.picture().rows
    except ControllerUnavailable:
        return {}
    return {key: row.name for key, row in rows.items() if isinstance(row, QueueRow | AgentRow)}
