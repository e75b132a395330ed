"""When agents came and went, as commands that a simulation can give again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.commands import BecomeAvailable, Command, GoOnBreak, LogOff, LogOn, ServeQueues
from cxcore.domain.events import AgentServes, AgentStatusChanged, Fact
from cxcore.domain.queue import QueueId

Planned = tuple[datetime, Command]


@dataclass(frozen=True, slots=True)
class Presence:
    """How an agent is there. Whoever serves none of the queues that are replayed is not there."""

    status: AgentStatus = AgentStatus.LOGGED_OFF
    reason: str = ""
    queues: tuple[QueueId, ...] = ()

    @property
    def there(self) -> bool:
        """Whether the agent is logged on for any of the queues."""
        return self.status is not AgentStatus.LOGGED_OFF and bool(self.queues)


@dataclass(slots=True)
class Shifts:
    """Hears the facts of agents, in their order; for the queues that are given."""

    queue_ids: Collection[QueueId]
    commands: list[Planned] = field(default_factory=list)
    served: dict[AgentId, set[QueueId]] = field(default_factory=dict)
    """Which of the queues each agent was ever there for."""
    reasons: set[str] = field(default_factory=set)
    """The reasons of breaks."""
    _presences: dict[AgentId, Presence] = field(default_factory=dict)

    def hear(self, fact: Fact) -> None:
        """Take a fact in; those of contacts change nothing."""
        if isinstance(fact, AgentServes):
            queues = tuple(queue_id for queue_id in fact.queue_ids if queue_id in self.queue_ids)
            self._change(fact.at, fact.agent_id, replace(self._presence(fact.agent_id), queues=queues))
        elif isinstance(fact, AgentStatusChanged):
            present, status = self._presence(fact.agent_id), AgentStatus(fact.status)
            self._change(fact.at, fact.agent_id, replace(present, status=status, reason=fact.reason or ""))

    def _presence(self, agent_id: AgentId) -> Presence:
        return self._presences.get(agent_id, Presence())

    def _change(self, at: datetime, agent_id: AgentId, now: Presence) -> None:
        before, self._presences[agent_id] = self._presence(agent_id), now
        self.commands += [(at, command) for command in _between(agent_id, before, now)]
        if now.there:
            self.served.setdefault(agent_id, set()).update(now.queues)
            self.reasons |= {now.reason} if now.status is AgentStatus.ON_BREAK else set()


def _between(agent_id: AgentId, before: Presence, now: Presence) -> Iterator[Command]:
    """What an agent does at the screen to get from one presence to the other."""
    if before.there and not now.there:
        yield LogOff(agent_id, agent_id)
    if not now.there:
        return
    if not before.there:
        yield LogOn(agent_id, agent_id, now.queues)
    elif before.queues != now.queues:
        yield ServeQueues(agent_id, agent_id, now.queues)
    same = before.there and (before.status, before.reason) == (now.status, now.reason)
    if now.status is AgentStatus.ON_BREAK and not same:
        yield GoOnBreak(agent_id, agent_id, now.reason)
    elif now.status is AgentStatus.AVAILABLE and before.there and before.status is AgentStatus.ON_BREAK:
        yield BecomeAvailable(agent_id, agent_id)
