"""An offer: one contact before one agent. It ends accepted, declined, missed or withdrawn.

Each offer keeps whom the rule had to choose from, and what it saw of them, so that the choice can be explained.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.leg import LegId
from cxcore.domain.queue import QueueId
from cxcore.domain.records import dataclass

OfferId = NewType("OfferId", str)


class OfferEnd(StrEnum):
    """How an offer ended."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class OfferRule(StrEnum):
    """What set the chosen agent apart from the next best."""

    ONLY_ONE = "only-one"
    """Nobody else was free."""
    NOT_PASSED_OVER = "not-passed-over"
    """The others missed or declined this contact before [36]."""
    LAST_SPOKE = "last-spoke"
    """Spoke this caller last."""
    LEVEL = "level"
    """Nobody else of this level was free."""
    LINEAR = "linear"
    CYCLIC = "cyclic"
    WORKLOAD = "workload"
    LONGEST_IDLE = "longest-idle"
    ALL_RING = "all-ring"
    """The queue rings several agents at once; this one is not the first of them."""
    ASSIGNED = "assigned"
    """A supervisor chose the agent; the strategy was not asked."""


MOST_CONSIDERED = 20
"""How many candidates an offer keeps: those at the front. The number of all of them stands beside it."""


@dataclass(frozen=True, slots=True)
class Consideration:
    """What the rule saw of one candidate at that instant. History counts over all queues together [35a]."""

    agent_id: AgentId
    level: int = 1
    position: int = 1
    passed_over: bool = False
    last_spoke: bool = False
    idle_seconds: float | None = None
    since_offer_seconds: float | None = None
    """Since the agent's last offer; None if there was none."""
    handled_contacts: int = 0
    worked_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Offer:
    """A running offer. `leg_id` is the agent's leg that rings; `reason` is the `OfferRule` that chose this agent."""

    offer_id: OfferId
    contact_id: ContactId
    agent_id: AgentId
    queue_id: QueueId
    leg_id: LegId
    offered_at: datetime
    reason: str
    candidates: tuple[AgentId, ...]
