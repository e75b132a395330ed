"""Reads the traffic classes of a site: who may dial where [87]."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yaml.nodes import Node

from cxcore.dialplan.findings import Findings
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Section, entries, items, name, nearest, one_of, text
from cxcore.domain.numbers import EMERGENCY_NUMBERS, is_number, normalised
from cxcore.domain.traffic import TrafficClass, TrafficKind

TRAFFIC_CLASS_KEYS = ("name", "allow", "deny")
KINDS = tuple(kind.value for kind in TrafficKind)
EXAMPLE = "nationaal: {name: Nationaal, allow: [internal, national, mobile, free]}"
_BEGINNING = re.compile(r"\+?[0-9]{1,14}\*")
_AT_HOME = re.compile(r"\+31(80[0*]|90)")
_ABROAD = re.compile(r"^0(?!80[0*]|90)")

Rules = tuple[frozenset[TrafficKind], tuple[str, ...]]


def read_traffic_classes(names: Names, site: Section) -> tuple[Mapping[str, TrafficClass], str]:
    """The classes by key, and the class of users who have none of their own; that one is required with any class."""
    default = names.refer(Kind.TRAFFIC_CLASS, site.node_of("traffic_class"), "`traffic_class` of the site")
    node = site.node_of("traffic_classes")
    if node is None:
        return {}, default
    found = entries(names.findings, node, "`traffic_classes`", EXAMPLE)
    classes = [_read_class(names.findings, each.key, each.value) for each in found]
    if site.node_of("traffic_class") is None:
        remedy = f"write `traffic_class:` with one of {one_of(each.key for each in classes)}"
        names.findings.error(node, "there are traffic classes, and none for users without one", remedy)
    return {each.key: each for each in classes}, default


def _read_class(findings: Findings, key: Node, node: Node) -> TrafficClass:
    written = name(findings, key, "a traffic class") or str(key.value)
    section = Section(findings, node, f"traffic class {written}", TRAFFIC_CLASS_KEYS)
    allow = section.required("allow", "what may be dialled: `allow: [internal, national]`")
    kinds, allowed = _read_rules(section, "allow", allow)
    _, denied = _read_rules(section, "deny", section.node_of("deny"))
    return TrafficClass(written, section.text("name", written), kinds, allowed, denied)


def _read_rules(section: Section, key: str, node: Node | None) -> Rules:
    if node is None:
        return frozenset(), ()
    kinds: set[TrafficKind] = set()
    beginnings: list[str] = []
    for item in items(section.findings, node, section.describe(key), '[internal, national, "+44*"]'):
        written = text(section.findings, item, section.describe(key)) or ""
        if key == "allow" and written in KINDS:
            kinds.add(TrafficKind(written))
        elif written and _is_beginning(section, key, item, written):
            beginnings.append(written.removesuffix("*") if written.endswith("*") else normalised(written) or written)
    return frozenset(kinds), tuple(beginnings)


def _is_beginning(section: Section, key: str, node: Node, written: str) -> bool:
    if written.removesuffix("*") in EMERGENCY_NUMBERS:
        problem = f"{section.describe(key)} names {written}, which may always be dialled"
        section.findings.error(node, problem, "take it out")
        return False
    if is_number(written) or _BEGINNING.fullmatch(written):
        _warn_of_no_match(section, key, node, written)
        return True
    meant = nearest(written, KINDS) if key == "allow" else None
    number = normalised(written)
    choice = f"one of {one_of(KINDS)}, or a number" if key == "allow" else "a number"
    remedy = f"write `{meant}`" if meant else f'write "{number}"' if number else f'write {choice}, such as "+44*"'
    problem = f"{section.describe(key)}: `{written[:60]}` is no number and no kind of number"
    section.findings.error(node, problem, remedy)
    return False


def _warn_of_no_match(section: Section, key: str, node: Node, written: str) -> None:
    """Numbers are compared as +31…, and 0800 and 0900 as they are dialled: the other form fits none of them."""
    meant = _AT_HOME.sub(r"0\1", written) if _AT_HOME.match(written) else _ABROAD.sub("+31", written)
    if written.endswith("*") and meant != written:
        problem = f"{section.describe(key)}: no number that is dialled begins with `{written}`"
        section.findings.warn(node, problem, f'write "{meant}"')
