"""Reads opening hours: `monday: "08:30-12:00, 13:00-17:00"`, holidays, days that differ, and timetables by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from yaml.nodes import MappingNode, Node, ScalarNode

from cxcore.dialplan.findings import Findings
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Entry, Section, entries, is_empty, items, name, nearest, shown
from cxcore.domain.holidays import GENERAL, Holiday
from cxcore.domain.schedule import AMSTERDAM, WEEKDAYS, Schedule, Span

HOURS_KEYS = (*WEEKDAYS, "holidays", "exceptions")
NETHERLANDS = "nederland"
"""The holidays on which every municipality is closed."""
HOLIDAY_NAMES = (NETHERLANDS, *(holiday.value for holiday in Holiday))
CLOSED = "closed"

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\s*-\s*([01][0-9]|2[0-4]):([0-5][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_EXAMPLE = 'write spans: "08:30-12:00, 13:00-17:00"'


def read_timetables(names: Names, node: Node | None) -> dict[str, Schedule]:
    """The timetables, by name."""
    if node is None:
        return {}
    found: dict[str, Schedule] = {}
    for entry in entries(names.findings, node, "`timetables`", "timetables: a name, a colon, and under it the hours"):
        timetable = name(names.findings, entry.key, "the name of a timetable") or entry.name
        names.define(Kind.TIMETABLE, timetable, entry.key)
        found[timetable] = _read_schedule(Section(names.findings, entry.value, f"timetable {timetable}", HOURS_KEYS))
    return found


def read_hours(names: Names, section: Section, timetables: Mapping[str, Schedule]) -> Schedule | None:
    """The opening hours under `hours`, or those of the timetable that it names; a weekday without hours is closed."""
    node = section.node_of("hours")
    if isinstance(node, ScalarNode) and not is_empty(node):
        return timetables.get(names.refer(Kind.TIMETABLE, node, section.describe("hours")))
    part = section.part("hours", HOURS_KEYS)
    return None if part is None else _read_schedule(part)


def _read_schedule(part: Section) -> Schedule:
    faults = part.findings.number
    week = {
        day: read_day(part.findings, node, part.describe(name))
        for day, name in enumerate(WEEKDAYS)
        if (node := part.node_of(name)) is not None
    }
    names: dict[date, str] = {}
    own, public = _read_holidays(part, names)
    schedule = Schedule(week, own, public, _read_exceptions(part, names), names)
    if not schedule.ever_opens and part.findings.number == faults and isinstance(part.node, MappingNode):
        part.findings.error(
            part.node, f"{part.what} never opens", 'write the days that are open: monday: "08:30-17:00"'
        )
    return schedule


def read_day(findings: Findings, node: Node, what: str) -> tuple[Span, ...]:
    """The spans of a day, or `closed`."""
    if isinstance(node, ScalarNode) and node.value == CLOSED:
        return ()
    return read_spans(findings, node, what)


def read_spans(findings: Findings, node: Node, what: str) -> tuple[Span, ...]:
    """The spans of a day: "08:30-17:00", or several with commas. "24:00" is the end of the day."""
    written = node.value if isinstance(node, ScalarNode) and not is_empty(node) else ""
    found = [_SPAN.fullmatch(part.strip()) for part in str(written).split(",")]
    spans = [_span(each) for each in found if each is not None]
    if len(spans) == len(found) and None in spans:
        problem = f"{what}: {shown(node)} ends before it begins, or after midnight"
        findings.error(node, problem, 'write the earlier time first, and midnight as "24:00"')
        return ()
    if len(spans) < len(found):
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


def _read_holidays(part: Section, names: dict[date, str]) -> tuple[frozenset[date], frozenset[Holiday]]:
    """Days, days with a name (`2026-05-15: Brugdag`), and public holidays."""
    node = part.node_of("holidays")
    if node is None:
        return frozenset(), frozenset()
    own: set[date] = set()
    public: set[Holiday] = set()
    for item in items(part.findings, node, part.describe("holidays"), "[nederland, 2026-12-24]"):
        if isinstance(item, MappingNode):
            own.update(_read_named_days(part, item, names))
        elif isinstance(item, ScalarNode) and item.value in HOLIDAY_NAMES:
            public.update(GENERAL if item.value == NETHERLANDS else {Holiday(item.value)})
        elif (day := _read_date(part, item, "holidays")) is not None:
            own.add(day)
    return frozenset(own), frozenset(public)


def _read_named_days(part: Section, node: Node, names: dict[date, str]) -> set[date]:
    found: set[date] = set()
    for entry in entries(part.findings, node, f"a day in {part.describe('holidays')}", "2026-05-15: Brugdag"):
        day = _read_date(part, entry.key, "holidays")
        if day is not None:
            found.add(day)
            names[day] = entry.value.value if isinstance(entry.value, ScalarNode) else ""
    return found


def _read_exceptions(part: Section, names: dict[date, str]) -> dict[date, tuple[Span, ...]]:
    """Days with hours of their own: `2026-12-24: "08:30-12:00"`, `closed`, or `{hours: …, name: …}`."""
    node = part.node_of("exceptions")
    if node is None:
        return {}
    found: dict[date, tuple[Span, ...]] = {}
    example = 'days with hours: {2026-12-24: "08:30-12:00"}'
    for entry in entries(part.findings, node, part.describe("exceptions"), example):
        day = _read_date(part, entry.key, "exceptions")
        if day is not None:
            found[day] = _read_exception(part, entry, day, names)
    return found


def _read_exception(part: Section, entry: Entry, day: date, names: dict[date, str]) -> tuple[Span, ...]:
    what = f"{day} in {part.describe('exceptions')}"
    if not isinstance(entry.value, MappingNode):
        return read_day(part.findings, entry.value, what)
    section = Section(part.findings, entry.value, what, EXCEPTION_KEYS)
    names[day] = section.text("name", "")
    node = section.required("hours", 'the hours of that day: `hours: "08:30-12:00"`, or `closed`')
    return () if node is None else read_day(part.findings, node, section.describe("hours"))


EXCEPTION_KEYS = ("hours", "name")


def _read_date(part: Section, node: Node, key: str) -> date | None:
    day = date_of(node)
    if day is None:
        meant = nearest(str(node.value), HOLIDAY_NAMES) if key == "holidays" and isinstance(node, ScalarNode) else None
        remedy = f"write `{meant}`" if meant else "write it as 2026-12-25"
        part.findings.error(node, f"{shown(node)} in {part.describe(key)} is no date", remedy)
    return day


def instant_of(node: Node) -> datetime | None:
    """The local time that stands there, as an instant; None when none does."""
    written = str(node.value) if isinstance(node, ScalarNode) else ""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=AMSTERDAM) if _INSTANT.fullmatch(written) else None
    except ValueError:
        return None


def date_of(node: Node) -> date | None:
    """The date that stands there; None when none does."""
    written = str(node.value) if isinstance(node, ScalarNode) else ""
    try:
        return date.fromisoformat(written) if _DATE.fullmatch(written) else None
    except ValueError:
        return None
