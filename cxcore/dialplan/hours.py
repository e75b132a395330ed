"""Reads opening hours: `monday: "08:30-12:00, 13:00-17:00"`, and holidays."""

from __future__ import annotations

import re
from datetime import date, time

from yaml.nodes import Node, ScalarNode

from cxcore.dialplan.findings import Findings
from cxcore.dialplan.nodes import Section, is_empty, items, shown
from cxcore.domain.schedule import WEEKDAYS, Schedule, Span

HOURS_KEYS = (*WEEKDAYS, "holidays")

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\s*-\s*([01][0-9]|2[0-4]):([0-5][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EXAMPLE = 'write spans: "08:30-12:00, 13:00-17:00"'


def read_hours(section: Section) -> Schedule | None:
    """The opening hours under `hours`; a weekday that is left out is closed."""
    part = section.part("hours", HOURS_KEYS)
    if part is None:
        return None
    week = {
        day: read_spans(part.findings, node, part.describe(name))
        for day, name in enumerate(WEEKDAYS)
        if (node := part.node_of(name)) is not None
    }
    return Schedule(week, _read_holidays(part))


def read_spans(findings: Findings, node: Node, what: str) -> tuple[Span, ...]:
    """The spans of a day: "08:30-17:00", or several with commas. "24:00" is the end of the day."""
    written = node.value if isinstance(node, ScalarNode) and not is_empty(node) else ""
    found = [_SPAN.fullmatch(part.strip()) for part in str(written).split(",")]
    spans = [_span(each) for each in found if each is not None]
    if len(spans) < len(found) or None in spans:
        findings.error(node, f"{what} is {shown(node)}", _EXAMPLE)
        return ()
    return _in_order(findings, node, what, [span for span in spans if span is not None])


def _span(found: re.Match[str]) -> Span | None:
    opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]) % 24, int(found[4]))
    is_end_of_day = found[3] == "24" and found[4] == "00"
    return Span(opens, closes) if is_end_of_day or (found[3] != "24" and opens < closes) else None


def _in_order(findings: Findings, node: Node, what: str, spans: list[Span]) -> tuple[Span, ...]:
    for before, after in zip(spans, spans[1:], strict=False):
        if before.closes == time() or before.closes > after.opens:
            findings.error(node, f"{what}: the spans overlap, or are not in order", _EXAMPLE)
            return ()
    return tuple(spans)


def _read_holidays(part: Section) -> frozenset[date]:
    node = part.node_of("holidays")
    if node is None:
        return frozenset()
    found = items(part.findings, node, part.describe("holidays"), "[2026-12-25, 2026-12-26]")
    dates = (_read_date(part, item) for item in found)
    return frozenset(each for each in dates if each is not None)


def _read_date(part: Section, node: Node) -> date | None:
    written = str(node.value) if isinstance(node, ScalarNode) else ""
    try:
        if _DATE.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    part.findings.error(node, f"{shown(node)} in {part.describe('holidays')} is no date", "write it as 2026-12-25")
    return None
