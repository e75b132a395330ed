"""What is on the floor is compared with what the switch says of its legs, and put right where they differ [104].

An order, or a word of the switch, may have been lost with the connection; or it may still be under way. So a difference
is doubted at first, and healed when the next report shows it again. What was there when a connection was lost, or when
a core starts, is doubted from the outset: of that nothing can be under way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cxcore.domain.agent import Agent, AgentState
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.dialplan import Menu, Say, ServiceDialogue, Transfer, Voicemail
from cxcore.domain.events import LeaseHealed
from cxcore.domain.leg import LegId, LiveLeg
from cxcore.domain.tidings import DigitsEntered, LegAnswered, PromptEnded
from cxcore.services import consultation_recovery, inbound, legs, transfers
from cxcore.services.marks import bears_marks, mark_contact
from cxcore.services.workplace import Workplace

Living = Mapping[LegId, LiveLeg]

LOST_ORDER = "an order to its leg did not reach the switch"
LOST_ANSWER = "the answer of a leg was not heard"
MARKED = frozenset(
    {
        ContactState.IN_FLOW,
        ContactState.WAITING,
        ContactState.TALKING,
        ContactState.TRANSFERRED,
        ContactState.PASSING,
    }
)
"""The states in which the marks on the customer's leg say all of the contact."""


def doubt_everything(work: Workplace) -> None:
    """Nothing that is on the floor has an order or a word of the switch under way."""
    floor = work.floor
    floor.doubted.update(floor.contacts, floor.departed)
    floor.doubted.update(agent.leg_id for agent in floor.agents.values() if agent.leg_id is not None)
    for contact in floor.contacts.values():
        floor.doubted.update(contact.party_legs)


def persists(work: Workplace, identity: str, differs: bool) -> bool:
    """Whether a difference is to be healed: it was doubted before. One that is new is doubted now. Of what the first
    report of a connection tells nothing can be under way."""
    doubted = identity in work.floor.doubted or not work.floor.switch_connected
    work.floor.doubted.discard(identity)
    if differs and not doubted:
        work.floor.doubted.add(identity)
    return differs and doubted


def heal(work: Workplace, living: Living, now: datetime) -> None:
    """Let contacts, offers and agents whose legs live agree with them."""
    for contact in list(work.floor.contacts.values()):
        leg = living.get(contact.leg_id)
        if leg is not None:
            _heal_contact(work, contact, leg, living, now)
    for agent in list(work.floor.agents.values()):
        device = living.get(agent.leg_id) if agent.leg_id is not None else None
        if device is not None:
            _heal_agent(work, agent, device, living, now)
    consultation_recovery.heal(work, living, now)
    _hang_up_what_lingers(work, living, now)


# --- Contacts --------------------------------------------------------------------------------------------------------


def _heal_contact(work: Workplace, contact: Contact, leg: LiveLeg, living: Living, now: datetime) -> None:
    if _goes_on(work, contact, leg, now):
        return
    cause = _difference(work, contact, leg, living)
    if not persists(work, contact.contact_id, cause is not None):
        return
    work.tell_healed(contact, cause or LOST_ORDER, now)
    if leg.answered and not leg.taken:
        inbound.leave_to_fallback(work, contact, now)
    else:
        _tell_again(work, contact, leg, living, now)


def _goes_on(work: Workplace, contact: Contact, leg: LiveLeg, now: datetime) -> bool:
    """Work off what the leg did unheard: it was answered, its prompt ended, or its question was answered."""
    state, order_id = contact.state, contact.order_id
    if leg.answered and not contact.leg_answered:
        legs.answered(work, LegAnswered(now, leg.leg_id))
    elif order_id is not None and leg.order_id == order_id and leg.order_ended:
        if leg.digits is None:
            inbound.prompt_ended(work, PromptEnded(now, leg.leg_id, order_id))
        else:
            inbound.digits_entered(work, DigitsEntered(now, leg.leg_id, order_id, leg.digits))
    return (contact.state, contact.order_id) != (state, order_id)


def _difference(work: Workplace, contact: Contact, leg: LiveLeg, living: Living) -> str | None:
    """How the leg differs from what the floor says of the contact; None when they agree."""
    lacks_music = contact.contact_id in work.floor.without_music
    work.floor.without_music.discard(contact.contact_id)
    if contact.state not in MARKED:
        return None
    if not bears_marks(leg, contact) or (lacks_music and _hears_music(contact)):
        return LOST_ORDER
    match contact.state:
        case ContactState.IN_FLOW:
            return _difference_in_flow(work, contact, leg, living)
        case ContactState.WAITING:
            return None if leg.answered else LOST_ORDER
        case ContactState.TALKING:
            return _difference_in_talk(work, contact, leg, living)
        case ContactState.TRANSFERRED:
            parties = [party for party in contact.party_legs if party in living]
            return LOST_ORDER if parties and leg.bridged_to not in parties else None
        case _:
            return None


def _hears_music(contact: Contact) -> bool:
    """Whether the contact waits with music, as far as the floor knows."""
    if contact.state is ContactState.IN_FLOW:
        return bool(contact.party_legs)
    return contact.state in (ContactState.WAITING, ContactState.PASSING) or contact.held_since is not None


def _difference_in_flow(work: Workplace, contact: Contact, leg: LiveLeg, living: Living) -> str | None:
    step = work.floor.site.dialplan.step(contact.position) if contact.position is not None else None
    match step:
        case Say() | Menu() | Voicemail() | ServiceDialogue():
            return None if leg.order_id == contact.order_id else LOST_ORDER
        case Transfer() if contact.party_legs:
            return LOST_ANSWER if _answered_party(contact, living) is not None else None
        case _:
            return LOST_ORDER  # no step at which a contact stays


def _answered_party(contact: Contact, living: Living) -> LegId | None:
    return next((leg_id for leg_id in contact.party_legs if leg_id in living and living[leg_id].answered), None)


def _difference_in_talk(work: Workplace, contact: Contact, leg: LiveLeg, living: Living) -> str | None:
    agent = work.floor.agent_talking_with(contact)
    if agent is None or agent.leg_id not in living or agent.returning:
        return None
    hears_agent = leg.bridged_to == agent.leg_id
    return LOST_ORDER if hears_agent is (contact.held_since is not None) else None


def _tell_again(work: Workplace, contact: Contact, leg: LiveLeg, living: Living, now: datetime) -> None:
    """Give the orders again that let the leg do what the floor says of the contact."""
    if not leg.marks:
        work.switch.take(contact.leg_id)
    match contact.state:
        case ContactState.IN_FLOW:
            _step_again(work, contact, living, now)
            return
        case ContactState.WAITING:
            _wait_on(work, contact, leg)
        case ContactState.TALKING:
            _talk_on(work, contact)
        case ContactState.PASSING:
            work.switch.play_hold_music(contact.leg_id)
        case ContactState.TRANSFERRED:
            for party in contact.party_legs:
                work.switch.bridge(contact.leg_id, party)
    mark_contact(work, contact)


def _step_again(work: Workplace, contact: Contact, living: Living, now: datetime) -> None:
    party = _answered_party(contact, living)
    if party is not None:
        transfers.connected(work, contact, party, now)
    elif contact.party_legs:
        work.switch.play_hold_music(contact.leg_id)
        mark_contact(work, contact)
    elif contact.position is not None:
        inbound.walk(work, contact, inbound.start(work, contact.position, now), now)


def _wait_on(work: Workplace, contact: Contact, leg: LiveLeg) -> None:
    if not leg.answered:
        work.switch.answer(contact.leg_id)
    work.switch.play_hold_music(contact.leg_id)


def _talk_on(work: Workplace, contact: Contact) -> None:
    agent = work.floor.agent_talking_with(contact)
    if agent is None or agent.leg_id is None:
        return
    if contact.held_since is None:
        work.switch.bridge(contact.leg_id, agent.leg_id)
    else:
        work.switch.hold(agent.leg_id, contact.leg_id)


# --- Agents and legs -------------------------------------------------------------------------------------------------


def _heal_agent(work: Workplace, agent: Agent, device: LiveLeg, living: Living, now: datetime) -> None:
    offer = work.floor.offer_of_agent(agent.agent_id)
    if offer is not None:
        contact = work.floor.contacts.get(offer.contact_id)
        waits = contact is not None and (contact.leg_id in living or not contact.has_leg)
        if persists(work, device.leg_id, waits and device.answered):
            work.publish(LeaseHealed(now, "offer", offer.offer_id, LOST_ANSWER, offer.contact_id))
            legs.accept(work, offer, now)
    elif persists(work, device.leg_id, agent.state is not AgentState.TALKING):
        work.publish(LeaseHealed(now, "agent", agent.agent_id, "the agent's device has a call without a contact"))
        work.switch.hang_up(device.leg_id)


def _hang_up_what_lingers(work: Workplace, living: Living, now: datetime) -> None:
    for leg_id in sorted(work.floor.departed):
        lingers = leg_id in living and "contact" in living[leg_id].marks
        if persists(work, leg_id, lingers):
            work.publish(LeaseHealed(now, "leg", leg_id, "its contact has ended, and it lives on"))
            work.switch.hang_up(leg_id)
