"""What agents do with chats: take one, write, assign it to a colleague or another queue [19], end it [22, 40].

A chat is offered on the agent's page, where nothing rings: so an offer has no leg, and it is missed when its time is
over. Hanging up and passing on are the commands of calls; here they find what they are about.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import AVAILABLE, READY, TALKING, Agent, AgentId
from cxcore.domain.chat import LONGEST_LINE, Author, cleaned
from cxcore.domain.commands import AcceptChat, AnswerChat, HangUpContact, TransferContact
from cxcore.domain.contact import IN_CONVERSATION, WAITING, Contact
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactAnswered, ContactAssigned, ContactTransferred
from cxcore.domain.offer import OfferEnd
from cxcore.domain.queue import QueueId
from cxcore.domain.transfer import TargetKind
from cxcore.services import chats, consulting, conversation, offering, queueing
from cxcore.services.workplace import Workplace


def accept(work: Workplace, command: AcceptChat, now: datetime) -> None:
    """Take the chat that is offered, or one out of the line. Raises `NotAllowed`."""
    agent = work.floor.agent(command.agent_id)
    offer = work.floor.offer_of_agent(agent.agent_id)
    contact = work.floor.contacts.get(offer.contact_id) if offer is not None else None
    if offer is not None and contact is not None and contact.chat is not None:
        if command.contact_id in ("", contact.contact_id):
            offering.withdraw_others(work, offer, now)
            offering.end_offer(work, offer, OfferEnd.ACCEPTED, "", now)
            _begin(work, contact, agent, now)
            return
    if not command.contact_id:
        raise NotAllowed("nothing-offered", "no chat is offered")
    _begin(work, _to_pick(work, agent, command), agent, now)


def _to_pick(work: Workplace, agent: Agent, command: AcceptChat) -> Contact:
    contact = work.floor.contacts.get(command.contact_id)
    if contact is None or contact.chat is None or contact.state is not WAITING:
        raise NotAllowed("chat-taken", "the chat waits no more")
    if work.floor.offers_of_contact(contact.contact_id):
        raise NotAllowed("chat-taken", "the chat is being offered")
    if contact.queue_id not in {each.queue_id for each in work.floor.memberships_of(agent.agent_id)}:
        raise NotAllowed("not-a-member", f"the agent is no member of {contact.queue_id}")
    if agent.status is not AVAILABLE:
        raise NotAllowed("not-available", "the agent is not available")
    if agent.state is not READY or agent.leg_id is not None or agent.direct_contact_id is not None:
        raise NotAllowed("engaged", "the agent has a contact already")
    return contact


def _begin(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    queue_id = contact.queue_id
    if queue_id is None:
        return
    queueing.stop_waiting(work, contact)
    contact.in_front = False
    contact.move_to(IN_CONVERSATION)
    contact.answered_at, contact.agent_id = now, agent.agent_id
    agent.move_to(TALKING, now)
    agent.contact_id, agent.warning = contact.contact_id, None
    waited = (now - (contact.queued_at or now)).total_seconds()
    work.publish(ContactAnswered(now, contact.contact_id, agent.agent_id, queue_id, waited))


def answer(work: Workplace, command: AnswerChat, now: datetime) -> None:
    """The agent writes a line."""
    agent = work.floor.agent(command.agent_id)
    contact = chat_of(work, agent)
    text = cleaned(command.text, LONGEST_LINE, lines=True)
    if contact is None:
        raise NotAllowed("no-chat", "the agent has no chat")
    if not text:
        raise NotAllowed("empty", "nothing was written")
    chats.write(work, contact, Author.AGENT, text, command.token, now, agent.agent_id)


def chat_of(work: Workplace, agent: Agent) -> Contact | None:
    """The chat that the agent has."""
    contact = work.floor.contacts.get(agent.contact_id) if agent.contact_id and agent.state is TALKING else None
    return contact if contact is not None and contact.chat is not None else None


def hang_up(work: Workplace, command: HangUpContact, now: datetime) -> None:
    """The agent ends the chat, or the call."""
    contact = chat_of(work, work.floor.agent(command.agent_id))
    if contact is None:
        conversation.hang_up(work, command, now)
    else:
        chats.end_talk(work, contact, now)


def transfer(work: Workplace, command: TransferContact, now: datetime) -> None:
    """The agent assigns the chat to a colleague or another queue, or passes the call on."""
    agent = work.floor.agent(command.agent_id)
    contact = chat_of(work, agent)
    if contact is None:
        consulting.transfer(work, command, now)
    elif command.kind == TargetKind.AGENT:
        assign(work, contact, _free(work, AgentId(command.key)), command.by, now)
    elif command.kind == TargetKind.QUEUE:
        _to_queue(work, contact, agent, QueueId(command.key), now)
    else:
        raise NotAllowed("chat-goes-not-there", "a chat goes to a colleague or a queue")


def _free(work: Workplace, colleague_id: AgentId) -> Agent:
    colleague = work.floor.agent(colleague_id)
    if not colleague.can_be_offered:
        raise NotAllowed("colleague-not-free", f"{colleague_id} is not free")
    return colleague


def assign(work: Workplace, contact: Contact, colleague: Agent, by: str, now: datetime) -> None:
    """Offer a chat that an agent has to a colleague who is free; not taken, it waits in front of its line."""
    agent, queue_id = work.floor.agent_talking_with(contact), contact.queue_id
    if agent is None or queue_id is None:
        raise NotAllowed("no-chat", "no agent has the chat")
    if colleague is agent:
        raise NotAllowed("own-number", "an agent cannot assign a chat to himself")
    _let_go(work, contact, agent, now)
    contact.in_front = True
    work.publish(ContactAssigned(now, contact.contact_id, colleague.agent_id, by))
    queueing.wait_again(work, contact, queue_id, now, now)
    offering.offer_to_chosen(work, contact, colleague, now)


def _to_queue(work: Workplace, contact: Contact, agent: Agent, queue_id: QueueId, now: datetime) -> None:
    queue = work.floor.queue(queue_id)
    if not work.floor.is_open(queue_id, now):
        raise NotAllowed("queue-closed", f"{queue_id} is closed")
    _let_go(work, contact, agent, now)
    work.publish(ContactTransferred(now, contact.contact_id, queue.name, connected=True, agent_id=agent.agent_id))
    queueing.wait_again(work, contact, queue_id, now, now)
    offering.offer_contact(work, contact, now)


def _let_go(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    conversation.finish_talk(work, contact, agent, now)
    contact.agent_id = contact.answered_at = None
