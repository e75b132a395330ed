"""The dialplan connects a caller with a number outside the queues."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.contact import Contact, ContactState, Outcome
from cxcore.domain.events import ContactTransferred, LegHungUp
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId
from cxcore.ports.switch import Dial
from cxcore.services.endings import end_contact
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace


def connect(work: Workplace, contact: Contact, destination: str, ring_seconds: int) -> None:
    """Dial the destination while the caller hears hold music; `connected` or `inbound.transfer_failed` follows."""
    leg_id = LegId(work.new_identity())
    if not contact.leg_answered:
        work.switch.answer(contact.leg_id)
    work.new_order(contact)
    work.switch.play_hold_music(contact.leg_id)
    work.floor.set_transfer_leg(contact, leg_id)
    work.switch.dial(
        Dial(
            leg_id,
            destination,
            caller_number=work.floor.site.caller_number,
            timeout_seconds=ring_seconds,
            marks={"role": "transfer", "contact": contact.contact_id},
        )
    )


def connected(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> None:
    """The destination answered."""
    work.switch.bridge(contact.leg_id, leg_id)
    contact.move_to(ContactState.TRANSFERRED)
    mark_contact(work, contact)
    destination = _destination(work, contact)
    work.publish(ContactTransferred(now, contact.contact_id, destination, connected=True))


def _destination(work: Workplace, contact: Contact) -> str:
    step = work.floor.site.dialplan.step(contact.position) if contact.position else None
    return getattr(step, "destination", "")


def party_left(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    """The destination hung up: the call ends for the caller too."""
    end_contact(work, contact, tiding.at, Outcome.TRANSFERRED, HangUpCause.NORMAL, HungUpBy.SWITCH)
    work.switch.hang_up(contact.leg_id)


def caller_left(work: Workplace, contact: Contact, tiding: LegHungUp, outcome: Outcome) -> None:
    """The caller hung up while being connected or while connected."""
    if contact.transfer_leg_id is not None:
        work.switch.hang_up(contact.transfer_leg_id, HangUpCause.WITHDRAWN)
    end_contact(work, contact, tiding.at, outcome, tiding.cause, tiding.by)
