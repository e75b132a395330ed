"""The recording of a call: whether there is to be one, and where it stands [39].

A recording belongs to a contact and stays the same one while the contact changes hands. Silence is written while the
caller is on hold or waits again, while an agent consults somebody, and while the agent paused it; so the sound of a
recording is as long as the time between its start and its end. A pause that somebody began has a deadline, so that one
whose end was forgotten does not keep the rest of the call silent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NewType

from cxcore.domain.leg import LegId

RecordingId = NewType("RecordingId", str)

LONGEST_KEPT_DAYS = 62
"""Two months: requirement 39."""
PAUSE_SECONDS = 120
"""Enough to say and repeat a number of a card or a citizen."""


class RecordingMode(StrEnum):
    """When calls are recorded."""

    NEVER = "never"
    ALWAYS = "always"
    ON_REQUEST = "on-request"
    """When the agent asks for it."""
    SHARE = "share"
    """A percentage of the calls."""


class PauseReason(StrEnum):
    """Why silence is written instead of sound."""

    AGENT = "agent"
    MARKER = "marker"
    """Something confidential is being said by arrangement, for instance a number that another system asks for."""
    HOLD = "hold"
    """The caller hears music, or the agent consults somebody."""
    WAITING = "waiting"
    """The caller stands in line again."""


BY_ARRANGEMENT = frozenset({PauseReason.AGENT, PauseReason.MARKER})
"""Pauses that somebody began, and that the floor does not end."""


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """What a queue, or the site for direct calls, says about recording."""

    mode: RecordingMode = RecordingMode.NEVER
    percent: int = 0
    """Of the calls, for `SHARE`."""
    days: int = LONGEST_KEPT_DAYS
    """How long a recording is kept."""
    pause_seconds: int = PAUSE_SECONDS
    """After which a pause that somebody began ends by itself; 0 when it lasts until somebody ends it."""

    @property
    def may_record(self) -> bool:
        """Whether an agent may begin a recording."""
        return self.mode is not RecordingMode.NEVER

    def begins_with(self, contact_id: str) -> bool:
        """Whether the call of this contact is recorded without being asked for. The same answer at any time."""
        match self.mode:
            case RecordingMode.ALWAYS:
                return True
            case RecordingMode.SHARE:
                return int(sha256(contact_id.encode()).hexdigest()[:8], 16) % 100 < self.percent
            case _:
                return False


@dataclass(slots=True)
class CallRecording:
    """A recording that is being made, by the leg `leg_id`."""

    recording_id: RecordingId
    leg_id: LegId
    started_at: datetime
    pauses: set[PauseReason] = field(default_factory=set)
    resumes_at: datetime | None = None
    """When what somebody paused is heard again by itself; the pauses of the floor do not count."""

    @property
    def paused(self) -> bool:
        """Whether silence is written."""
        return bool(self.pauses)

    @property
    def arranged(self) -> bool:
        """Whether somebody asked for the silence."""
        return bool(self.pauses & BY_ARRANGEMENT)
