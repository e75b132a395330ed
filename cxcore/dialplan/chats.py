"""Reads the pages on which chats begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yaml.nodes import Node

from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Section, entries, items, name, text
from cxcore.domain.chat import CLOSED_WORDS, FULL_WORDS, ChatPage
from cxcore.domain.queue import QueueId

PAGE_KEYS = ("name", "queue", "origins", "welcome", "whatsapp", "closed", "full")
WHATSAPP = re.compile(r"[0-9]{5,20}")
ORIGIN = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?")
"""What may stand in frame-ancestors (CSP Level 3, 6.4.2): a source of one host; http for a trial on one machine."""


def read_chat_pages(names: Names, node: Node | None) -> dict[str, ChatPage]:
    """The pages, by the name that stands in their address."""
    if node is None:
        return {}
    example = "chats: a name, a colon, and under it the queue of the chats that begin there"
    found = entries(names.findings, node, "`chats`", example)
    pages = [_read_page(names, entry.key, entry.value) for entry in found]
    _check_numbers(names, [(entry.key, page.whatsapp) for entry, page in zip(found, pages, strict=True)])
    return {page.key: page for page in pages}


def _read_page(names: Names, key: Node, node: Node) -> ChatPage:
    page = name(names.findings, key, "the name of a chat page") or str(key.value)
    section = Section(names.findings, node, f"chat page {page}", PAGE_KEYS)
    queue = section.required("queue", "the queue of its chats: `queue: QUEUE`")
    return ChatPage(
        page,
        section.text("name", page),
        QueueId(names.refer(Kind.QUEUE, queue, section.describe("queue")) or ""),
        _read_origins(names, section),
        section.text("welcome", ""),
        _read_whatsapp(names, section),
        section.text("closed", CLOSED_WORDS),
        section.text("full", FULL_WORDS),
    )


def _check_numbers(names: Names, numbers: Sequence[tuple[Node, str]]) -> None:
    seen: set[str] = set()
    for node, number in numbers:
        if number and number in seen:
            problem = f"the WhatsApp number {number} stands at two pages"
            names.findings.error(node, problem, "give each number one page, and so one queue")
        seen.add(number)


def _read_whatsapp(names: Names, section: Section) -> str:
    node = section.node_of("whatsapp")
    found = text(names.findings, node, section.describe("whatsapp")) or "" if node is not None else ""
    if node is not None and found and not WHATSAPP.fullmatch(found):
        problem = f"{section.describe('whatsapp')}: `{found[:40]}` is no id of a number"
        names.findings.error(node, problem, 'write the phone number ID as Meta shows it, no number: "106540352242922"')
    return found


def _read_origins(names: Names, section: Section) -> tuple[str, ...]:
    node = section.node_of("origins")
    if node is None:
        return ()
    what, example = section.describe("origins"), '["https://www.noordwijk.nl"]'
    origins = [(each, text(names.findings, each, what) or "") for each in items(names.findings, node, what, example)]
    for each, origin in origins:
        if origin and not ORIGIN.fullmatch(origin):
            problem = f"{what}: `{origin[:60]}` is no address of a website"
            names.findings.error(each, problem, "write https:// and the host, without a path: https://www.noordwijk.nl")
    return tuple(origin for _, origin in origins)
