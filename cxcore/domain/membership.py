"""A membership: an agent serves a queue (mod_callcenter: tier)."""

from __future__ import annotations

from dataclasses import dataclass

from cxcore.domain.agent import AgentId
from cxcore.domain.queue import QueueId


@dataclass(frozen=True, slots=True)
class Membership:
    """An agent may serve the queue. Lower levels are offered first; within a level the position counts."""

    agent_id: AgentId
    queue_id: QueueId
    level: int = 1
    position: int = 1
