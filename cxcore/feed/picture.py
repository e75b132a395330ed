"""The live picture: rows, and the numbered changes that lead from one picture to the next."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from cxcore.domain.alarms import key_of
from cxcore.ports.controller import (
    AgentRow,
    AlarmRow,
    Change,
    ChatLineRow,
    ChatRow,
    ContactRow,
    EmergencyRow,
    Listener,
    Picture,
    QueueRow,
    Row,
    Subject,
    SystemRow,
)

log = logging.getLogger(__name__)

KEPT_CHANGES = 1000

ROW_TYPES: dict[Subject, type[Row]] = {
    Subject.QUEUE: QueueRow,
    Subject.AGENT: AgentRow,
    Subject.CONTACT: ContactRow,
    Subject.SYSTEM: SystemRow,
    Subject.EMERGENCY: EmergencyRow,
    Subject.ALARM: AlarmRow,
    Subject.CHAT: ChatRow,
    Subject.CHAT_LINE: ChatLineRow,
}


def identity(row: Row) -> tuple[Subject, str]:
    """Subject and key of a row."""
    if isinstance(row, AgentRow):
        return Subject.AGENT, row.agent_id
    if isinstance(row, ContactRow):
        return Subject.CONTACT, row.contact_id
    if isinstance(row, QueueRow):
        return Subject.QUEUE, row.queue_id
    if isinstance(row, EmergencyRow):
        return Subject.EMERGENCY, row.scope
    if isinstance(row, AlarmRow):
        return Subject.ALARM, key_of(row.queue_id, row.kind)
    if isinstance(row, ChatRow):
        return Subject.CHAT, row.contact_id
    if isinstance(row, ChatLineRow):
        return Subject.CHAT_LINE, row.key
    return Subject.SYSTEM, row.part


class LivePicture:
    """Holds the rows. A listener must not wait; one that fails is logged and the others still hear of the change."""

    def __init__(self, kept_changes: int = KEPT_CHANGES) -> None:
        self.number = 0
        self._rows: dict[tuple[Subject, str], Row] = {}
        # Late joiners ask for what they missed; the bound keeps a day of changes from filling the memory.
        self._history: deque[Change] = deque(maxlen=kept_changes)
        self._listeners: dict[object, Listener] = {}

    def replace(self, row: Row) -> Change | None:
        """Put a row in its place; None when it stands there already."""
        subject, key = identity(row)
        if self._rows.get((subject, key)) == row:
            return None
        self._rows[subject, key] = row
        return self._note(subject, key, row)

    def remove(self, subject: Subject, key: str) -> Change | None:
        """Take a row away; None when there is none."""
        if self._rows.pop((subject, key), None) is None:
            return None
        return self._note(subject, key, None)

    def picture(self) -> Picture:
        """All rows as they are now."""
        return Picture(self.number, dict(self._rows))

    def keys(self) -> list[tuple[Subject, str]]:
        """Subject and key of every row."""
        return list(self._rows)

    def since(self, number: int) -> tuple[Change, ...] | None:
        """The changes after this number; None when they are not kept any more, or the number was never reached."""
        missed = self.number - number
        if not 0 <= missed <= len(self._history):
            return None
        return tuple(self._history)[len(self._history) - missed :]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each change from now on; returns what ends it."""
        token = object()
        self._listeners[token] = listener
        return lambda: self._forget(token)

    def _forget(self, token: object) -> None:
        self._listeners.pop(token, None)

    def _note(self, subject: Subject, key: str, row: Row | None) -> Change:
        self.number += 1
        change = Change(self.number, subject, key, row)
        self._history.append(change)
        for listener in tuple(self._listeners.values()):
            self._tell(listener, change)
        return change

    def _tell(self, listener: Listener, change: Change) -> None:
        try:
            listener(change)
        except Exception:
            log.exception("a listener failed on change %d of the live picture", change.number)
