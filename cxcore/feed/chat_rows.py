"""What customers and agents see of chats: a row for each chat, and one for each of its lines, so that a line that is
written costs one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cxcore.domain.agent import AgentId
from cxcore.domain.chat import Author, ChatLine
from cxcore.domain.contact import WRITTEN, Channel, ContactId, ContactState
from cxcore.domain.events import ChatUndelivered, ChatWritten, Fact
from cxcore.domain.floor import Floor
from cxcore.domain.queue import QueueId
from cxcore.ports.controller import ChatLineRow, ChatRow, Subject, WrittenRow

Named = tuple[Subject, str]
OF_CHATS = frozenset({Subject.CHAT, Subject.CHAT_LINE})


def named_by(floor: Floor, fact: Fact) -> Iterator[Named]:
    """The rows of chats that a fact may have changed."""
    contact_id: ContactId | None = getattr(fact, "contact_id", None)
    if contact_id not in floor.chats:
        return
    yield Subject.CHAT, contact_id
    if isinstance(fact, ChatWritten | ChatUndelivered):
        yield Subject.CHAT_LINE, f"{contact_id}/{fact.number}"


def everything(floor: Floor) -> set[Named]:
    """All of them."""
    lines = {(Subject.CHAT_LINE, f"{key}/{line.number}") for key, chat in floor.chats.items() for line in chat.lines}
    return {(Subject.CHAT, str(key)) for key in floor.chats} | lines


def row(floor: Floor, subject: Subject, key: str) -> ChatRow | ChatLineRow | None:
    """A chat or a line of one; None when it is not on the floor, and for what is of no chat."""
    if subject is Subject.CHAT:
        return chat_row(floor, ContactId(key))
    return line_row(floor, key) if subject is Subject.CHAT_LINE else None


def chat_row(floor: Floor, contact_id: ContactId) -> ChatRow | None:
    """A chat; None when it was forgotten."""
    chat, contact = floor.chats.get(contact_id), floor.contacts.get(contact_id)
    if chat is None:
        return None
    agent = floor.agent_talking_with(contact) if contact is not None else None
    site = contact.dialled_number if contact is not None else ""
    end = chat.end.value if chat.end is not None else None
    return ChatRow(
        contact_id,
        site,
        chat.away_since,
        end,
        agent.name if agent is not None else "",
        customer_writes_until=chat.writing_until.get(Author.CUSTOMER),
        agent_writes_until=chat.writing_until.get(Author.AGENT),
        read=chat.read,
    )


def line_row(floor: Floor, key: str) -> ChatLineRow | None:
    """The line that a key names."""
    contact_id, _, number = key.rpartition("/")
    chat = floor.chats.get(ContactId(contact_id))
    if chat is None or not number.isdecimal() or not 0 < int(number) <= len(chat.lines):
        return None
    return _line(floor, contact_id, chat.lines[int(number) - 1])


def _line(floor: Floor, contact_id: str, line: ChatLine) -> ChatLineRow:
    agent = floor.agents.get(AgentId(line.agent_id)) if line.agent_id is not None else None
    name = (agent.name if agent is not None else line.agent_id) or ""
    return ChatLineRow(contact_id, line.number, line.at, line.author.value, line.text, name, line.token, line.fault)


def figures(floor: Floor, queue_id: QueueId) -> tuple[WrittenRow, ...]:
    """What a queue has of each channel of chats; nothing of one that it has not had today."""
    rows = (_figures(floor, queue_id, channel) for channel in sorted(WRITTEN))
    return tuple(row for row in rows if row != WrittenRow(row.channel))


def _figures(floor: Floor, queue_id: QueueId, channel: Channel) -> WrittenRow:
    day = floor.day.written_days(channel)[queue_id]
    waiting = [contact.queued_at for contact in floor.chats_waiting(queue_id) if contact.channel is channel]
    return WrittenRow(
        channel.value,
        waiting=len(waiting),
        oldest_at=min(filter(None, waiting), default=None),
        talking=_talking(floor, queue_id, channel),
        offered=day.offered,
        answered=day.answered,
        answered_in_time=day.answered_in_time,
        abandoned=day.abandoned,
        average_wait_seconds=day.average_wait_seconds,
        longest_wait_seconds=day.longest_wait_seconds or None,
    )


def _talking(floor: Floor, queue_id: QueueId, channel: Channel) -> int:
    contacts = [floor.contacts[contact_id] for contact_id in floor.chats if contact_id in floor.contacts]
    own = [each for each in contacts if each.queue_id == queue_id and each.channel is channel]
    return sum(each.state is ContactState.TALKING for each in own)


def forgotten(floor: Floor, shown: Iterable[Named]) -> list[Named]:
    """Of the rows that are shown, those whose chat is no longer on the floor."""
    return [each for each in shown if each[0] in OF_CHATS and ContactId(each[1].partition("/")[0]) not in floor.chats]
