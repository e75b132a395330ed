"""Reads the prepared answers of a site."""

from __future__ import annotations

from yaml.nodes import Node

from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Section, entries, name
from cxcore.domain.answers import LONGEST_TEXT, PreparedAnswer
from cxcore.domain.queue import QueueId

ANSWER_KEYS = ("name", "text", "queue")
EXAMPLE = "groet: {name: Groet, text: Goedendag}"


def read_answers(names: Names, node: Node | None) -> tuple[PreparedAnswer, ...]:
    """The answers, in the order of the file."""
    if node is None:
        return ()
    found = entries(names.findings, node, "`answers`", EXAMPLE)
    return tuple(_read_answer(names, each.key, each.value) for each in found)


def _read_answer(names: Names, key: Node, node: Node) -> PreparedAnswer:
    written = name(names.findings, key, "a prepared answer") or str(key.value)
    section = Section(names.findings, node, f"prepared answer {written}", ANSWER_KEYS)
    section.required("name", "by what it is found: `name: Groet`")
    section.required("text", "what is written: `text: Goedendag`")
    return PreparedAnswer(written, section.text("name", written), _read_text(section), _read_queue(names, section))


def _read_text(section: Section) -> str:
    text, node = section.text("text", ""), section.node_of("text")
    if node is not None and len(text) > LONGEST_TEXT:
        problem = f"{section.describe('text')} has {len(text)} characters"
        section.findings.error(node, problem, f"write at most {LONGEST_TEXT}: that is the most that one line may have")
    return text


def _read_queue(names: Names, section: Section) -> QueueId | None:
    node = section.node_of("queue")
    if node is None:
        return None
    return QueueId(names.refer(Kind.QUEUE, node, section.describe("queue")) or "")
