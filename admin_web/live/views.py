"""What each page may see of the live picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from admin_web.live.encoding import Key, Shape
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import WRITTEN
from cxcore.ports.controller import AgentRow, ContactRow, Row, Subject

OF_CHATS = (Subject.CHAT, Subject.CHAT_LINE)
CHANNELS_OF_CHATS = frozenset(channel.value for channel in WRITTEN)


class ViewOutdated(Exception):
    """What the page may see has changed so that it must start from a fresh snapshot."""


class View(Protocol):
    """Decides on one browser's behalf, row by row, in the order of the changes."""

    def begin(self, rows: dict[Key, Row]) -> None:
        """A snapshot of these rows follows."""

    def shape(self, key: Key, row: Row | None) -> Shape | None:
        """How the row is shown; None when this page does not see it. Raises `ViewOutdated`."""

    def hides(self, key: Key, row: Row | None) -> bool:
        """Whether the page showed this row until now and may no longer; asked before `shape`."""


@dataclass(slots=True)
class FloorView:
    """Queues, agents, the system; contacts for those who may see everybody's. What is written in chats is not shown."""

    sees_contacts: bool

    def begin(self, rows: dict[Key, Row]) -> None:
        """Nothing depends on the rows."""

    def shape(self, key: Key, row: Row | None) -> Shape | None:
        """Everything in full, or not at all."""
        if key[0] in OF_CHATS or (key[0] is Subject.CONTACT and not self.sees_contacts):
            return None
        return Shape.FULL

    def hides(self, key: Key, row: Row | None) -> bool:
        """What is seen stays seen."""
        return False


@dataclass(slots=True)
class WallboardView:
    """The queues that a board shows, and what agents do, without names. `queue_ids` empty: every queue."""

    queue_ids: frozenset[str]

    def begin(self, rows: dict[Key, Row]) -> None:
        """Nothing depends on the rows."""

    def shape(self, key: Key, row: Row | None) -> Shape | None:
        """Queues in full, agents and alarms nameless, contacts and the rest not at all."""
        if key[0] is Subject.AGENT:
            return Shape.NAMELESS
        if key[0] is Subject.QUEUE and (not self.queue_ids or key[1] in self.queue_ids):
            return Shape.FULL
        if key[0] is Subject.ALARM and (not self.queue_ids or key[1].rpartition(":")[0] in self.queue_ids):
            return Shape.NAMELESS
        return None

    def hides(self, key: Key, row: Row | None) -> bool:
        """What is seen stays seen."""
        return False


@dataclass(slots=True)
class DeskView:
    """The agent's own row and contact in full, colleagues in outline, and the queues of which the agent is a member.

    Of chats: those that wait in these queues, since the agent may pick one, and what is written in the own one. When
    a chat becomes the agent's, or another's, only a fresh snapshot has all of its lines, or none.
    """

    agent_id: AgentId
    _memberships: frozenset[str] = frozenset()
    _own_contacts: set[str] = field(default_factory=set)
    _own_chats: set[str] = field(default_factory=set)

    def begin(self, rows: dict[Key, Row]) -> None:
        """Learn the memberships."""
        own = rows.get((Subject.AGENT, self.agent_id))
        self._memberships = frozenset(own.memberships) if isinstance(own, AgentRow) else frozenset()
        self._own_contacts.clear()
        self._own_chats = {key for (_, key), row in rows.items() if self._has_chat(row)}
        if isinstance(own, AgentRow) and own.contact_id and (Subject.CONTACT, own.contact_id) not in rows:
            self._own_chats.add(own.contact_id)  # it has ended, and is being wrapped up

    def shape(self, key: Key, row: Row | None) -> Shape | None:
        """See the class."""
        match key[0]:
            case Subject.CONTACT:
                return self._contact_shape(key[1], row)
            case Subject.QUEUE:
                return Shape.FULL if key[1] in self._memberships else None
            case Subject.AGENT:
                return self._agent_shape(key[1], row)
            case Subject.SYSTEM | Subject.EMERGENCY:
                return Shape.FULL
            case Subject.CHAT | Subject.CHAT_LINE:
                return Shape.FULL if key[1].partition("/")[0] in self._own_chats else None
            case Subject.ALARM:
                return None

    def hides(self, key: Key, row: Row | None) -> bool:
        """Whether the page shows this contact and must take it away. Raises `ViewOutdated` for a chat that became the
        agent's, or another's."""
        if isinstance(row, ContactRow) and row.channel in CHANNELS_OF_CHATS:
            if self._has_chat(row) is not (key[1] in self._own_chats):
                raise ViewOutdated
        if key[0] is not Subject.CONTACT or key[1] not in self._own_contacts or self._is_own(row):
            return False
        self._own_contacts.discard(key[1])
        return True

    def _contact_shape(self, contact_id: str, row: Row | None) -> Shape | None:
        if not self._is_own(row):
            return None
        self._own_contacts.add(contact_id)
        return Shape.FULL

    def _is_own(self, row: Row | None) -> bool:
        return isinstance(row, ContactRow) and (row.concerns(self.agent_id) or self._may_be_picked(row))

    def _may_be_picked(self, row: ContactRow) -> bool:
        waits = row.state == "waiting" and row.channel in CHANNELS_OF_CHATS
        return waits and row.queue_id in self._memberships

    def _has_chat(self, row: Row) -> bool:
        return isinstance(row, ContactRow) and row.channel in CHANNELS_OF_CHATS and row.concerns(self.agent_id)

    def _agent_shape(self, agent_id: str, row: Row | None) -> Shape:
        if agent_id != self.agent_id:
            return Shape.COLLEAGUE
        if isinstance(row, AgentRow) and frozenset(row.memberships) != self._memberships:
            raise ViewOutdated
        return Shape.OWN
