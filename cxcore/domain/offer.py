"""An offer: one contact before one agent. It ends accepted, declined, missed or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.leg import LegId
from cxcore.domain.queue import QueueId

OfferId = NewType("OfferId", str)


class OfferEnd(StrEnum):
    """How an offer ended."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """A running offer. `leg_id` is the agent's leg that rings; `reason` names the rule that chose this agent."""

    offer_id: OfferId
    contact_id: ContactId
    agent_id: AgentId
    queue_id: QueueId
    leg_id: LegId
    offered_at: datetime
    reason: str
    candidates: tuple[AgentId, ...]
