"""What the customer's page hears of its chat: asked for, and answered as soon as there is something new."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from admin_web.presenters.rows import milliseconds
from cxcore.ports.controller import Change, ChatLineRow, ChatRow, ContactRow, Controller, Picture, Subject

OF_CHATS = (Subject.CHAT, Subject.CHAT_LINE, Subject.CONTACT)
MOST_WAITING = 3
"""Requests that wait for one chat; a page has one, and for a moment two. One more answers the others at once."""
MOST_AT_ONCE = 100
"""Lines in one answer; the page asks for the rest."""

Json = Mapping[str, object]


@dataclass(slots=True)
class ChatBell:
    """Wakes the requests that wait for a chat. One subscription to the core serves them all."""

    controller: Controller
    _waiting: dict[str, set[threading.Event]] = field(default_factory=dict)
    _subscribed: bool = False

    @contextmanager
    def heard(self, contact_id: str) -> Iterator[threading.Event]:
        """An event that is set with the next change of the chat."""
        if not self._subscribed:
            self._subscribed = True
            self.controller.subscribe(self._ring)
        event, waiting = threading.Event(), self._waiting.setdefault(contact_id, set())
        if len(waiting) >= MOST_WAITING:
            for each in waiting:
                each.set()
        waiting.add(event)
        try:
            yield event
        finally:
            waiting.discard(event)
            if not waiting and self._waiting.get(contact_id) is waiting:
                del self._waiting[contact_id]

    def _ring(self, change: Change) -> None:
        if self._waiting and change.subject in OF_CHATS:
            for event in tuple(self._waiting.get(change.key.partition("/")[0], ())):
                event.set()


def news(picture: Picture, contact_id: str, after: int, runs: bool) -> Json:
    """Where the chat stands, and the lines after a number; `runs`: as the core says."""
    chat, contact = picture.rows.get((Subject.CHAT, contact_id)), picture.rows.get((Subject.CONTACT, contact_id))
    lines = list(_lines(picture, contact_id, after))
    return {**standing(chat, contact, runs), "lines": lines}


def standing(chat: object, contact: object, runs: bool) -> Json:
    """Waiting at which place, talking with whom, or ended by whom. One that the core has just begun may not be in the
    picture yet: that follows the answers of the core a moment later. One that nobody knows any more has ended."""
    if chat is None and runs:
        return {"state": "waiting", "place": None}
    if not isinstance(chat, ChatRow) or chat.end is not None or not isinstance(contact, ContactRow):
        return {"state": "ended", "end": chat.end if isinstance(chat, ChatRow) else None}
    if contact.state == "talking":
        return {"state": "talking", "agent": chat.agent, "writesUntil": milliseconds(chat.agent_writes_until)}
    return {"state": "waiting", "place": contact.position}


def _lines(picture: Picture, contact_id: str, after: int) -> Iterator[Json]:
    for number in range(after + 1, after + 1 + MOST_AT_ONCE):
        row = picture.rows.get((Subject.CHAT_LINE, f"{contact_id}/{number}"))
        if not isinstance(row, ChatLineRow):
            return
        yield {
            "number": row.number,
            "at": milliseconds(row.at),
            "author": row.author,
            "name": row.name,
            "text": row.text,
            "token": row.token,
        }
