"""A question is asked, and hold music is heard until it is answered [10].

A switch that waits for a key plays nothing, so the music is part of what is asked; the core keeps the time from the end
of the prompts on, and gathers the keys of an answer of several. Where a length or music is not known, the switch keeps
the time, in silence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from cxcore.domain.contact import Contact, KeyEntry
from cxcore.domain.tidings import DigitsEntered, KeyOverdue, KeyPressed
from cxcore.ports.switch import Question
from cxcore.services.workplace import Workplace

KEY_SECONDS = 1.0
"""How long the switch waits for a key after the music has ended; the core's time is over long before."""


def ask(work: Workplace, contact: Contact, question: Question, now: datetime) -> None:
    """Ask as a new order; `DigitsEntered` follows, or `KeyOverdue` stands for no answer."""
    order_id, seconds = work.new_order(contact), _seconds(work, question)
    contact.entry = None
    if seconds is not None:
        patience = timedelta(seconds=seconds + question.timeout_seconds)
        work.timers.set(KeyOverdue(now + patience, contact.contact_id, order_id))
        question = _with_music(work, contact, question)
    work.switch.ask(contact.leg_id, order_id, question)


def _with_music(work: Workplace, contact: Contact, question: Question) -> Question:
    each_key = question.max_digits > 1
    if each_key:
        contact.entry = KeyEntry(question.max_digits, question.digit_timeout_seconds)
    prompts = (*question.prompts, *work.music)
    return replace(question, prompts=prompts, timeout_seconds=KEY_SECONDS, each_key=each_key)


def _seconds(work: Workplace, question: Question) -> float | None:
    """How long the prompts take; None when that, or music, is not known."""
    lengths = [work.seconds_of(prompt) for prompt in question.prompts]
    known = [length for length in lengths if length is not None]
    return sum(known) if work.music and len(known) == len(lengths) else None


def take_key(work: Workplace, contact: Contact, tiding: KeyPressed) -> DigitsEntered | None:
    """Gather a key; the answer when it is complete, and otherwise time for the next key."""
    entry = contact.entry
    if entry is None or contact.order_id != tiding.order_id:
        return None
    if entry.is_complete_with(tiding.key):
        return DigitsEntered(tiding.at, contact.leg_id, tiding.order_id, entry.keys)
    if entry.keys:
        due = tiding.at + timedelta(seconds=entry.pause_seconds)
        work.timers.set(KeyOverdue(due, contact.contact_id, tiding.order_id))
    return None


def overdue(tiding: KeyOverdue, contact: Contact) -> DigitsEntered:
    """What the end of the time stands for: the keys so far, mostly none."""
    keys = contact.entry.keys if contact.entry is not None else ""
    return DigitsEntered(tiding.at, contact.leg_id, tiding.order_id, keys)
