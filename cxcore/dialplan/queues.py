"""Reads the queues of a site."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node

from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Limits, Section, entries, name, nearest, one_of
from cxcore.dialplan.numbers import read_own_number
from cxcore.domain.queue import Announcement, Queue, QueueId, ServiceLevel, StrategyName

QUEUE_KEYS = (
    "name", "strategy", "priority", "ring_seconds", "wrap_up_seconds", "maximum_wait", "announcement",
    "service_level", "record", "level_seconds", "ring_agents", "sticky_seconds", "unreachable_pause_seconds",
    "closed", "caller_number",
)  # fmt: skip
ANNOUNCEMENT_KEYS = ("prompt", "first_seconds", "every_seconds")
MAXIMUM_WAIT_KEYS = ("seconds", "then")
SERVICE_LEVEL_KEYS = ("seconds", "percent")
PRIORITY = Limits(0, 99)
RING = Limits(5, 300)
WRAP_UP = Limits(0, 3600)
ANNOUNCEMENT_FIRST = Limits(0, 3600)
ANNOUNCEMENT_EVERY = Limits(5, 3600)
WAIT = Limits(1, 86_400)
TARGET = Limits(1, 3600)
PERCENT = Limits(1, 100)
LEVEL_SECONDS = Limits(0, 3600)
RING_AGENTS = Limits(1, 50)
STICKY = Limits(0, 604_800)
PAUSE = Limits(1, 3600)

_STRATEGIES = {strategy.value: strategy for strategy in StrategyName}
_USUAL = ServiceLevel(seconds=20, percent=80)


def read_queues(names: Names, node: Node | None) -> dict[QueueId, Queue]:
    """The queues, by name."""
    if node is None:
        return {}
    example = "queues: a name, a colon, and under it the settings of the queue"
    queues = [
        _read_queue(names, entry.key, entry.value) for entry in entries(names.findings, node, "`queues`", example)
    ]
    return {queue.queue_id: queue for queue in queues}


def _read_queue(names: Names, key: Node, node: Node) -> Queue:
    queue_id = name(names.findings, key, "the name of a queue") or str(key.value)
    names.define(Kind.QUEUE, queue_id, key)
    section = Section(names.findings, node, f"queue {queue_id}", QUEUE_KEYS)
    maximum_wait_seconds, overflow_flow = _read_maximum_wait(names, section)
    return Queue(
        queue_id=QueueId(queue_id),
        name=section.text("name", queue_id),
        strategy=_read_strategy(section),
        priority=section.whole_number("priority", 0, PRIORITY),
        ring_seconds=section.whole_number("ring_seconds", 20, RING),
        wrap_up_seconds=section.whole_number("wrap_up_seconds", 30, WRAP_UP),
        maximum_wait_seconds=maximum_wait_seconds,
        overflow_flow=overflow_flow,
        announcement=_read_announcement(names, section),
        service_level=_read_service_level(section),
        record=section.yes_or_no("record", False),
        level_seconds=section.whole_number("level_seconds", 0, LEVEL_SECONDS),
        ring_agents=section.whole_number("ring_agents", 1, RING_AGENTS),
        sticky_seconds=section.whole_number("sticky_seconds", 0, STICKY),
        unreachable_pause_seconds=section.whole_number("unreachable_pause_seconds", 10, PAUSE),
        closed_flow=names.refer(Kind.FLOW, section.node_of("closed"), section.describe("closed")) or None,
        caller_number=read_own_number(section, "caller_number"),
    )


def _read_strategy(section: Section) -> StrategyName:
    written = section.text("strategy", StrategyName.LONGEST_IDLE)
    if written not in _STRATEGIES:
        meant = nearest(written, _STRATEGIES)
        remedy = f"write `{meant}`" if meant else f"write one of {one_of(_STRATEGIES)}"
        problem = f"{section.describe('strategy')}: there is no strategy `{written[:60]}`"
        section.findings.error(section.node_of("strategy"), problem, remedy)
    return _STRATEGIES.get(written, StrategyName.LONGEST_IDLE)


def _part(section: Section, key: str, keys: tuple[str, ...]) -> Section | None:
    node = section.node_of(key)
    if node is None:
        return None
    part = Section(section.findings, node, section.describe(key), keys)
    return part if isinstance(node, MappingNode) and node.value else None


def _read_maximum_wait(names: Names, section: Section) -> tuple[int | None, str | None]:
    part = _part(section, "maximum_wait", MAXIMUM_WAIT_KEYS)
    if part is None:
        return None, None
    part.required("seconds", "how long a caller waits at most: `seconds: 1800`")
    then = part.required("then", "the flow after that: `then: FLOW`")
    return part.whole_number("seconds", 1800, WAIT), names.refer(Kind.FLOW, then, part.describe("then")) or None


def _read_announcement(names: Names, section: Section) -> Announcement | None:
    part = _part(section, "announcement", ANNOUNCEMENT_KEYS)
    if part is None:
        return None
    prompt = part.required("prompt", "what waiting callers hear: `prompt: NAME`")
    return Announcement(
        prompt=names.refer(Kind.PROMPT, prompt, part.describe("prompt")),
        first_seconds=part.whole_number("first_seconds", 15, ANNOUNCEMENT_FIRST),
        every_seconds=part.whole_number("every_seconds", 30, ANNOUNCEMENT_EVERY),
    )


def _read_service_level(section: Section) -> ServiceLevel:
    part = _part(section, "service_level", SERVICE_LEVEL_KEYS)
    if part is None:
        return _USUAL
    return ServiceLevel(
        seconds=part.whole_number("seconds", _USUAL.seconds, TARGET),
        percent=part.whole_number("percent", _USUAL.percent, PERCENT),
    )
