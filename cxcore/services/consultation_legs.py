"""The legs of a contact that an agent talks in: the *line* (the caller's), the *desk* (the agent's device), and hold.

A consultation puts the legs of its target beside them, as party legs.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import Agent, AgentId
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.events import ContactHeld, ContactResumed
from cxcore.domain.leg import LegId
from cxcore.services.workplace import Workplace


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


def hold(work: Workplace, contact: Contact, agent: Agent, now: datetime) -> None:
    """The caller hears hold music."""
    desk = desk_leg(work, contact)
    if contact.held_since is not None or desk is None:
        return
    work.switch.hold(desk, line_leg(work, contact))
    contact.held_since = now
    work.publish(ContactHeld(now, contact.contact_id, agent.agent_id))


def resume(work: Workplace, contact: Contact, now: datetime) -> None:
    """Caller and agent hear each other again."""
    desk = desk_leg(work, contact)
    if contact.held_since is None or desk is None:
        return
    work.switch.bridge(line_leg(work, contact), desk)
    note_resumed(work, contact, now)


def note_resumed(work: Workplace, contact: Contact, now: datetime) -> None:
    """Tell for how long the caller was on hold."""
    if contact.held_since is None or contact.agent_id is None:
        return
    held = (now - contact.held_since).total_seconds()
    contact.held_since = None
    work.publish(ContactResumed(now, contact.contact_id, AgentId(contact.agent_id), held))
