"""Customers write on a page of the site [22, 34]: a chat begins, waits in its queue, and ends.

It is a contact like any other without a leg: the same queues, offers and figures. What is written is a fact that holds
the text encrypted, so a core that is killed loses no line (`restore`). A page says every while that it is there; one
that is not heard of lets the customer lose the place in line, but not the conversation until much later, so that a
reload or a lost network ends nothing. `services.chat_desk` has what agents do.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.chat import (
    LONGEST_LINE,
    LONGEST_NAME,
    Author,
    Chat,
    ChatEnd,
    ChatLine,
    ChatPage,
    address_in,
    cleaned,
    opening_words,
)
from cxcore.domain.commands import LeaveChat, LoseChat, SeeChat, StartChat, WriteInChat
from cxcore.domain.contact import Channel, Contact, ContactId, ContactState, Outcome
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import ChatEnded, ChatPresence, ChatWritten, ContactLeftQueue, ContactOpened
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId
from cxcore.domain.measures import QUICK_DROP_SECONDS
from cxcore.domain.queue import QueueId
from cxcore.domain.tidings import ChatForgotten, ChatMissed
from cxcore.ports.contact_log import OpenChat
from cxcore.ports.transcripts import TranscriptUnreadable
from cxcore.services import conversation, offering, queueing
from cxcore.services.endings import end_contact
from cxcore.services.workplace import Workplace

log = logging.getLogger(__name__)

AWAY_SECONDS = 45
"""A page that is there says so at least every 20 s; a network that is lost for that long is no departure."""
RELOAD_SECONDS = 25
"""How long a page that was closed may take to be there again."""
GIVE_UP_SECONDS = 600
"""How long a conversation is kept for a customer who is away."""
LINGER_SECONDS = 600
"""How long a chat that has ended can be read on the pages of its customer and its agent."""
MOST_CHATS = 1000
"""At once: they stand in memory."""
IDENTITY = re.compile(r"[0-9a-z-]{2,40}")
UNREADABLE = "…"


def start(work: Workplace, command: StartChat, now: datetime) -> None:
    """Let a customer wait with a first line. A request that comes twice begins one chat."""
    if command.contact_id in work.floor.chats:
        return
    page = _page(work, command.page)
    text = _text(command.text)
    _check_room(work, page.queue_id, now)
    if not IDENTITY.fullmatch(command.contact_id):
        raise NotAllowed("no-such-identity", "this is no identity of a chat")
    contact = _open(work, command, page, now)
    write(work, contact, Author.CUSTOMER, text, command.token, now)
    _see(work, contact, now)
    wait_with(work, contact, page.queue_id, now)


def _page(work: Workplace, key: str) -> ChatPage:
    page = work.floor.site.chat_pages.get(key)
    if page is None or page.whatsapp or page.queue_id not in work.floor.site.queues:
        raise NotFound("chat-page", key)
    return page


def _text(written: str) -> str:
    text = cleaned(written, LONGEST_LINE, lines=True)
    if not text:
        raise NotAllowed("empty", "nothing was written")
    return text


def wait_with(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> None:
    """Let a chat take its place in line and be offered."""
    queueing.wait_again(work, contact, queue_id, now, now)
    offering.offer_contact(work, contact, now)


def obstacle(work: Workplace, queue_id: QueueId, now: datetime) -> ChatEnd | None:
    """Why the queue takes no further chat; None when it does."""
    if not work.floor.is_open(queue_id, now):
        return ChatEnd.CLOSED
    try:
        _check_room(work, queue_id, now)
    except NotAllowed:
        return ChatEnd.FULL
    return None


def _check_room(work: Workplace, queue_id: QueueId, now: datetime) -> None:
    if not work.floor.is_open(queue_id, now):
        raise NotAllowed("queue-closed", f"{queue_id} is closed")
    most = work.floor.queue(queue_id).maximum_waiting
    if most is not None and len(work.floor.chat_lines[queue_id]) >= most:
        raise NotAllowed("queue-full", f"as many wait in {queue_id} as may")
    if len(work.floor.chats) >= MOST_CHATS:
        raise NotAllowed("queue-full", f"{MOST_CHATS} chats are open")


def _open(work: Workplace, command: StartChat, page: ChatPage, now: datetime) -> Contact:
    return open_chat(work, command.contact_id, (command.address, command.name), page, Channel.WEB_CHAT, now)


def open_chat(
    work: Workplace, contact_id: ContactId, who: tuple[str, str], page: ChatPage, channel: Channel, now: datetime
) -> Contact:
    """A chat of a customer of this address and name, that has no line yet and stands in no queue."""
    address, name = address_in(who[0]), cleaned(who[1], LONGEST_NAME)
    leg_id = LegId(work.new_identity())  # every contact has one; no switch will know it
    contact = Contact(contact_id, leg_id, page.name, address, name, now, channel=channel)
    via = page.whatsapp if channel is Channel.WHATSAPP else ""
    contact.chat = work.floor.chats[contact.contact_id] = Chat(page.key, via)
    work.floor.add_contact(contact)
    work.publish(ContactOpened(now, contact.contact_id, contact.channel, page.name, address, name))
    return contact


def write(
    work: Workplace,
    contact: Contact,
    author: Author,
    text: str,
    token: str,
    now: datetime,
    agent_id: AgentId | None = None,
) -> None:
    """Keep a line of a chat; one that is sent again is the one that is there. Raises `NotAllowed` for one too many."""
    chat = contact.chat
    if chat is None or (token and token in chat.tokens):
        return
    if chat.is_full:
        raise NotAllowed("chat-full", "the chat takes no further line")
    number = chat.next_number
    sealed = work.transcripts.seal(contact.contact_id, number, text)
    chat.add(ChatLine(number, now, author, text, agent_id, token))
    work.publish(ChatWritten(now, contact.contact_id, agent_id, author, number, sealed, token, chat.via))


def write_in(work: Workplace, command: WriteInChat, now: datetime) -> None:
    """The customer writes."""
    contact = _running(work, command.contact_id)
    _see(work, contact, now)
    write(work, contact, Author.CUSTOMER, _text(command.text), command.token, now)


def _running(work: Workplace, contact_id: ContactId) -> Contact:
    contact = work.floor.contacts.get(contact_id)
    if contact is None or contact.chat is None:
        raise NotAllowed("chat-ended", "the chat has ended")
    return contact


# --- The customer's page comes and goes ------------------------------------------------------------------------------


def see(work: Workplace, command: SeeChat, now: datetime) -> None:
    """The page is there."""
    contact = _running(work, command.contact_id)
    _see(work, contact, now)
    if contact.chat is not None and contact.chat.note_read(command.read):
        work.floor.touched_chats.add(contact.contact_id)


def _see(work: Workplace, contact: Contact, now: datetime) -> None:
    chat = contact.chat
    if chat is None or chat.via:  # who has a messenger has no page to be gone from
        return
    chat.seen_at = now
    work.timers.set(ChatMissed(now + timedelta(seconds=AWAY_SECONDS), contact.contact_id))
    if chat.away_since is not None:
        chat.away_since = None
        work.publish(ChatPresence(now, contact.contact_id, present=True))


def lose(work: Workplace, command: LoseChat, now: datetime) -> None:
    """The page was closed; one that is loaded anew says so soon."""
    contact = _running(work, command.contact_id)
    _see(work, contact, now)
    work.timers.set(ChatMissed(now + timedelta(seconds=RELOAD_SECONDS), contact.contact_id))


def missed(work: Workplace, tiding: ChatMissed) -> None:
    """The page is not there. Who waits has left; a conversation is kept for a while."""
    contact = work.floor.contacts.get(tiding.contact_id)
    if contact is None or contact.chat is None:
        return
    if contact.state is ContactState.WAITING or contact.chat.away_since is not None:
        _end(work, contact, ChatEnd.AWAY, tiding.at)
        return
    contact.chat.away_since = tiding.at
    work.publish(ChatPresence(tiding.at, contact.contact_id, present=False))
    work.timers.set(ChatMissed(tiding.at + timedelta(seconds=GIVE_UP_SECONDS), contact.contact_id))


# --- The end ---------------------------------------------------------------------------------------------------------


def leave(work: Workplace, command: LeaveChat, now: datetime) -> None:
    """The customer ends it; one that has ended already is no error."""
    contact = work.floor.contacts.get(command.contact_id)
    if contact is not None and contact.chat is not None:
        contact.chat.seen_at = now
        _end(work, contact, ChatEnd.CUSTOMER, now)


def turn_away_all(work: Workplace, queue_id: QueueId, now: datetime) -> None:
    """The queue closed, and sends those who wait away [43]."""
    for contact in list(work.floor.chats_waiting(queue_id)):
        turn_away(work, contact, queue_id, ChatEnd.CLOSED, now)


def turn_away(work: Workplace, contact: Contact, queue_id: QueueId, end: ChatEnd, now: datetime) -> None:
    """End a chat that nobody will take. Who has no page that says so is written a line with the reason."""
    chat = contact.chat
    if chat is not None and chat.via and not chat.is_full:
        write(work, contact, Author.HOUSE, _reason(work, chat, queue_id, end, now), "", now)
    _end(work, contact, end, now)


def _reason(work: Workplace, chat: Chat, queue_id: QueueId, end: ChatEnd, now: datetime) -> str:
    page = work.floor.site.chat_pages.get(chat.page) or ChatPage(chat.page, "", queue_id)
    if end is ChatEnd.FULL:
        return page.full
    opens_at = work.floor.opens_at(queue_id, now)
    return page.closed if opens_at is None else f"{page.closed} {opening_words(opens_at)}"


def end_talk(work: Workplace, contact: Contact, now: datetime) -> None:
    """The agent ends it."""
    _end(work, contact, ChatEnd.AGENT, now)


def _end(work: Workplace, contact: Contact, end: ChatEnd, now: datetime) -> None:
    outcome = _outcome(contact, end, now)
    agent = work.floor.agent_talking_with(contact)
    if contact.state is ContactState.WAITING:
        _leave_line(work, contact, outcome, now)
    elif agent is not None:
        conversation.finish_talk(work, contact, agent, now)
    if contact.chat is not None:
        contact.chat.end = end
    work.timers.cancel(ChatMissed, contact.contact_id)
    work.timers.set(ChatForgotten(now + timedelta(seconds=LINGER_SECONDS), contact.contact_id))
    work.publish(ChatEnded(now, contact.contact_id, end))
    by = HungUpBy.PARTY if end in (ChatEnd.CUSTOMER, ChatEnd.AWAY) else HungUpBy.SWITCH
    end_contact(work, contact, now, outcome, HangUpCause.NORMAL, by)


def _outcome(contact: Contact, end: ChatEnd, now: datetime) -> Outcome:
    if end in (ChatEnd.CLOSED, ChatEnd.FULL):
        return Outcome.CLOSED
    if contact.state is not ContactState.WAITING:
        return Outcome.ANSWERED
    return Outcome.QUICK_DROP if _waited(contact, now) < QUICK_DROP_SECONDS else Outcome.ABANDONED


def _waited(contact: Contact, now: datetime) -> float:
    """Until the customer was there last."""
    seen_at = contact.chat.seen_at if contact.chat is not None else None
    return max(((seen_at or now) - (contact.queued_at or now)).total_seconds(), 0.0)


def _leave_line(work: Workplace, contact: Contact, outcome: Outcome, now: datetime) -> None:
    offering.withdraw_offer_of(work, contact, outcome.value, now)
    queueing.stop_waiting(work, contact)
    if contact.queue_id is not None:
        waited = _waited(contact, now)
        work.publish(ContactLeftQueue(now, contact.contact_id, contact.queue_id, outcome, waited))


def forget(work: Workplace, tiding: ChatForgotten) -> None:
    """Nobody looks at a chat any more that has ended."""
    if tiding.contact_id not in work.floor.contacts:
        work.floor.chats.pop(tiding.contact_id, None)


def forget_old(work: Workplace, now: datetime) -> None:
    """Destroy the text of chats that were kept long enough."""
    if work.transcript_days is not None:
        work.transcripts.forget(now - timedelta(days=work.transcript_days), work.floor.chats)


# --- A core starts ---------------------------------------------------------------------------------------------------


def restore(work: Workplace, left: tuple[OpenChat, ...], now: datetime) -> None:
    """Take up the chats that had not ended: those that waited at their places, those that an agent had with the agent.
    One whose queue is gone has ended."""
    for each in left:
        if each.queue_id in work.floor.site.queues:
            _restore(work, each, now)


def _restore(work: Workplace, left: OpenChat, now: datetime) -> None:
    party = (left.dialled_number, left.address, left.name)
    leg_id = LegId(work.new_identity())
    contact = Contact(left.contact_id, leg_id, *party, left.opened_at, channel=left.channel)
    via = left.lines[0].via if left.lines else ""
    contact.chat = work.floor.chats[contact.contact_id] = Chat(_key_of(work, via), via)
    for each in left.lines:
        contact.chat.add(_line(work, each))
    for number, fault in left.faults:
        contact.chat.note_fault(number, fault)
    contact.in_front = left.in_front
    work.floor.add_contact(contact)
    work.floor.day.written[contact.contact_id] = contact.channel
    if not _talks_on(work, contact, left, now):
        queueing.stand_without_leg(work, contact, left.queue_id, left.queued_at)
        offering.plan_offers(work, contact, now)
    _see(work, contact, now)


def _key_of(work: Workplace, via: str) -> str:
    """Of the page whose number it is now; a page that customers look at says by itself which one it is."""
    return next((page.key for page in work.floor.site.chat_pages.values() if via and page.whatsapp == via), "")


def _talks_on(work: Workplace, contact: Contact, left: OpenChat, now: datetime) -> bool:
    agent = work.floor.agents.get(left.agent_id) if left.agent_id is not None else None
    if agent is None or agent.state is not AgentState.READY:
        contact.in_front = contact.in_front or left.agent_id is not None
        return False
    contact.state, contact.queue_id, contact.queued_at = ContactState.TALKING, left.queue_id, left.queued_at
    contact.answered_at, contact.agent_id = left.answered_at or now, agent.agent_id
    agent.state, agent.state_since, agent.contact_id = AgentState.TALKING, contact.answered_at, contact.contact_id
    return True


def _line(work: Workplace, fact: ChatWritten) -> ChatLine:
    try:
        text = work.transcripts.open(fact.contact_id, fact.number, fact.sealed)
    except TranscriptUnreadable as error:
        log.warning("a line of a chat cannot be read any more: %s", error)
        text = UNREADABLE
    return ChatLine(fact.number, fact.at, fact.author, text, fact.agent_id, fact.token)
