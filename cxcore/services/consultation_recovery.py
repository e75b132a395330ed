"""Consultations and transfers outlive a core.

The marks on the contact's leg say where each stands, and the switch which of its legs live. What happened while no core
was running, or was not heard, happens now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.contact import Contact, ContactId, ContactState
from cxcore.domain.events import LeaseHealed
from cxcore.domain.leg import LegId, LiveLeg
from cxcore.domain.transfer import Consultation, ConsultationState, Target, TargetKind
from cxcore.services import consultation_course, interruption, parking
from cxcore.services.consultation_legs import desk_leg
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace

RINGS = frozenset({ConsultationState.RINGING, ConsultationState.PASSING})


def restore(contact: Contact, leg: LiveLeg) -> None:
    """Read from the contact's leg where its consultation stood; which of the target's legs live is told later."""
    marks = leg.marks
    if not marks.get("consult"):
        return
    agent_id = marks.get("target_agent") or None
    kind, key, name = TargetKind(marks["target_kind"]), marks.get("target_key", ""), marks.get("target_name", "")
    since = datetime.fromisoformat(marks["consult_since"])
    contact.consultation = Consultation(
        Target(kind, key, name, (), agent_id),
        marks.get("consult_by", ""),
        since,
        ConsultationState(marks["consult"]),
        LegId(marks["consult_leg"]) if marks.get("consult_leg") else None,
    )
    contact.held_since = datetime.fromisoformat(marks["held_since"]) if marks.get("held_since") else None


def take_up(work: Workplace, leg: LiveLeg, now: datetime) -> None:
    """A leg of somebody who is consulted, or to whom a contact is being passed on; nobody else has a use for it."""
    contact = work.floor.contacts.get(ContactId(leg.marks.get("contact", "")))
    consultation = contact.consultation if contact is not None else None
    if contact is None or consultation is None:
        work.switch.hang_up(leg.leg_id)
        return
    work.floor.add_party_leg(contact, leg.leg_id, leg.marks.get("destination", leg.dialled_number), now)
    if leg.leg_id != consultation.target_leg:
        consultation.ringing.add(leg.leg_id)
    colleague = work.floor.agents.get(AgentId(consultation.target.agent_id or ""))
    if colleague is not None:
        colleague.direct_contact_id = contact.contact_id


def settle(work: Workplace, living: Mapping[LegId, LiveLeg], now: datetime) -> None:
    """A core that starts found all legs: let what happened in its absence happen, and give the orders again."""
    for contact in list(work.floor.contacts.values()):
        consultation = contact.consultation
        if consultation is not None:
            _forget_dead_target(contact, consultation)
            _settle(work, contact, consultation, living, now)
        elif contact.state is ContactState.DIRECT:
            _reconnect(work, contact, living, now)


def _forget_dead_target(contact: Contact, consultation: Consultation) -> None:
    if consultation.target_leg is not None and consultation.target_leg not in contact.party_legs:
        consultation.target_leg = None


def _settle(
    work: Workplace, contact: Contact, consultation: Consultation, living: Mapping[LegId, LiveLeg], now: datetime
) -> None:
    if contact.state is ContactState.DIRECT:
        _find_desk(contact, consultation)
    if contact.state is not ContactState.PASSING and desk_leg(work, contact) is None and consultation.legs:
        _bring_back_agent(work, contact, consultation)
        consultation_course.agent_left(work, contact, now)
    if contact.consultation is not consultation or _missed_something(work, contact, consultation, living, now):
        return
    consultation_course.resume_step(work, contact, consultation, now)


def _bring_back_agent(work: Workplace, contact: Contact, consultation: Consultation) -> None:
    """For the end of the talk of an agent whose device is gone."""
    agent = work.floor.agents.get(AgentId(consultation.agent_id))
    if agent is None or agent.leg_id is not None or contact.state is not ContactState.TALKING:
        return
    agent.state, agent.contact_id = AgentState.TALKING, contact.contact_id
    contact.agent_id = agent.agent_id


def _find_desk(contact: Contact, consultation: Consultation) -> None:
    if contact.desk_leg is None:
        others = [leg_id for leg_id in contact.party_legs if leg_id not in consultation.legs]
        contact.desk_leg = others[0] if others else None


def _missed_something(
    work: Workplace, contact: Contact, consultation: Consultation, living: Mapping[LegId, LiveLeg], now: datetime
) -> bool:
    """Whether the target left, or answered, unheard."""
    if consultation.state is ConsultationState.PARKED:
        parking.go_on(work, contact, consultation)
        return True
    if not consultation.legs:
        consultation_course.target_gone(work, contact, now)
        return True
    answered = [leg_id for leg_id in consultation.ringing if leg_id in living and living[leg_id].answered]
    if consultation.state in RINGS and answered:
        consultation_course.target_answered(work, contact, sorted(answered)[0], now)
        return True
    return False


def _reconnect(work: Workplace, contact: Contact, living: Mapping[LegId, LiveLeg], now: datetime) -> None:
    """A direct call whose agent had put it aside, and whose consultation had not begun when the core died; or which was
    kept for an agent whose page was gone."""
    line = living.get(contact.leg_id)
    answered = [leg_id for leg_id in contact.party_legs if leg_id in living and living[leg_id].answered]
    if line is None or not line.answered or contact.answered_at is None or line.bridged_to is not None:
        return
    if answered:
        work.switch.bridge(contact.leg_id, answered[0])
    elif not contact.party_legs:
        interruption.keep(work, contact, now)


def heal(work: Workplace, living: Mapping[LegId, LiveLeg], now: datetime) -> None:
    """What was not heard of the target's legs, while this core was running."""
    if work.memory is not None:
        return
    for contact in list(work.floor.contacts.values()):
        consultation = contact.consultation
        if consultation is None or consultation.state not in RINGS:
            continue
        answered = [leg_id for leg_id in consultation.ringing if leg_id in living and living[leg_id].answered]
        for leg_id in sorted(answered)[:1]:
            _heal_answer(work, contact, leg_id, now)


def _heal_answer(work: Workplace, contact: Contact, leg_id: LegId, now: datetime) -> None:
    """Doubted at first, since the word of it may be under way; see `healing`."""
    doubted = leg_id in work.floor.doubted or not work.floor.switch_connected
    work.floor.doubted.discard(leg_id)
    if not doubted:
        work.floor.doubted.add(leg_id)
        return
    work.publish(LeaseHealed(now, "consultation", contact.contact_id, "the answer of a leg was not heard"))
    consultation_course.target_answered(work, contact, leg_id, now)
    mark_contact(work, contact)
