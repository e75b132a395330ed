"""What the floor has and the switch has not: legs that died unheard, and who was left alone by that."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.contact import Contact, ContactId, ContactState
from cxcore.domain.events import LeaseHealed
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId
from cxcore.domain.tidings import LegHungUp
from cxcore.services import (
    inbound,
    legs,
    queueing,
    transfers,
)
from cxcore.services.healing import Living
from cxcore.services.workplace import Workplace

GRACE = timedelta(seconds=3)
"""What changed less than this ago is not healed: the report may have been on its way already. Where the switch was
restarted everything that it does not list is gone, however young."""


def end_what_died(work: Workplace, living: Living, now: datetime) -> None:
    for kind, identity, leg_id in _dead(work, living, now):
        contact_id = None if kind == "agent" else ContactId(identity)
        work.publish(LeaseHealed(now, kind, identity, "its leg is gone from the switch", contact_id))
        legs.hung_up(work, LegHungUp(now, leg_id, HangUpCause.SWITCH_LOST, HungUpBy.SWITCH))


def _dead(work: Workplace, living: Living, now: datetime) -> list[tuple[str, str, LegId]]:
    """What the floor has a leg for and the switch has not. Callers first: their end frees the others."""
    settled = now if work.floor.switch_restarted else now - GRACE
    callers: list[tuple[str, str, LegId]] = []
    others: list[tuple[str, str, LegId]] = []
    for contact in work.floor.contacts.values():
        young = contact.opened_at > settled and contact.contact_id not in work.floor.doubted
        if contact.has_leg and contact.leg_id not in living and not young:
            callers.append(("contact", contact.contact_id, contact.leg_id))
        fresh = contact.party_since is not None and contact.party_since > settled
        for leg_id in contact.party_legs:
            if leg_id not in living and (not fresh or leg_id in work.floor.doubted):
                others.append(("party", contact.contact_id, leg_id))
    for agent in work.floor.agents.values():
        device = agent.leg_id
        if device is not None and device not in living:
            if (agent.state_since or now) <= settled or device in work.floor.doubted:
                others.append(("agent", agent.agent_id, device))
    return callers + others


def return_the_stranded(work: Workplace, now: datetime) -> None:
    """Who talked to an agent whose leg is gone waits again, at the place in line that the wait began with. Who was
    with a party outside that is gone has nobody left to talk to: the call ends."""
    for contact in list(work.floor.contacts.values()):
        if contact.state is ContactState.TALKING and work.floor.agent_talking_with(contact) is None:
            _return_to_line(work, contact, now)
        elif contact.state is ContactState.TRANSFERRED and not contact.party_legs:
            work.tell_healed(contact, "its party's leg is gone from the switch", now)
            transfers.end_call(work, contact, now)


def _return_to_line(work: Workplace, contact: Contact, now: datetime) -> None:
    work.tell_healed(contact, "its agent's leg is gone from the switch", now)
    contact.answered_at = contact.held_since = contact.agent_id = None
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id is not None else None
    if queue is not None and contact.queued_at is not None:
        queueing.wait_again(work, contact, queue.queue_id, contact.queued_at, now)
    else:
        contact.state = ContactState.IN_FLOW
        inbound.close(work, contact, now)
