"""Reads the queues of a site."""

from __future__ import annotations

from collections.abc import Mapping

from yaml.nodes import Node, ScalarNode

from cxcore.dialplan.alarms import read_alarm_mail, read_alarms
from cxcore.dialplan.announcements import read_announcement
from cxcore.dialplan.call_backs import read_call_back
from cxcore.dialplan.hours import read_hours
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Limits, Section, entries, name, nearest, one_of
from cxcore.dialplan.numbers import read_shown_number
from cxcore.dialplan.recordings import read_recording
from cxcore.domain.queue import Queue, QueueId, ServiceLevel, StrategyName
from cxcore.domain.schedule import Schedule

QUEUE_KEYS = (
    "name", "strategy", "priority", "ring_seconds", "wrap_up_seconds", "maximum_wait", "announcement",
    "service_level", "recording", "keep_recordings_days", "pause_recording_seconds", "level_seconds", "ring_agents",
    "sticky_seconds", "unreachable_pause_seconds",
    "closed", "caller_number", "maximum_waiting", "hours", "call_back",
    "when_closing", "alarms", "chats",
)  # fmt: skip
MAXIMUM_WAIT_KEYS = ("seconds", "then")
MAXIMUM_WAITING_KEYS = ("callers", "then")
WHEN_CLOSING = ("serve", "move")
CHATS = ("offer", "pick")
SERVICE_LEVEL_KEYS = ("seconds", "percent")
PRIORITY = Limits(0, 99)
RING = Limits(5, 300)
WRAP_UP = Limits(0, 3600)
WAIT = Limits(1, 86_400)
TARGET = Limits(1, 3600)
PERCENT = Limits(1, 100)
LEVEL_SECONDS = Limits(0, 3600)
RING_AGENTS = Limits(1, 50)
STICKY = Limits(0, 604_800)
PAUSE = Limits(1, 3600)
CALLERS = Limits(0, 9999)

_STRATEGIES = {strategy.value: strategy for strategy in StrategyName}
_USUAL = ServiceLevel(seconds=20, percent=80)


def read_queues(names: Names, node: Node | None, timetables: Mapping[str, Schedule]) -> dict[QueueId, Queue]:
    """The queues, by name."""
    if node is None:
        return {}
    example = "queues: a name, a colon, and under it the settings of the queue"
    found = entries(names.findings, node, "`queues`", example)
    queues = [_read_queue(names, entry.key, entry.value, timetables) for entry in found]
    return {queue.queue_id: queue for queue in queues}


def _read_queue(names: Names, key: Node, node: Node, timetables: Mapping[str, Schedule]) -> Queue:
    queue_id = name(names.findings, key, "the name of a queue") or str(key.value)
    names.define(Kind.QUEUE, queue_id, key)
    section = Section(names.findings, node, f"queue {queue_id}", QUEUE_KEYS)
    maximum_wait_seconds, overflow_flow = _read_maximum_wait(names, section)
    maximum_waiting, full_flow = _read_maximum_waiting(names, section)
    return Queue(
        queue_id=QueueId(queue_id),
        name=section.text("name", queue_id),
        strategy=_read_strategy(section),
        priority=section.whole_number("priority", 0, PRIORITY),
        ring_seconds=section.whole_number("ring_seconds", 20, RING),
        wrap_up_seconds=section.whole_number("wrap_up_seconds", 30, WRAP_UP),
        maximum_wait_seconds=maximum_wait_seconds,
        overflow_flow=overflow_flow,
        announcement=read_announcement(names, section),
        service_level=_read_service_level(section),
        recording=read_recording(section),
        level_seconds=section.whole_number("level_seconds", 0, LEVEL_SECONDS),
        ring_agents=section.whole_number("ring_agents", 1, RING_AGENTS),
        sticky_seconds=section.whole_number("sticky_seconds", 0, STICKY),
        unreachable_pause_seconds=section.whole_number("unreachable_pause_seconds", 10, PAUSE),
        closed_flow=_read_closed(names, section),
        caller_number=read_shown_number(section, "caller_number"),
        maximum_waiting=maximum_waiting,
        full_flow=full_flow,
        hours=read_hours(names, section, timetables),
        timetable=_timetable(section),
        moves_when_closing=_one_of(section, "when_closing", WHEN_CLOSING) == "move",
        picks_chats=_one_of(section, "chats", CHATS) == "pick",
        call_back=read_call_back(names, section),
        alarms=read_alarms(section),
        alarm_mail=read_alarm_mail(section),
    )


def _read_strategy(section: Section) -> StrategyName:
    written = section.text("strategy", StrategyName.LONGEST_IDLE)
    if written not in _STRATEGIES:
        meant = nearest(written, _STRATEGIES)
        remedy = f"write `{meant}`" if meant else f"write one of {one_of(_STRATEGIES)}"
        problem = f"{section.describe('strategy')}: there is no strategy `{written[:60]}`"
        section.findings.error(section.node_of("strategy"), problem, remedy)
    return _STRATEGIES.get(written, StrategyName.LONGEST_IDLE)


def _read_maximum_wait(names: Names, section: Section) -> tuple[int | None, str | None]:
    part = section.part("maximum_wait", MAXIMUM_WAIT_KEYS)
    if part is None:
        return None, None
    part.required("seconds", "how long a caller waits at most: `seconds: 1800`")
    then = part.required("then", "the flow after that: `then: FLOW`")
    return part.whole_number("seconds", 1800, WAIT), names.refer(Kind.FLOW, then, part.describe("then")) or None


def _read_maximum_waiting(names: Names, section: Section) -> tuple[int | None, str | None]:
    part = section.part("maximum_waiting", MAXIMUM_WAITING_KEYS)
    if part is None:
        return None, None
    part.required("callers", "how many may wait: `callers: 20`")
    then = part.required("then", "the flow of who comes after them: `then: FLOW`")
    return part.whole_number("callers", 20, CALLERS), names.refer(Kind.FLOW, then, part.describe("then")) or None


def _read_closed(names: Names, section: Section) -> str | None:
    node = section.node_of("closed")
    if node is None and section.node_of("hours") is not None:
        section.required("closed", "the flow of who calls outside these hours: `closed: FLOW`")
    return names.refer(Kind.FLOW, node, section.describe("closed")) or None


def _timetable(section: Section) -> str:
    node = section.node_of("hours")
    return str(node.value) if isinstance(node, ScalarNode) else ""


def _one_of(section: Section, key: str, words: tuple[str, str]) -> str:
    """One of two words; the first when it is left out."""
    written = section.text(key, words[0])
    if written not in words:
        problem = f"{section.describe(key)} is `{written[:60]}`"
        section.findings.error(section.node_of(key), problem, f"write `{words[0]}` or `{words[1]}`")
    return written


def _read_service_level(section: Section) -> ServiceLevel:
    part = section.part("service_level", SERVICE_LEVEL_KEYS)
    if part is None:
        return _USUAL
    return ServiceLevel(
        seconds=part.whole_number("seconds", _USUAL.seconds, TARGET),
        percent=part.whole_number("percent", _USUAL.percent, PERCENT),
    )
