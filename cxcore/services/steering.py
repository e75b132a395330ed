"""Supervisors steer: who serves which queue, which queue is open, where a waiting contact stands [32, 43]."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import Agent, AgentStatus
from cxcore.domain.commands import (
    AssignQueue,
    CancelCallBack,
    CloseQueue,
    FollowTimetable,
    MoveContact,
    OpenQueue,
    RemoveFromQueue,
)
from cxcore.domain.contact import Contact, ContactState, Outcome
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import AgentServes, ContactMoved, MembershipChanged, QueueSwitched
from cxcore.domain.membership import Membership
from cxcore.domain.queue import Queue, QueueId
from cxcore.services import callbacks, chats, inbound, offering, queueing, voicemail
from cxcore.services.workplace import Workplace

LEVELS = range(1, 100)


def assign_queue(work: Workplace, command: AssignQueue, now: datetime) -> None:
    """Let an agent serve a queue; one who is logged on serves it at once."""
    agent, queue = work.floor.agent(command.agent_id), work.floor.queue(command.queue_id)
    if command.level not in LEVELS:
        raise NotAllowed("no-such-level", f"level {command.level} is not between 1 and 99")
    position = 1 + sum(1 for _ in work.floor.agents_of(queue.queue_id))
    work.floor.add_membership(Membership(agent.agent_id, queue.queue_id, command.level, position))
    work.publish(MembershipChanged(now, agent.agent_id, queue.queue_id, command.level, command.by))
    if agent.status is not AgentStatus.LOGGED_OFF:
        _serve(work, agent, agent.serves | {queue.queue_id}, command.by, now)
        offering.offer_to_agent(work, agent, now)


def remove_from_queue(work: Workplace, command: RemoveFromQueue, now: datetime) -> None:
    """Take a queue from an agent. A running offer or contact of it goes on."""
    agent, queue = work.floor.agent(command.agent_id), work.floor.queue(command.queue_id)
    if queue.queue_id not in {each.queue_id for each in work.floor.memberships_of(agent.agent_id)}:
        raise NotAllowed("not-a-member", f"the agent is no member of {queue.queue_id}")
    work.floor.drop_membership(agent.agent_id, queue.queue_id)
    work.publish(MembershipChanged(now, agent.agent_id, queue.queue_id, 0, command.by))
    if queue.queue_id in agent.serves:
        _serve(work, agent, agent.serves - {queue.queue_id}, command.by, now)


def _serve(work: Workplace, agent: Agent, queue_ids: set[QueueId], by: str, now: datetime) -> None:
    agent.serves = queue_ids
    work.publish(AgentServes(now, agent.agent_id, tuple(sorted(queue_ids)), by))


def open_queue(work: Workplace, command: OpenQueue, now: datetime) -> None:
    """Callers may wait in the queue from now on, whatever its timetable says."""
    queue = work.floor.queue(command.queue_id)
    work.floor.queue_overrides[queue.queue_id] = True
    work.publish(QueueSwitched(now, queue.queue_id, True, command.by))


def close_queue(work: Workplace, command: CloseQueue, now: datetime) -> None:
    """Callers hear that the queue is closed from now on. Who waits already is served, or sent there too [43]."""
    queue = work.floor.queue(command.queue_id)
    work.floor.queue_overrides[queue.queue_id] = False
    work.publish(QueueSwitched(now, queue.queue_id, False, command.by))
    if command.move_waiting:
        move_all_waiting(work, queue, now)


def follow_timetable(work: Workplace, command: FollowTimetable, now: datetime) -> None:
    """The queue opens and closes by its timetable again."""
    queue = work.floor.queue(command.queue_id)
    work.floor.queue_overrides.pop(queue.queue_id, None)
    work.publish(QueueSwitched(now, queue.queue_id, None, command.by))


def move_all_waiting(work: Workplace, queue: Queue, now: datetime) -> None:
    """Send everybody who waits on the line to where callers of the closed queue go; chats end."""
    chats.turn_away_all(work, queue.queue_id, now)
    for contact in [each for each in work.floor.waiting(queue.queue_id) if each.has_leg]:
        queueing.leave_queue(work, contact, Outcome.CLOSED, now)
        contact.move_to(ContactState.IN_FLOW)
        inbound.turn_away(work, contact, queue, now)


def move_contact(work: Workplace, command: MoveContact, now: datetime) -> None:
    """Let a waiting contact wait in another queue, from the same instant on; so one that is to be called back, and a
    voice message."""
    contact, queue = _waiting(work, command), work.floor.queue(command.queue_id)
    if contact.queue_id == queue.queue_id:
        raise NotAllowed("already-there", f"the contact waits in {queue.queue_id} already")
    work.publish(ContactMoved(now, contact.contact_id, queue.queue_id, command.by))
    if contact.call_back is not None:
        callbacks.move(work, contact, queue.queue_id, now)
    else:
        _move(work, contact, queue, now)


def _move(work: Workplace, contact: Contact, queue: Queue, now: datetime) -> None:
    since = contact.queued_at or now
    queueing.leave_queue(work, contact, Outcome.OVERFLOWED, now)
    contact.move_to(ContactState.IN_FLOW)
    if contact.voice_message is not None:
        voicemail.stand_in_line(work, contact, queue.queue_id, since, now)
        return
    queueing.wait_again(work, contact, queue.queue_id, since, now)
    offering.offer_contact(work, contact, now)


def cancel_call_back(work: Workplace, command: CancelCallBack, now: datetime) -> None:
    """Call a customer back no more who asked for it. One who is being called, or on the line, is beyond it."""
    contact = _waiting(work, command)
    if contact.call_back is None:
        raise NotAllowed("not-waiting", "nobody is to be called back for this contact")
    callbacks.cancel(work, contact, command.by, now)


def _waiting(work: Workplace, command: MoveContact | CancelCallBack) -> Contact:
    contact = work.floor.contacts.get(command.contact_id)
    if contact is None:
        raise NotFound("contact", command.contact_id)
    hears_confirmation = contact.state is ContactState.CALL_BACK and contact.order_id is not None
    if contact.state not in (ContactState.WAITING, ContactState.CALL_BACK) or hears_confirmation:
        raise NotAllowed("not-waiting", "the contact does not wait any more")
    return contact
