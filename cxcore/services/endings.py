"""The end of a contact, whoever brings it about."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.contact import ENDED, Contact, Outcome
from cxcore.domain.events import ContactEnded
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.services.workplace import Workplace


def end_contact(
    work: Workplace, contact: Contact, now: datetime, outcome: Outcome, cause: HangUpCause, by: HungUpBy
) -> None:
    """Say the last word on a contact and let it go from the floor."""
    contact.move_to(ENDED)
    work.floor.remove_contact(contact)
    work.publish(ContactEnded(now, contact.contact_id, outcome, cause, by))
