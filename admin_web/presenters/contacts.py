"""The contacts of today, with names in place of identities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from admin_web.presenters.names import names_of
from admin_web.web_ports import WebPorts
from cxcore.domain.agent import AgentId
from cxcore.domain.schedule import AMSTERDAM
from cxcore.ports.reports import ContactLine


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A contact as the report has it, and the names of its queue and agent."""

    line: ContactLine
    queue_name: str
    agent_name: str


def contact_lines(ports: WebPorts, agent_id: AgentId | None = None) -> Sequence[ShownLine]:
    """Newest first, of one agent or of all. Raises `LogUnavailable`."""
    now, names = ports.clock.now(), names_of(ports)
    lines = ports.reports.contacts(local_midnight(now), now + timedelta(seconds=1), agent_id=agent_id)
    return [ShownLine(line, names.queue(line.queue_id), names.agent(line.agent_id)) for line in lines]


def local_midnight(now: datetime) -> datetime:
    """When the day began in the Netherlands."""
    return now.astimezone(AMSTERDAM).replace(hour=0, minute=0, second=0, microsecond=0)
