"""Supervisors listen in, whisper and barge in [25, 33].

The supervisor's own device is rung; once it is answered it hears the call, whatever becomes of it, until the agent's
device is out of it or the supervisor leaves. Who hears the supervisor is changed by commands only, so that each change
is audited: keys of the supervisor's phone do nothing.
"""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.agent import Agent, AgentId, AgentStatus
from cxcore.domain.commands import BargeIn, ListenIn, StopListening, Whisper
from cxcore.domain.contact import Contact, ContactId
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ListeningChanged, ListeningEnded, ListeningStarted
from cxcore.domain.leg import LegId, LiveLeg
from cxcore.domain.listening import Listening, ListeningMode
from cxcore.domain.tidings import LegAnswered, LegHungUp, LiveLegsReported, OrderRefused
from cxcore.ports.switch import Dial
from cxcore.services.consultation_legs import desk_leg
from cxcore.services.workplace import Workplace

RING_SECONDS = 25
"""How long the supervisor's device rings."""
ROLE = "listener"
"""On the leg of the supervisor's device, as a mark."""


def listen_in(work: Workplace, command: ListenIn, now: datetime) -> None:
    """Hear the agent's call, or be heard by nobody any more."""
    _be_in(work, command, ListeningMode.LISTEN, now)


def whisper(work: Workplace, command: Whisper, now: datetime) -> None:
    """Speak to the agent; the caller hears nothing of it."""
    _be_in(work, command, ListeningMode.WHISPER, now)


def barge_in(work: Workplace, command: BargeIn, now: datetime) -> None:
    """Speak to agent and caller."""
    _be_in(work, command, ListeningMode.BARGE, now)


def stop(work: Workplace, command: StopListening, now: datetime) -> None:
    """Leave the call. The facts follow when the switch says that the leg is gone."""
    listening = work.floor.listenings.get(command.by)
    if listening is None or listening.agent_id != command.agent_id:
        raise NotAllowed("not-listening", "the supervisor listens to no call of this agent")
    work.switch.hang_up(listening.leg_id)


def _be_in(work: Workplace, command: ListenIn | Whisper | BargeIn, mode: ListeningMode, now: datetime) -> None:
    listening = work.floor.listenings.get(command.by)
    if listening is None:
        _ring(work, command, mode)
    elif listening.agent_id != command.agent_id:
        raise NotAllowed("listens-already", "the supervisor listens to another call")
    else:
        _change(work, listening, mode, now)


def _ring(work: Workplace, command: ListenIn | Whisper | BargeIn, mode: ListeningMode) -> None:
    agent = work.floor.agent(command.agent_id)
    contact, target = _call_of(work, agent)
    if any(each.agent_id == agent.agent_id for each in work.floor.listenings.values()):
        raise NotAllowed("listened-already", "somebody else listens to this call")
    device = _free_device(work, command.by, agent)
    leg_id = LegId(work.new_identity())
    listening = Listening(command.by, leg_id, agent.agent_id, contact.contact_id, target, mode)
    work.floor.listenings[command.by] = listening
    caller = work.floor.site.caller_number or "anonymous"
    work.switch.dial(Dial(leg_id, device, caller, agent.name, RING_SECONDS, _marks(listening), partner=target))


def _call_of(work: Workplace, agent: Agent) -> tuple[Contact, LegId]:
    """The agent's conversation, and the leg of the agent's device in it."""
    contact = work.floor.contacts.get(agent.direct_contact_id or agent.contact_id or ContactId(""))
    if contact is None or contact.answered_at is None:
        raise NotAllowed("no-conversation", "the agent is in no conversation")
    device = desk_leg(work, contact) if contact.agent_id == agent.agent_id else None
    if device is None:
        raise NotAllowed("no-conversation", "the agent is in no conversation")
    return contact, device


def _free_device(work: Workplace, by: str, agent: Agent) -> str:
    user = work.floor.site.users.get(by)
    if user is None or not user.device:
        raise NotAllowed("no-device", "the supervisor has no device of their own")
    own = work.floor.agents.get(user.agent_id) if user.agent_id is not None else None
    if own is agent:
        raise NotAllowed("own-call", "this is the supervisor's own call")
    if own is not None and (own.status is AgentStatus.AVAILABLE or own.direct_contact_id or own.leg_id):
        raise NotAllowed("serves-queues", "the supervisor serves queues: a break comes first")
    if own is not None and own.device_fault is not None:
        raise NotAllowed("softphone-not-open", "the supervisor's softphone cannot be rung")
    return user.device if own is None else own.address


def _change(work: Workplace, listening: Listening, mode: ListeningMode, now: datetime) -> None:
    if listening.mode is mode:
        return
    listening.mode = mode
    if listening.since is None:
        return  # the device rings on, and is answered to this
    work.switch.listen(listening.leg_id, listening.target_leg, mode)
    work.switch.mark(listening.leg_id, _marks(listening))
    work.publish(ListeningChanged(now, listening.contact_id, listening.agent_id, listening.by, mode))


# --- What the switch tells -------------------------------------------------------------------------------------------


def answered(work: Workplace, tiding: LegAnswered) -> bool:
    """The supervisor's device was answered; False when the leg is somebody else's."""
    listening = _of_leg(work, tiding.leg_id)
    if listening is None:
        return False
    listening.since = tiding.at
    work.switch.listen(listening.leg_id, listening.target_leg, listening.mode)
    work.switch.mark(listening.leg_id, _marks(listening))
    ids = (tiding.at, listening.contact_id, listening.agent_id, listening.by)
    work.publish(ListeningStarted(*ids, listening.mode, work.floor.site.tells_of_listening))
    return True


def hung_up(work: Workplace, tiding: LegHungUp) -> bool:
    """The supervisor left, or the call that was listened to is over; False when the leg is somebody else's."""
    listening = _of_leg(work, tiding.leg_id)
    if listening is None:
        return False
    _end(work, listening, tiding.at)
    return True


def refused(work: Workplace, tiding: OrderRefused) -> None:
    """The supervisor's device cannot be dialled."""
    listening = _of_leg(work, tiding.leg_id)
    if listening is not None and tiding.order == "dial":
        _end(work, listening, tiding.at)


def _end(work: Workplace, listening: Listening, now: datetime) -> None:
    del work.floor.listenings[listening.by]
    if listening.since is not None:
        work.publish(ListeningEnded(now, listening.contact_id, listening.agent_id, listening.by))


def _of_leg(work: Workplace, leg_id: LegId) -> Listening | None:
    if not work.floor.listenings:  # nearly always, and every leg asks
        return None
    return next((each for each in work.floor.listenings.values() if each.leg_id == leg_id), None)


# --- A core starts, or compares --------------------------------------------------------------------------------------


def compare(work: Workplace, report: LiveLegsReported) -> None:
    """Take up who listens since an earlier core, and let go of those whose leg is gone."""
    living = {leg.leg_id: leg for leg in report.legs}
    for listening in list(work.floor.listenings.values()):
        if listening.since is not None and listening.leg_id not in living:
            _end(work, listening, report.at)
    for leg in living.values():
        if leg.marks.get("role") == ROLE and _of_leg(work, leg.leg_id) is None:
            _take_up(work, leg)


def _take_up(work: Workplace, leg: LiveLeg) -> None:
    """A device that still rang has nobody who waits for it."""
    listening = _listening_on(leg)
    if listening is not None and leg.answered and listening.agent_id in work.floor.agents:
        work.floor.listenings.setdefault(listening.by, listening)
    else:
        work.switch.hang_up(leg.leg_id)


def _marks(listening: Listening) -> dict[str, str]:
    return {
        "role": ROLE,
        "by": listening.by,
        "agent": listening.agent_id,
        "contact": listening.contact_id,
        "target": listening.target_leg,
        "mode": listening.mode,
        "since": listening.since.isoformat() if listening.since is not None else "",
    }


def _listening_on(leg: LiveLeg) -> Listening | None:
    marks = leg.marks
    try:
        mode, since = ListeningMode(marks["mode"]), datetime.fromisoformat(marks["since"])
        agent_id, contact_id = AgentId(marks["agent"]), ContactId(marks["contact"])
        return Listening(marks["by"], leg.leg_id, agent_id, contact_id, LegId(marks["target"]), mode, since)
    except (KeyError, ValueError):
        return None
