"""What the core leaves on the legs, so that a core that starts again finds the floor (`services.recovery` reads it)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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
NO_CONSULTATION = dict.fromkeys(CONSULTATION_MARKS, "")


@lru_cache(maxsize=1024)
def _text(instant: datetime) -> str:
    """Most instants are written several times, when the contact moves on; writing one takes a microsecond."""
    return instant.isoformat()


def mark_contact(work: Workplace, contact: Contact) -> None:
    """Write where the contact stands onto its leg. The last order of each step: where it is, the others were."""
    work.switch.mark(contact.leg_id, contact_marks(contact))


def bears_marks(leg: LiveLeg, contact: Contact) -> bool:
    """Whether the leg says of the contact what the floor says: then all orders to it have arrived."""
    return all(leg.marks.get(name, "") == value for name, value in contact_marks(contact).items())


def contact_marks(contact: Contact) -> dict[str, str]:
    """What is to stand on the leg of a contact."""
    position, draft, state = contact.position, contact.draft, contact.state
    is_direct = state is DIRECT
    return {
        "contact": contact.contact_id,
        "state": state,
        "dialled": contact.dialled_number,
        "opened_at": _text(contact.opened_at),
        "flow": position.flow if position else "",
        "step": str(position.index) if position else "",
        "attempt": str(position.attempt) if position and position.attempt else "",
        "order": (contact.order_id or "") if state is IN_FLOW else "",
        "language": contact.language,
        "queue": contact.queue_id or "",
        "queued_at": _text(contact.queued_at) if contact.queued_at else "",
        "answered_at": _text(contact.answered_at) if contact.answered_at else "",
        "held_since": _text(contact.held_since) if contact.held_since else "",
        "agent": contact.agent_id or "" if is_direct else "",
        "desk_leg": contact.desk_leg or "" if is_direct else "",
        "message": draft.message_id if draft else "",
        "message_since": _text(draft.began) if draft else "",
        "left_message": "yes" if contact.left_message else "",
        "in_front": "1" if contact.in_front else "",
        **consultation_marks(contact.consultation),
    }


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
