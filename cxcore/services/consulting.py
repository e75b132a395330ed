"""Consultation (ruggespraak) and transfer: an agent lets a contact go to somebody else, or asks somebody first [18].

What each event leads to stands in `domain.transfer`; here it is carried out, one function per turn in the table
`TURNS`. The caller hears hold music whenever nobody talks with the caller [10], and the agent hears ringback until the
target answers, whatever the target's side sends meanwhile [26].

The contact has two legs before a consultation begins, the *line* (the caller's) and the *desk* (the agent's device),
and then the target's legs beside them, as party legs. Where it stands is marked on the contact's leg;
`consulting_recovery` reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from cxcore.domain.agent import Agent, AgentId, AgentState
from cxcore.domain.commands import (
    CompleteTransfer,
    Consult,
    JoinParties,
    SendDigits,
    SwapParties,
    TakeBack,
    TransferContact,
)
from cxcore.domain.contact import Contact, ContactState, Direction, Outcome
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import (
    ConsultationEnded,
    ConsultationMoved,
    ConsultationStarted,
    ContactHeld,
    ContactResumed,
    ContactTransferred,
    LegHungUp,
)
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.numbers import is_number, normalised
from cxcore.domain.queue import QueueId
from cxcore.domain.transfer import (
    STATE_AFTER,
    Consultation,
    ConsultationEvent,
    ConsultationState,
    Target,
    TargetKind,
    Turn,
    turn,
)
from cxcore.ports.switch import Dial
from cxcore.services import conversation, direct, inbound, offering, queueing
from cxcore.services.endings import end_contact
from cxcore.services.marks import consulted_marks, direct_marks, mark_contact, taken_over_marks
from cxcore.services.traffic import check_may_dial, check_may_dial_entry
from cxcore.services.workplace import Workplace

MOST_DESTINATIONS = 20
KEYS = frozenset("0123456789*#")
MOST_KEYS = 32
MISSED = "missed"
"""How it ended with an agent of a consulted queue who did not answer, and another is rung."""
IN_TALK = frozenset({ContactState.TALKING, ContactState.DIRECT})

# --- What an agent asks ----------------------------------------------------------------------------------------------


def consult(work: Workplace, command: Consult, now: datetime) -> None:
    """Ring the target; the caller hears hold music, the agent that it rings."""
    agent, contact = _free_to_begin(work, command)
    target = _target(work, contact, agent, command)
    desk = desk_leg(work, contact)
    _hold(work, contact, agent, now)
    if desk is not None:
        work.switch.play_ringback(desk)
    _begin(work, contact, Consultation(target, agent.agent_id, now), now)


def transfer(work: Workplace, command: TransferContact, now: datetime) -> None:
    """Pass the contact on; the agent is done with it."""
    agent, contact = _free_to_begin(work, command)
    if command.kind == TargetKind.QUEUE:
        _to_queue(work, contact, agent, QueueId(command.key), now)
        return
    target = _target(work, contact, agent, command)
    _hold(work, contact, agent, now)
    contact.consultation = Consultation(target, agent.agent_id, now, ConsultationState.PASSING)
    _let_go(work, contact, now)
    contact.move_to(ContactState.PASSING)
    _begin(work, contact, contact.consultation, now)


def take_back(work: Workplace, command: TakeBack, now: datetime) -> None:
    """The agent has the caller again; the target is let go [18]."""
    _happens(work, _consulting(work, command.agent_id), ConsultationEvent.TAKE_BACK, now)


def swap(work: Workplace, command: SwapParties, now: datetime) -> None:
    """The agent talks to the other of the two."""
    _happens(work, _consulting(work, command.agent_id), ConsultationEvent.SWAP, now)


def join(work: Workplace, command: JoinParties, now: datetime) -> None:
    """All three hear each other."""
    _happens(work, _consulting(work, command.agent_id), ConsultationEvent.JOIN, now)


def complete(work: Workplace, command: CompleteTransfer, now: datetime) -> None:
    """Caller and target are left to each other; who still rings, rings on."""
    _happens(work, _consulting(work, command.agent_id), ConsultationEvent.COMPLETE, now)


def send_digits(work: Workplace, command: SendDigits, now: datetime) -> None:
    """Send keys to whom the agent talks with: the target while the agent talks to it, else the caller."""
    if not command.digits or len(command.digits) > MOST_KEYS or not set(command.digits) <= KEYS:
        raise NotAllowed("no-such-key", "only the keys 0-9, * and # can be sent")
    contact = _own_contact(work, work.floor.agent(command.agent_id))
    consultation = contact.consultation
    to_target = consultation is not None and consultation.state is ConsultationState.WITH_TARGET
    leg_id = consultation.target_leg if consultation is not None and to_target else line_leg(work, contact)
    if leg_id is not None:
        work.switch.send_digits(leg_id, command.digits)


def _own_contact(work: Workplace, agent: Agent) -> Contact:
    contact_id = agent.contact_id if agent.state is AgentState.TALKING else agent.direct_contact_id
    contact = work.floor.contacts.get(contact_id) if contact_id is not None else None
    talks = contact is not None and contact.state in IN_TALK and contact.answered_at is not None
    if contact is None or not talks or contact.agent_id != agent.agent_id:
        raise NotAllowed("no-conversation", "the agent is in no conversation")
    return contact


def _free_to_begin(work: Workplace, command: Consult | TransferContact) -> tuple[Agent, Contact]:
    agent = work.floor.agent(command.agent_id)
    contact = _own_contact(work, agent)
    if contact.consultation is not None:
        raise NotAllowed("in-consultation", "the agent consults somebody already")
    if not work.floor.switch_connected:
        raise NotAllowed("switch-away", "the switch is not connected")
    return agent, contact


def _consulting(work: Workplace, agent_id: AgentId) -> Contact:
    contact = _own_contact(work, work.floor.agent(agent_id))
    if contact.consultation is None:
        raise NotAllowed("no-consultation", "the agent consults nobody")
    return contact


# --- Whom it goes to -------------------------------------------------------------------------------------------------


def _target(work: Workplace, contact: Contact, agent: Agent, command: Consult | TransferContact) -> Target:
    match command.kind:
        case TargetKind.AGENT:
            return _colleague(work, agent, AgentId(command.key))
        case TargetKind.QUEUE:
            return _of_queue(work, agent, QueueId(command.key), frozenset())
        case TargetKind.NUMBER:
            return _number(work, agent, command.key)
        case TargetKind.PHONE_BOOK if 0 < len(command.destinations) <= MOST_DESTINATIONS:
            check_may_dial_entry(work, agent.agent_id, command.key, command.destinations)
            return Target(TargetKind.PHONE_BOOK, command.key, command.name or command.key, command.destinations)
        case TargetKind.EMPLOYEE if 0 < len(command.destinations) <= MOST_DESTINATIONS:
            for destination in command.destinations:
                check_may_dial(work, agent.agent_id, destination)
            return Target(TargetKind.EMPLOYEE, command.key, command.name or command.key, command.destinations)
        case _:
            raise NotFound(command.kind, command.key)


def _colleague(work: Workplace, agent: Agent, colleague_id: AgentId) -> Target:
    colleague = work.floor.agent(colleague_id)
    if colleague is agent:
        raise NotAllowed("own-number", "an agent cannot pass a contact on to himself")
    if direct.engaged(work, colleague) or colleague.leg_id is not None:
        raise NotAllowed("colleague-engaged", f"{colleague_id} has a call already")
    return Target(TargetKind.AGENT, colleague_id, colleague.name, (colleague.device,), colleague_id)


def _of_queue(work: Workplace, agent: Agent, queue_id: QueueId, but: frozenset[str]) -> Target:
    """The agent of a queue who is free for longest. A consultation does not wait in line: nobody free refuses it."""
    queue = work.floor.queue(queue_id)
    free = [
        each
        for each in work.floor.agents_of(queue_id)
        if each.can_be_offered and queue_id in each.serves and each is not agent and each.agent_id not in but
    ]
    if not free:
        raise NotAllowed("nobody-free", f"nobody in {queue_id} is free")
    first = min(free, key=lambda each: (each.ready_since is None, each.ready_since, each.agent_id))
    name = f"{queue.name}: {first.name}"
    return Target(TargetKind.QUEUE, queue_id, name, (first.device,), first.agent_id)


def _number(work: Workplace, agent: Agent, written: str) -> Target:
    number = normalised(written) or ""
    if not is_number(number):
        raise NotAllowed("no-such-number", "this is no phone number")
    check_may_dial(work, agent.agent_id, number)
    return Target(TargetKind.NUMBER, number, number, (number,))


# --- The legs --------------------------------------------------------------------------------------------------------


def desk_leg(work: Workplace, contact: Contact) -> LegId | None:
    """The leg of the agent's device."""
    if contact.state is ContactState.DIRECT:
        return contact.desk_leg
    agent = work.floor.agent_talking_with(contact)
    return None if agent is None else agent.leg_id


def line_leg(work: Workplace, contact: Contact) -> LegId:
    """The caller's leg. Of a call that the agent made it is a party leg."""
    if contact.state is not ContactState.DIRECT or contact.desk_leg != contact.leg_id:
        return contact.leg_id
    targets = contact.consultation.legs if contact.consultation else frozenset()
    return next((leg_id for leg_id in contact.party_legs if leg_id not in targets), contact.leg_id)


def _hold(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    """The caller hears hold music."""
    desk = desk_leg(work, contact)
    if contact.held_since is not None or desk is None:
        return
    work.switch.hold(desk, line_leg(work, contact))
    contact.held_since = now
    work.publish(ContactHeld(now, contact.contact_id, agent.agent_id))


def _resume(work: Workplace, contact: Contact, now: datetime) -> None:
    """Caller and agent hear each other again."""
    desk = desk_leg(work, contact)
    if contact.held_since is None or desk is None:
        return
    work.switch.bridge(line_leg(work, contact), desk)
    _note_resumed(work, contact, now)


def _note_resumed(work: Workplace, contact: Contact, now: datetime) -> None:
    if contact.held_since is None or contact.agent_id is None:
        return
    held = (now - contact.held_since).total_seconds()
    contact.held_since = None
    work.publish(ContactResumed(now, contact.contact_id, AgentId(contact.agent_id), held))


# --- Beginning -------------------------------------------------------------------------------------------------------


def _begin(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    contact.consultation = consultation
    _reserve(work, contact, consultation.target)
    _ring(work, contact, consultation, now)
    mark_contact(work, contact)
    blind = consultation.state is ConsultationState.PASSING
    by, target = AgentId(consultation.agent_id), consultation.target
    colleague = _colleague_of(target)
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
    """A colleague sees who is calling and who asks; a number outside sees what the settings say [9]."""
    marks = consulted_marks(contact, consultation, destination)
    seconds = work.floor.site.direct_seconds
    agent = work.floor.agent(AgentId(consultation.agent_id))
    if consultation.target.agent_id is None:
        return Dial(leg_id, destination, _shown_number(work, contact, agent, destination), "", seconds, marks)
    caller = contact.caller_name or contact.caller_number or "anoniem"
    return Dial(leg_id, destination, contact.caller_number or "anonymous", f"{agent.name}: {caller}", seconds, marks)


def _shown_number(work: Workplace, contact: Contact, agent: Agent, called: str) -> str:
    """The number of the queue (ACD group), else the agent's own choice, else that of the site [9]."""
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id else None
    user = work.floor.site.users.get(agent.agent_id)
    choices = (queue.caller_number if queue else "", user.caller_number if user else "")
    return work.floor.site.number_shown_to(called, *choices)


def _to_queue(work: Workplace, contact: Contact, agent: Agent, queue_id: QueueId, now: datetime) -> None:
    """Let the contact wait in another queue, at the end of its line; it is the same contact there."""
    queue = work.floor.queue(queue_id)
    if not work.floor.is_open(queue_id, now):
        raise NotAllowed("queue-closed", f"{queue_id} is closed")
    if work.floor.is_full(queue_id):
        raise NotAllowed("queue-full", f"as many wait in {queue_id} as may")
    _hold(work, contact, agent, now)
    _let_go(work, contact, now)
    work.publish(ContactTransferred(now, contact.contact_id, queue.name, connected=True, agent_id=agent.agent_id))
    queueing.wait_again(work, contact, queue_id, now, now)
    offering.offer_contact(work, contact, now)


# --- What happens ----------------------------------------------------------------------------------------------------


def target_answered(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> None:
    """The target picked up; the other phones of a ring group stop ringing at once."""
    consultation = contact.consultation
    if consultation is None or leg_id not in consultation.ringing:
        return
    consultation.ringing.discard(leg_id)
    consultation.target_leg = leg_id
    for other in sorted(consultation.ringing):
        _drop(work, contact, consultation, other)
        work.switch.hang_up(other, HangUpCause.WITHDRAWN)
    _happens(work, contact, ConsultationEvent.TARGET_ANSWERED, now)


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
        _happens(work, contact, ConsultationEvent.CALLER_LEFT, tiding.at)
        if passing:
            end_contact(work, contact, tiding.at, Outcome.ANSWERED, tiding.cause, tiding.by)
        return passing
    return True


def _target_leg_left(work: Workplace, contact: Contact, consultation: Consultation, tiding: LegHungUp) -> None:
    _drop(work, contact, consultation, tiding.leg_id)
    if consultation.legs:
        return  # others of the ring group ring on
    if consultation.target.kind is TargetKind.QUEUE and _ring_next(work, contact, consultation, tiding.at):
        return
    _happens(work, contact, ConsultationEvent.TARGET_LEFT, tiding.at, tiding.cause.value)


def _ring_next(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> bool:
    """The next free agent of the consulted queue; False when one has answered, or nobody else is free."""
    ringing = consultation.state in (ConsultationState.RINGING, ConsultationState.PASSING)
    missed = consultation.target.agent_id or ""
    if not ringing:
        return False
    consultation.asked_for = (*consultation.asked_for, missed)
    agent = work.floor.agent(AgentId(consultation.agent_id))
    try:
        following = _of_queue(work, agent, QueueId(consultation.target.key), frozenset(consultation.asked_for))
    except NotAllowed:
        return False
    _publish_end(work, contact, consultation, MISSED, "", now)
    _release_colleague(work, contact, consultation, now)
    consultation.target = following
    _begin(work, contact, consultation, now)
    return True


def agent_left(work: Workplace, contact: Contact, now: datetime) -> None:
    """The agent's device is gone: who talks with the target is left to it, who waits for the target waits on."""
    _happens(work, contact, ConsultationEvent.AGENT_LEFT, now)


def target_gone(work: Workplace, contact: Contact, now: datetime) -> None:
    """No leg of the target lives, and nobody heard why."""
    _happens(work, contact, ConsultationEvent.TARGET_LEFT, now)


def resume_step(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """Give the orders of the present step again, which a core that died may not have given."""
    desk = desk_leg(work, contact)
    match consultation.state:
        case ConsultationState.RINGING if desk is not None:
            work.switch.play_hold_music(line_leg(work, contact))
            work.switch.play_ringback(desk)
        case ConsultationState.WITH_TARGET:
            _talk_to_target(work, contact, consultation, now)
        case ConsultationState.WITH_CALLER:
            _talk_to_caller(work, contact, consultation, now)
        case ConsultationState.TOGETHER:
            _talk_together(work, contact, consultation, now)
        case _:
            work.switch.play_hold_music(contact.leg_id)


def _happens(
    work: Workplace, contact: Contact, event: ConsultationEvent, now: datetime, cause: str = ""
) -> None:
    consultation = contact.consultation
    if consultation is None:
        return
    due = turn(consultation.state, event)
    TURNS[due](work, contact, consultation, now)
    if due in STATE_AFTER:
        consultation.state = STATE_AFTER[due]
        _publish_move(work, contact, consultation, now)
        mark_contact(work, contact)
    else:
        _end(work, contact, consultation, due, cause, now)


def _publish_move(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    by, state = AgentId(consultation.agent_id), consultation.state.value
    colleague = _colleague_of(consultation.target)
    work.publish(ConsultationMoved(now, contact.contact_id, by, consultation.target.name, state, colleague))


def _end(
    work: Workplace, contact: Contact, consultation: Consultation, due: Turn, cause: str, now: datetime
) -> None:
    _publish_end(work, contact, consultation, due, cause, now)
    if due is not Turn.END_FOR_ALL:
        mark_contact(work, contact)
    if due is Turn.END_IN_QUEUE:
        _return(work, contact, AgentId(consultation.agent_id), now)


def _publish_end(
    work: Workplace, contact: Contact, consultation: Consultation, end: str, cause: str, now: datetime
) -> None:
    by, name = AgentId(consultation.agent_id), consultation.target.name
    colleague = _colleague_of(consultation.target)
    work.publish(ConsultationEnded(now, contact.contact_id, by, name, str(end), cause, colleague))


# --- One function per turn -------------------------------------------------------------------------------------------


def _talk_to_target(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    desk, agent = desk_leg(work, contact), work.floor.agent(AgentId(consultation.agent_id))
    _hold(work, contact, agent, now)
    if desk is not None and consultation.target_leg is not None:
        work.switch.bridge(desk, consultation.target_leg)


def _talk_to_caller(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    _resume(work, contact, now)
    if consultation.target_leg is not None:
        work.switch.play_hold_music(consultation.target_leg)


def _talk_together(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    desk = desk_leg(work, contact)
    _resume(work, contact, now)
    if desk is not None and consultation.target_leg is not None:
        work.switch.join(consultation.target_leg, desk)


def _let_agent_go(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    _let_go(work, contact, now)
    contact.move_to(ContactState.PASSING)


def _end_with_agent(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    _let_target_go(work, contact, consultation, now)
    _resume(work, contact, now)


def _end_with_target(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """Caller and target hear each other first; then the agent is let go."""
    target_leg = consultation.target_leg
    if target_leg is None:
        return
    work.switch.bridge(line_leg(work, contact), target_leg)
    is_direct = contact.state is ContactState.DIRECT or contact.queue_id is None
    if contact.agent_id is not None:
        _let_go(work, contact, now)
    contact.consultation = None
    _settle_with_target(work, contact, consultation, target_leg, is_direct, now)
    by, colleague = AgentId(consultation.agent_id), _colleague_of(consultation.target)
    name = consultation.target.name
    work.publish(ContactTransferred(now, contact.contact_id, name, connected=True, agent_id=by, colleague_id=colleague))


def _end_in_queue(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    _let_target_go(work, contact, consultation, now)


def _end_for_all(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    """The caller is gone; the contact ends next, and the agent's call with it."""
    _let_target_go(work, contact, consultation, now)
    if contact.state is not ContactState.TALKING:  # in a conversation of a queue the end of the talk notes it
        _note_resumed(work, contact, now)


TURNS: Mapping[Turn, Callable[[Workplace, Contact, Consultation, datetime], None]] = {
    Turn.TALK_TO_TARGET: _talk_to_target,
    Turn.TALK_TO_CALLER: _talk_to_caller,
    Turn.TALK_TOGETHER: _talk_together,
    Turn.LET_GO: _let_agent_go,
    Turn.END_WITH_AGENT: _end_with_agent,
    Turn.END_WITH_TARGET: _end_with_target,
    Turn.END_IN_QUEUE: _end_in_queue,
    Turn.END_FOR_ALL: _end_for_all,
}
"""How each turn is carried out."""


# --- Letting go ------------------------------------------------------------------------------------------------------


def _let_target_go(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    for leg_id in sorted(consultation.legs):
        _drop(work, contact, consultation, leg_id)
        work.switch.hang_up(leg_id, HangUpCause.WITHDRAWN)
    contact.consultation = None
    _release_colleague(work, contact, consultation, now)


def _drop(work: Workplace, contact: Contact, consultation: Consultation, leg_id: LegId) -> None:
    work.floor.drop_party_leg(contact, leg_id)
    consultation.ringing.discard(leg_id)
    if consultation.target_leg == leg_id:
        consultation.target_leg = None


def _release_colleague(work: Workplace, contact: Contact, consultation: Consultation, now: datetime) -> None:
    colleague = work.floor.agents.get(AgentId(consultation.target.agent_id or ""))
    if colleague is not None and colleague.direct_contact_id == contact.contact_id:
        colleague.direct_contact_id = None
        colleague.ready_since = now
        offering.offer_to_agent(work, colleague, now)


def _colleague_of(target: Target) -> AgentId | None:
    return AgentId(target.agent_id) if target.agent_id is not None else None


def _let_go(work: Workplace, contact: Contact, now: datetime) -> None:
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
    _note_resumed(work, contact, now)
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


# --- After the agent -------------------------------------------------------------------------------------------------


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


def _settle_direct(
    work: Workplace, contact: Contact, colleague: Agent | None, leg_id: LegId, now: datetime
) -> None:
    if contact.state is not ContactState.DIRECT:
        contact.move_to(ContactState.DIRECT)
    contact.agent_id = None if colleague is None else colleague.agent_id
    contact.desk_leg, contact.answered_at = leg_id, now
    work.switch.mark(leg_id, direct_marks(contact, party=True))
    if contact.direction is Direction.OUTBOUND:
        work.switch.mark(contact.leg_id, direct_marks(contact, party=False))


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
