"""Offers: one contact before one agent, until the agent answers, declines or misses it, or it is withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import OFFERED, READY, Agent
from cxcore.domain.commands import DeclineOffer
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactOffered, LeaseHealed, OfferEnded
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.membership import Membership
from cxcore.domain.offer import MOST_CONSIDERED, Offer, OfferEnd, OfferId, OfferRule
from cxcore.domain.queue import Queue
from cxcore.domain.strategies import Candidate, consider, rule_of
from cxcore.domain.tidings import OfferDue, OfferExpired, RestOver
from cxcore.ports.switch import Dial
from cxcore.services.marks import agent_marks
from cxcore.services.workplace import Workplace

LEASE_SECONDS = 5
"""How long after the ring time the switch may be silent about an offer before the core ends it by itself."""

DECLINE_SECONDS = 10
"""How long a contact is not offered again to an agent who declined it, even if nobody else is free."""

PROMPT_SECONDS = 2
"""An offer that fails sooner was refused by the device itself (busy, do not disturb), not by a person: it rests too."""

ENDS = {
    HangUpCause.DECLINED: OfferEnd.DECLINED,
    HangUpCause.BUSY: OfferEnd.DECLINED,
    HangUpCause.WITHDRAWN: OfferEnd.WITHDRAWN,
    HangUpCause.SWITCH_LOST: OfferEnd.WITHDRAWN,
}
"""How an offer ends by the cause of its leg; any other cause means that it was missed."""

NOTHING_RINGS = LegId("")
"""The leg of the offer of a chat, which is shown on the agent's page alone."""

ANSWERS_NOTHING = frozenset({HangUpCause.UNREACHABLE, HangUpCause.REFUSED, HangUpCause.OTHER})
"""Causes that say that the device cannot be reached at all, as against not being answered."""


def offer_contact(work: Workplace, contact: Contact, now: datetime) -> bool:
    """Offer a waiting contact to the first of the ready agents, to several where its queue rings several at once.

    Says whether anybody was offered it.
    """
    room = work.floor.room_for_offers(contact)
    if not room or not work.floor.switch_connected:
        return False
    candidates = work.floor.candidates(contact, now)
    for rank, candidate in enumerate(candidates[:room]):
        strategy = work.floor.queue(candidate.membership.queue_id).strategy
        rule = OfferRule.ALL_RING if rank else rule_of(strategy, candidates)
        _offer(work, contact, candidate.agent, rule, candidates, now)
    return bool(candidates)


def offer_to_chosen(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    """Offer a waiting contact to an agent whom the strategy did not choose; whom it would have had comes after."""
    queue_id = contact.queue_id
    if queue_id is None:
        return
    serving = (each for each in work.floor.memberships_of(agent.agent_id) if each.queue_id == queue_id)
    membership = next(serving, Membership(agent.agent_id, queue_id))
    chosen = Candidate(agent, membership, agent.agent_id in contact.passed_over)
    others = [each for each in work.floor.candidates(contact, now) if each.agent is not agent]
    _offer(work, contact, agent, OfferRule.ASSIGNED, [chosen, *others], now)


def plan_offers(work: Workplace, contact: Contact, now: datetime) -> None:
    """See to it that a waiting contact is offered anew when further agents may have it."""
    at = work.floor.next_offer_change(contact, now)
    if at is not None:
        work.timers.set(OfferDue(max(at, now), contact.contact_id))


def offer_due(work: Workplace, tiding: OfferDue) -> None:
    """Further agents may have a waiting contact."""
    contact = work.floor.contacts.get(tiding.contact_id)
    if contact is not None and contact.state is ContactState.WAITING:
        offer_contact(work, contact, tiding.at)
        plan_offers(work, contact, tiding.at)


def offer_to_agent(work: Workplace, agent: Agent, now: datetime) -> bool:
    """Look for a contact for an agent who became ready; says whether there was one."""
    if not agent.can_be_offered or not work.floor.switch_connected:
        return False
    contact = work.floor.next_contact_for(agent, now)
    return contact is not None and offer_contact(work, contact, now)


def offer_all(work: Workplace, now: datetime) -> None:
    """Offer whatever can be offered; after a recovery, or when the switch is back."""
    for agent in list(work.floor.agents.values()):
        while offer_to_agent(work, agent, now):
            pass  # it may have gone to a colleague, who comes first for this contact


def _offer(
    work: Workplace, contact: Contact, agent: Agent, rule: OfferRule, candidates: list[Candidate], now: datetime
) -> None:
    if contact.queue_id is None:
        return
    queue = work.floor.queue(contact.queue_id)
    kept = candidates[:MOST_CONSIDERED]
    considered = tuple([consider(each, now) for each in kept])
    offer = Offer(
        OfferId(work.new_identity()),
        contact.contact_id,
        agent.agent_id,
        queue.queue_id,
        NOTHING_RINGS if contact.chat is not None else LegId(work.new_identity()),
        now,
        str(rule),
        tuple([each.agent_id for each in considered]),
    )
    start_offer(work, offer, agent)
    if offer.leg_id:
        work.switch.dial(_dial(contact, agent, queue, offer))
    work.publish(
        ContactOffered(
            now,
            offer.offer_id,
            offer.contact_id,
            offer.agent_id,
            offer.queue_id,
            offer.reason,
            offer.candidates,
            considered,
            len(candidates),
            str(queue.strategy),
        )
    )


def start_offer(work: Workplace, offer: Offer, agent: Agent) -> None:
    """Reserve the agent and set the lease of the offer."""
    agent.move_to(OFFERED, offer.offered_at)
    agent.last_offered_at, agent.warning = offer.offered_at, None
    lease = work.floor.queue(offer.queue_id).ring_seconds
    if offer.leg_id:
        work.floor.set_agent_leg(agent, offer.leg_id)
        lease += LEASE_SECONDS
    work.floor.add_offer(offer)
    work.timers.set(OfferExpired(offer.offered_at + timedelta(0, lease), offer.offer_id))


def _dial(contact: Contact, agent: Agent, queue: Queue, offer: Offer) -> Dial:
    caller = contact.caller_name or contact.caller_number or "anoniem"
    return Dial(
        offer.leg_id,
        agent.address,
        caller_number=contact.caller_number or "anonymous",
        caller_name=f"{queue.name}: {caller}",
        timeout_seconds=queue.ring_seconds,
        marks=agent_marks(offer),
        partner=contact.leg_id,
    )


def leg_failed(work: Workplace, offer: Offer, agent: Agent, cause: HangUpCause, now: datetime) -> None:
    """The agent's leg ended before it was answered: the next agent gets the contact, this one stays logged on [36]."""
    work.floor.set_agent_leg(agent, None)
    end = ENDS.get(cause, OfferEnd.MISSED)
    _note_failure(work, offer, agent, cause, now)
    end_offer(work, offer, end, cause.value, now)
    _free_agent(agent, now)
    contact = work.floor.contacts.get(offer.contact_id)
    if contact is not None:
        contact.passed_over.add(agent.agent_id)
        if end is OfferEnd.DECLINED:
            _note_decline(work, contact, agent, now)
        offer_contact(work, contact, now)
    offer_to_agent(work, agent, now)


def _note_decline(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    contact.passed_over.add(agent.agent_id)
    contact.declined_until[agent.agent_id] = now + timedelta(seconds=DECLINE_SECONDS)
    if contact.state is ContactState.WAITING:
        plan_offers(work, contact, now)


def _note_failure(work: Workplace, offer: Offer, agent: Agent, cause: HangUpCause, now: datetime) -> None:
    if cause in ANSWERS_NOTHING:
        agent.warning = "unreachable"
    elif cause not in ENDS:
        agent.warning = "missed"
    if cause in ANSWERS_NOTHING or now - offer.offered_at < timedelta(seconds=PROMPT_SECONDS):
        _let_rest(work, agent, work.floor.queue(offer.queue_id), now)


def _let_rest(work: Workplace, agent: Agent, queue: Queue, now: datetime) -> None:
    agent.rests_until = now + timedelta(seconds=queue.unreachable_pause_seconds)
    work.timers.set(RestOver(agent.rests_until, agent.agent_id))


def rest_over(work: Workplace, tiding: RestOver) -> None:
    """Try an agent again whose device could not be reached."""
    agent = work.floor.agent(tiding.agent_id)
    agent.rests_until = None
    offer_to_agent(work, agent, tiding.at)


def end_offer(work: Workplace, offer: Offer, end: OfferEnd, cause: str, now: datetime) -> None:
    """Note how an offer ended."""
    work.timers.cancel(OfferExpired, offer.offer_id)
    work.floor.remove_offer(offer)
    work.publish(OfferEnded(now, offer.offer_id, offer.contact_id, offer.agent_id, offer.queue_id, end, cause))


def _free_agent(agent: Agent, now: datetime) -> None:
    agent.move_to(READY, now)
    agent.ready_since = agent.ready_since or now


def withdraw_offer_of(work: Workplace, contact: Contact, cause: str, now: datetime) -> None:
    """Stop ringing for a contact that needs no agent any more. An agent is free once the device has stopped."""
    for offer in work.floor.offers_of_contact(contact.contact_id):
        _withdraw(work, offer, cause, now)


def withdraw_others(work: Workplace, accepted: Offer, now: datetime) -> None:
    """One agent answered first: the others stop ringing at once."""
    for offer in work.floor.offers_of_contact(accepted.contact_id):
        if offer.offer_id != accepted.offer_id:
            _withdraw(work, offer, "answered-by-another", now)


def _withdraw(work: Workplace, offer: Offer, cause: str, now: datetime) -> None:
    stop_ringing(work, offer)
    end_offer(work, offer, OfferEnd.WITHDRAWN, cause, now)
    _free_agent(work.floor.agent(offer.agent_id), now)
    if not offer.leg_id:  # no device will say that it has stopped
        work.timers.set(RestOver(now, offer.agent_id))


def stop_ringing(work: Workplace, offer: Offer) -> None:
    """Let the device of an offer stop, if one rings."""
    if offer.leg_id:
        work.switch.hang_up(offer.leg_id, HangUpCause.WITHDRAWN)


def device_free(work: Workplace, agent: Agent, now: datetime) -> None:
    """The device of an agent without an offer fell silent; now the agent can be offered the next contact."""
    work.floor.set_agent_leg(agent, None)
    offer_to_agent(work, agent, now)


def expire(work: Workplace, tiding: OfferExpired) -> None:
    """The switch did not say how the ringing ended: end it here, and say why."""
    offer = work.floor.offers.get(tiding.offer_id)
    if offer is None:
        return
    if not offer.leg_id:
        leg_failed(work, offer, work.floor.agent(offer.agent_id), HangUpCause.NO_ANSWER, tiding.at)
        return
    if not work.floor.switch_connected:  # its connection may be lost, its ringing is not: the next report tells
        work.timers.set(OfferExpired(tiding.at + timedelta(seconds=LEASE_SECONDS), offer.offer_id))
        return
    work.publish(
        LeaseHealed(tiding.at, "offer", offer.offer_id, "the switch did not end the ringing in time", offer.contact_id)
    )
    work.switch.hang_up(offer.leg_id, HangUpCause.WITHDRAWN)
    leg_failed(work, offer, work.floor.agent(offer.agent_id), HangUpCause.NO_ANSWER, tiding.at)


def decline(work: Workplace, command: DeclineOffer, now: datetime) -> None:
    """The agent leaves the offered contact to a colleague."""
    offer = work.floor.offer_of_agent(command.agent_id)
    if offer is None:
        raise NotAllowed("nothing-offered", "no contact is offered")
    agent, contact = work.floor.agent(command.agent_id), work.floor.contacts[offer.contact_id]
    stop_ringing(work, offer)
    end_offer(work, offer, OfferEnd.DECLINED, command.by, now)
    _free_agent(agent, now)
    _note_decline(work, contact, agent, now)
    offer_contact(work, contact, now)
    offer_to_agent(work, agent, now)
