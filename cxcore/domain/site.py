"""A site as configured: its dialplan, queues, agents and who may sign in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cxcore.domain.agent import AgentId
from cxcore.domain.dialplan import Dialplan
from cxcore.domain.membership import Membership
from cxcore.domain.queue import Queue, QueueId


@dataclass(frozen=True, slots=True)
class ConfiguredUser:
    """Somebody who can sign in; `role` is agent, supervisor or administrator. Those with a device can be agents."""

    username: str
    name: str
    role: str
    device: str | None = None

    @property
    def agent_id(self) -> AgentId | None:
        """The agent that this user is, if any."""
        return AgentId(self.username) if self.device else None


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that an administrator configures."""

    name: str
    dialplan: Dialplan
    queues: Mapping[QueueId, Queue] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()
    users: Mapping[str, ConfiguredUser] = field(default_factory=dict)
    break_reasons: tuple[str, ...] = ()
    caller_number: str = ""
    """What a called party outside sees [9]."""
