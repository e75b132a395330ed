"""The dialplan connects a caller with numbers outside the queues: one, or a ring group."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import SOFTPHONE, AgentId
from cxcore.domain.contact import Contact, ContactState, Outcome
from cxcore.domain.dialplan import Transfer
from cxcore.domain.events import ContactTransferred
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId
from cxcore.domain.tidings import LegHungUp
from cxcore.ports.switch import Dial
from cxcore.services.endings import end_contact
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace


def connect(work: Workplace, contact: Contact, step: Transfer, now: datetime) -> None:
    """Ring the destinations while the caller hears hold music; `connected` or `inbound.transfer_failed` follows."""
    if not contact.leg_answered:
        work.switch.answer(contact.leg_id)
    work.new_order(contact)
    work.switch.play_hold_music(contact.leg_id)
    first = step.destinations if step.together else step.destinations[:1]
    contact.parties_left = step.destinations[len(first) :]
    for destination in first:
        _ring(work, contact, destination, step, now)


def _ring(work: Workplace, contact: Contact, destination: str, step: Transfer, now: datetime) -> None:
    leg_id = LegId(work.new_identity())
    work.floor.add_party_leg(contact, leg_id, destination, now)
    work.switch.dial(
        Dial(
            leg_id,
            _address(work, destination),
            caller_number=work.floor.site.number_shown_to(
                destination, step.caller_number, work.floor.caller_number_of(contact)
            ),
            timeout_seconds=step.ring_seconds,
            marks={"role": "transfer", "contact": contact.contact_id, "destination": destination},
            forwarded_from=contact.forwards,
            partner=contact.leg_id,
        )
    )


def _address(work: Workplace, destination: str) -> str:
    """A user's softphone is dialled at the page that is it now."""
    agent = work.floor.agents.get(AgentId(destination.removeprefix(SOFTPHONE)))
    return destination if agent is None or not destination.startswith(SOFTPHONE) else agent.address


def connected(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> None:
    """A destination answered; the others of its ring group stop ringing at once."""
    if contact.state is not ContactState.IN_FLOW:
        return
    _stop_ringing(work, contact, but=leg_id)
    work.switch.bridge(contact.leg_id, leg_id)
    contact.move_to(ContactState.TRANSFERRED)
    mark_contact(work, contact)
    work.publish(ContactTransferred(now, contact.contact_id, contact.party_legs[leg_id], connected=True))


def _stop_ringing(work: Workplace, contact: Contact, but: LegId | None = None) -> None:
    contact.parties_left = ()
    for leg_id in [each for each in contact.party_legs if each != but]:
        work.floor.drop_party_leg(contact, leg_id)
        work.switch.hang_up(leg_id, HangUpCause.WITHDRAWN)


def party_missed(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> bool:
    """A destination did not answer: the next rings. False when none rings any more."""
    work.floor.drop_party_leg(contact, leg_id)
    step = work.floor.site.dialplan.step(contact.position) if contact.position else None
    if not contact.party_legs and contact.parties_left and isinstance(step, Transfer):
        following, contact.parties_left = contact.parties_left[0], contact.parties_left[1:]
        _ring(work, contact, following, step, now)
    return bool(contact.party_legs)


def party_left(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    """The destination hung up: the call ends for the caller too."""
    end_call(work, contact, tiding.at)


def end_call(work: Workplace, contact: Contact, now: datetime) -> None:
    """The connection with the destination is over: so is the caller's call."""
    end_contact(work, contact, now, Outcome.TRANSFERRED, HangUpCause.NORMAL, HungUpBy.SWITCH)
    work.switch.hang_up(contact.leg_id)


def caller_left(work: Workplace, contact: Contact, tiding: LegHungUp, outcome: Outcome) -> None:
    """The caller hung up while being connected or while connected."""
    _stop_ringing(work, contact)
    end_contact(work, contact, tiding.at, outcome, tiding.cause, tiding.by)
