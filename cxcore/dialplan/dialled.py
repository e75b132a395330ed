"""Reads the numbers that callers dial: single ones, short ones such as 14071, and ranges of direct numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yaml.nodes import MappingNode

from cxcore.dialplan.findings import Findings
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Entry, Section, entries, is_text, one_of
from cxcore.dialplan.numbers import is_own_number
from cxcore.domain.dialplan import NumberLabel
from cxcore.domain.numbers import EMERGENCY_NUMBERS, NumberRange, is_number, normalised

NUMBER_KEYS = ("flow", "name", "kind")
KINDS = ("general", "group", "direct", "short")

_PATTERN = re.compile(r"(\+?[0-9]+)(x{1,4})", re.IGNORECASE)
"""At most four: ten thousand numbers are the largest range that Dutch providers give out."""
_FROM_TO = re.compile(r"(\+?[0-9]+)\s*-\s*(\+?[0-9]+)")


@dataclass(slots=True)
class DialledNumbers:
    """What stands under `numbers`."""

    flows: dict[str, str] = field(default_factory=dict)
    ranges: list[NumberRange] = field(default_factory=list)
    labels: dict[str, NumberLabel] = field(default_factory=dict)


def read_dialled_numbers(names: Names, section: Section) -> DialledNumbers:
    """The numbers of the site, each with the flow that its callers enter."""
    numbers = DialledNumbers()
    node = section.required("numbers", "the numbers that callers dial: `numbers:`")
    if node is None:
        return numbers
    lines: dict[str, Entry] = {}
    places: list[tuple[NumberRange, Entry]] = []
    for entry in entries(names.findings, node, "`numbers`", 'numbers with flows: "+31715550100": FLOW'):
        flow = _read_flow(names, entry, numbers)
        _refuse_same_number(names.findings, lines, entry)
        found = _read_range(names.findings, entry, flow)
        if found is not None:
            places.append((found, entry))
        elif not _looks_like_range(entry.name) and is_own_number(names.findings, entry.key, "a dialled number"):
            numbers.flows[entry.name] = flow
    _refuse_overlaps(names.findings, places)
    numbers.ranges = [each for each, _ in places]
    return numbers


def _read_flow(names: Names, entry: Entry, numbers: DialledNumbers) -> str:
    """A flow, or `{flow: …, name: …, kind: …}`."""
    if not isinstance(entry.value, MappingNode):
        return names.refer(Kind.FLOW, entry.value, f"the flow of number {entry.name}")
    section = Section(names.findings, entry.value, f"number {entry.name}", NUMBER_KEYS)
    numbers.labels[entry.name] = NumberLabel(section.text("name", ""), _read_kind(section))
    flow = section.required("flow", "the flow that callers enter: `flow: FLOW`")
    return names.refer(Kind.FLOW, flow, section.describe("flow"))


def _read_kind(section: Section) -> str:
    written = section.text("kind", "")
    if written and written not in KINDS:
        problem = f"{section.describe('kind')} is `{written[:60]}`"
        section.findings.error(section.node_of("kind"), problem, f"write one of {one_of(KINDS)}")
    return written


def _looks_like_range(written: str) -> bool:
    from_to = _FROM_TO.fullmatch(written)
    meant = from_to is not None and ("+" in from_to[2] or len(from_to[1]) == len(from_to[2]))
    return meant or bool(_PATTERN.fullmatch(written))


def _read_range(findings: Findings, entry: Entry, flow: str) -> NumberRange | None:
    if not is_text(entry.key) or not _looks_like_range(entry.name):
        return None
    found = range_of(entry.name, flow)
    if found is None or not is_number(found.first) or not is_number(found.last) or found.first > found.last:
        remedy = (
            'write "+3171555010x", or "+31715550110-+31715550119": the whole number, from the lowest to the highest'
        )
        findings.error(entry.key, f"`{entry.name[:60]}` is no range of phone numbers", remedy)
        return None
    emergency = next((number for number in sorted(EMERGENCY_NUMBERS) if found.holds(number)), None)
    if emergency is not None:
        problem = f"the range {entry.name} holds the emergency number {emergency}"
        findings.error(entry.key, problem, "divide the range, and leave that number out")
        return None
    return found


def range_of(written: str, flow: str) -> NumberRange | None:
    """The range that is written there; None when it is none."""
    pattern, from_to = _PATTERN.fullmatch(written), _FROM_TO.fullmatch(written)
    if pattern is not None:
        places = len(pattern[2])
        return NumberRange(pattern[1] + "0" * places, pattern[1] + "9" * places, flow, written)
    if from_to is not None and len(from_to[1]) == len(from_to[2]):
        return NumberRange(from_to[1], from_to[2], flow, written)
    return None


def _refuse_overlaps(findings: Findings, places: Iterable[tuple[NumberRange, Entry]]) -> None:
    for (before, first), (after, second) in _neighbours(places):
        if before.overlaps(after):
            line = first.key.start_mark.line + 1 if first.key.start_mark else 0
            problem = f"the range {second.name} overlaps {first.name} in line {line}"
            findings.error(second.key, problem, "let each number stand in one range")


def _neighbours(
    places: Iterable[tuple[NumberRange, Entry]],
) -> Iterator[tuple[tuple[NumberRange, Entry], tuple[NumberRange, Entry]]]:
    """Ranges in order, each with the one before it that reaches furthest."""
    furthest: tuple[NumberRange, Entry] | None = None
    for place in sorted(places, key=lambda each: (len(each[0].first), each[0].first)):
        if furthest is not None:
            yield furthest, place
        reaches = furthest is None or len(furthest[0].first) != len(place[0].first) or furthest[0].last < place[0].last
        furthest = place if reaches else furthest


def _refuse_same_number(findings: Findings, lines: dict[str, Entry], entry: Entry) -> None:
    number = normalised(entry.name) or entry.name
    first = lines.setdefault(number, entry)
    if first is not entry and first.key.start_mark is not None:
        problem = f"`{entry.name}` is the same number as `{first.name}` in line {first.key.start_mark.line + 1}"
        findings.error(entry.key, problem, "take one of them out")
