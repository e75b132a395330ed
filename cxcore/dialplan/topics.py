"""Reads the topics of a site, and the reasons for a break."""

from __future__ import annotations

from collections.abc import Sequence

from yaml.nodes import MappingNode, Node

from cxcore.dialplan.findings import Findings
from cxcore.dialplan.nodes import Section, items, text
from cxcore.domain.topics import Topic

TOPIC_KEYS = ("name", "group", "retired")


def read_topics(findings: Findings, node: Node | None) -> tuple[Topic, ...]:
    """What contacts can be about [41], in the order of the file; those that are retired too."""
    if node is None:
        return ()
    found = items(findings, node, "`topics`", "[Paspoort, Verhuizing]")
    topics = [_read_topic(findings, item) for item in found]
    _refuse_doubles(findings, found, [topic.name for topic in topics], "topic")
    return tuple(topics)


def read_break_reasons(findings: Findings, node: Node | None) -> tuple[str, ...]:
    """The reasons for a break [24], in the order of the file."""
    if node is None:
        return ()
    found = items(findings, node, "`break_reasons`", "[Pauze, Lunch]")
    reasons = [text(findings, item, "a break reason") or "" for item in found]
    _refuse_doubles(findings, found, reasons, "break reason")
    return tuple(reasons)


def _read_topic(findings: Findings, node: Node) -> Topic:
    if not isinstance(node, MappingNode):
        return Topic(text(findings, node, "a topic") or "")
    section = Section(findings, node, "a topic", TOPIC_KEYS)
    section.required("name", "what it is about: `name: Paspoort`")
    return Topic(section.text("name", ""), section.text("group", ""), section.yes_or_no("retired", False))


def _refuse_doubles(findings: Findings, nodes: Sequence[Node], names: list[str], what: str) -> None:
    for node, (index, name) in zip(nodes, enumerate(names), strict=True):
        if name and name in names[:index]:
            findings.error(node, f"the {what} `{name}` stands twice", "take one of them out")
