"""Consultation (ruggespraak) and transfer: an agent lets a contact go to somebody else, or asks somebody first [18].

What each event leads to stands in `domain.transfer`; `consultation_course` follows the table and `consultation_turns`
carries it out. The caller hears hold music whenever nobody talks with the caller [10], and the agent hears ringback
until the target answers, whatever the target's side sends meanwhile [26].
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import Agent, AgentId
from cxcore.domain.commands import (
    CompleteTransfer,
    Consult,
    JoinParties,
    SendDigits,
    SwapParties,
    TakeBack,
    TransferContact,
)
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactTransferred
from cxcore.domain.queue import QueueId
from cxcore.domain.transfer import Consultation, ConsultationEvent, ConsultationState, TargetKind
from cxcore.services import offering, queueing
from cxcore.services.consultation_course import happens
from cxcore.services.consultation_legs import desk_leg, hold, line_leg
from cxcore.services.consultation_release import let_go
from cxcore.services.consultation_ringing import begin
from cxcore.services.consultation_targets import conversation_of, find_target, own_conversation
from cxcore.services.workplace import Workplace

KEYS = frozenset("0123456789*#")
MOST_KEYS = 32


def consult(work: Workplace, command: Consult, now: datetime) -> None:
    """Ring the target; the caller hears hold music, the agent that it rings."""
    agent, contact = own_conversation(work, command)
    target = find_target(work, contact, agent, command)
    desk = desk_leg(work, contact)
    hold(work, contact, agent, now)
    if desk is not None:
        work.switch.play_ringback(desk)
    begin(work, contact, Consultation(target, agent.agent_id, now), now)


def transfer(work: Workplace, command: TransferContact, now: datetime) -> None:
    """Pass the contact on; the agent is done with it."""
    agent, contact = own_conversation(work, command)
    if command.kind == TargetKind.QUEUE:
        _to_queue(work, contact, agent, QueueId(command.key), now)
        return
    target = find_target(work, contact, agent, command)
    hold(work, contact, agent, now)
    contact.consultation = Consultation(target, agent.agent_id, now, ConsultationState.PASSING)
    let_go(work, contact, now)
    contact.move_to(ContactState.PASSING)
    begin(work, contact, contact.consultation, now)


def _to_queue(work: Workplace, contact: Contact, agent: Agent, queue_id: QueueId, now: datetime) -> None:
    """Let the contact wait in another queue, at the end of its line; it is the same contact there."""
    queue = work.floor.queue(queue_id)
    if not work.floor.is_open(queue_id, now):
        raise NotAllowed("queue-closed", f"{queue_id} is closed")
    if work.floor.is_full(queue_id):
        raise NotAllowed("queue-full", f"as many wait in {queue_id} as may")
    hold(work, contact, agent, now)
    let_go(work, contact, now)
    work.publish(ContactTransferred(now, contact.contact_id, queue.name, connected=True, agent_id=agent.agent_id))
    queueing.wait_again(work, contact, queue_id, now, now)
    offering.offer_contact(work, contact, now)


def take_back(work: Workplace, command: TakeBack, now: datetime) -> None:
    """The agent has the caller again; the target is let go [18]."""
    happens(work, _consulting(work, command.agent_id), ConsultationEvent.TAKE_BACK, now)


def swap(work: Workplace, command: SwapParties, now: datetime) -> None:
    """The agent talks to the other of the two."""
    happens(work, _consulting(work, command.agent_id), ConsultationEvent.SWAP, now)


def join(work: Workplace, command: JoinParties, now: datetime) -> None:
    """All three hear each other."""
    happens(work, _consulting(work, command.agent_id), ConsultationEvent.JOIN, now)


def complete(work: Workplace, command: CompleteTransfer, now: datetime) -> None:
    """Caller and target are left to each other; who still rings, rings on."""
    happens(work, _consulting(work, command.agent_id), ConsultationEvent.COMPLETE, now)


def send_digits(work: Workplace, command: SendDigits, now: datetime) -> None:
    """Send keys to whom the agent talks with: the target while the agent talks to it, else the caller."""
    if not command.digits or len(command.digits) > MOST_KEYS or not set(command.digits) <= KEYS:
        raise NotAllowed("no-such-key", "only the keys 0-9, * and # can be sent")
    contact = conversation_of(work, work.floor.agent(command.agent_id))
    consultation = contact.consultation
    to_target = consultation is not None and consultation.state is ConsultationState.WITH_TARGET
    leg_id = consultation.target_leg if consultation is not None and to_target else line_leg(work, contact)
    if leg_id is not None:
        work.switch.send_digits(leg_id, command.digits)


def _consulting(work: Workplace, agent_id: AgentId) -> Contact:
    contact = conversation_of(work, work.floor.agent(agent_id))
    if contact.consultation is None:
        raise NotAllowed("no-consultation", "the agent consults nobody")
    return contact
