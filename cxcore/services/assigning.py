"""A supervisor chooses who has a contact: a colleague, or the supervisor's own desk [32].

The choice passes over strategy, level and membership, not over people: a colleague has to be available, and only
supervisors themselves are rung on a break or logged off. A contact that waits never leaves its line for it, so whoever
does not take it leaves it where it was, to be offered by the strategy again.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import READY, Agent, AgentId, AgentStatus
from cxcore.domain.commands import AssignContact, TransferContact
from cxcore.domain.contact import WAITING, Contact
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import ContactAssigned
from cxcore.domain.transfer import TargetKind
from cxcore.services import chat_desk, consulting, offering
from cxcore.services.consultation_targets import IN_TALK, find_target, own_conversation
from cxcore.services.traffic import check_may_dial
from cxcore.services.workplace import Workplace

REFUSED_FOR = {AgentStatus.LOGGED_OFF: "not-logged-on", AgentStatus.ON_BREAK: "on-break"}
"""Why a colleague of this status is not rung."""


def assign_contact(work: Workplace, command: AssignContact, now: datetime) -> None:
    """Ring the agent for the contact. Raises `NotAllowed` when the agent or the contact is not free for it."""
    contact, agent = work.floor.contacts.get(command.contact_id), work.floor.agent(command.agent_id)
    if contact is None:
        raise NotFound("contact", command.contact_id)
    _check_free(work, agent, command)
    if contact.chat is not None and contact.state in IN_TALK:
        chat_desk.assign(work, contact, agent, command.by, now)
    elif contact.state in IN_TALK:
        _take_over(work, contact, agent, command, now)
    else:
        _offer(work, contact, agent, command, now)


def _check_free(work: Workplace, agent: Agent, command: AssignContact) -> None:
    refused = REFUSED_FOR.get(agent.status)
    if refused is not None and agent.agent_id != command.by:
        raise NotAllowed(refused, f"{agent.agent_id} is not available")
    offer = work.floor.offer_of_agent(agent.agent_id)
    if offer is not None and offer.contact_id == command.contact_id:
        raise NotAllowed("already-offered", f"the contact is before {agent.agent_id} already")
    if agent.state is not READY or agent.leg_id is not None or agent.direct_contact_id is not None:
        raise NotAllowed("agent-engaged", f"{agent.agent_id} has a contact already")
    if agent.agent_id in work.floor.listenings:
        raise NotAllowed("listens-now", f"{agent.agent_id} listens to a call")
    if agent.device_fault is not None:
        raise NotAllowed("device-not-ready", f"the softphone of {agent.agent_id} cannot be rung")


def _offer(work: Workplace, contact: Contact, agent: Agent, command: AssignContact, now: datetime) -> None:
    if contact.state is not WAITING:
        raise NotAllowed("not-waiting", "the contact waits for nobody now")
    if not work.floor.switch_connected:
        raise NotAllowed("switch-away", "the switch is not connected")
    if contact.call_back is not None:
        check_may_dial(work, agent.agent_id, contact.call_back.number)
    offering.withdraw_offer_of(work, contact, "assigned", now)
    work.publish(ContactAssigned(now, contact.contact_id, agent.agent_id, command.by))
    offering.offer_to_chosen(work, contact, agent, now)


def _take_over(work: Workplace, contact: Contact, agent: Agent, command: AssignContact, now: datetime) -> None:
    """As if the colleague passed it on: the caller hears music meanwhile, and waits in front when nobody answers."""
    talking = AgentId(contact.agent_id or "")
    passing = TransferContact(command.by, talking, TargetKind.AGENT, agent.agent_id)
    colleague, _ = own_conversation(work, passing)
    find_target(work, contact, colleague, passing)
    work.publish(ContactAssigned(now, contact.contact_id, agent.agent_id, command.by))
    consulting.transfer(work, passing, now)
