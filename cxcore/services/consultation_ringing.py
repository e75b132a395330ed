"""A consultation or transfer begins: the colleague is reserved, and the target's phones ring."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import Agent, AgentId
from cxcore.domain.contact import Contact
from cxcore.domain.events import ConsultationStarted
from cxcore.domain.leg import LegId
from cxcore.domain.transfer import Consultation, ConsultationState, Target
from cxcore.ports.switch import Dial
from cxcore.services.consultation_release import colleague_of
from cxcore.services.marks import consulted_marks, mark_contact
from cxcore.services.workplace import Workplace


def begin(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """Reserve the colleague that the target is, if any, and ring."""
    contact.consultation = consultation
    _reserve(work, contact, consultation.target)
    _ring(work, contact, consultation, now)
    mark_contact(work, contact)
    blind = consultation.state is ConsultationState.PASSING
    by, target = AgentId(consultation.agent_id), consultation.target
    colleague = colleague_of(target)
    work.publish(ConsultationStarted(now, contact.contact_id, by, target.name, blind, colleague))


def _reserve(work: Workplace, contact: Contact, target: Target) -> None:
    colleague = work.floor.agents.get(AgentId(target.agent_id or ""))
    if colleague is not None:
        colleague.direct_contact_id = contact.contact_id


def _ring(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    for destination in consultation.target.destinations:
        leg_id = LegId(work.new_identity())
        work.floor.add_party_leg(contact, leg_id, destination, now)
        consultation.ringing.add(leg_id)
        work.switch.dial(_dial(work, contact, consultation, leg_id, destination))


def _dial(work: Workplace, contact: Contact, consultation: Consultation, leg_id: LegId, destination: str) -> Dial:
    """A colleague sees who is calling and who asks; a number outside sees what the settings say [9]. Who is only asked
    gets a call of the agent; to whom the caller is passed on, the caller's call is forwarded."""
    marks = consulted_marks(contact, consultation, destination)
    seconds = work.floor.site.direct_seconds
    agent = work.floor.agent(AgentId(consultation.agent_id))
    forwards = contact.forwards if consultation.state is ConsultationState.PASSING else None
    if consultation.target.agent_id is None:
        shown = _shown_number(work, contact, agent, destination)
        return Dial(leg_id, destination, shown, "", seconds, marks, forwards, contact.leg_id)
    caller = contact.caller_name or contact.caller_number or "anoniem"
    number, name = contact.caller_number or "anonymous", f"{agent.name}: {caller}"
    return Dial(leg_id, destination, number, name, seconds, marks, forwards, contact.leg_id)


def _shown_number(work: Workplace, contact: Contact, agent: Agent, called: str) -> str:
    """The number of the queue (ACD group), else the agent's own choice, else that of the site [9]."""
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id else None
    user = work.floor.site.users.get(agent.agent_id)
    choices = (queue.caller_number if queue else "", user.caller_number if user else "")
    return work.floor.site.number_shown_to(called, *choices)
