"""Direct calls beside queue calls [21]: somebody dials an agent's own number, or an agent dials a number.

A direct call is a contact without a queue. Inbound its leg is the caller's and the party's leg is the agent's device;
outbound its leg is the agent's device and the party is the number. The agent gets no offers until it has ended.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import Agent, AgentId, AgentState
from cxcore.domain.commands import CallNumber, EndDirectCall
from cxcore.domain.contact import Contact, ContactId, ContactState, Direction, Outcome
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactOpened, DirectCallAnswered, DirectCallEnded, DirectCallStarted
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId, LiveLeg
from cxcore.domain.numbers import is_number, normalised
from cxcore.domain.tidings import LegHungUp, ReturnOverdue
from cxcore.ports.switch import Dial
from cxcore.services import offering
from cxcore.services.endings import end_contact
from cxcore.services.marks import direct_marks, mark_contact
from cxcore.services.traffic import check_may_dial
from cxcore.services.workplace import Workplace

DEVICE_SECONDS = 20
"""How long the device of an agent who calls out may ring before the call is given up."""


def ring_agent(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> bool:
    """Ring the agent whose own number was dialled; the caller hears that it rings. False when the agent is engaged."""
    if engaged(work, agent) or agent.device_fault is not None:
        return False
    _begin(work, contact, agent, contact.caller_number or "", now)
    leg_id = contact.desk_leg = _add_party(work, contact, agent.address, now)
    work.switch.ring(contact.leg_id)
    mark_contact(work, contact)
    number, seconds = contact.caller_number or "anonymous", work.floor.site.direct_seconds
    name = contact.caller_name or contact.caller_number or "anoniem"
    _dial(work, contact, leg_id, agent.address, number, name, seconds)
    return True


def engaged(work: Workplace, agent: Agent) -> bool:
    """Whether the agent has a call, or is before an offer."""
    return agent.state in (AgentState.OFFERED, AgentState.TALKING) or agent.direct_contact_id is not None


def call_number(work: Workplace, command: CallNumber, now: datetime) -> None:
    """Ring the agent's own device, and once it is answered dial the number."""
    agent = work.floor.agent(command.agent_id)
    number = normalised(command.number) or ""
    if not is_number(number):
        raise NotAllowed("no-such-number", "this is no phone number")
    check_may_dial(work, agent.agent_id, number)
    if engaged(work, agent) or not work.floor.switch_connected:
        raise NotAllowed("engaged", "the agent has a call already")
    if agent.device_fault is not None:
        raise NotAllowed("softphone-not-ready", "the agent's softphone cannot be rung")
    if command.shows and command.shows not in work.floor.site.numbers_to_show(agent.agent_id):
        raise NotAllowed("no-such-caller-number", "the agent may not show this number")
    contact = _open_outbound(work, agent, number, now)
    contact.shown_number = command.shows
    _begin(work, contact, agent, number, now)
    caller = work.floor.site.caller_number
    _dial(work, contact, contact.leg_id, agent.address, caller, number, DEVICE_SECONDS)


def _open_outbound(work: Workplace, agent: Agent, number: str, now: datetime) -> Contact:
    contact = Contact(
        ContactId(work.new_identity()),
        LegId(work.new_identity()),
        number,
        None,
        "",
        now,
        direction=Direction.OUTBOUND,
    )
    contact.desk_leg = contact.leg_id
    work.floor.add_contact(contact)
    work.publish(
        ContactOpened(now, contact.contact_id, contact.channel, number, None, "", direction=Direction.OUTBOUND)
    )
    return contact


def _begin(work: Workplace, contact: Contact, agent: Agent, number: str, now: datetime) -> None:
    contact.move_to(ContactState.DIRECT)
    contact.agent_id = agent.agent_id
    agent.direct_contact_id, agent.warning = contact.contact_id, None
    work.publish(DirectCallStarted(now, contact.contact_id, agent.agent_id, contact.direction, number))


def _add_party(work: Workplace, contact: Contact, destination: str, now: datetime) -> LegId:
    leg_id = LegId(work.new_identity())
    work.floor.add_party_leg(contact, leg_id, destination, now)
    return leg_id


def _dial(
    work: Workplace, contact: Contact, leg_id: LegId, destination: str, number: str, name: str, seconds: int
) -> None:
    party = leg_id != contact.leg_id
    marks, partner = direct_marks(contact, party=party), contact.leg_id if party else None
    work.switch.dial(Dial(leg_id, destination, number, name, seconds, marks, partner=partner))


def leg_answered(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> None:
    """Inbound the agent answered, or outbound first the agent and then the party."""
    if leg_id in contact.party_legs:
        _connect(work, contact, leg_id, now)
    elif contact.direction is Direction.OUTBOUND and not contact.leg_answered:
        contact.leg_answered = True
        _dial_party(work, contact, now)


def _dial_party(work: Workplace, contact: Contact, now: datetime) -> None:
    user = work.floor.site.users.get(contact.agent_id or "")
    own = user.caller_number if user else ""
    caller = work.floor.site.number_shown_to(contact.dialled_number, contact.shown_number, own)
    leg_id = _add_party(work, contact, contact.dialled_number, now)
    work.switch.play_ringback(contact.leg_id)
    _dial(work, contact, leg_id, contact.dialled_number, caller, "", work.floor.site.direct_seconds)


def _connect(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> None:
    if not contact.leg_answered:
        work.switch.answer(contact.leg_id)
        contact.leg_answered = True
    work.switch.bridge(contact.leg_id, leg_id)
    contact.answered_at = now
    mark_contact(work, contact)
    if contact.agent_id is not None:
        work.publish(DirectCallAnswered(now, contact.contact_id, AgentId(contact.agent_id)))


def leg_left(work: Workplace, contact: Contact, tiding: LegHungUp) -> bool:
    """One of the two legs is gone: the other goes too. False for an inbound call that the agent did not take."""
    inbound_missed = contact.direction is Direction.INBOUND and tiding.leg_id in contact.party_legs
    if inbound_missed and contact.answered_at is None:
        work.floor.drop_party_leg(contact, tiding.leg_id)
        agent = release(work, contact, tiding.at, missed=True)
        contact.agent_id = None
        contact.move_to(ContactState.IN_FLOW)
        if agent is not None:
            offering.offer_to_agent(work, agent, tiding.at)
        return False
    _finish(work, contact, tiding)
    return True


def _finish(work: Workplace, contact: Contact, tiding: LegHungUp) -> None:
    outcome = Outcome.UNANSWERED if contact.answered_at is None else Outcome.ANSWERED
    others = [leg_id for leg_id in (contact.leg_id, *contact.party_legs) if leg_id != tiding.leg_id]
    agent = release(work, contact, tiding.at, missed=False)
    end_contact(work, contact, tiding.at, outcome, tiding.cause, tiding.by)
    for leg_id in others:
        work.switch.hang_up(leg_id)
    if agent is not None:
        offering.offer_to_agent(work, agent, tiding.at)


def release(work: Workplace, contact: Contact, now: datetime, missed: bool) -> Agent | None:
    """The agent's part in a direct call is over."""
    agent = work.floor.agents.get(AgentId(contact.agent_id or ""))
    if agent is None:
        return None
    talked = (now - contact.answered_at).total_seconds() if contact.answered_at else 0.0
    agent.direct_contact_id, agent.last_contact_id = None, contact.contact_id
    agent.returning = False
    work.timers.cancel(ReturnOverdue, agent.agent_id)
    agent.direct_calls += contact.answered_at is not None
    agent.ready_since = now
    agent.warning = "missed-direct" if missed else agent.warning
    work.publish(DirectCallEnded(now, contact.contact_id, agent.agent_id, contact.direction, talked, missed))
    return agent


def give_up(work: Workplace, contact: Contact, now: datetime) -> bool:
    """The agent did not come back in time. False for an inbound call, which goes on as one that nobody took."""
    if contact.direction is Direction.OUTBOUND:
        _finish(work, contact, LegHungUp(now, contact.leg_id, HangUpCause.NORMAL, HungUpBy.SWITCH))
        work.switch.hang_up(contact.leg_id)
        return True
    agent = release(work, contact, now, missed=False)
    contact.agent_id = contact.answered_at = None
    contact.move_to(ContactState.IN_FLOW)
    if agent is not None:
        offering.offer_to_agent(work, agent, now)
    return False


def end_call(work: Workplace, command: EndDirectCall, now: datetime) -> None:
    """The agent ends the direct call from the page, ringing or talking."""
    agent = work.floor.agent(command.agent_id)
    contact = work.floor.contacts.get(agent.direct_contact_id) if agent.direct_contact_id else None
    if contact is None:
        raise NotAllowed("no-direct-call", "the agent has no direct call")
    if contact.agent_id != agent.agent_id:
        _leave_consultation(work, contact)
        return
    _finish(work, contact, LegHungUp(now, contact.leg_id, HangUpCause.NORMAL, HungUpBy.SWITCH))
    work.switch.hang_up(contact.leg_id)


def _leave_consultation(work: Workplace, contact: Contact) -> None:
    """Who is consulted by a colleague hangs up; what follows comes of the leg's end."""
    for leg_id in contact.consultation.legs if contact.consultation else ():
        work.switch.hang_up(leg_id)


def take_up(work: Workplace, contact: Contact, leg: LiveLeg) -> None:
    """A core that starts found the first leg of a direct call; the party's joins it with `Floor.add_party_leg`."""
    agent = work.floor.agents.get(AgentId(leg.marks.get("agent", "")))
    contact.state = ContactState.DIRECT
    contact.direction = Direction.INBOUND if leg.inbound else Direction.OUTBOUND
    if agent is not None:
        contact.agent_id, agent.direct_contact_id = agent.agent_id, contact.contact_id
    contact.desk_leg = LegId(leg.marks.get("desk_leg", "")) or (None if leg.inbound else leg.leg_id)
    contact.shown_number = leg.marks.get("shows", "")
