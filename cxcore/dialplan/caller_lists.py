"""Reads the lists of callers: who is turned away, sent elsewhere, or waits in front."""

from __future__ import annotations

import re
from collections.abc import Iterable

from yaml.nodes import MappingNode, Node

from cxcore.dialplan.findings import Place
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Section, entries, items, name, text
from cxcore.dialplan.numbers import PRIORITY, refuse_caller
from cxcore.domain.caller_lists import STAR, CallerList
from cxcore.domain.numbers import EMERGENCY_NUMBERS, is_number

CALLER_LIST_KEYS = ("numbers", "hidden", "forwarded_from", "block", "flow", "priority")

_BEGINNING = re.compile(r"\+?[0-9]{1,14}\*")


def read_caller_lists(names: Names, node: Node | None) -> tuple[CallerList, ...]:
    """The lists, in the order of the file."""
    if node is None:
        return ()
    example = "lists of callers: a name, a colon, and under it their numbers and what becomes of them"
    found = entries(names.findings, node, "`callers`", example)
    taken: dict[str, tuple[str, Place]] = {}
    return tuple(_read_list(names, entry.key, entry.value, taken) for entry in found)


def _read_list(names: Names, key: Node, node: Node, taken: dict[str, tuple[str, Place]]) -> CallerList:
    list_name = name(names.findings, key, "the name of a list of callers") or str(key.value)
    section = Section(names.findings, node, f"list of callers {list_name}", CALLER_LIST_KEYS)
    hidden = section.yes_or_no("hidden", False)
    block = names.refer(Kind.PROMPT, section.node_of("block"), section.describe("block")) or None
    flow = names.refer(Kind.FLOW, section.node_of("flow"), section.describe("flow")) or None
    priority = section.whole_number("priority", 0, PRIORITY)
    _check_says_something(section)
    numbers = _read_numbers(names, section, list_name, bool(block or flow), taken)
    forwarded_from = frozenset(_read_forwarders(names, section))
    if hidden:
        _refuse_twice(names, section.node_of("hidden") or node, "hidden", list_name, taken)
    return CallerList(list_name, frozenset(numbers), hidden, forwarded_from, block, flow, priority)


def _check_says_something(section: Section) -> None:
    if not isinstance(section.node, MappingNode) or not section.node.value:
        return
    treatments = [key for key in ("block", "flow", "priority") if section.node_of(key) is not None]
    if not treatments:
        remedy = "write `block: PROMPT`, `flow: FLOW` or `priority: 5`"
        section.findings.error(section.node, f"{section.what} does not say what becomes of its callers", remedy)
    elif "block" in treatments and len(treatments) > 1:
        remedy = f"take `{treatments[1]}` out: a caller who is blocked goes nowhere else"
        section.findings.error(section.node_of(treatments[1]), f"{section.what} blocks its callers", remedy)
    if all(section.node_of(key) is None for key in ("numbers", "hidden", "forwarded_from")):
        remedy = 'write `numbers: ["+31612345678", "+44*"]`, or `hidden: true`'
        section.findings.error(section.node, f"{section.what} names no callers", remedy)


def _read_forwarders(names: Names, section: Section) -> Iterable[str]:
    node = section.node_of("forwarded_from")
    if node is None:
        return
    for item in items(names.findings, node, section.describe("forwarded_from"), '["+31715550123"]'):
        number = text(names.findings, item, f"a number in {section.what}")
        if number is not None and _is_caller(names, item, number, diverts=False):
            yield number


def _read_numbers(
    names: Names, section: Section, list_name: str, diverts: bool, taken: dict[str, tuple[str, Place]]
) -> Iterable[str]:
    node = section.node_of("numbers")
    if node is None:
        return ()
    found = items(names.findings, node, section.describe("numbers"), '["+31612345678", "+3161234*"]')
    numbers: list[str] = []
    for item in found:
        number = text(names.findings, item, f"a number in {section.what}")
        if number is not None and _is_caller(names, item, number, diverts):
            _refuse_twice(names, item, number, list_name, taken)
            numbers.append(number)
    return numbers


def _is_caller(names: Names, node: Node, written: str, diverts: bool) -> bool:
    emergency = next((number for number in sorted(EMERGENCY_NUMBERS) if _fits(written, number)), None)
    if diverts and emergency is not None:
        problem = f"`{written}` also holds the emergency number {emergency}, which must never be turned away or queued"
        names.findings.error(node, problem, "write longer beginnings, or the numbers that are meant")
        return False
    if is_number(written) or _BEGINNING.fullmatch(written):
        return True
    refuse_caller(names.findings, node, written)
    return False


def _fits(written: str, number: str) -> bool:
    return number.startswith(written[:-1]) if written.endswith(STAR) else number == written


def _refuse_twice(names: Names, node: Node, number: str, name: str, taken: dict[str, tuple[str, Place]]) -> None:
    owner, place = taken.setdefault(number, (name, names.findings.place(node)))
    if place != names.findings.place(node):
        where = "twice in this list" if owner == name else f"in the list {owner} too"
        problem = f"`{number}` stands {where}, in line {place.line}"
        names.findings.error(node, problem, "take one of them out: a caller is treated in one way")
