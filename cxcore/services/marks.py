"""What the core leaves on the legs, so that a core that starts again finds the floor (`services.recovery` reads it)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from cxcore.domain.contact import DIRECT, IN_FLOW, Contact
from cxcore.domain.leg import LegId, LiveLeg
from cxcore.domain.offer import Offer
from cxcore.domain.transfer import Consultation
from cxcore.services.workplace import Workplace

TAKEN_OVER = "transferred"
"""Stands in the place of the rule of an offer, on the leg of an agent who took a contact over from a colleague."""

CONSULTATION_MARKS = (
    "consult",
    "consult_by",
    "consult_since",
    "consult_leg",
    "target_kind",
    "target_key",
    "target_name",
    "target_agent",
)
CONTACT_MARKS = (
    "contact",
    "state",
    "dialled",
    "opened_at",
    "flow",
    "step",
    "attempt",
    "order",
    "language",
    "queue",
    "queued_at",
    "answered_at",
    "held_since",
    "agent",
    "desk_leg",
    "message",
    "message_since",
    "left_message",
    "in_front",
)
UNMARKED = dict.fromkeys(CONTACT_MARKS + CONSULTATION_MARKS, "")
NO_CONSULTATION = dict.fromkeys(CONSULTATION_MARKS, "")
TWO_DIGITS = tuple([f"{number:02d}" for number in range(100)])


@lru_cache(maxsize=1024)
def _text(instant: datetime) -> str:
    """As `isoformat` writes it, which works off a format of eight numbers at each call. Most instants are written
    several times, when the contact moves on."""
    if instant.tzinfo is not UTC or instant.year < 1000:
        return instant.isoformat()
    day = f"{instant.year}-{TWO_DIGITS[instant.month]}-{TWO_DIGITS[instant.day]}"
    time = f"{TWO_DIGITS[instant.hour]}:{TWO_DIGITS[instant.minute]}:{TWO_DIGITS[instant.second]}"
    rest = instant.microsecond
    if not rest:
        return f"{day}T{time}+00:00"
    return f"{day}T{time}.{TWO_DIGITS[rest // 10_000]}{TWO_DIGITS[rest // 100 % 100]}{TWO_DIGITS[rest % 100]}+00:00"


def mark_contact(work: Workplace, contact: Contact) -> None:
    """Write where the contact stands onto its leg. The last order of each step: where it is, the others were."""
    work.switch.mark(contact.leg_id, contact_marks(contact))


def bears_marks(leg: LiveLeg, contact: Contact) -> bool:
    """Whether the leg says of the contact what the floor says: then all orders to it have arrived."""
    return all(leg.marks.get(name, "") == value for name, value in contact_marks(contact).items())


def contact_marks(contact: Contact) -> dict[str, str]:
    """What is to stand on the leg of a contact. Most of it is empty for most contacts, and is copied as it is."""
    marks = UNMARKED.copy()
    marks["contact"], marks["state"], marks["dialled"] = contact.contact_id, contact.state, contact.dialled_number
    marks["opened_at"], marks["language"] = _text(contact.opened_at), contact.language
    if contact.left_message:
        marks["left_message"] = "yes"
    if contact.in_front:
        marks["in_front"] = "1"
    _mark_step(marks, contact)
    _mark_wait_and_talk(marks, contact)
    if contact.consultation is not None:
        marks.update(consultation_marks(contact.consultation))
    return marks


def _mark_step(marks: dict[str, str], contact: Contact) -> None:
    """Where in the dialplan the caller stands, and what is being done there."""
    position, draft = contact.position, contact.draft
    if position is not None:
        marks["flow"], marks["step"] = position.flow, str(position.index)
        marks["attempt"] = str(position.attempt) if position.attempt else ""
    if contact.state is IN_FLOW:
        marks["order"] = contact.order_id or ""
    if draft is not None:
        marks["message"], marks["message_since"] = draft.message_id, _text(draft.began)


def _mark_wait_and_talk(marks: dict[str, str], contact: Contact) -> None:
    if contact.queue_id:
        marks["queue"] = contact.queue_id
    if contact.queued_at is not None:
        marks["queued_at"] = _text(contact.queued_at)
    if contact.answered_at is not None:
        marks["answered_at"] = _text(contact.answered_at)
    if contact.held_since is not None:
        marks["held_since"] = _text(contact.held_since)
    if contact.state is DIRECT:
        marks["agent"], marks["desk_leg"] = contact.agent_id or "", contact.desk_leg or ""


def consultation_marks(consultation: Consultation | None) -> Mapping[str, str]:
    """What stands on the leg of a contact of a consultation, or of that there is none."""
    if consultation is None:
        return NO_CONSULTATION
    target = consultation.target
    return {
        "consult": consultation.state,
        "consult_by": consultation.agent_id,
        "consult_since": _text(consultation.since),
        "consult_leg": consultation.target_leg or "",
        "target_kind": target.kind,
        "target_key": target.key,
        "target_name": target.name,
        "target_agent": target.agent_id or "",
    }


def consulted_marks(contact: Contact, consultation: Consultation, destination: str) -> dict[str, str]:
    """What stands on the leg of whom an agent consults, or of whom a contact is passed on to."""
    by = consultation.agent_id
    return {"role": "consult", "contact": contact.contact_id, "by": by, "destination": destination}


def taken_over_marks(contact: Contact, agent_id: str, offer_id: str, now: datetime) -> dict[str, str]:
    """What stands on the leg of an agent who took a contact over from a colleague; as after an offer."""
    return {
        "role": "agent",
        "contact": contact.contact_id,
        "agent": agent_id,
        "offer": offer_id,
        "queue": contact.queue_id or "",
        "offered_at": _text(now),
        "reason": TAKEN_OVER,
    }


def mark_accepted(work: Workplace, leg_id: LegId, at: datetime) -> None:
    """Write onto the leg of an agent's device that its offer was accepted, where that does not show by a bridge."""
    work.switch.mark(leg_id, {"accepted_at": _text(at)})


def direct_marks(contact: Contact, party: bool) -> dict[str, str]:
    """What stands on a leg of a direct call that we dial: the party's, or the first one of a call out."""
    return {
        "role": "direct-party" if party else "direct",
        "contact": contact.contact_id,
        "agent": contact.agent_id or "",
        "number": contact.dialled_number,
        "shows": contact.shown_number,
        "opened_at": _text(contact.opened_at),
    }


def agent_marks(offer: Offer) -> dict[str, str]:
    """What stands on the leg of an agent's device from the start."""
    return {
        "role": "agent",
        "contact": offer.contact_id,
        "agent": offer.agent_id,
        "offer": offer.offer_id,
        "queue": offer.queue_id,
        "offered_at": _text(offer.offered_at),
        "reason": offer.reason,
    }
