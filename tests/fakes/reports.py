"""Reports that say what the test put in (port `cxcore.ports.reports`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId
from cxcore.domain.events import Fact
from cxcore.domain.queue import QueueId
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.reports import ContactLine, IntervalFigures, QueueFigures, SoundFigures


class FakeReports:
    """`queues` are given for every period; intervals and contacts are chosen by their instants."""

    def __init__(self) -> None:
        self.queues: list[QueueFigures] = []
        self.by_interval: list[IntervalFigures] = []
        self.lines: list[ContactLine] = []
        self.sounds: list[SoundFigures] = []
        self.facts: list[Fact] = []
        self.away = False

    def queue_figures(
        self, since: datetime, until: datetime, channel: Channel = Channel.TELEPHONY
    ) -> Sequence[QueueFigures]:
        """The figures that the test put in."""
        self._check_there()
        return list(self.queues) if channel is Channel.TELEPHONY else []

    def intervals(self, queue_id: QueueId, since: datetime, until: datetime) -> Sequence[IntervalFigures]:
        """The queue's intervals in the period, in order."""
        self._check_there()
        of_queue = [row for row in self.by_interval if row.figures.queue_id == queue_id]
        return sorted((row for row in of_queue if since <= row.starts_at < until), key=lambda row: row.starts_at)

    def contacts(
        self, since: datetime, until: datetime, limit: int = 200, agent_id: AgentId | None = None
    ) -> Sequence[ContactLine]:
        """The latest lines of the period, newest first."""
        self._check_there()
        lines = (line for line in self.lines if since <= line.opened_at < until and agent_id in (None, line.agent_id))
        return sorted(lines, key=lambda line: (line.opened_at, line.contact_id), reverse=True)[:limit]

    def sound(self, since: datetime, until: datetime) -> Sequence[SoundFigures]:
        """The figures that the test put in."""
        self._check_there()
        return list(self.sounds)

    def history(self, contact_id: ContactId) -> Sequence[Fact]:
        """The facts about the contact among those that the test put in."""
        self._check_there()
        return [fact for fact in self.facts if getattr(fact, "contact_id", None) == contact_id]

    def _check_there(self) -> None:
        if self.away:
            raise LogUnavailable("database fake: it is away; bring it back")
