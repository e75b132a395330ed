"""Reads when a message is said or a choice is offered."""

from __future__ import annotations

from datetime import date, datetime

from cxcore.dialplan.hours import date_of, instant_of
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
        since=_read_moment(section, "from"),
        until=_read_moment(section, "until"),
    )
    _refuse_never(section, condition)
    return ALWAYS if condition == ALWAYS else condition


def _read_queue(names: Names, section: Section) -> QueueId | None:
    queue = names.refer(Kind.QUEUE, section.node_of("open_queue"), section.describe("open_queue"))
    return QueueId(queue) if queue else None


def _read_moment(section: Section, key: str) -> date | datetime | None:
    node = section.node_of(key)
    moment = None if node is None else date_of(node) or instant_of(node)
    if node is not None and moment is None:
        remedy = "write a day: 2026-12-25; or a local time: 2026-12-25T17:00"
        section.findings.error(node, f"{section.describe(key)} is {shown(node)}", remedy)
    return moment


def _refuse_never(section: Section, condition: Condition) -> None:
    if condition.begins and condition.ends and condition.begins >= condition.ends:
        problem = f"{section.what} ends before it begins: `from` is after `until`"
        section.findings.error(
            section.node_of("from"), problem, "correct one of the two days, or write `enabled: false`"
        )
    if condition.during is not None and condition.during == condition.outside:
        problem = f"{section.what} has the timetable {condition.during} for `when` and for `unless`: it is never used"
        section.findings.error(section.node_of("unless"), problem, "take one of them out, or write `enabled: false`")
