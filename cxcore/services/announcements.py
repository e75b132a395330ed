"""What waiting callers hear beside the music: texts, the place in line, the expected wait, a menu [46, 47a]."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.announcing import (
    is_position_due,
    menu_of,
    position_prompts,
    seconds_to_next,
    text_of,
    wait_prompts,
)
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.queue import Announcement, WaitMenu
from cxcore.domain.tidings import AnnouncementDue
from cxcore.ports.switch import Prompts, Question
from cxcore.services.workplace import Workplace

KEY_SECONDS = 1.0
"""How long a key is waited for after the music of a question has ended; the next text comes long before."""


def announce(work: Workplace, tiding: AnnouncementDue) -> None:
    """Say what is due as one order, so that hold music follows by itself, and set the time of the next one."""
    contact = work.floor.contacts.get(tiding.contact_id)
    announcement = None if contact is None else _announcement_for(work, contact)
    if contact is None or announcement is None:
        return
    heard = contact.announcements_heard
    _say(work, contact, _prompts(work, contact, announcement, heard), menu_of(announcement, heard))
    contact.announcements_heard += 1
    _set_next(work, contact, announcement, tiding.at)


def _announcement_for(work: Workplace, contact: Contact) -> Announcement | None:
    if contact.state is not ContactState.WAITING or contact.queue_id is None:
        return None
    return work.floor.queue(contact.queue_id).announcement


def _prompts(work: Workplace, contact: Contact, announcement: Announcement, heard: int) -> Prompts:
    names = (text_of(announcement, heard), *_position(work, contact, announcement), *_wait(work, contact, announcement))
    return work.sounds(*names, language=contact.language)


def _position(work: Workplace, contact: Contact, announcement: Announcement) -> tuple[str, ...]:
    position = work.floor.position(contact)
    if position is None or not is_position_due(announcement, position, contact.position_told):
        return ()
    contact.position_told = position
    return position_prompts(position)


def _wait(work: Workplace, contact: Contact, announcement: Announcement) -> tuple[str, ...]:
    seconds = work.floor.expected_wait(contact) if announcement.expected_wait else None
    return () if seconds is None else wait_prompts(seconds)


def _say(work: Workplace, contact: Contact, prompts: Prompts, menu: WaitMenu | None) -> None:
    """After a menu the music is part of the question, since a switch that waits for a key plays nothing [10]."""
    if menu is not None:
        asked = work.sounds(menu.prompt, language=contact.language)
        question = Question((*prompts, *asked, *work.music), timeout_seconds=KEY_SECONDS)
        work.switch.ask(contact.leg_id, work.new_order(contact), question)
    elif prompts:
        work.switch.say(contact.leg_id, work.new_order(contact), prompts)
    if prompts or menu is not None:
        contact.wait_menu = menu


def _set_next(work: Workplace, contact: Contact, announcement: Announcement, now: datetime) -> None:
    seconds = seconds_to_next(announcement, contact.announcements_heard)
    if seconds is not None:
        work.timers.set(AnnouncementDue(now + timedelta(seconds=seconds), contact.contact_id))
