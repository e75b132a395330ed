"""Who is writing in a chat, and how far the customer has read: shown to the other side, told as no fact, never stored.

A page says every few seconds that somebody types; when it stops saying so, or the line is sent, it is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.chat import Author
from cxcore.domain.commands import NoteRead, TypeAnswer, TypeInChat
from cxcore.domain.contact import Contact
from cxcore.services.chat_desk import chat_of
from cxcore.services.workplace import Workplace

WRITES_SECONDS = 6
"""A page that somebody types on says so at least every 3 s."""


def type_in(work: Workplace, command: TypeInChat, now: datetime) -> None:
    """The customer types; in a chat that has ended that means nothing."""
    contact = work.floor.contacts.get(command.contact_id)
    if contact is not None:
        _note_writing(work, contact, Author.CUSTOMER, now)


def type_answer(work: Workplace, command: TypeAnswer, now: datetime) -> None:
    """The agent types; who has no chat any more is told nothing."""
    contact = chat_of(work, work.floor.agent(command.agent_id))
    if contact is not None:
        _note_writing(work, contact, Author.AGENT, now)


def _note_writing(work: Workplace, contact: Contact, author: Author, now: datetime) -> None:
    if contact.chat is not None:
        contact.chat.writing_until[author] = now + timedelta(seconds=WRITES_SECONDS)
        work.floor.touched_chats.add(contact.contact_id)


def note_read(work: Workplace, command: NoteRead, now: datetime) -> None:
    """The customer has read up to this line, also of a chat that has ended meanwhile."""
    chat = work.floor.chats.get(command.contact_id)
    if chat is not None and chat.note_read(command.line):
        work.floor.touched_chats.add(command.contact_id)
