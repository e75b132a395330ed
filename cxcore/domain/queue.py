"""A queue: where contacts wait for an agent (the requirement's "ACD-groep" is a queue with its memberships)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from cxcore.domain.recording import RecordingRule
from cxcore.domain.schedule import Schedule
from cxcore.domain.thresholds import AlarmKind, Threshold

QueueId = NewType("QueueId", str)


class StrategyName(StrEnum):
    """How a queue chooses among ready agents [35]."""

    LINEAR = "linear"
    CYCLIC = "cyclic"
    WORKLOAD = "workload"
    LONGEST_IDLE = "longest-idle"

    __hash__ = str.__hash__  # that of Enum is a call of Python, at each look into a table


class PositionTold(StrEnum):
    """When a waiting caller hears the place in line [46d]."""

    NEVER = "never"
    CHANGED = "changed"
    """Only when it is another than the caller heard last."""
    ALWAYS = "always"
    """With each text."""


@dataclass(frozen=True, slots=True)
class WaitMenu:
    """A menu for callers who wait [47a]: a key leads into a flow, no key or a wrong one leaves the caller in line.

    Keys count from the first word until the next text, also during the music.
    """

    prompt: str
    choices: Mapping[str, str]
    """Key → the flow it leads to."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The text after the first one: every `every_seconds`, `times` times, or for as long as the caller waits (None)."""

    prompt: str | None
    every_seconds: int = 30
    times: int | None = None
    menu: WaitMenu | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """What waiting callers hear beside the music: a first text after `first_seconds`, then another that is repeated
    [46]. Without `repeat` the first text comes again every `every_seconds`."""

    prompt: str | None
    first_seconds: int
    every_seconds: int = 30
    repeat: Repeat | None = None
    position: PositionTold = PositionTold.NEVER
    expected_wait: bool = False
    """Whether the expected wait is told too, once enough was measured."""
    menu: WaitMenu | None = None
    """With the first text."""

    @property
    def repeated(self) -> Repeat:
        """What follows the first text."""
        return self.repeat or Repeat(self.prompt, self.every_seconds, None, self.menu)


@dataclass(frozen=True, slots=True)
class CallBackSettings:
    """How callers of a queue are called back. The three prompts answer the request."""

    confirmation: str = "terugbellen-bevestigd"
    already_asked: str = "terugbellen-al-gevraagd"
    not_possible: str = "terugbellen-kan-niet"
    """For a hidden number, or one that we do not dial."""
    attempts: int = 3
    retry_seconds: int = 900
    ring_seconds: int = 30
    window: Schedule | None = None
    """When people may be called; None: at any time."""
    numbers: tuple[str, ...] = ("+31",)
    """How numbers that are called back begin. Anybody can send a false number: without this we could be made to dial a
    costly one."""


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
    recording: RecordingRule = RecordingRule()
    """Of calls that were answered from this queue [39]."""
    level_seconds: int = 0
    """The next level of agents is admitted after each such wait. 0: all at once, the lower level first."""
    ring_agents: int = 1
    """How many agents ring for one contact at once; the first to answer wins."""
    sticky_seconds: int = 0
    """Who spoke this caller within this time comes first, if free. 0: never."""
    unreachable_pause_seconds: int = 10
    """How long a device that cannot be reached is left alone; otherwise its offers would fail in a storm."""
    caller_number: str = ""
    """What a party that we dial for this queue sees; empty for the number of the site [9]."""
    maximum_waiting: int | None = None
    """How many callers may be in line; who comes then enters `full_flow`."""
    full_flow: str | None = None
    hours: Schedule | None = None
    """When the queue is open; None: always."""
    timetable: str = ""
    """The name of those hours, when they are a timetable of the site."""
    closed_flow: str | None = None
    """The flow of who comes while the queue is closed, by its hours or by a supervisor; None ends the call."""
    picks_chats: bool = False
    """Whether agents pick chats out of the line; otherwise each is offered to a free agent [40]."""
    moves_when_closing: bool = False
    """Whether who waits when the hours end is sent to where callers of the closed queue go, instead of served [43]."""
    call_back: CallBackSettings | None = None
    """None: callers of this queue cannot ask to be called back."""
    alarms: Mapping[AlarmKind, Threshold] = field(default_factory=dict)
    """What is watched in this queue."""
    alarm_mail: tuple[str, ...] = ()
    """The addresses that are mailed when an alarm of this queue is raised or cleared."""
