"""The caller's side puts us on hold (a re-INVITE with `sendonly` or `inactive`, RFC 3264, 8.4), and is back.

The switch stops its sound towards the caller by itself; here the agent and the history are told.
"""

from __future__ import annotations

from cxcore.domain.contact import ContactState
from cxcore.domain.events import CallerHeld, CallerResumed, LegHeld, LegResumed
from cxcore.services.consultation_legs import line_leg
from cxcore.services.workplace import Workplace

IN_CONVERSATION = frozenset({ContactState.TALKING, ContactState.DIRECT, ContactState.TRANSFERRED})


def held(work: Workplace, tiding: LegHeld) -> None:
    """The party of a leg holds us; when it is a caller in conversation, tell so."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is None or contact.caller_holds_since is not None or contact.state not in IN_CONVERSATION:
        return
    if tiding.leg_id == line_leg(work, contact):
        contact.caller_holds_since = tiding.at
        work.publish(CallerHeld(tiding.at, contact.contact_id))


def resumed(work: Workplace, tiding: LegResumed) -> None:
    """The party of a leg is back."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is None or contact.caller_holds_since is None or tiding.leg_id != line_leg(work, contact):
        return
    seconds = (tiding.at - contact.caller_holds_since).total_seconds()
    contact.caller_holds_since = None
    work.publish(CallerResumed(tiding.at, contact.contact_id, seconds))
