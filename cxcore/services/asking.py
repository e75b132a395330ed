"""A question is asked, and hold music is heard until it is answered [10].

A switch that waits for a key plays nothing, so the music is part of what is asked; the core keeps the time from the end
of the prompts on. Where a length or music is not known, the switch keeps the time, in silence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from cxcore.domain.contact import Contact
from cxcore.domain.events import DigitsEntered, KeyOverdue
from cxcore.ports.switch import Question
from cxcore.services.workplace import Workplace

KEY_SECONDS = 1.0
"""How long the switch waits for a key after the music has ended; the core's time is over long before."""


def ask(work: Workplace, contact: Contact, question: Question, now: datetime) -> None:
    """Ask as a new order; `DigitsEntered` follows, or `KeyOverdue` stands for no answer."""
    order_id, seconds = work.new_order(contact), _seconds(work, question)
    if seconds is not None:
        patience = timedelta(seconds=seconds + question.timeout_seconds + _seconds_for_more(question))
        work.timers.set(KeyOverdue(now + patience, contact.contact_id, order_id))
        prompts = (*question.prompts, *work.music)
        question = replace(question, prompts=prompts, timeout_seconds=KEY_SECONDS)
    work.switch.ask(contact.leg_id, order_id, question)


def _seconds(work: Workplace, question: Question) -> float | None:
    """How long the prompts take; None when that, or music, is not known."""
    lengths = [work.seconds_of(prompt) for prompt in question.prompts]
    known = [length for length in lengths if length is not None]
    return sum(known) if work.music and len(known) == len(lengths) else None


def _seconds_for_more(question: Question) -> float:
    """The first key stops the music, and the switch keeps the time between keys; the core waits for the last one."""
    return question.digit_timeout_seconds * (question.max_digits - 1)


def unanswered(tiding: KeyOverdue, contact: Contact) -> DigitsEntered:
    """What the end of the time stands for."""
    return DigitsEntered(tiding.at, contact.leg_id, tiding.order_id, "")
