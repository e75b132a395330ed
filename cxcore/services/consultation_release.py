"""Who is let go in a consultation: the target, or the agent whose part is over. The caller goes on."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.transfer import Consultation, Target
from cxcore.services import conversation, direct, offering
from cxcore.services.consultation_legs import line_leg, note_resumed
from cxcore.services.workplace import Workplace


def let_target_go(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """Hang up the target, whether it rings or talks; the consultation is over."""
    for leg_id in sorted(consultation.legs):
        drop(work, contact, consultation, leg_id)
        work.switch.hang_up(leg_id, HangUpCause.WITHDRAWN)
    contact.consultation = None
    release_colleague(work, contact, consultation, now)


def drop(work: Workplace, contact: Contact, consultation: Consultation, leg_id: LegId) -> None:
    """A leg of the target is gone."""
    work.floor.drop_party_leg(contact, leg_id)
    consultation.ringing.discard(leg_id)
    if consultation.target_leg == leg_id:
        consultation.target_leg = None


def release_colleague(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """The colleague who was consulted takes offers again."""
    colleague = work.floor.agents.get(AgentId(consultation.target.agent_id or ""))
    if colleague is not None and colleague.direct_contact_id == contact.contact_id:
        colleague.direct_contact_id = None
        colleague.ready_since = now
        offering.offer_to_agent(work, colleague, now)


def colleague_of(target: Target) -> AgentId | None:
    """The agent that the target is; None for anybody else."""
    return AgentId(target.agent_id) if target.agent_id is not None else None


def let_go(work: Workplace, contact: Contact, now: datetime) -> None:
    """The agent's part is over; the device falls silent. The contact goes on."""
    if contact.state is ContactState.DIRECT:
        _let_go_of_direct(work, contact, now)
        return
    agent = work.floor.agent_talking_with(contact)
    if agent is not None:
        conversation.finish_talk(work, contact, agent, now)
        if agent.leg_id is not None:
            work.switch.hang_up(agent.leg_id)
    contact.agent_id = contact.answered_at = None


def _let_go_of_direct(work: Workplace, contact: Contact, now: datetime) -> None:
    line, desk = line_leg(work, contact), contact.desk_leg
    note_resumed(work, contact, now)
    agent = direct.release(work, contact, now, missed=False)
    contact.agent_id = contact.answered_at = contact.desk_leg = None
    if desk is None:
        return
    if desk == contact.leg_id:
        work.floor.drop_party_leg(contact, line)
        work.floor.change_leg(contact, line)
    else:
        work.floor.drop_party_leg(contact, desk)
    work.switch.hang_up(desk)
    if agent is not None:
        offering.offer_to_agent(work, agent, now)
