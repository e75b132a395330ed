"""Callers who asked to be called back instead of waiting.

The contact keeps its place in line (see `domain.contact`). When its turn comes an agent is offered it like any other;
once the agent's device was answered the customer is dialled (`conversation.accept`), and only when the customer answers
too is the contact answered and its wait over. Nobody there: it is tried again after `retry_seconds`, at its old place,
`attempts` times in all. An attempt that failed on our side (the agent hung up first, the switch died) is not counted.

What is owed is kept as facts, not on a leg: a core that starts reads it from the contact log (`restore`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import Agent, AgentState
from cxcore.domain.callback import can_be_called, is_asked_already
from cxcore.domain.contact import CallBackRequest, Contact, ContactState, Outcome
from cxcore.domain.events import (
    CallBackAsked,
    CallBackCancelled,
    CallBackEnded,
    CallBackLinedUp,
    CallBackTried,
    ContactLeftQueue,
    ContactQueued,
)
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg
from cxcore.domain.offer import Offer, OfferEnd
from cxcore.domain.queue import CallBackSettings, QueueId
from cxcore.domain.tidings import CallBackDue, LegHungUp
from cxcore.ports.contact_log import OwedCallBack
from cxcore.ports.switch import Dial
from cxcore.services import offering, queueing
from cxcore.services.endings import end_contact
from cxcore.services.marks import mark_accepted, mark_contact
from cxcore.services.traffic import may_call_back
from cxcore.services.workplace import Workplace

CONFIRMATION_SECONDS = 60
"""When the switch does not tell that the confirmation was said, the caller's leg is ended after this."""

OURS = frozenset({HangUpCause.SWITCH_LOST, HangUpCause.WITHDRAWN})
"""Causes of an attempt that did not fail by the customer."""


def refusal(work: Workplace, contact: Contact, queue_id: QueueId) -> str | None:
    """The prompt that says why this caller cannot be called back; None when that is possible."""
    settings = _settings(work, queue_id)
    number = contact.caller_number or ""
    if not can_be_called(contact.caller_number, settings) or not may_call_back(work, queue_id, number):
        return settings.not_possible
    return settings.already_asked if is_asked_already(work.floor.call_backs.values(), queue_id, number) else None


def ask_for(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> None:
    """Take the request, and confirm it. A caller who waits in that queue keeps the place, another gets the last one."""
    keeps_place = contact.state is ContactState.WAITING and contact.queue_id == queue_id
    if keeps_place:
        offering.withdraw_offer_of(work, contact, "call-back", now)
        queueing.stop_waiting(work, contact)
    else:
        contact.queue_id, contact.queued_at = queue_id, now
        seconds = work.floor.queue(queue_id).service_level.seconds
        work.publish(ContactQueued(now, contact.contact_id, queue_id, seconds))
    contact.move_to(ContactState.CALL_BACK)
    contact.passed_over.clear()
    work.floor.set_call_back(contact, CallBackRequest(contact.caller_number or "", now))
    _publish_request(work, contact, queue_id, now)
    _confirm(work, contact, queue_id, now)


def _publish_request(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> None:
    number, queued_at = contact.caller_number or "", contact.queued_at or now
    work.publish(CallBackAsked(now, contact.contact_id, queue_id, number, queued_at, contact.in_front))


def _confirm(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> None:
    if not contact.leg_answered:
        work.switch.answer(contact.leg_id)
    prompts = work.sounds(_settings(work, queue_id).confirmation, language=contact.language)
    work.switch.say(contact.leg_id, work.new_order(contact), prompts)
    mark_contact(work, contact)
    work.timers.set(CallBackDue(now + timedelta(seconds=CONFIRMATION_SECONDS), contact.contact_id))


def confirmed(work: Workplace, contact: Contact, now: datetime) -> None:
    """The confirmation was said: end the call."""
    work.switch.hang_up(contact.leg_id)
    left(work, contact, now)


def left(work: Workplace, contact: Contact, now: datetime) -> None:
    """The caller's leg is gone, or told to go: from here on the contact has none."""
    _release_leg(work, contact)
    _stand_in_line_at(work, contact, now, now)


def _release_leg(work: Workplace, contact: Contact) -> None:
    work.floor.change_leg(contact, LegId(work.new_identity()))
    contact.order_id, contact.leg_answered = None, False


def _stand_in_line_at(work: Workplace, contact: Contact, due: datetime, now: datetime) -> None:
    """Stand in line from `due` on, or from when people may be called again."""
    if contact.queue_id is None:
        return
    window = _settings(work, contact.queue_id).window
    opens = due if window is None else window.next_open(due)
    if opens is not None and opens <= now:
        stand_in_line(work, contact, now)
    elif opens is not None:
        work.timers.set(CallBackDue(opens, contact.contact_id))
    else:
        _give_up(work, contact, HangUpCause.OTHER, now)


def call_back_due(work: Workplace, tiding: CallBackDue) -> None:
    """Somebody may be called back now, or the confirmation took too long."""
    contact = work.floor.contacts.get(tiding.contact_id)
    if contact is None or contact.state is not ContactState.CALL_BACK:
        return
    if contact.order_id is not None:
        confirmed(work, contact, tiding.at)
    else:
        _stand_in_line_at(work, contact, tiding.at, tiding.at)


def stand_in_line(work: Workplace, contact: Contact, now: datetime) -> None:
    """At the place that the caller had when the wait began."""
    if contact.queue_id is None:
        return
    work.timers.cancel(CallBackDue, contact.contact_id)
    contact.move_to(ContactState.WAITING)
    work.floor.join_line(contact, contact.queue_id, contact.queued_at or now)
    work.publish(CallBackLinedUp(now, contact.contact_id, contact.queue_id))
    offering.plan_offers(work, contact, now)
    offering.offer_contact(work, contact, now)


# --- An agent is there -----------------------------------------------------------------------------------------------


def accepted(work: Workplace, offer: Offer, now: datetime) -> None:
    """The agent's device was answered: dial the customer, while the agent hears that it rings."""
    contact, agent = work.floor.contacts[offer.contact_id], work.floor.agent(offer.agent_id)
    queueing.stop_waiting(work, contact)
    offering.withdraw_others(work, offer, now)
    contact.move_to(ContactState.CALLING_BACK)
    agent.move_to(AgentState.TALKING, now)
    agent.contact_id, contact.agent_id = contact.contact_id, agent.agent_id
    offering.end_offer(work, offer, OfferEnd.ACCEPTED, "", now)
    mark_accepted(work, offer.leg_id, now)
    _call(work, contact, offer.leg_id, offer.queue_id)


def _call(work: Workplace, contact: Contact, device: LegId, queue_id: QueueId) -> None:
    work.switch.play_ringback(device)
    work.switch.dial(_dial(work, contact, queue_id, device))


def _dial(work: Workplace, contact: Contact, queue_id: QueueId, device: LegId) -> Dial:
    settings = _settings(work, queue_id)
    return Dial(
        contact.leg_id,
        contact.call_back.number if contact.call_back else "",
        caller_number=work.floor.caller_number_of(contact),
        timeout_seconds=settings.ring_seconds,
        marks={"role": "call-back", "contact": contact.contact_id},
        partner=device,
    )


def reached(work: Workplace, contact: Contact, now: datetime) -> None:
    """The customer answered: nothing is owed any more."""
    work.floor.set_call_back(contact, None)
    contact.leg_answered = True
    if contact.queue_id is not None:
        work.publish(CallBackEnded(now, contact.contact_id, contact.queue_id, reached=True))


def not_reached(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    """The customer's phone was busy, not answered or not to be reached."""
    agent = work.floor.agent_talking_with(contact)
    if agent is not None:
        _let_agent_go(work, contact, agent, tiding.at)
    _release_leg(work, contact)
    contact.move_to(ContactState.CALL_BACK)
    if tiding.cause in OURS:
        _stand_in_line_at(work, contact, tiding.at, tiding.at)
    else:
        _count_attempt(work, contact, agent, tiding)


def _count_attempt(work: Workplace, contact: Contact, agent: Agent | None, tiding: LegHungUp) -> None:
    request, queue_id = contact.call_back, contact.queue_id
    if request is None or queue_id is None:
        return
    settings = _settings(work, queue_id)
    request.attempts += 1
    again = request.attempts < settings.attempts
    next_at = tiding.at + timedelta(seconds=settings.retry_seconds) if again else None
    agent_id = None if agent is None else agent.agent_id
    work.publish(
        CallBackTried(tiding.at, contact.contact_id, queue_id, agent_id, tiding.cause, request.attempts, next_at)
    )
    if next_at is None:
        _give_up(work, contact, tiding.cause, tiding.at)
    else:
        _stand_in_line_at(work, contact, next_at, tiding.at)


def agent_left(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    """The agent hung up before the customer answered: another agent gets the contact, at its place."""
    work.floor.set_agent_leg(agent, None)
    work.switch.hang_up(contact.leg_id, HangUpCause.WITHDRAWN)
    contact.passed_over.add(agent.agent_id)
    _free(contact, agent, now)
    _release_leg(work, contact)
    contact.move_to(ContactState.CALL_BACK)
    _stand_in_line_at(work, contact, now, now)
    offering.offer_to_agent(work, agent, now)


def _let_agent_go(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    """The agent is ready again once the device has fallen silent."""
    if agent.leg_id is not None:
        work.switch.hang_up(agent.leg_id)
    _free(contact, agent, now)


def _free(contact: Contact, agent: Agent, now: datetime) -> None:
    agent.contact_id = contact.agent_id = None
    agent.move_to(AgentState.READY, now)
    agent.ready_since = now


def _give_up(work: Workplace, contact: Contact, cause: HangUpCause, now: datetime) -> None:
    if contact.queue_id is None:
        return
    waited = (now - (contact.queued_at or now)).total_seconds()
    work.publish(ContactLeftQueue(now, contact.contact_id, contact.queue_id, Outcome.NOT_REACHED, waited))
    work.publish(CallBackEnded(now, contact.contact_id, contact.queue_id, reached=False))
    work.timers.cancel(CallBackDue, contact.contact_id)
    end_contact(work, contact, now, Outcome.NOT_REACHED, cause, HungUpBy.SWITCH)


# --- A supervisor steers ---------------------------------------------------------------------------------------------


def move(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> None:
    """Call back from another queue, at the place that the wait so far gives there, as often as that queue tries."""
    request = contact.call_back
    if request is None:
        return
    _leave_line(work, contact, Outcome.OVERFLOWED, now)
    request.attempts, contact.queue_id = 0, queue_id
    seconds = work.floor.queue(queue_id).service_level.seconds
    work.publish(ContactQueued(now, contact.contact_id, queue_id, seconds))
    place = (contact.queued_at or now, contact.in_front)
    work.publish(CallBackAsked(now, contact.contact_id, queue_id, request.number, *place))
    _stand_in_line_at(work, contact, now, now)


def _leave_line(work: Workplace, contact: Contact, outcome: Outcome, now: datetime) -> None:
    offering.withdraw_offer_of(work, contact, outcome.value, now)
    queueing.stop_waiting(work, contact)
    work.timers.cancel(CallBackDue, contact.contact_id)
    if contact.state is ContactState.WAITING:
        contact.move_to(ContactState.CALL_BACK)
    contact.passed_over.clear()
    contact.declined_until.clear()
    if contact.queue_id is not None:
        waited = (now - (contact.queued_at or now)).total_seconds()
        work.publish(ContactLeftQueue(now, contact.contact_id, contact.queue_id, outcome, waited))


def cancel(work: Workplace, contact: Contact, by: str, now: datetime) -> None:
    """Call this customer back no more."""
    if contact.queue_id is None:
        return
    work.publish(CallBackCancelled(now, contact.contact_id, contact.queue_id, by))
    _leave_line(work, contact, Outcome.CANCELLED, now)
    work.publish(CallBackEnded(now, contact.contact_id, contact.queue_id, reached=False))
    end_contact(work, contact, now, Outcome.CANCELLED, HangUpCause.NORMAL, HungUpBy.SWITCH)


# --- A core starts ---------------------------------------------------------------------------------------------------


def restore(work: Workplace, owed: tuple[OwedCallBack, ...], now: datetime) -> None:
    """Take up what is owed, at the places of before. Where a queue is gone, or opens no more, it is lost."""
    for each in owed:
        if each.queue_id in work.floor.site.queues and _can_be_tried(work, each, now):
            _restore(work, each, now)


def _can_be_tried(work: Workplace, owed: OwedCallBack, now: datetime) -> bool:
    window = _settings(work, owed.queue_id).window
    return window is None or window.next_open(max(owed.next_at or now, now)) is not None


def _restore(work: Workplace, owed: OwedCallBack, now: datetime) -> None:
    contact = Contact(
        owed.contact_id,
        LegId(work.new_identity()),
        owed.dialled_number,
        owed.number,
        owed.caller_name,
        owed.opened_at,
        priority=work.floor.site.priority_of(owed.number),
        state=ContactState.CALL_BACK,
        queue_id=owed.queue_id,
        queued_at=owed.queued_at,
        call_back=CallBackRequest(owed.number, owed.asked_at, owed.attempts),
        in_front=owed.in_front,
    )
    work.floor.add_contact(contact)
    _stand_in_line_at(work, contact, max(owed.next_at or now, now), now)


def take_up(work: Workplace, contact: Contact, agent: Agent, customer: LiveLeg | None, now: datetime) -> None:
    """A core that starts found the agent's device, and perhaps the customer's leg that was dialled already."""
    queueing.stop_waiting(work, contact)
    work.timers.cancel(CallBackDue, contact.contact_id)
    contact.state = ContactState.CALLING_BACK
    agent.state, agent.state_since = AgentState.TALKING, now
    agent.contact_id, contact.agent_id = contact.contact_id, agent.agent_id
    if customer is not None:
        work.floor.change_leg(contact, customer.leg_id)
    elif agent.leg_id is not None and contact.queue_id is not None:
        _call(work, contact, agent.leg_id, contact.queue_id)


def _settings(work: Workplace, queue_id: QueueId) -> CallBackSettings:
    return work.floor.queue(queue_id).call_back or CallBackSettings()
