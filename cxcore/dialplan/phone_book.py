"""Reads the phone book of a site."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node

from cxcore.dialplan.findings import Findings
from cxcore.dialplan.nodes import Section, entries, items, name
from cxcore.dialplan.steps import read_destination
from cxcore.domain.numbers import EMERGENCY_NUMBERS
from cxcore.domain.phone_book import PhoneBookEntry

ENTRY_KEYS = ("name", "department", "numbers")
EXAMPLE = 'wijkteam: {name: Wijkteam Noord, department: Sociaal domein, numbers: ["+31715550200"]}'


def read_phone_book(findings: Findings, node: Node | None) -> tuple[PhoneBookEntry, ...]:
    """The entries, in the order of the file."""
    if node is None:
        return ()
    found = [_read_entry(findings, each.key, each.value) for each in entries(findings, node, "`phone_book`", EXAMPLE)]
    return tuple(found)


def _read_entry(findings: Findings, key: Node, node: Node) -> PhoneBookEntry:
    written = name(findings, key, "a phone book entry") or str(key.value)
    section = Section(findings, node, f"phone book entry {written}", ENTRY_KEYS)
    section.required("name", "who it is: `name: Wijkteam Noord`")
    numbers = section.required("numbers", 'where it rings: `numbers: ["+31715550200"]`; several ring together')
    destinations = _read_numbers(section, numbers) if isinstance(node, MappingNode) else ()
    return PhoneBookEntry(written, section.text("name", written), destinations, section.text("department", ""))


def _read_numbers(section: Section, node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    found: list[str] = []
    for item in items(section.findings, node, section.describe("numbers"), '["+31715550200"]'):
        destination = read_destination(section.findings, item, section.describe("numbers"))
        if destination in EMERGENCY_NUMBERS:
            problem = f"{section.describe('numbers')} goes to the emergency number {destination}"
            remedy = "take it out: let a message say that the caller is to dial it directly"
            section.findings.error(item, problem, remedy)
        elif destination:
            found.append(destination)
    return tuple(found)
