"""Reads the pages on which chats begin."""

from __future__ import annotations

import re

from yaml.nodes import Node

from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Section, entries, items, name, text
from cxcore.domain.chat import ChatPage
from cxcore.domain.queue import QueueId

PAGE_KEYS = ("name", "queue", "origins", "welcome")
ORIGIN = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?")
"""What may stand in frame-ancestors (CSP Level 3, 6.4.2): a source of one host; http for a trial on one machine."""


def read_chat_pages(names: Names, node: Node | None) -> dict[str, ChatPage]:
    """The pages, by the name that stands in their address."""
    if node is None:
        return {}
    example = "chats: a name, a colon, and under it the queue of the chats that begin there"
    found = entries(names.findings, node, "`chats`", example)
    pages = [_read_page(names, entry.key, entry.value) for entry in found]
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
    )


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
