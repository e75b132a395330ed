"""Reads emergency groups: `emergency_groups: {balies: {places: ["+31715550101", receptie], message: PROMPT}}`."""

from __future__ import annotations

from collections.abc import Collection

from cxcore.dialplan.names import Names
from cxcore.dialplan.nodes import Section, entries, items, name, nearest, text
from cxcore.dialplan.service_line import TEXT_KEYS, read_prepared
from cxcore.domain.dialplan import Dialplan
from cxcore.domain.emergency_groups import EmergencyGroup
from cxcore.domain.queue import QueueId

GROUP_KEYS = ("name", "places", *TEXT_KEYS)


def read_emergency_groups(
    names: Names, site: Section, dialplan: Dialplan, queues: Collection[QueueId]
) -> dict[str, EmergencyGroup]:
    """The groups, by name."""
    node = site.node_of("emergency_groups")
    example = "emergency_groups: a name, a colon, and under it `places` and `message`"
    known, found = {*dialplan.entrances, *map(str, queues)}, {}
    for entry in () if node is None else entries(names.findings, node, "`emergency_groups`", example):
        key = name(names.findings, entry.key, "the name of an emergency group") or entry.name
        section = Section(names.findings, entry.value, f"emergency group {key}", GROUP_KEYS)
        places = _read_places(section, known)
        found[key] = EmergencyGroup(section.text("name", key), places, read_prepared(names, section))
    return found


def _read_places(section: Section, known: Collection[str]) -> tuple[str, ...]:
    node = section.required("places", 'the numbers and queues: `places: ["+31715550101", QUEUE]`')
    what, places = section.describe("places"), []
    for item in () if node is None else items(section.findings, node, what, '["+31715550101", QUEUE]'):
        written = text(section.findings, item, what) or ""
        if written and written not in known:
            meant = nearest(written, known)
            remedy = f"write `{meant}`" if meant else "write a number of `numbers`, or a queue"
            section.findings.error(item, f"{what}: `{written[:60]}` is no number or queue", remedy)
        places.append(written)
    return tuple(dict.fromkeys(places))
