"""Another telephone takes over a call from the one that has it: an INVITE with Replaces (RFC 3891), as Teams sends it.

For us the agent stays the same; only the leg of the device changes. The caller hears the old device until the new one
is answered. The call of a leg that is none of an agent in conversation is unknown (the SBC makes 481 of it); one in
which a third person takes part is not given away (486). A caller on hold is back when the new device is there.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import Agent, AgentState
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.events import DeviceReplaced
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.tidings import LegAnswered, LegArrived
from cxcore.services.consultation_legs import line_leg, note_resumed
from cxcore.services.marks import direct_marks, mark_contact, taken_over_marks
from cxcore.services.workplace import Workplace


def arrive(work: Workplace, tiding: LegArrived, replaced: LegId) -> None:
    """Answer the leg that is to take the place of another, or refuse it."""
    work.switch.take(tiding.leg_id)
    found = _conversation(work, replaced)
    if found is None or found[0].consultation is not None:
        cause = HangUpCause.NO_SUCH_NUMBER if found is None else HangUpCause.BUSY
        work.switch.hang_up(tiding.leg_id, cause)
        return
    work.floor.replacing[tiding.leg_id] = replaced
    work.switch.answer(tiding.leg_id)


def answered(work: Workplace, tiding: LegAnswered) -> bool:
    """Put the leg in the place of the other. False when it replaces none."""
    replaced = work.floor.replacing.pop(tiding.leg_id, None)
    if replaced is None:
        return False
    found = _conversation(work, replaced)
    if found is None or found[0].consultation is not None:
        work.switch.hang_up(tiding.leg_id)  # the conversation ended meanwhile, or became one of three
        return True
    contact, agent = found
    work.switch.bridge(line_leg(work, contact), tiding.leg_id)
    note_resumed(work, contact, tiding.at)
    _change_device(work, contact, agent, tiding.leg_id, tiding.at)
    work.switch.hang_up(replaced)
    work.publish(DeviceReplaced(tiding.at, contact.contact_id, agent.agent_id))
    return True


def _conversation(work: Workplace, leg_id: LegId) -> tuple[Contact, Agent] | None:
    """The contact and agent who talk by this device; None in any other situation."""
    agent = work.floor.agent_of_leg(leg_id)
    contact = work.floor.contact_of_leg(leg_id)
    if agent is not None and agent.state is AgentState.TALKING and agent.contact_id is not None:
        contact = work.floor.contacts.get(agent.contact_id)
    elif contact is not None and contact.state is ContactState.DIRECT and contact.desk_leg == leg_id:
        agent = work.floor.agent_talking_with(contact)
    if contact is None or agent is None:
        return None
    return (contact, agent) if contact.leg_id != leg_id and contact.answered_at is not None else None


def _change_device(work: Workplace, contact: Contact, agent: Agent, leg_id: LegId, now: datetime) -> None:
    if contact.state is not ContactState.DIRECT:
        work.floor.set_agent_leg(agent, leg_id)
        work.switch.mark(leg_id, taken_over_marks(contact, agent.agent_id, work.new_identity(), now))
        return
    destination = contact.party_legs[contact.desk_leg] if contact.desk_leg in contact.party_legs else agent.address
    if contact.desk_leg is not None:
        work.floor.drop_party_leg(contact, contact.desk_leg)
    work.floor.add_party_leg(contact, leg_id, destination, now)
    contact.desk_leg = leg_id
    work.switch.mark(leg_id, direct_marks(contact, party=True))
    mark_contact(work, contact)
