"""The caller's side puts us on hold (a re-INVITE with `sendonly` or `inactive`, RFC 3264, 8.4), and is back.

The switch stops its sound towards the caller by itself; here the agent and the history are told. Since when
stands on the leg, for a core that starts meanwhile.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.events import CallerHeld, CallerResumed
from cxcore.domain.leg import LegId
from cxcore.domain.tidings import LegHeld, LegResumed, LiveLegsReported
from cxcore.services.consultation_legs import line_leg
from cxcore.services.taking_up import instant
from cxcore.services.workplace import Workplace

IN_CONVERSATION = frozenset({ContactState.TALKING, ContactState.DIRECT, ContactState.TRANSFERRED})

HELD_SINCE = "caller_holds"


def held(work: Workplace, tiding: LegHeld) -> None:
    """The party of a leg holds us; when it is a caller in conversation, tell so."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is None or contact.caller_holds_since is not None or contact.state not in IN_CONVERSATION:
        return
    if tiding.leg_id == line_leg(work, contact):
        _note_held(work, contact, tiding.leg_id, tiding.at)


def resumed(work: Workplace, tiding: LegResumed) -> None:
    """The party of a leg is back."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is not None and contact.caller_holds_since is not None and tiding.leg_id == line_leg(work, contact):
        _note_resumed(work, contact, tiding.leg_id, tiding.at)


def take_up(work: Workplace, report: LiveLegsReported) -> None:
    """A core that starts finds who holds us, and whoever came back while there was none."""
    for leg in report.legs:
        contact = work.floor.contact_of_leg(leg.leg_id)
        if contact is None or contact.state not in IN_CONVERSATION or leg.leg_id != line_leg(work, contact):
            continue
        contact.caller_holds_since = instant(leg.marks, HELD_SINCE)
        if leg.held_by_party and contact.caller_holds_since is None:
            _note_held(work, contact, leg.leg_id, report.at)
        elif not leg.held_by_party and contact.caller_holds_since is not None:
            _note_resumed(work, contact, leg.leg_id, report.at)


def _note_held(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> None:
    contact.caller_holds_since = now
    work.switch.mark(leg_id, {HELD_SINCE: now.isoformat()})
    work.publish(CallerHeld(now, contact.contact_id))


def _note_resumed(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> None:
    seconds = (now - (contact.caller_holds_since or now)).total_seconds()
    contact.caller_holds_since = None
    work.switch.mark(leg_id, {HELD_SINCE: ""})
    work.publish(CallerResumed(now, contact.contact_id, seconds))
