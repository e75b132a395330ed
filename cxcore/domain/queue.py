"""A queue: where contacts wait for an agent (the requirement's "ACD-groep" is a queue with its memberships)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

QueueId = NewType("QueueId", str)


class StrategyName(StrEnum):
    """How a queue chooses among ready agents [35]."""

    LINEAR = "linear"
    CYCLIC = "cyclic"
    WORKLOAD = "workload"
    LONGEST_IDLE = "longest-idle"


@dataclass(frozen=True, slots=True)
class Announcement:
    """A text that waiting callers hear, first after `first_seconds` and then every `every_seconds` [46]."""

    prompt: str
    first_seconds: int
    every_seconds: int


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """The target: `percent` of the contacts answered within `seconds`."""

    seconds: int
    percent: int


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as configured. What waits in it stands on the floor."""

    queue_id: QueueId
    name: str
    strategy: StrategyName = StrategyName.LONGEST_IDLE
    priority: int = 0
    """Queues with a higher priority are served first by agents who serve several."""
    ring_seconds: int = 20
    wrap_up_seconds: int = 30
    maximum_wait_seconds: int | None = None
    overflow_flow: str | None = None
    """The flow that a caller enters after the maximum wait."""
    announcement: Announcement | None = None
    service_level: ServiceLevel = ServiceLevel(seconds=20, percent=80)
    record: bool = False
    level_seconds: int = 0
    """The next level of agents is admitted after each such wait. 0: all at once, the lower level first."""
    ring_agents: int = 1
    """How many agents ring for one contact at once; the first to answer wins."""
    sticky_seconds: int = 0
    """Who spoke this caller within this time comes first, if free. 0: never."""
    unreachable_pause_seconds: int = 10
    """How long a device that cannot be reached is left alone; otherwise its offers would fail in a storm."""
    closed_flow: str | None = None
    """The flow that callers enter while the queue is closed; None ends the call."""
    caller_number: str = ""
    """What a party that we dial for this queue sees; empty for the number of the site [9]."""
