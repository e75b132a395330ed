"""Reads when a message is said or a choice is offered."""

from __future__ import annotations

from datetime import date

from cxcore.dialplan.hours import date_of
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Section, shown
from cxcore.domain.conditions import ALWAYS, Condition
from cxcore.domain.queue import QueueId

CONDITION_KEYS = ("enabled", "when", "unless", "open_queue", "from", "until")


def read_condition(names: Names, section: Section) -> Condition:
    """The condition that stands among the keys of a message or choice."""
    condition = Condition(
        enabled=section.yes_or_no("enabled", True),
        during=names.refer(Kind.TIMETABLE, section.node_of("when"), section.describe("when")) or None,
        outside=names.refer(Kind.TIMETABLE, section.node_of("unless"), section.describe("unless")) or None,
        queue_id=_read_queue(names, section),
        since=_read_day(section, "from"),
        until=_read_day(section, "until"),
    )
    _refuse_never(section, condition)
    return ALWAYS if condition == ALWAYS else condition


def _read_queue(names: Names, section: Section) -> QueueId | None:
    queue = names.refer(Kind.QUEUE, section.node_of("open_queue"), section.describe("open_queue"))
    return QueueId(queue) if queue else None


def _read_day(section: Section, key: str) -> date | None:
    node = section.node_of(key)
    day = None if node is None else date_of(node)
    if node is not None and day is None:
        section.findings.error(node, f"{section.describe(key)} is {shown(node)}", "write a day: 2026-12-25")
    return day


def _refuse_never(section: Section, condition: Condition) -> None:
    if condition.since and condition.until and condition.since > condition.until:
        problem = f"{section.what} ends before it begins: `from` is after `until`"
        section.findings.error(
            section.node_of("from"), problem, "correct one of the two days, or write `enabled: false`"
        )
    if condition.during is not None and condition.during == condition.outside:
        problem = f"{section.what} has the timetable {condition.during} for `when` and for `unless`: it is never used"
        section.findings.error(section.node_of("unless"), problem, "take one of them out, or write `enabled: false`")
