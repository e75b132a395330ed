"""How well the parties of a conversation heard each other, found out when their legs are gone [112]."""

from __future__ import annotations

from collections.abc import Sequence

from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.events import ContactAnswered, LegHungUp, SoundMeasured
from cxcore.domain.floor import Floor
from cxcore.domain.leg import LegId
from cxcore.domain.sound_quality import CALLER, Party
from cxcore.services.workplace import Workplace


def note_conversation(floor: Floor, fact: ContactAnswered) -> None:
    """Remember whose legs these are until they have hung up. A voice message is no conversation."""
    contact, agent = floor.contacts.get(fact.contact_id), floor.agents.get(fact.agent_id)
    if contact is None or contact.voice_message is not None:
        return
    floor.quality.legs[contact.leg_id] = Party(fact.contact_id, fact.queue_id, CALLER)
    if agent is not None and agent.leg_id is not None:
        floor.quality.legs[agent.leg_id] = Party(fact.contact_id, fact.queue_id, fact.agent_id)


def hung_up(work: Workplace, tiding: LegHungUp) -> None:
    """Ask how a leg sounded that was in a conversation; the switch's own measure counts where nobody else can tell."""
    if not work.floor.quality.hung_up(tiding):
        return
    if not (tiding.call_id and work.sound_meter.measure(tiding.leg_id, tiding.call_id)):
        measured(work, SoundMeasured(tiding.at, tiding.leg_id, None, None))


def measured(work: Workplace, tiding: SoundMeasured) -> None:
    """Tell how well the sound of a party came over."""
    fact = work.floor.quality.measured(tiding)
    if fact is not None:
        work.publish(fact)


def compare(work: Workplace, living: Sequence[LegId]) -> None:
    """Forget legs that the switch does not know any more, and know those of conversations that were taken up."""
    work.floor.quality.keep(living)
    for contact in work.floor.contacts.values():
        if contact.state is ContactState.TALKING and contact.leg_id not in work.floor.quality.legs:
            _take_up(work.floor, contact)


def _take_up(floor: Floor, contact: Contact) -> None:
    agent = floor.agent_talking_with(contact)
    if agent is not None and contact.answered_at is not None and contact.queue_id is not None:
        whose = (contact.contact_id, agent.agent_id, contact.queue_id)
        note_conversation(floor, ContactAnswered(contact.answered_at, *whose, waited_seconds=0.0))
