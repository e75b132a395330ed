"""A past that the test puts in (port `cxcore.ports.history`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from cxcore.domain.agent import AgentStatus
from cxcore.domain.events import AgentServes, AgentStatusChanged, ContactQueued, Fact
from cxcore.ports.history import AgentThen


class FakeHistory:
    """Keeps facts in the order in which the test gives them."""

    def __init__(self, facts: Sequence[Fact] = ()) -> None:
        self.kept = list(facts)

    def facts(self, since: datetime, until: datetime, kinds: Collection[type[Fact]]) -> Iterator[Fact]:
        """The facts of these kinds in the period."""
        return (fact for fact in self.kept if since <= fact.at < until and type(fact) in kinds)

    def agents_logged_on(self, instant: datetime) -> Sequence[AgentThen]:
        """Who was available or on a break just before the instant, by id."""
        earlier = [fact for fact in self.kept if fact.at < instant]
        last = {fact.agent_id: fact for fact in earlier if isinstance(fact, AgentStatusChanged)}
        serves = {fact.agent_id: fact.queue_ids for fact in earlier if isinstance(fact, AgentServes)}
        return [
            AgentThen(agent_id, AgentStatus(last[agent_id].status), last[agent_id].reason, last[agent_id].at,
                      serves.get(agent_id, ()))
            for agent_id in sorted(last)
            if last[agent_id].status != AgentStatus.LOGGED_OFF
        ]  # fmt: skip

    def days(self, latest: int = 5) -> Sequence[datetime]:
        """The latest days on which a contact was queued."""
        days = {fact.at.date(): fact.at for fact in self.kept if isinstance(fact, ContactQueued)}
        return [days[day] for day in sorted(days, reverse=True)][:latest]
