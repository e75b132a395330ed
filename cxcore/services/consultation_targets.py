"""What an agent passes on, and to whom: a colleague, who is free in a queue, a number, the phone book."""

from __future__ import annotations

from cxcore.domain.agent import Agent, AgentId, AgentState
from cxcore.domain.commands import Consult, ParkContact, TransferContact
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.numbers import is_number, normalised
from cxcore.domain.queue import QueueId
from cxcore.domain.transfer import Target, TargetKind
from cxcore.services import direct
from cxcore.services.traffic import check_may_dial, check_may_dial_entry
from cxcore.services.workplace import Workplace

MOST_DESTINATIONS = 20
IN_TALK = frozenset({ContactState.TALKING, ContactState.DIRECT})


def find_target(work: Workplace, contact: Contact, agent: Agent, command: Consult | TransferContact) -> Target:
    """The target that a command names; raises `NotAllowed` or `NotFound` when it cannot be reached."""
    match command.kind:
        case TargetKind.AGENT:
            return _colleague(work, agent, AgentId(command.key))
        case TargetKind.QUEUE:
            return free_in_queue(work, agent, QueueId(command.key), frozenset())
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
    return Target(TargetKind.AGENT, colleague_id, colleague.name, (colleague.address,), colleague_id)


def free_in_queue(work: Workplace, agent: Agent, queue_id: QueueId, but: frozenset[str]) -> Target:
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
    return Target(TargetKind.QUEUE, queue_id, name, (first.address,), first.agent_id)


def _number(work: Workplace, agent: Agent, written: str) -> Target:
    number = normalised(written) or ""
    if not is_number(number):
        raise NotAllowed("no-such-number", "this is no phone number")
    check_may_dial(work, agent.agent_id, number)
    return Target(TargetKind.NUMBER, number, number, (number,))


def conversation_of(work: Workplace, agent: Agent) -> Contact:
    """What the agent talks in; raises `NotAllowed` when it is nothing."""
    contact_id = agent.contact_id if agent.state is AgentState.TALKING else agent.direct_contact_id
    contact = work.floor.contacts.get(contact_id) if contact_id is not None else None
    talks = contact is not None and contact.state in IN_TALK and contact.answered_at is not None
    if contact is None or contact.chat is not None or not talks or contact.agent_id != agent.agent_id:
        raise NotAllowed("no-conversation", "the agent is in no conversation")
    return contact


def own_conversation(work: Workplace, command: Consult | TransferContact | ParkContact) -> tuple[Agent, Contact]:
    """Who passes on what; raises `NotAllowed` when the agent cannot begin that now."""
    agent = work.floor.agent(command.agent_id)
    contact = conversation_of(work, agent)
    if contact.consultation is not None:
        raise NotAllowed("in-consultation", "the agent consults somebody already")
    if not work.floor.switch_connected:
        raise NotAllowed("switch-away", "the switch is not connected")
    return agent, contact
