"""Alarms of queues: which figures are watched, when one raises an alarm and when it clears it.

A figure that moves about its threshold must not raise an alarm each minute. So an alarm has two levels, one that raises
it and a calmer one that clears it, and each must have held for a time before it counts (hysteresis; ISA-18.2 calls the
two deadband and delay). In between the alarm stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from cxcore.domain.queue import QueueId
from cxcore.domain.thresholds import AlarmKind, Threshold

AlarmKey = tuple[QueueId, AlarmKind]
LEAST_OFFERED = 10
"""Shares of a day are not watched before so many contacts: the first caller of the day would be 0 or 100 percent."""


class Verdict(StrEnum):
    """What a look brought about."""

    NOTHING = auto()
    RAISED = auto()
    CLEARED = auto()


@dataclass(slots=True)
class AlarmWatch:
    """One figure of one queue, looked at again and again. Instants are aware UTC."""

    raised: bool = False
    worse_since: datetime | None = None
    """Since when the figure would raise the alarm."""
    calm_since: datetime | None = None
    """Since when the figure would clear it."""

    def look(self, value: float | None, threshold: Threshold, now: datetime) -> Verdict:
        """Take in the figure as it is now. None: there is nothing to watch, for instance while the queue is closed;
        that clears at once."""
        if value is None:
            return self._end() if self.raised else self._forget()
        worse, calm = threshold.is_worse(value), threshold.is_calm(value)
        self.worse_since = (self.worse_since or now) if worse else None
        self.calm_since = (self.calm_since or now) if calm else None
        patience = timedelta(seconds=threshold.after_seconds)
        if not self.raised and self.worse_since is not None and now - self.worse_since >= patience:
            self.raised = True
            return Verdict.RAISED
        if self.raised and self.calm_since is not None and now - self.calm_since >= patience:
            return self._end()
        return Verdict.NOTHING

    def _end(self) -> Verdict:
        self.raised, self.worse_since, self.calm_since = False, None, None
        return Verdict.CLEARED

    def _forget(self) -> Verdict:
        self.worse_since = self.calm_since = None
        return Verdict.NOTHING


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that is on; `value` and `level` are the figure and the threshold when it was raised."""

    queue_id: QueueId
    kind: AlarmKind
    since: datetime
    value: float
    level: float
    acknowledged_by: str = ""
    """The user who said to have seen it; empty while nobody has."""
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueueReading:
    """The figures of a queue that alarms watch, now. Shares are of the contacts that were offered since midnight."""

    open: bool
    waiting: int
    longest_wait_seconds: float
    offered: int
    answered_in_time: int
    abandoned: int
    agents: int
    """Agents who are available, in whatever state of work."""
    unreachable: int
    """Agents whose device cannot be rung."""
    mos: float | None
    """The mean of the last conversations; None when too little was measured."""
    chats_waiting: int = 0
    chat_wait_seconds: float = 0.0
    chats_offered: int = 0
    chats_in_time: int = 0

    def value(self, kind: AlarmKind) -> float | None:
        """The figure that this kind of alarm watches; None when there is nothing to watch."""
        match kind:
            case AlarmKind.WAITING:
                return self.waiting
            case AlarmKind.LONGEST_WAIT:
                return self.longest_wait_seconds
            case AlarmKind.SERVICE_LEVEL:
                return _share(self.answered_in_time, self.offered)
            case AlarmKind.ABANDONED:
                return _share(self.abandoned, self.offered)
            case AlarmKind.AGENTS:
                return self.agents if self.open else None
            case AlarmKind.DEVICES:
                return self.unreachable
            case AlarmKind.MOS:
                return self.mos
            case _:
                return self._value_of_chats(kind)

    def _value_of_chats(self, kind: AlarmKind) -> float | None:
        if kind is AlarmKind.CHATS_WAITING:
            return self.chats_waiting
        if kind is AlarmKind.CHAT_WAIT:
            return self.chat_wait_seconds
        return _share(self.chats_in_time, self.chats_offered)


def _share(contacts: int, offered: int) -> float | None:
    return 100 * contacts / offered if offered >= LEAST_OFFERED else None


def key_of(queue_id: str, kind: str) -> str:
    """How screens and commands name an alarm."""
    return f"{queue_id}:{kind}"
