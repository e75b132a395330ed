"""Presence and calendar of employees: what colleagues may expect of them now. Never read by routing [37]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Availability(StrEnum):
    """What an employee does now. Those of Microsoft Graph's presence, as far as they differ for who wants to call."""

    AVAILABLE = "available"
    BUSY = "busy"
    IN_MEETING = "in-meeting"
    DO_NOT_DISTURB = "do-not-disturb"
    AWAY = "away"
    OUT_OF_OFFICE = "out-of-office"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Presence:
    """`until` is when it will end (aware UTC), if that is known; `reason` what the employee says of it."""

    availability: Availability
    until: datetime | None = None
    reason: str = ""


UNKNOWN = Presence(Availability.UNKNOWN)


@dataclass(frozen=True, slots=True)
class BusyPeriod:
    """An appointment: from ≤ t < until, aware UTC. What it is about stays in the calendar of the employee."""

    starts_at: datetime
    ends_at: datetime
    availability: Availability = Availability.BUSY
    """BUSY, or OUT_OF_OFFICE."""
