"""Park to a colleague: a caller waits with hold music at a named agent, who picks the contact up when there is time.

Nobody's phone rings for it, so the colleague may be in a conversation. When the time is over the contact goes back: in
front of its queue, or, a direct call, to the agent who parked it. In no step is the caller alone in silence [10].
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.agent import Agent
from cxcore.domain.commands import ParkContact, PickUpContact
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactParked
from cxcore.domain.tidings import ParkOverdue
from cxcore.domain.transfer import Consultation, ConsultationEvent, ConsultationState, Target, TargetKind
from cxcore.services import direct
from cxcore.services.consultation_course import happens
from cxcore.services.consultation_legs import hold
from cxcore.services.consultation_release import let_go
from cxcore.services.consultation_ringing import begin
from cxcore.services.consultation_targets import own_conversation
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace


def park(work: Workplace, command: ParkContact, now: datetime) -> None:
    """Let the caller wait at the colleague; the agent is done with the contact."""
    agent, contact = own_conversation(work, command)
    colleague = work.floor.agent(command.key)
    if colleague is agent:
        raise NotAllowed("own-number", "an agent cannot park a contact at himself")
    hold(work, contact, agent, now)
    contact.consultation = Consultation(_target(colleague), agent.agent_id, now, ConsultationState.PARKED)
    let_go(work, contact, now)
    contact.move_to(ContactState.PASSING)
    mark_contact(work, contact)
    _wait(work, contact, now)
    ids = (contact.contact_id, agent.agent_id)
    work.publish(ContactParked(now, *ids, colleague.name, colleague.agent_id))


def _target(colleague: Agent) -> Target:
    return Target(TargetKind.AGENT, colleague.agent_id, colleague.name, (colleague.address,), colleague.agent_id)


def _wait(work: Workplace, contact: Contact, since: datetime) -> None:
    work.timers.set(ParkOverdue(since + timedelta(seconds=work.floor.site.park_seconds), contact.contact_id))


def pick_up(work: Workplace, command: PickUpContact, now: datetime) -> None:
    """Ring the agent's own device; answered, agent and caller talk. An agent who does not answer has lost it."""
    agent = work.floor.agent(command.agent_id)
    contact = work.floor.contacts.get(command.contact_id)
    consultation = contact.consultation if contact is not None else None
    if contact is None or consultation is None or consultation.state is not ConsultationState.PARKED:
        raise NotAllowed("not-parked", "the contact is not parked (any more)")
    if agent.agent_id not in (consultation.target.agent_id, consultation.agent_id):
        raise NotAllowed("not-your-contact", "the contact is parked at somebody else")
    _check_free(work, agent)
    work.timers.cancel(ParkOverdue, contact.contact_id)
    consultation.target, consultation.state = _target(agent), ConsultationState.PASSING
    begin(work, contact, consultation, now)


def _check_free(work: Workplace, agent: Agent) -> None:
    if direct.engaged(work, agent) or agent.leg_id is not None:
        raise NotAllowed("engaged", "the agent has a call already")
    if agent.device_fault is not None:
        raise NotAllowed("softphone-not-ready", "the agent's softphone cannot be rung")
    if not work.floor.switch_connected:
        raise NotAllowed("switch-away", "the switch is not connected")


def overdue(work: Workplace, tiding: ParkOverdue) -> None:
    """The colleague did not pick the contact up."""
    contact = work.floor.contacts.get(tiding.contact_id)
    consultation = contact.consultation if contact is not None else None
    if contact is not None and consultation is not None and consultation.state is ConsultationState.PARKED:
        happens(work, contact, ConsultationEvent.TARGET_LEFT, tiding.at)


def go_on(work: Workplace, contact: Contact, consultation: Consultation) -> None:
    """A core that starts found a parked contact."""
    work.switch.play_hold_music(contact.leg_id)
    _wait(work, contact, consultation.since)
