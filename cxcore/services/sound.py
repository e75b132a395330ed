"""How well the parties of a conversation heard each other, found out when their legs are gone [112]."""

from __future__ import annotations

from collections.abc import Sequence

from cxcore.domain.agent import Agent, AgentId
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.floor import Floor
from cxcore.domain.leg import LegId, LiveLeg
from cxcore.domain.quality import Line
from cxcore.domain.sound_quality import CALLED, CALLER, Party, line_of
from cxcore.domain.tidings import LegHungUp, LegsBridged, RelayRestarted, SoundMeasured
from cxcore.services.workplace import Workplace


def bridged(work: Workplace, tiding: LegsBridged) -> None:
    """Remember whose legs these are until they have hung up."""
    _note(work.floor, tiding.leg_id, tiding.other)
    _note(work.floor, tiding.other, tiding.leg_id)


def _note(floor: Floor, leg_id: LegId, other: LegId) -> None:
    """A voice message is no conversation. The device of an agent of a queue is known by the caller it talks with."""
    contact = floor.contact_of_leg(leg_id) or floor.contact_of_leg(other)
    if contact is None or contact.voice_message is not None:
        return
    agent = _agent_on(floor, contact, leg_id)
    if agent is not None:
        name, line = str(agent.agent_id), line_of(agent.device)
    elif leg_id in contact.party_legs:
        name, line = CALLED, line_of(contact.party_legs[leg_id])
    else:
        name, line = CALLER, Line.TRUNK
    floor.quality.legs[leg_id] = Party(contact.contact_id, contact.queue_id, name, line)


def _agent_on(floor: Floor, contact: Contact, leg_id: LegId) -> Agent | None:
    """The agent whose device this is: of a queue, in a direct call, or consulted."""
    agent = floor.agent_of_leg(leg_id)
    if agent is not None or contact.state is not ContactState.DIRECT and contact.consultation is None:
        return agent
    if contact.consultation is not None and leg_id in contact.consultation.legs:
        return floor.agents.get(AgentId(contact.consultation.target.agent_id or ""))
    return floor.agents.get(AgentId(contact.agent_id or "")) if leg_id == contact.desk_leg else None


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


def relay_restarted(work: Workplace, _tiding: RelayRestarted) -> None:
    """The calls that went by it are led by it again; to the others the re-INVITE changes nothing."""
    work.switch.renew_sound()


def compare(work: Workplace, legs: Sequence[LiveLeg]) -> None:
    """Forget legs that the switch does not know any more, and know those of conversations that were taken up."""
    work.floor.quality.keep(leg.leg_id for leg in legs)
    for leg in legs:
        if leg.bridged_to is not None and leg.leg_id not in work.floor.quality.legs:
            _note(work.floor, leg.leg_id, leg.bridged_to)
