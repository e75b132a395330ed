"""Reads how the callers of a queue are called back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yaml.nodes import Node

from cxcore.dialplan.hours import read_spans
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Limits, Section, items, text
from cxcore.domain.dialplan import CallBack, Step
from cxcore.domain.queue import CallBackSettings, Queue, QueueId
from cxcore.domain.schedule import Schedule, every_day

CALL_BACK_KEYS = (
    "confirmation", "already_asked", "not_possible", "attempts", "retry_seconds", "ring_seconds", "window", "numbers",
)  # fmt: skip
ATTEMPTS = Limits(1, 20)
RETRY = Limits(10, 86_400)
RING = Limits(5, 120)

_USUAL = CallBackSettings()
_PREFIX = re.compile(r"\+[1-9][0-9]{0,13}")


def read_call_back(names: Names, section: Section) -> CallBackSettings | None:
    """The settings of call-backs; None when the queue has none."""
    part = section.part("call_back", CALL_BACK_KEYS)
    if part is None:
        return None
    return CallBackSettings(
        confirmation=_read_prompt(names, part, "confirmation", _USUAL.confirmation),
        already_asked=_read_prompt(names, part, "already_asked", _USUAL.already_asked),
        not_possible=_read_prompt(names, part, "not_possible", _USUAL.not_possible),
        attempts=part.whole_number("attempts", _USUAL.attempts, ATTEMPTS),
        retry_seconds=part.whole_number("retry_seconds", _USUAL.retry_seconds, RETRY),
        ring_seconds=part.whole_number("ring_seconds", _USUAL.ring_seconds, RING),
        window=_read_window(part),
        numbers=_read_numbers(part),
    )


def check_call_back_steps(names: Names, flows: Mapping[str, tuple[Step, ...]], queues: Mapping[QueueId, Queue]) -> None:
    """Refuse a `callback` step for a queue that calls nobody back."""
    for flow, steps in flows.items():
        for index, step in enumerate(steps):
            queue = queues.get(step.queue_id) if isinstance(step, CallBack) else None
            if queue is not None and queue.call_back is None:
                problem = f"flow {flow} lets callers of queue {queue.queue_id} be called back; that has no `call_back`"
                remedy = "write `call_back: {attempts: 3}` in the queue"
                names.findings.error(names.step_places[flow, index], problem, remedy)


def _read_prompt(names: Names, part: Section, key: str, usual: str) -> str:
    node = part.node_of(key)
    if node is not None:
        return names.refer(Kind.PROMPT, node, part.describe(key)) or usual
    names.refer_to(Kind.PROMPT, usual, part.node)
    return usual


def _read_window(part: Section) -> Schedule | None:
    node = part.node_of("window")
    if node is None:
        return None
    spans = read_spans(part.findings, node, part.describe("window"))
    return every_day(*spans) if spans else None


def _read_numbers(part: Section) -> tuple[str, ...]:
    node = part.node_of("numbers")
    if node is None:
        return _USUAL.numbers
    found = items(part.findings, node, part.describe("numbers"), '["+31"]')
    return tuple(prefix for item in found if (prefix := _read_beginning(part, item)))


def _read_beginning(part: Section, node: Node) -> str:
    written = text(part.findings, node, f"a number in {part.describe('numbers')}") or ""
    if written and not _PREFIX.fullmatch(written):
        problem = f"{part.describe('numbers')}: `{written[:60]}` is not the beginning of a number"
        part.findings.error(node, problem, 'write it with the country: "+31"')
        return ""
    return written
