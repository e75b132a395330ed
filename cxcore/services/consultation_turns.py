"""How each turn of a consultation is carried out, one function per turn of `domain.transfer`.

The caller hears hold music whenever nobody talks with the caller [10].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from cxcore.domain.agent import Agent, AgentId, AgentState
from cxcore.domain.contact import Contact, ContactState, Direction
from cxcore.domain.events import ContactTransferred
from cxcore.domain.leg import LegId
from cxcore.domain.transfer import Consultation, Turn
from cxcore.services import conversation
from cxcore.services.consultation_legs import desk_leg, hold, line_leg, note_resumed, resume
from cxcore.services.consultation_release import colleague_of, let_go, let_target_go
from cxcore.services.marks import direct_marks, taken_over_marks
from cxcore.services.workplace import Workplace


def talk_to_target(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """Agent and target talk; the caller hears hold music."""
    desk, agent = desk_leg(work, contact), work.floor.agent(AgentId(consultation.agent_id))
    hold(work, contact, agent, now)
    if desk is not None and consultation.target_leg is not None:
        work.switch.bridge(desk, consultation.target_leg)


def talk_to_caller(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """Agent and caller talk; the target hears hold music."""
    resume(work, contact, now)
    if consultation.target_leg is not None:
        work.switch.play_hold_music(consultation.target_leg)


def talk_together(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """All three hear each other."""
    desk = desk_leg(work, contact)
    resume(work, contact, now)
    if desk is not None and consultation.target_leg is not None:
        work.switch.join(consultation.target_leg, desk)


def _let_agent_go(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    let_go(work, contact, now)
    contact.move_to(ContactState.PASSING)


def _end_with_agent(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    let_target_go(work, contact, consultation, now)
    resume(work, contact, now)


def _end_with_target(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """Caller and target hear each other first; then the agent is let go."""
    target_leg = consultation.target_leg
    if target_leg is None:
        return
    work.switch.bridge(line_leg(work, contact), target_leg)
    is_direct = contact.state is ContactState.DIRECT or contact.queue_id is None
    if contact.agent_id is not None:
        let_go(work, contact, now)
    contact.consultation = None
    _settle_with_target(work, contact, consultation, target_leg, is_direct, now)
    by, colleague = AgentId(consultation.agent_id), colleague_of(consultation.target)
    name = consultation.target.name
    work.publish(ContactTransferred(now, contact.contact_id, name, connected=True, agent_id=by, colleague_id=colleague))


def _end_in_queue(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    let_target_go(work, contact, consultation, now)


def _end_for_all(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """The caller is gone; the contact ends next, and the agent's call with it."""
    let_target_go(work, contact, consultation, now)
    if contact.state is not ContactState.TALKING:  # in a conversation of a queue the end of the talk notes it
        note_resumed(work, contact, now)


def _settle_with_target(
    work: Workplace,
    contact: Contact,
    consultation: Consultation,
    leg_id: LegId,
    is_direct: bool,
    now: datetime,
) -> None:
    """The target has the caller: a colleague of a queue's contact as its agent, anybody else as a party."""
    colleague = work.floor.agents.get(AgentId(consultation.target.agent_id or ""))
    if is_direct:
        _settle_direct(work, contact, colleague, leg_id, now)
    elif colleague is not None:
        _take_over(work, contact, colleague, leg_id, now)
    else:
        contact.move_to(ContactState.TRANSFERRED)
        work.switch.mark(leg_id, {"role": "transfer"})


def _take_over(work: Workplace, contact: Contact, colleague: Agent, leg_id: LegId, now: datetime) -> None:
    work.floor.drop_party_leg(contact, leg_id)
    if colleague.state is AgentState.WRAP_UP:
        conversation.leave_wrap_up(work, colleague, now)
    colleague.move_to(AgentState.TALKING, now)
    colleague.direct_contact_id = None  # not before: the end of the wrap-up would offer the colleague another contact
    colleague.contact_id, contact.agent_id = contact.contact_id, colleague.agent_id
    work.floor.set_agent_leg(colleague, leg_id)
    if contact.state is not ContactState.TALKING:
        contact.move_to(ContactState.TALKING)
    contact.answered_at = now
    work.switch.mark(leg_id, taken_over_marks(contact, colleague.agent_id, work.new_identity(), now))


def _settle_direct(work: Workplace, contact: Contact, colleague: Agent | None, leg_id: LegId, now: datetime) -> None:
    if contact.state is not ContactState.DIRECT:
        contact.move_to(ContactState.DIRECT)
    contact.agent_id = None if colleague is None else colleague.agent_id
    contact.desk_leg, contact.answered_at = leg_id, now
    work.switch.mark(leg_id, direct_marks(contact, party=True))
    if contact.direction is Direction.OUTBOUND:
        work.switch.mark(contact.leg_id, direct_marks(contact, party=False))


TURNS: Mapping[Turn, Callable[[Workplace, Contact, Consultation, datetime], None]] = {
    Turn.TALK_TO_TARGET: talk_to_target,
    Turn.TALK_TO_CALLER: talk_to_caller,
    Turn.TALK_TOGETHER: talk_together,
    Turn.LET_GO: _let_agent_go,
    Turn.END_WITH_AGENT: _end_with_agent,
    Turn.END_WITH_TARGET: _end_with_target,
    Turn.END_IN_QUEUE: _end_in_queue,
    Turn.END_FOR_ALL: _end_for_all,
}
"""How each turn is carried out."""
