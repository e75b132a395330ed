"""Reads opening hours: `monday: "08:30-12:00, 13:00-17:00"`, holidays, days that differ, and timetables by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yaml.nodes import MappingNode, Node, ScalarNode

from cxcore.dialplan.findings import Findings
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Entry, Section, entries, is_empty, items, name, nearest, one_of, shown
from cxcore.domain.holidays import GENERAL, Holiday
from cxcore.domain.schedule import AMSTERDAM, WEEKDAYS, Schedule, Span

HOURS_KEYS = (*WEEKDAYS, "holidays", "exceptions")
NETHERLANDS = "nederland"
"""The holidays on which every municipality is closed."""
HOLIDAY_NAMES = (NETHERLANDS, *(holiday.value for holiday in Holiday))
CLOSED = "closed"

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\s*-\s*([01][0-9]|2[0-4]):([0-5][0-9])")
_PERIOD = re.compile(r"([0-9-]+)\s*/\s*([0-9-]+)")
LONGEST_PERIOD = 366
"""Days; a longer one is a mistake in the year."""
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
        part = Section(names.findings, entry.value, f"timetable {timetable}", HOURS_KEYS)
        found[timetable] = _read_schedule(names, part)
    return found


def read_hours(names: Names, section: Section, timetables: Mapping[str, Schedule]) -> Schedule | None:
    """The opening hours under `hours`, or those of the timetable that it names; a weekday without hours is closed."""
    node = section.node_of("hours")
    if isinstance(node, ScalarNode) and not is_empty(node):
        return timetables.get(names.refer(Kind.TIMETABLE, node, section.describe("hours")))
    part = section.part("hours", HOURS_KEYS)
    return None if part is None else _read_schedule(names, part)


def _read_schedule(names: Names, part: Section) -> Schedule:
    faults = part.findings.number
    week = {
        day: read_day(part.findings, node, part.describe(name))
        for day, name in enumerate(WEEKDAYS)
        if (node := part.node_of(name)) is not None
    }
    holidays, public = _read_holidays(names, part)
    exceptions = _read_exceptions(names, part)
    own, odd = _by_day(part.findings, holidays), _by_day(part.findings, exceptions)
    _warn_of_past(part, [*holidays, *exceptions])
    told = {**own, **odd}
    schedule = Schedule(
        week,
        frozenset(own),
        frozenset(public),
        {day: each.spans for day, each in odd.items()},
        {day: each.name for day, each in told.items() if each.name},
        {day: each.text for day, each in told.items() if each.text},
        {holiday: text for holiday, text in public.items() if text},
    )
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


@dataclass(frozen=True, slots=True)
class OddDays:
    """A holiday of one's own or an exception: a day, or a period with both its ends."""

    node: Node
    first: date
    last: date
    spans: tuple[Span, ...] = ()
    name: str = ""
    text: str = ""

    @property
    def days(self) -> list[date]:
        """Each of its days."""
        return [self.first + timedelta(days=offset) for offset in range((self.last - self.first).days + 1)]

    @property
    def written(self) -> str:
        """As it stands in the file."""
        return str(self.first) if self.first == self.last else f"{self.first}/{self.last}"


def _by_day(findings: Findings, entries: list[OddDays]) -> dict[date, OddDays]:
    """What counts on each day: of two that hold it the shorter one."""
    found: dict[date, OddDays] = {}
    for entry in sorted(entries, key=lambda each: each.first - each.last):
        under = next((found[day] for day in entry.days if day in found), None)
        if under is not None:
            problem = f"{entry.written} overlaps {under.written}; on those days {entry.written} counts"
            findings.warn(entry.node, problem, "leave it when that is meant; the shorter one counts")
        found.update(dict.fromkeys(entry.days, entry))
    return found


def _warn_of_past(part: Section, entries: list[OddDays]) -> None:
    today = part.findings.today
    past = sorted(each.written for each in entries if today is not None and each.last < today)
    if past:
        problem = f"{part.what} names days that are past: {one_of(past)}"
        part.findings.warn(part.node, problem, "take them out; nothing changes for callers")


def _read_holidays(names: Names, part: Section) -> tuple[list[OddDays], dict[Holiday, str]]:
    """Days and periods, with a name (`2026-05-15: Brugdag`) or a text; and public holidays with their texts."""
    own: list[OddDays] = []
    public: dict[Holiday, str] = {}
    node, what = part.node_of("holidays"), part.describe("holidays")
    for item in () if node is None else items(part.findings, node, what, "[nederland, 2026-12-24]"):
        if isinstance(item, MappingNode):
            for entry in entries(part.findings, item, f"a day in {what}", "2026-05-15: Brugdag"):
                _read_holiday(names, part, entry.key, entry.value, own, public)
        else:
            _read_holiday(names, part, item, None, own, public)
    return own, public


def _read_holiday(
    names: Names, part: Section, key: Node, value: Node | None, own: list[OddDays], public: dict[Holiday, str]
) -> None:
    name, text = _read_told(names, part, key, value)
    if isinstance(key, ScalarNode) and key.value in HOLIDAY_NAMES:
        for holiday in GENERAL if key.value == NETHERLANDS else {Holiday(key.value)}:
            public[holiday] = text if key.value != NETHERLANDS else public.get(holiday) or text
    elif (days := _read_days(part, key, "holidays")) is not None:
        own.append(OddDays(key, *days, (), name, text))


def _read_told(names: Names, part: Section, key: Node, value: Node | None) -> tuple[str, str]:
    """The name and the text that stand with a holiday."""
    if not isinstance(value, MappingNode):
        return (str(value.value) if isinstance(value, ScalarNode) else ""), ""
    section = Section(names.findings, value, f"{shown(key)} in {part.describe('holidays')}", HOLIDAY_KEYS)
    return section.text("name", ""), _read_text(names, section)


def _read_text(names: Names, section: Section) -> str:
    return names.refer(Kind.PROMPT, section.node_of("say"), section.describe("say"))


def _read_exceptions(names: Names, part: Section) -> list[OddDays]:
    """Days and periods with hours of their own: `2026-12-24: "08:30-12:00"`, `closed`, or `{hours: …, name: …}`."""
    node = part.node_of("exceptions")
    if node is None:
        return []
    example = 'days with hours: {2026-12-24: "08:30-12:00"}'
    written = entries(part.findings, node, part.describe("exceptions"), example)
    found = [_read_exception(names, part, each) for each in written]
    return [each for each in found if each is not None]


def _read_exception(names: Names, part: Section, entry: Entry) -> OddDays | None:
    days = _read_days(part, entry.key, "exceptions")
    if days is None:
        return None
    what = f"{entry.name} in {part.describe('exceptions')}"
    if not isinstance(entry.value, MappingNode):
        return OddDays(entry.key, *days, read_day(part.findings, entry.value, what))
    section = Section(part.findings, entry.value, what, EXCEPTION_KEYS)
    node = section.required("hours", 'the hours of that day: `hours: "08:30-12:00"`, or `closed`')
    spans = () if node is None else read_day(part.findings, node, section.describe("hours"))
    return OddDays(entry.key, *days, spans, section.text("name", ""), _read_text(names, section))


def _read_days(part: Section, node: Node, key: str) -> tuple[date, date] | None:
    """The first and the last day of `2026-12-24`, or of a period as `2026-12-24/2027-01-02`."""
    found = _PERIOD.fullmatch(str(node.value)) if isinstance(node, ScalarNode) else None
    if found is None:
        day = _read_date(part, node, key)
        return None if day is None else (day, day)
    first, last = _date(found[1]), _date(found[2])
    if first is None or last is None or not 0 <= (last - first).days < LONGEST_PERIOD:
        problem = f"{shown(node)} in {part.describe(key)} is no period of at most a year"
        part.findings.error(node, problem, "write its first and last day: 2026-12-24/2027-01-02")
        return None
    return first, last


EXCEPTION_KEYS = ("hours", "name", "say")
HOLIDAY_KEYS = ("name", "say")


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
    return _date(str(node.value) if isinstance(node, ScalarNode) else "")


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if _DATE.fullmatch(written) else None
    except ValueError:
        return None
