"""The thresholds of alarms, as a queue configures them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

USUAL_AFTER_SECONDS = 10
CALM_SHARE = 0.8
"""Where no level is given that clears an alarm of too much: this part of the one that raises it."""


class AlarmKind(StrEnum):
    """The figure that is watched."""

    WAITING = "waiting"
    """Callers in line."""
    LONGEST_WAIT = "longest_wait"
    """Seconds that the caller who waits longest has waited."""
    SERVICE_LEVEL = "service_level"
    """Percent of the contacts of today that were answered in time."""
    ABANDONED = "abandoned"
    """Percent of the contacts of today whose caller hung up while waiting."""
    AGENTS = "agents"
    """Agents who are available, while the queue is open."""
    DEVICES = "devices"
    """Agents whose device cannot be reached."""
    MOS = "mos"
    """The sound quality of the last conversations (ITU-T P.800), 1 to 5."""
    CHATS_WAITING = "chats_waiting"
    """Chats in line, of every channel."""
    CHAT_WAIT = "chat_wait"
    """Seconds that the chat that waits longest has waited."""
    CHAT_LEVEL = "chat_level"
    """Percent of the chats of today that were taken in time."""


TOO_LITTLE = frozenset({AlarmKind.SERVICE_LEVEL, AlarmKind.CHAT_LEVEL, AlarmKind.AGENTS, AlarmKind.MOS})
"""These raise an alarm below their threshold, the others at or above it."""
STEPS: Mapping[AlarmKind, float] = {
    AlarmKind.SERVICE_LEVEL: 5.0,
    AlarmKind.CHAT_LEVEL: 5.0,
    AlarmKind.AGENTS: 0.0,
    AlarmKind.MOS: 0.2,
}
"""How far above the threshold a figure that was too little clears its alarm, where no level is given."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """`raise_at` raises the alarm, `clear_at` clears it; either must hold for `after_seconds`."""

    kind: AlarmKind
    raise_at: float
    clear_at: float
    after_seconds: int = USUAL_AFTER_SECONDS

    def is_worse(self, value: float) -> bool:
        """Whether the figure would raise the alarm."""
        return value < self.raise_at if self.kind in TOO_LITTLE else value >= self.raise_at

    def is_calm(self, value: float) -> bool:
        """Whether the figure would clear the alarm."""
        return value >= self.clear_at if self.kind in TOO_LITTLE else value <= self.clear_at


def usual_clear_at(kind: AlarmKind, raise_at: float) -> float:
    """The level that clears an alarm where none is given."""
    if kind in TOO_LITTLE:
        return raise_at + STEPS[kind]
    whole = kind not in (AlarmKind.LONGEST_WAIT, AlarmKind.CHAT_WAIT)
    return min(float(int(raise_at * CALM_SHARE)), raise_at - 1) if whole else raise_at * CALM_SHARE


def fits(kind: AlarmKind, raise_at: float, clear_at: float) -> bool:
    """Whether the clearing level is on the calm side of the raising one."""
    return clear_at >= raise_at if kind in TOO_LITTLE else clear_at < raise_at
