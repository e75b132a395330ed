"""Reads phone numbers that belong to the site, and numbers of callers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yaml.nodes import Node

from cxcore.dialplan.findings import Findings
from cxcore.dialplan.nodes import Limits, Section, entries, text, whole_number
from cxcore.domain.numbers import EMERGENCY_NUMBERS, is_number, may_be_shown, normalised

PRIORITY = Limits(1, 99)
_BEGINNING = re.compile(r"\+[0-9]{1,14}\*")


def is_own_number(findings: Findings, node: Node, what: str) -> bool:
    """Whether a number that callers can dial or see is written there; if not, a finding says what to write."""
    written = text(findings, node, what)
    if written is None:
        return False
    meant = normalised(written)
    if {written, meant} & EMERGENCY_NUMBERS:
        findings.error(node, f"{written} is the emergency number", "write a number that your provider gave you")
    elif not is_number(written):
        remedy = f'write "{meant}"' if meant else 'write it as "+31715550100", or an internal number of 2 to 6 digits'
        findings.error(node, f"{what}: `{written[:60]}` is no phone number", remedy)
    else:
        return True
    return False


def read_own_number(section: Section, key: str) -> str:
    """The number after the key; empty when it is left out or is none."""
    node = section.node_of(key)
    if node is None or not is_own_number(section.findings, node, section.describe(key)):
        return ""
    return section.text(key, "")


def read_shown_number(section: Section, key: str) -> str:
    """The number after the key that a called party will see; empty when it is left out or may not be shown [9]."""
    number = read_own_number(section, key)
    if number and not may_be_shown(number):
        problem = f"{section.describe(key)}: {number} may not be shown outside"
        remedy = 'write a number that people can call back from everywhere: "+31715550100"'
        section.findings.error(section.node_of(key), problem, remedy)
        return ""
    return number


def read_caller_priorities(section: Section, key: str) -> Mapping[str, int]:
    """Numbers of callers, or beginnings of them such as `+3161234*`, with the priority that each has."""
    node = section.node_of(key)
    if node is None:
        return {}
    found: dict[str, int] = {}
    example = 'numbers with a priority: {"+31612345678": 5}'
    for entry in entries(section.findings, node, f"`{key}`", example):
        priority = whole_number(section.findings, entry.value, f"the priority of {entry.name}", PRIORITY)
        if _is_caller(section.findings, entry.key, entry.name) and priority is not None:
            found[entry.name] = priority
    return found


def _is_caller(findings: Findings, node: Node, written: str) -> bool:
    if is_number(written) or _BEGINNING.fullmatch(written):
        return True
    refuse_caller(findings, node, written)
    return False


def refuse_caller(findings: Findings, node: Node, written: str) -> None:
    """Say how the number of a caller is to be written."""
    meant = normalised(written)
    remedy = f'write "{meant}"' if meant else 'write "+31612345678", or the beginning of numbers: "+3161*"'
    findings.error(node, f"`{written[:60]}` is no phone number of a caller", remedy)
