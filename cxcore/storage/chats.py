"""The chats that have not ended, out of their facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cxcore.domain.contact import WRITTEN, ContactId
from cxcore.domain.events import (
    ChatUndelivered,
    ChatWritten,
    ContactAnswered,
    ContactAssigned,
    ContactEnded,
    ContactOpened,
    ContactQueued,
    Fact,
    TalkEnded,
)
from cxcore.domain.queue import QueueId
from cxcore.ports.contact_log import OpenChat

ABOUT_CHATS = (
    ContactOpened,
    ContactQueued,
    ContactAnswered,
    ContactAssigned,
    TalkEnded,
    ChatWritten,
    ChatUndelivered,
    ContactEnded,
)
NOWHERE = QueueId("")


def open_chats_in(facts: Iterable[Fact]) -> tuple[OpenChat, ...]:
    """The chats without an end, in the order of their opening; of those that never stood in a queue nothing is known
    to anybody."""
    chats: dict[ContactId, OpenChat] = {}
    assigned: set[ContactId] = set()
    for fact in facts:
        if isinstance(fact, ContactOpened) and fact.channel in WRITTEN:
            chats[fact.contact_id] = _opened(fact)
        contact_id: ContactId | None = getattr(fact, "contact_id", None)
        if contact_id in chats:
            _take(chats, assigned, contact_id, fact)
    return tuple(each for each in chats.values() if each.queue_id != NOWHERE)


def _opened(fact: ContactOpened) -> OpenChat:
    party = (fact.dialled_number, fact.caller_number, fact.caller_name)
    return OpenChat(fact.contact_id, fact.channel, fact.at, *party, queue_id=NOWHERE, queued_at=fact.at)


def _take(chats: dict[ContactId, OpenChat], assigned: set[ContactId], contact_id: ContactId, fact: Fact) -> None:
    chat = chats[contact_id]
    if isinstance(fact, ContactEnded):
        del chats[contact_id]
    elif isinstance(fact, ChatWritten):
        chats[contact_id] = replace(chat, lines=(*chat.lines, fact))
    elif isinstance(fact, ChatUndelivered):
        chats[contact_id] = replace(chat, faults=(*chat.faults, (fact.number, fact.fault)))
    elif isinstance(fact, ContactQueued):
        chats[contact_id] = _waiting(chat, fact, contact_id in assigned)
    elif isinstance(fact, ContactAnswered):
        chats[contact_id] = replace(chat, agent_id=fact.agent_id, answered_at=fact.at, in_front=False)
    if isinstance(fact, ContactAssigned):
        assigned.add(contact_id)
    elif not isinstance(fact, ChatWritten | ChatUndelivered):
        assigned.discard(contact_id)


def _waiting(chat: OpenChat, fact: ContactQueued, in_front: bool) -> OpenChat:
    with_nobody = replace(chat, agent_id=None, answered_at=None)
    return replace(with_nobody, queue_id=fact.queue_id, queued_at=fact.at, in_front=in_front)
