"""The course of a consultation: what happens to its legs, which turn that leads to, and what becomes of its caller.

What each event leads to stands in `domain.transfer`. Where the consultation stands is marked on the contact's leg;
`consultation_recovery` reads it.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import AgentId, PassedOn
from cxcore.domain.contact import Contact, ContactState, Direction, Outcome
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ConsultationEnded, ConsultationMoved
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.queue import QueueId
from cxcore.domain.tidings import LegHungUp
from cxcore.domain.transfer import (
    LET_GO,
    STATE_AFTER,
    Consultation,
    ConsultationEvent,
    ConsultationState,
    TargetKind,
    Turn,
    turn,
)
from cxcore.services import direct, inbound, offering, queueing
from cxcore.services.consultation_legs import desk_leg, line_leg
from cxcore.services.consultation_release import colleague_of, drop, release_colleague
from cxcore.services.consultation_ringing import begin
from cxcore.services.consultation_targets import free_in_queue
from cxcore.services.consultation_turns import TURNS, talk_to_caller, talk_to_target, talk_together
from cxcore.services.endings import end_contact
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace

MISSED = "missed"
"""How it ended with an agent of a consulted queue who did not answer, and another is rung."""

TOLD_TO_COLLEAGUE = {
    ConsultationEvent.CALLER_LEFT: "consulted-caller-left",
    ConsultationEvent.TAKE_BACK: "consulted-taken-back",
}
"""What a consulted colleague hears of an end that others brought about."""


def target_answered(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> None:
    """The target picked up; the other phones of a ring group stop ringing at once."""
    consultation = contact.consultation
    if consultation is None or leg_id not in consultation.ringing:
        return
    consultation.ringing.discard(leg_id)
    consultation.target_leg = leg_id
    for other in sorted(consultation.ringing):
        drop(work, contact, consultation, other)
        work.switch.hang_up(other, HangUpCause.WITHDRAWN)
    happens(work, contact, ConsultationEvent.TARGET_ANSWERED, now)


def leg_left(work: Workplace, contact: Contact, tiding: LegHungUp) -> bool:
    """A leg of a contact in consultation is gone. False when it is the caller's: the contact is still to be ended."""
    consultation = contact.consultation
    if consultation is None:
        return False
    if tiding.leg_id in consultation.legs:
        _target_leg_left(work, contact, consultation, tiding)
    elif tiding.leg_id == desk_leg(work, contact):
        agent_left(work, contact, tiding.at)
    else:
        passing = contact.state is ContactState.PASSING
        happens(work, contact, ConsultationEvent.CALLER_LEFT, tiding.at)
        if passing:
            end_contact(work, contact, tiding.at, Outcome.ANSWERED, tiding.cause, tiding.by)
        return passing
    return True


def _target_leg_left(work: Workplace, contact: Contact, consultation: Consultation, tiding: LegHungUp) -> None:
    drop(work, contact, consultation, tiding.leg_id)
    if consultation.legs:
        return  # others of the ring group ring on
    if consultation.target.kind is TargetKind.QUEUE and _ring_next(work, contact, consultation, tiding.at):
        return
    happens(work, contact, ConsultationEvent.TARGET_LEFT, tiding.at, tiding.cause.value)


def _ring_next(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> bool:
    """The next free agent of the consulted queue; False when one has answered, or nobody else is free."""
    ringing = consultation.state in (ConsultationState.RINGING, ConsultationState.PASSING)
    missed = consultation.target.agent_id or ""
    if not ringing:
        return False
    consultation.asked_for = (*consultation.asked_for, missed)
    agent = work.floor.agent(AgentId(consultation.agent_id))
    try:
        following = free_in_queue(work, agent, QueueId(consultation.target.key), frozenset(consultation.asked_for))
    except NotAllowed:
        return False
    _publish_end(work, contact, consultation, MISSED, "", now)
    release_colleague(work, contact, consultation, now)
    consultation.target = following
    begin(work, contact, consultation, now)
    return True


def agent_left(work: Workplace, contact: Contact, now: datetime) -> None:
    """The agent's device is gone: who talks with the target is left to it, who waits for the target waits on."""
    happens(work, contact, ConsultationEvent.AGENT_LEFT, now)


def target_gone(work: Workplace, contact: Contact, now: datetime) -> None:
    """No leg of the target lives, and nobody heard why."""
    happens(work, contact, ConsultationEvent.TARGET_LEFT, now)


def resume_step(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """Give the orders of the present step again, which a core that died may not have given."""
    desk = desk_leg(work, contact)
    match consultation.state:
        case ConsultationState.RINGING if desk is not None:
            work.switch.play_hold_music(line_leg(work, contact))
            work.switch.play_ringback(desk)
        case ConsultationState.WITH_TARGET:
            talk_to_target(work, contact, consultation, now)
        case ConsultationState.WITH_CALLER:
            talk_to_caller(work, contact, consultation, now)
        case ConsultationState.TOGETHER:
            talk_together(work, contact, consultation, now)
        case _:
            work.switch.play_hold_music(contact.leg_id)


def happens(work: Workplace, contact: Contact, event: ConsultationEvent, now: datetime, cause: str = "") -> None:
    """Carry out the turn that an event leads to; raises `NotAllowed` for one that the step lacks."""
    consultation = contact.consultation
    if consultation is None:
        return
    had_let_go = consultation.state in LET_GO
    due = turn(consultation.state, event)
    TURNS[due](work, contact, consultation, now)
    if due in STATE_AFTER:
        consultation.state = STATE_AFTER[due]
        _publish_move(work, contact, consultation, now)
        mark_contact(work, contact)
    else:
        if had_let_go:
            _tell(work, consultation.agent_id, consultation.target.name, due, now)
        else:
            _tell_parties(work, consultation, event, now)
        _end(work, contact, consultation, due, cause, now)


def _tell_parties(work: Workplace, consultation: Consultation, event: ConsultationEvent, now: datetime) -> None:
    """Who did not end it hears why it ended."""
    if event is ConsultationEvent.CALLER_LEFT:
        _tell(work, consultation.agent_id, consultation.target.name, event, now)
    told, by = consultation.target.agent_id, work.floor.agents.get(AgentId(consultation.agent_id))
    if told is not None and by is not None and event in TOLD_TO_COLLEAGUE:
        _tell(work, told, by.name, TOLD_TO_COLLEAGUE[event], now)


def _tell(work: Workplace, agent_id: str, other: str, end: str, now: datetime) -> None:
    agent = work.floor.agents.get(AgentId(agent_id))
    if agent is not None:
        agent.passed_on = PassedOn(other, str(end), now)


def _publish_move(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    by, state = AgentId(consultation.agent_id), consultation.state.value
    colleague = colleague_of(consultation.target)
    work.publish(ConsultationMoved(now, contact.contact_id, by, consultation.target.name, state, colleague))


def _end(work: Workplace, contact: Contact, consultation: Consultation, due: Turn, cause: str, now: datetime) -> None:
    _publish_end(work, contact, consultation, due, cause, now)
    if due is not Turn.END_FOR_ALL:
        mark_contact(work, contact)
    if due is Turn.END_IN_QUEUE:
        _return(work, contact, AgentId(consultation.agent_id), now)


def _publish_end(
    work: Workplace, contact: Contact, consultation: Consultation, end: str, cause: str, now: datetime
) -> None:
    by, name = AgentId(consultation.agent_id), consultation.target.name
    colleague = colleague_of(consultation.target)
    work.publish(ConsultationEnded(now, contact.contact_id, by, name, str(end), cause, colleague))


def _return(work: Workplace, contact: Contact, by: AgentId, now: datetime) -> None:
    """Nobody took it: the caller waits in front of the queue, or a direct call rings its agent again."""
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id else None
    if queue is not None:
        contact.in_front = True
        queueing.wait_again(work, contact, queue.queue_id, now, now)
        offering.offer_contact(work, contact, now)
        return
    contact.move_to(ContactState.IN_FLOW)
    agent = work.floor.agents.get(by)
    if contact.direction is Direction.OUTBOUND or agent is None or not direct.ring_agent(work, contact, agent, now):
        inbound.not_taken(work, contact, now)
