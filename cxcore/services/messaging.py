"""Customers write by a messaging service [22, 34]: their messages begin a chat, or go on in the one that runs.

It is a chat as those of `services.chats`, without a page: nobody watches whether the customer is there, and what we
write leaves by the outbox (`ports.messenger`). Only the agent, or the queue that closes, ends it.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.chat import LONGEST_LINE, Author, ChatEnd, ChatPage, address_in, cleaned
from cxcore.domain.commands import NoteUndelivered, TakeMessage
from cxcore.domain.contact import Channel, Contact, ContactId
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import ChatUndelivered
from cxcore.domain.tidings import LineNotSent
from cxcore.services import chats
from cxcore.services.workplace import Workplace


def take(work: Workplace, command: TakeMessage, now: datetime) -> None:
    """Keep the message. Raises `NotFound` where no page has this number of ours, `NotAllowed` for an empty one."""
    text = cleaned(command.text, LONGEST_LINE, lines=True)
    if not text:
        raise NotAllowed("empty", "nothing was written")
    if _is_known(work, command.token):
        return
    contact = _running(work, command.via, command.sender)
    if contact is not None:  # also when the number was taken out of the site meanwhile
        chats.write(work, contact, Author.CUSTOMER, text, command.token, now)
    else:
        _begin(work, command, _page(work, command.via), text, now)


def _page(work: Workplace, via: str) -> ChatPage:
    pages = work.floor.site.chat_pages.values()
    page = next((each for each in pages if via and each.whatsapp == via), None)
    if page is None or page.queue_id not in work.floor.site.queues:
        raise NotFound("chat-page", via)
    return page


def _is_known(work: Workplace, token: str) -> bool:
    """Services deliver a message at least once."""
    return bool(token) and any(token in chat.tokens for chat in work.floor.chats.values())


def _running(work: Workplace, via: str, sender: str) -> Contact | None:
    address = address_in(sender)
    for contact_id, chat in work.floor.chats.items():
        contact = work.floor.contacts.get(contact_id)
        if contact is not None and chat.via == via and contact.caller_number == address:
            return contact
    return None


def _was_turned_away(work: Workplace, page: ChatPage, sender: str) -> bool:
    """Who has just read that nobody takes messages now does not read it again for each further one."""
    address, chats_of_now = address_in(sender), work.floor.chats.values()
    return any(chat.turned_away == address for chat in chats_of_now if address and chat.via == page.whatsapp)


def _begin(work: Workplace, command: TakeMessage, page: ChatPage, text: str, now: datetime) -> None:
    obstacle = chats.obstacle(work, page.queue_id, now)
    if obstacle is not None and _was_turned_away(work, page, command.sender):
        return
    who = (command.sender, command.name)
    contact = chats.open_chat(work, ContactId(work.new_identity()), who, page, Channel.WHATSAPP, now)
    chats.write(work, contact, Author.CUSTOMER, text, command.token, now)
    if obstacle is None:
        chats.wait_with(work, contact, page.queue_id, now)
    else:
        _turn_away(work, contact, page, obstacle, now)


def _turn_away(work: Workplace, contact: Contact, page: ChatPage, obstacle: ChatEnd, now: datetime) -> None:
    if contact.chat is not None:
        contact.chat.turned_away = contact.caller_number
    chats.turn_away(work, contact, page.queue_id, obstacle, now)


# --- What did not arrive ---------------------------------------------------------------------------------------------


def note_undelivered(work: Workplace, command: NoteUndelivered, now: datetime) -> None:
    """The service says so, perhaps of a chat that has ended."""
    _note(work, command.contact_id, command.line, command.fault, now)


def not_sent(work: Workplace, tiding: LineNotSent) -> None:
    """The line was given up."""
    _note(work, tiding.contact_id, tiding.number, tiding.fault, tiding.at)


def _note(work: Workplace, contact_id: ContactId, number: int, fault: str, now: datetime) -> None:
    chat = work.floor.chats.get(contact_id)
    if chat is not None and chat.via and chat.note_fault(number, fault):
        work.publish(ChatUndelivered(now, contact_id, number, fault))
