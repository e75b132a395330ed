"""Callers, and calls that agents made, are found again by the marks on their legs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Contact, ContactId, ContactState, FlowPosition, MessageDraft
from cxcore.domain.events import ContactOpened, ContactQueued, ContactTakenUp
from cxcore.domain.leg import LiveLeg, OrderId
from cxcore.domain.measures import DEFAULT_TARGET_SECONDS
from cxcore.domain.queue import QueueId
from cxcore.domain.tidings import LegArrived
from cxcore.services import (
    consultation_recovery,
    direct,
    inbound,
    queueing,
)
from cxcore.services.healing import Living
from cxcore.services.workplace import Workplace


def take_up_callers(work: Workplace, living: Living, now: datetime) -> None:
    callers = [leg for leg in living.values() if _is_customer(leg) and not known(work, leg)]
    for leg in sorted(callers, key=lambda each: each.created_at):
        if "contact" in leg.marks:
            _take_up_marked(work, leg, now)


def take_up_arrivals(work: Workplace, living: Living, now: datetime) -> None:
    """Those whom no core has taken yet; after the others, since a new caller may ring an agent who is at work."""
    arrived = [leg for leg in living.values() if leg.inbound and not leg.answered and "contact" not in leg.marks]
    for leg in sorted(arrived, key=lambda each: each.created_at):
        if not known(work, leg):
            party = (leg.dialled_number, leg.caller_number, leg.caller_name, leg.forwarded_from)
            inbound.arrive(work, LegArrived(now, leg.leg_id, *party))


def _is_customer(leg: LiveLeg) -> bool:
    """Whether it is the leg of a caller, or of a customer who was called back and talks."""
    talks = leg.marks.get("state") == ContactState.TALKING
    return (leg.inbound and "role" not in leg.marks) or (leg.marks.get("role") == "call-back" and talks)


def known(work: Workplace, leg: LiveLeg) -> bool:
    return work.floor.contact_of_leg(leg.leg_id) is not None or leg.leg_id in work.floor.departed


def _take_up_marked(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    """A leg that another core marked is a contact, unless that has ended by what the log says."""
    if outlived_its_contact(work, leg):
        work.floor.departed.add(leg.leg_id)  # `healing` hangs it up
    else:
        _take_up(work, leg, now)


def outlived_its_contact(work: Workplace, leg: LiveLeg) -> bool:
    return work.memory is not None and leg.marks.get("contact") in work.memory.ended


def _take_up(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    owed = work.floor.contacts.get(ContactId(leg.marks["contact"]))
    if owed is not None and leg.marks.get("state") != ContactState.TALKING:
        work.switch.hang_up(leg.leg_id)  # asked for a call-back, and heard its confirmation when the core died
        return
    contact = _contact_on(work, leg)
    if owed is not None:
        work.floor.remove_contact(owed)
        contact.channel = owed.channel
    work.floor.add_contact(contact)
    _tell_what_the_log_lacks(work, contact, leg)
    match leg.marks.get("state"):
        case ContactState.WAITING:
            _wait_on(work, contact, leg, now)
        case ContactState.TALKING:
            _talk_on(contact, leg)
        case ContactState.TRANSFERRED:
            contact.state = ContactState.TRANSFERRED
        case ContactState.PASSING:
            contact.state = ContactState.PASSING
        case ContactState.DIRECT:
            direct.take_up(work, contact, leg)
        case _:
            _walk_on(work, contact, now)
    work.floor.doubted.add(contact.contact_id)
    work.publish(ContactTakenUp(now, contact.contact_id, contact.queue_id, None))


def take_up_calls_out(work: Workplace, living: Living, now: datetime) -> None:
    for leg in living.values():
        if leg.marks.get("role") != "direct" or known(work, leg):
            continue
        if outlived_its_contact(work, leg):
            work.floor.departed.add(leg.leg_id)
        else:
            opened_at, number = instant(leg.marks, "opened_at") or leg.created_at, leg.marks.get("number", "")
            contact = Contact(ContactId(leg.marks["contact"]), leg.leg_id, number, None, "", opened_at)
            contact.leg_answered, contact.answered_at = leg.answered, instant(leg.marks, "answered_at")
            consultation_recovery.restore(contact, leg)
            work.floor.add_contact(contact)
            direct.take_up(work, contact, leg)
            _tell_what_the_log_lacks(work, contact, leg)
            work.publish(ContactTakenUp(now, contact.contact_id, None, AgentId(contact.agent_id or "")))


def _contact_on(work: Workplace, leg: LiveLeg) -> Contact:
    ours, theirs = (leg.dialled_number, leg.caller_number) if leg.inbound else (leg.caller_number, leg.dialled_number)
    contact = Contact(
        ContactId(leg.marks["contact"]),
        leg.leg_id,
        leg.marks.get("dialled") or ours or "",
        theirs,
        leg.caller_name,
        instant(leg.marks, "opened_at") or leg.created_at,
        forwarded_from=leg.forwarded_from,
        leg_answered=leg.answered,
        priority=work.floor.site.priority_of(theirs),
    )
    contact.queue_id = QueueId(leg.marks["queue"]) if leg.marks.get("queue") else None
    contact.queued_at = instant(leg.marks, "queued_at")
    contact.answered_at = instant(leg.marks, "answered_at")
    contact.in_front = bool(leg.marks.get("in_front"))
    consultation_recovery.restore(contact, leg)
    contact.order_id = OrderId(leg.marks["order"]) if leg.marks.get("order") else None
    began = instant(leg.marks, "message_since")
    contact.draft = MessageDraft(ContactId(leg.marks["message"]), began) if began is not None else None
    contact.left_message = bool(leg.marks.get("left_message"))
    contact.language = leg.marks.get("language", "")
    if flow := leg.marks.get("flow"):
        contact.position = FlowPosition(flow, int(leg.marks.get("step") or 0), int(leg.marks.get("attempt") or 0))
    return contact


def instant(marks: Mapping[str, str], name: str) -> datetime | None:
    text = marks.get(name)
    return datetime.fromisoformat(text) if text else None


def _tell_what_the_log_lacks(work: Workplace, contact: Contact, leg: LiveLeg) -> None:
    """The last facts of the core that died may not have been written; the leg knows what they said."""
    if work.memory is None:
        return
    known = work.memory.left_open.get(contact.contact_id)
    if known is None:
        party = (contact.dialled_number, contact.caller_number, contact.caller_name)
        ids = (contact.opened_at, contact.contact_id, contact.channel)
        work.publish(ContactOpened(*ids, *party, contact.direction, contact.forwarded_from))
    if contact.queue_id is None or contact.queued_at is None:
        return
    visit = known.visits.get(contact.queue_id) if known is not None else None
    waits_unheard = leg.marks.get("state") == ContactState.WAITING and visit and visit.waiting_since is None
    if visit is None or waits_unheard:
        _tell_queued(work, contact, contact.queue_id, contact.queued_at)


def _tell_queued(work: Workplace, contact: Contact, queue_id: QueueId, queued_at: datetime) -> None:
    queue = work.floor.site.queues.get(queue_id)
    target = queue.service_level.seconds if queue is not None else DEFAULT_TARGET_SECONDS
    work.publish(ContactQueued(queued_at, contact.contact_id, queue_id, target))


def _wait_on(work: Workplace, contact: Contact, leg: LiveLeg, now: datetime) -> None:
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id is not None else None
    if queue is None:
        _walk_on(work, contact, now)
        return
    contact.state = ContactState.WAITING
    work.floor.join_line(contact, queue.queue_id, contact.queued_at or leg.created_at)
    queueing.start_waiting_timers(work, contact, queue, now)


def _talk_on(contact: Contact, leg: LiveLeg) -> None:
    contact.state = ContactState.TALKING
    contact.held_since = instant(leg.marks, "held_since")


def _walk_on(work: Workplace, contact: Contact, now: datetime) -> None:
    """The contact stands where it stood. A flow that is gone from the dialplan is begun where the number begins."""
    dialplan = work.floor.site.dialplan
    if contact.position is not None and dialplan.steps_of(contact.position.flow) is not None:
        return
    entry = dialplan.entry(contact.dialled_number)
    if entry is None:
        inbound.close(work, contact, now)
    else:
        inbound.walk(work, contact, inbound.start(work, entry, now), now)
