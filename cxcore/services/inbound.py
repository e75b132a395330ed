"""A caller arrives and walks through the dialplan."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import Agent
from cxcore.domain.contact import IN_FLOW, Contact, ContactId, ContactState, FlowPosition, Outcome
from cxcore.domain.dialplan import (
    NUMBER,
    Answer,
    CallBack,
    Close,
    Enqueue,
    Menu,
    Next,
    Say,
    ServiceDialogue,
    Step,
    Transfer,
    Voicemail,
    after_key,
    after_step,
    after_transfer,
    arrival,
    begin,
    by_list,
)
from cxcore.domain.events import ContactOpened, MenuChosen
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.tidings import (
    DigitsEntered,
    KeyOverdue,
    KeyPressed,
    LegArrived,
    MaximumWaitReached,
    PromptEnded,
)
from cxcore.ports.switch import Question
from cxcore.services import (
    asking,
    callbacks,
    direct,
    emergency,
    playback,
    queueing,
    replacing,
    service_line,
    transfers,
    voicemail,
)
from cxcore.services.endings import end_contact
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace

LEAVE_THE_FLOW = frozenset({Enqueue, CallBack, Close})
"""The steps after which the contact stands elsewhere, and is marked there; those that only lead on never become due."""


def arrive(work: Workplace, tiding: LegArrived) -> None:
    """Open a contact for a leg that waits to be taken; a number that is not ours is refused."""
    if work.floor.contact_of_leg(tiding.leg_id) is not None:
        return
    if tiding.replaces is not None:
        replacing.arrive(work, tiding, tiding.replaces)
        return
    work.switch.take(tiding.leg_id)
    agent = _agent_dialled(work, tiding.dialled_number)
    due = _first_action(work, tiding, agent)
    if due is not None:
        contact = _open_contact(work, tiding)
        _note_emergency(work, contact, due, tiding.at)
        walk(work, contact, due, tiding.at)
    elif agent is not None:
        _ring_directly(work, _open_contact(work, tiding), agent, tiding.at)
    else:
        work.switch.hang_up(tiding.leg_id, HangUpCause.NO_SUCH_NUMBER)


def _note_emergency(work: Workplace, contact: Contact, due: Next, now: datetime) -> None:
    """Tell that the caller hears an emergency message first; one who is turned away by a list hears none."""
    dialplan = work.floor.site.dialplan
    key = dialplan.key_of(contact.dialled_number) if dialplan.heard_first else None
    if key is not None and due.passed and due.passed[0].reason.rule is NUMBER:
        emergency.note_heard(work, contact, key, now)


def _agent_dialled(work: Workplace, number: str) -> Agent | None:
    """The agent whose own number was dialled; it counts before a range of numbers that holds it."""
    user = work.floor.site.user_of_number(number)
    return None if user is None or user.agent_id is None else work.floor.agent(user.agent_id)


def _first_action(work: Workplace, tiding: LegArrived, agent: Agent | None) -> Next | None:
    dialplan, moment = work.floor.site.dialplan, work.floor.moment(tiding.at)
    if agent is not None:
        return by_list(dialplan, tiding.caller_number, moment)
    return arrival(dialplan, tiding.dialled_number, tiding.caller_number, moment, tiding.forwarded_from)


def start(work: Workplace, position: FlowPosition, now: datetime) -> Next:
    """The first action at a position of the dialplan."""
    return begin(work.floor.site.dialplan, position, work.floor.moment(now))


def _after(work: Workplace, position: FlowPosition, now: datetime) -> Next:
    return after_step(work.floor.site.dialplan, position, work.floor.moment(now))


def _ring_directly(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    if not direct.ring_agent(work, contact, agent, now):
        not_taken(work, contact, now)


def not_taken(work: Workplace, contact: Contact, now: datetime) -> None:
    """A direct call that its agent did not take goes on in the flow for that, or ends."""
    flow = work.floor.site.direct_unanswered_flow
    if flow is not None:
        walk(work, contact, start(work, FlowPosition(flow), now), now)
    else:
        end_contact(work, contact, now, Outcome.UNANSWERED, HangUpCause.NO_ANSWER, HungUpBy.SWITCH)
        work.switch.hang_up(contact.leg_id, HangUpCause.NO_ANSWER)


def _open_contact(work: Workplace, tiding: LegArrived) -> Contact:
    contact = Contact(
        ContactId(work.new_identity()),
        tiding.leg_id,
        tiding.dialled_number,
        tiding.caller_number,
        tiding.caller_name,
        tiding.at,
        forwarded_from=tiding.forwarded_from,
        priority=work.floor.site.priority_of(tiding.caller_number),
    )
    work.floor.add_contact(contact)
    work.publish(
        ContactOpened(
            tiding.at,
            contact.contact_id,
            contact.channel,
            contact.dialled_number,
            contact.caller_number,
            contact.caller_name,
            forwarded_from=contact.forwarded_from,
        )
    )
    return contact


def answered(work: Workplace, contact: Contact, now: datetime) -> None:
    """The caller's leg was answered: an `answer` step is done."""
    contact.leg_answered = True
    if contact.state is IN_FLOW and contact.position is not None:
        if isinstance(work.floor.site.dialplan.step(contact.position), Answer):
            walk(work, contact, _after(work, contact.position, now), now)


def prompt_ended(work: Workplace, tiding: PromptEnded) -> None:
    """A prompt was played to its end, or a voice message to an agent."""
    agent = work.floor.agent_of_leg(tiding.leg_id)
    if agent is not None:
        playback.played(work, agent, tiding.order_id)
        return
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is None or contact.order_id != tiding.order_id or contact.position is None:
        return
    if contact.state is ContactState.CALL_BACK:
        callbacks.confirmed(work, contact, tiding.at)
    elif contact.state is ContactState.IN_FLOW:
        _said(work, contact, contact.position, tiding.at)


def _said(work: Workplace, contact: Contact, position: FlowPosition, now: datetime) -> None:
    step = work.floor.site.dialplan.step(position)
    if isinstance(step, Voicemail):
        voicemail.record(work, contact, step, now)
    else:
        walk(work, contact, _after(work, position, now), now)


def digits_entered(work: Workplace, tiding: DigitsEntered) -> None:
    """A menu was answered, or not in time."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    if contact is None or contact.order_id != tiding.order_id or contact.position is None:
        return
    if contact.state is ContactState.WAITING:
        _chosen_while_waiting(work, contact, tiding)
    elif contact.draft is not None:
        voicemail.finish(work, contact, tiding.at)
        walk(work, contact, _after(work, contact.position, tiding.at), tiding.at)
    elif contact.state is ContactState.IN_FLOW:
        _answered_in_flow(work, contact, contact.position, tiding)


def key_overdue(work: Workplace, tiding: KeyOverdue) -> None:
    """A question that ends in music was not answered in time, or no more keys follow."""
    contact = work.floor.contacts.get(tiding.contact_id)
    if contact is not None:
        digits_entered(work, asking.overdue(tiding, contact))


def key_pressed(work: Workplace, tiding: KeyPressed) -> None:
    """One key of an answer of several."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    entered = asking.take_key(work, contact, tiding) if contact is not None else None
    if entered is not None:
        digits_entered(work, entered)


def _answered_in_flow(work: Workplace, contact: Contact, position: FlowPosition, tiding: DigitsEntered) -> None:
    if isinstance(work.floor.site.dialplan.step(position), ServiceDialogue):
        service_line.answered(work, contact, tiding)
    else:
        _chosen_in_menu(work, contact, position, tiding)


def _chosen_in_menu(work: Workplace, contact: Contact, position: FlowPosition, tiding: DigitsEntered) -> None:
    work.publish(MenuChosen(tiding.at, contact.contact_id, position.flow, tiding.digits))
    moment = work.floor.moment(tiding.at)
    walk(work, contact, after_key(work.floor.site.dialplan, position, tiding.digits, moment), tiding.at)


def _chosen_while_waiting(work: Workplace, contact: Contact, tiding: DigitsEntered) -> None:
    menu, contact.wait_menu, contact.order_id = contact.wait_menu, None, None
    flow = menu.choices.get(tiding.digits) if menu is not None else None
    if flow is None or contact.queue_id is None:
        return  # no key or a wrong one: the caller waits on, and hold music has followed by itself
    work.publish(MenuChosen(tiding.at, contact.contact_id, contact.queue_id, tiding.digits))
    due = start(work, FlowPosition(flow), tiding.at)
    if due.step == CallBack(contact.queue_id):
        _call_back_in_line(work, contact, contact.queue_id, tiding.at)
    else:
        _move_on(work, contact, due, tiding.at)


def _call_back_in_line(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> None:
    refusal = callbacks.refusal(work, contact, queue_id)
    if refusal is None:
        callbacks.ask_for(work, contact, queue_id, now)
    else:
        work.switch.say(contact.leg_id, work.new_order(contact), work.sounds(refusal, language=contact.language))


def _move_on(work: Workplace, contact: Contact, due: Next, now: datetime) -> None:
    """The contact leaves its queue unanswered and goes on in a flow; an offer that runs is withdrawn."""
    queueing.leave_queue(work, contact, Outcome.OVERFLOWED, now)
    contact.move_to(ContactState.IN_FLOW)
    walk(work, contact, due, now)


def overflow(work: Workplace, tiding: MaximumWaitReached) -> None:
    """Who waited as long as the queue allows goes on in the queue's overflow flow."""
    contact = work.floor.contacts.get(tiding.contact_id)
    if contact is None or contact.state is not ContactState.WAITING or contact.queue_id != tiding.queue_id:
        return
    flow = work.floor.queue(tiding.queue_id).overflow_flow
    if not work.floor.switch_connected:  # the way on leads by the switch
        work.timers.set(MaximumWaitReached(tiding.at + timedelta(seconds=1), contact.contact_id, tiding.queue_id))
    elif flow is not None and contact.has_leg:
        _move_on(work, contact, start(work, FlowPosition(flow), tiding.at), tiding.at)


def transfer_failed(work: Workplace, contact: Contact, now: datetime) -> None:
    """No number outside answered: the flow goes on after its transfer step, or in the flow that the step names."""
    if contact.position is not None:
        moment = work.floor.moment(now)
        walk(work, contact, after_transfer(work.floor.site.dialplan, contact.position, moment), now)


def walk(work: Workplace, contact: Contact, due: Next, now: datetime) -> None:
    """Carry out the action that is due."""
    contact.position = due.position
    contact.language = due.language or contact.language
    work.on_walk(contact, due)
    if type(due.step) in LEAVE_THE_FLOW:
        _leave_flow(work, contact, due.step, now)
        return
    match due.step:
        case Answer():
            _answer(work, contact, now)
        case Say():
            sounds = work.sounds(*due.prompts, language=contact.language)
            work.switch.say(contact.leg_id, work.new_order(contact), sounds)
        case Menu():
            _ask(work, contact, due.step, due.prompts, now)
        case Transfer():
            transfers.connect(work, contact, due.step, now)
        case Voicemail():
            voicemail.greet(work, contact, due.step)
        case ServiceDialogue():
            service_line.begin(work, contact, now)
    mark_contact(work, contact)


def _leave_flow(work: Workplace, contact: Contact, step: Step, now: datetime) -> None:
    match step:
        case Enqueue(queue_id):
            _enqueue(work, contact, queue_id, now)
        case CallBack(queue_id):
            _call_back(work, contact, queue_id, now)
        case _:
            close(work, contact, now)


def _enqueue(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> None:
    """Let the caller wait, if the queue is open and not full."""
    queue = work.floor.queue(queue_id)
    if (first := emergency.due_before(work, contact, queue_id, now)) is not None:
        walk(work, contact, start(work, first, now), now)
    elif not work.floor.is_open(queue_id, now):
        turn_away(work, contact, queue, now)
    elif queue.full_flow is not None and work.floor.is_full(queue_id):
        queueing.note_full(work, contact, queue, now)
        _send_on(work, contact, queue, queue.full_flow, now)
    else:
        queueing.enqueue(work, contact, queue_id, now)


def turn_away(work: Workplace, contact: Contact, queue: Queue, now: datetime) -> None:
    """The queue is closed: the caller goes on in its flow for that, or the call ends."""
    flow, hours = queue.closed_flow, queue.hours
    text = hours.opening(now).hours.text if hours is not None and not hours.is_open(now) else ""
    if text and flow is not None:
        flow = work.floor.site.dialplan.flow_of_day(text, flow)
    _send_on(work, contact, queue, flow, now)


def _send_on(work: Workplace, contact: Contact, queue: Queue, flow: str | None, now: datetime) -> None:
    """Send the caller on; one who comes back to the same queue in vain is not sent round and round."""
    if flow is None or queue.queue_id in contact.turned_away_by:
        close(work, contact, now)
        return
    contact.turned_away_by.add(queue.queue_id)
    walk(work, contact, start(work, FlowPosition(flow), now), now)


def _call_back(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> None:
    """Take the request of a caller; one who cannot be called back hears why and goes on in the flow."""
    refusal = callbacks.refusal(work, contact, queue_id)
    if refusal is None:
        callbacks.ask_for(work, contact, queue_id, now)
        return
    if not contact.leg_answered:
        work.switch.answer(contact.leg_id)
    work.switch.say(contact.leg_id, work.new_order(contact), work.sounds(refusal, language=contact.language))
    mark_contact(work, contact)


def _answer(work: Workplace, contact: Contact, now: datetime) -> None:
    if contact.leg_answered and contact.position is not None:
        walk(work, contact, _after(work, contact.position, now), now)
    else:
        work.switch.answer(contact.leg_id)


def _ask(work: Workplace, contact: Contact, menu: Menu, prompts: tuple[str, ...], now: datetime) -> None:
    sounds = work.sounds(*prompts, language=contact.language)
    asking.ask(work, contact, Question(sounds, timeout_seconds=menu.timeout_seconds), now)


def leave_to_fallback(work: Workplace, contact: Contact, now: datetime) -> None:
    """The switch's fallback has the call, since no core took it in time: it plays its message, then calls the overflow
    number. Here the contact ends."""
    if contact.state is ContactState.WAITING:
        queueing.leave_queue(work, contact, Outcome.OVERFLOWED, now)
    voicemail.finish(work, contact, now)
    for leg_id in contact.party_legs:
        work.switch.hang_up(leg_id, HangUpCause.WITHDRAWN)
    end_contact(work, contact, now, Outcome.OVERFLOWED, HangUpCause.OTHER, HungUpBy.SWITCH)


def close(work: Workplace, contact: Contact, now: datetime) -> None:
    """The dialplan ends the call."""
    outcome = Outcome.LEFT_MESSAGE if contact.left_message else Outcome.CLOSED
    end_contact(work, contact, now, outcome, HangUpCause.NORMAL, HungUpBy.SWITCH)
    work.switch.hang_up(contact.leg_id)
