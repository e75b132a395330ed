"""Contacts wait in a queue: hold music, the maximum wait, giving up."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from cxcore.domain.contact import WAITING, Contact, Outcome
from cxcore.domain.events import ContactLeftQueue, ContactQueued
from cxcore.domain.leg import HangUpCause
from cxcore.domain.measures import QUICK_DROP_SECONDS
from cxcore.domain.queue import Announcement, Queue, QueueId
from cxcore.domain.tidings import AnnouncementDue, LegHungUp, MaximumWaitReached, OfferDue
from cxcore.services import offering
from cxcore.services.endings import end_contact
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace


def enqueue(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> None:
    """Let the contact wait. The call is answered first, and hold music is ordered in the same step [10]."""
    if not contact.leg_answered:
        work.switch.answer(contact.leg_id)
    wait_again(work, contact, queue_id, now, now)
    offering.offer_contact(work, contact, now)


def wait_again(work: Workplace, contact: Contact, queue_id: QueueId, queued_at: datetime, now: datetime) -> None:
    """Stand in line, at the place that `queued_at` gives; who is on the phone hears hold music."""
    queue = work.floor.queue(queue_id)
    contact.move_to(WAITING)
    contact.passed_over.clear()
    contact.declined_until.clear()
    contact.order_id = contact.position_told = contact.wait_menu = None
    contact.announcements_heard = 0
    work.floor.join_line(contact, queue_id, queued_at)
    if contact.has_leg:
        work.switch.play_hold_music(contact.leg_id)
        mark_contact(work, contact)
        start_waiting_timers(work, contact, queue, now)
    else:
        offering.plan_offers(work, contact, now)
    work.publish(ContactQueued(now, contact.contact_id, queue_id, queue.service_level.seconds))


def stand_without_leg(work: Workplace, contact: Contact, queue_id: QueueId, queued_at: datetime) -> None:
    """Stand in line with nobody on the phone, at the place that `queued_at` gives."""
    contact.move_to(WAITING)
    contact.passed_over.clear()
    contact.declined_until.clear()
    work.floor.join_line(contact, queue_id, queued_at)


def start_waiting_timers(work: Workplace, contact: Contact, queue: Queue, now: datetime) -> None:
    """Set the announcement and the maximum wait of a contact, counted from when it was queued."""
    queued_at = contact.queued_at or now
    if queue.announcement is not None:
        due = _next_announcement(contact, queue.announcement, queued_at, now)
        work.timers.set(AnnouncementDue(due, contact.contact_id))
    if queue.maximum_wait_seconds is not None and queue.overflow_flow is not None:
        limit = queued_at + timedelta(seconds=queue.maximum_wait_seconds)
        work.timers.set(MaximumWaitReached(max(limit, now), contact.contact_id, queue.queue_id))
    offering.plan_offers(work, contact, now)


def _next_announcement(contact: Contact, announcement: Announcement, queued_at: datetime, now: datetime) -> datetime:
    """The next instant of the announcement's rhythm. Those that are over were heard already: they are not repeated."""
    first, every = queued_at + timedelta(seconds=announcement.first_seconds), announcement.repeated.every_seconds
    over = max(math.ceil((now - first).total_seconds() / every), 0) if every > 0 else 0
    contact.announcements_heard = over
    return first + timedelta(seconds=over * every)


def leave_queue(work: Workplace, contact: Contact, outcome: Outcome, now: datetime) -> None:
    """The contact leaves its queue unanswered; a running offer is withdrawn."""
    offering.withdraw_offer_of(work, contact, outcome.value, now)
    stop_waiting(work, contact)
    if contact.queue_id is not None and contact.queued_at is not None:
        waited = (now - contact.queued_at).total_seconds()
        work.publish(ContactLeftQueue(now, contact.contact_id, contact.queue_id, outcome, waited))


def note_full(work: Workplace, contact: Contact, queue: Queue, now: datetime) -> None:
    """A caller found the queue full: it was asked to serve somebody, and sent that caller on."""
    work.publish(ContactQueued(now, contact.contact_id, queue.queue_id, queue.service_level.seconds))
    work.publish(ContactLeftQueue(now, contact.contact_id, queue.queue_id, Outcome.OVERFLOWED, 0.0))


def stop_waiting(work: Workplace, contact: Contact) -> None:
    """Take the contact out of the line and its timers away."""
    work.timers.cancel(AnnouncementDue, contact.contact_id)
    work.timers.cancel(MaximumWaitReached, contact.contact_id)
    work.timers.cancel(OfferDue, contact.contact_id)
    work.floor.leave_line(contact)


def _departure(contact: Contact, tiding: LegHungUp) -> Outcome:
    if tiding.cause is HangUpCause.SWITCH_LOST:
        return Outcome.LOST
    waited = (tiding.at - (contact.queued_at or tiding.at)).total_seconds()
    return Outcome.QUICK_DROP if waited < QUICK_DROP_SECONDS else Outcome.ABANDONED


def give_up(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    """The caller hung up while waiting: abandoned, or a quick drop within five seconds [28f]; or the switch died."""
    outcome = _departure(contact, tiding)
    leave_queue(work, contact, outcome, tiding.at)
    end_contact(work, contact, tiding.at, outcome, tiding.cause, tiding.by)
