"""Reads the alarms of a queue: `alarms: {waiting: 8, longest_wait: {raise: 300, clear: 120, after_seconds: 30}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yaml.nodes import MappingNode, Node, ScalarNode

from cxcore.dialplan.nodes import Limits, Section, items, text
from cxcore.domain.thresholds import TOO_LITTLE, USUAL_AFTER_SECONDS, AlarmKind, Threshold, fits, usual_clear_at

MAIL = "mail"
LEVEL_KEYS = ("raise", "clear", "after_seconds")
AFTER = Limits(0, 3600)
LEVELS: Mapping[AlarmKind, Limits] = {
    AlarmKind.WAITING: Limits(1, 9999),
    AlarmKind.LONGEST_WAIT: Limits(1, 86_400),
    AlarmKind.SERVICE_LEVEL: Limits(1, 100),
    AlarmKind.ABANDONED: Limits(1, 100),
    AlarmKind.AGENTS: Limits(1, 9999),
    AlarmKind.DEVICES: Limits(1, 9999),
    AlarmKind.MOS: Limits(1, 5),
    AlarmKind.CHATS_WAITING: Limits(1, 9999),
    AlarmKind.CHAT_WAIT: Limits(1, 86_400),
    AlarmKind.CHAT_LEVEL: Limits(1, 100),
}
ALARM_KEYS = (*(kind.value for kind in AlarmKind), MAIL)
_DECIMAL = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,}")


def read_alarms(section: Section) -> dict[AlarmKind, Threshold]:
    """The thresholds of a queue; a figure that is left out is not watched."""
    part = section.part("alarms", ALARM_KEYS)
    if part is None:
        return {}
    found = ((kind, _read_threshold(part, kind)) for kind in AlarmKind)
    return {kind: threshold for kind, threshold in found if threshold is not None}


def read_alarm_mail(section: Section) -> tuple[str, ...]:
    """Who is mailed about the alarms of a queue."""
    node = section.node_of("alarms")
    if not isinstance(node, MappingNode):
        return ()
    listed = next((value for key, value in node.value if key.value == MAIL), None)
    if listed is None:
        return ()
    found = items(section.findings, listed, f"`mail` of {section.describe('alarms')}", "[teamleider@example.nl]")
    return tuple(address for item in found if (address := _read_address(section, item)))


def _read_address(section: Section, node: Node) -> str:
    written = text(section.findings, node, f"an address in `mail` of {section.describe('alarms')}") or ""
    if written and not _ADDRESS.fullmatch(written):
        problem = f"{section.describe('alarms')}: `{written[:60]}` is no mail address"
        section.findings.error(node, problem, "write it as teamleider@example.nl")
        return ""
    return written


def _read_threshold(part: Section, kind: AlarmKind) -> Threshold | None:
    node = part.node_of(kind)
    if node is None:
        return None
    if not isinstance(node, MappingNode):
        level = _read_level(part, node, part.describe(kind), kind)
        return None if level is None else Threshold(kind, level, usual_clear_at(kind, level))
    return _read_levels(part, kind)


def _read_levels(part: Section, kind: AlarmKind) -> Threshold | None:
    levels = part.part(kind, LEVEL_KEYS)
    node = None if levels is None else levels.required("raise", "the level that raises the alarm: `raise: 8`")
    if levels is None or node is None:
        return None
    raise_at = _read_level(part, node, levels.describe("raise"), kind)
    if raise_at is None:
        return None
    after = levels.whole_number("after_seconds", USUAL_AFTER_SECONDS, AFTER)
    return Threshold(kind, raise_at, _read_clear(levels, kind, raise_at), after)


def _read_clear(levels: Section, kind: AlarmKind, raise_at: float) -> float:
    node, usual = levels.node_of("clear"), usual_clear_at(kind, raise_at)
    if node is None:
        return usual
    clear_at = _read_level(levels, node, levels.describe("clear"), kind, lowest=0)
    if clear_at is None or fits(kind, raise_at, clear_at):
        return usual if clear_at is None else clear_at
    side = "the same or higher" if kind in TOO_LITTLE else "lower"
    problem = f"{levels.describe('clear')} is {clear_at:g}, and the alarm is raised at {raise_at:g}"
    levels.findings.error(node, problem, f"write a level that is {side}")
    return usual


def _read_level(
    part: Section, node: Node, what: str, kind: AlarmKind, lowest: int | None = None
) -> float | None:
    limits = LEVELS[kind]
    least = limits.lowest if lowest is None else lowest
    written = str(node.value) if isinstance(node, ScalarNode) else ""
    decimals = kind is AlarmKind.MOS
    if _DECIMAL.fullmatch(written) and (decimals or "." not in written) and least <= float(written) <= limits.highest:
        return float(written)
    wanted = "number" if decimals else "whole number"
    problem = f"{what} is `{written[:60]}`" if written else f"{what} is no number"
    part.findings.error(node, problem, f"write a {wanted} from {least} to {limits.highest}")
    return None
