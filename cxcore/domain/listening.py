"""A supervisor on the call of an agent: hears it, speaks to the agent alone, or to all [25, 33]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.leg import LegId


class ListeningMode(StrEnum):
    """Who hears the supervisor."""

    LISTEN = "listen"
    """Nobody."""
    WHISPER = "whisper"
    """The agent alone."""
    BARGE = "barge"
    """All."""


@dataclass(slots=True)
class Listening:
    """The supervisor `by` on the call that the agent's device `target_leg` has. Until `since` is set, the supervisor's
    own device rings."""

    by: str
    leg_id: LegId
    agent_id: AgentId
    contact_id: ContactId
    target_leg: LegId
    mode: ListeningMode
    since: datetime | None = None
