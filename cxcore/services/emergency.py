"""Emergency messages are switched on and off; they end by themselves [47e, 48a]."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cxcore.domain.commands import EndEmergency, SetEmergency
from cxcore.domain.contact import Contact, FlowPosition
from cxcore.domain.emergency import EVERYWHERE, Emergency, Then
from cxcore.domain.errors import NotAllowed, NotFound
from cxcore.domain.events import EmergencyEnded, EmergencyHeard, EmergencySet
from cxcore.domain.queue import QueueId
from cxcore.domain.tidings import EmergencyOver
from cxcore.services.workplace import Workplace

DEADLINE = "deadline"
"""Who ended a message that ended by itself."""


def set_emergency(work: Workplace, command: SetEmergency, now: datetime) -> None:
    """From the next caller on the message is heard first. Who waits is not touched, unless the command asks for it."""
    emergency = _checked(work, command, now)
    _put(work, emergency)
    told = (emergency.scope, emergency.message, emergency.then, emergency.flow, emergency.until)
    work.publish(EmergencySet(now, *told, command.tell_waiting, command.by))
    if command.tell_waiting:
        _tell_waiting(work, emergency, now)


def _checked(work: Workplace, command: SetEmergency, now: datetime) -> Emergency:
    """The message as it will be; raises `NotFound` or `NotAllowed` for what this floor cannot say."""
    dialplan, then = work.floor.site.dialplan, _then(command.then)
    if command.scope != EVERYWHERE and command.scope not in {*dialplan.entrances, *work.floor.site.queues}:
        raise NotFound("number or queue", command.scope)
    if not work.has_sound(command.message):
        raise NotFound("message", command.message)
    if then is Then.FLOW and command.flow not in dialplan.flows:
        raise NotFound("flow", command.flow)
    if command.until is not None and command.until <= now:
        raise NotAllowed("already-over", "the message would have ended already")
    flow = command.flow if then is Then.FLOW else ""
    return Emergency(command.scope, command.message, now, command.until, then, flow, command.by)


def _then(name: str) -> Then:
    try:
        return Then(name)
    except ValueError:
        raise NotAllowed("no-such-end", f"nothing is known that is called {name!r} after a message") from None


def _put(work: Workplace, emergency: Emergency) -> None:
    work.floor.emergencies[emergency.scope] = emergency
    work.floor.lay_over()
    if emergency.until is not None:
        work.timers.set(EmergencyOver(emergency.until, emergency.scope))
    else:
        work.timers.cancel(EmergencyOver, emergency.scope)


def _tell_waiting(work: Workplace, emergency: Emergency, now: datetime) -> None:
    """Say it to those who wait and whom it concerns; hold music follows by itself."""
    for queue_id in work.floor.site.queues:
        for contact in work.floor.waiting(queue_id):
            if contact.has_leg and emergency.scope in (EVERYWHERE, contact.dialled_number, queue_id):
                contact.wait_menu = None
                sounds = work.sounds(emergency.message, language=contact.language)
                work.switch.say(contact.leg_id, work.new_order(contact), sounds)
                work.publish(EmergencyHeard(now, contact.contact_id, emergency.scope, emergency.message))


def end_emergency(work: Workplace, command: EndEmergency, now: datetime) -> None:
    """The next caller does not hear it any more; whoever is hearing it hears it to its end."""
    if command.scope not in work.floor.emergencies:
        raise NotFound("emergency message", command.scope)
    _take_away(work, command.scope, command.by, now)


def over(work: Workplace, tiding: EmergencyOver) -> None:
    """The message ends by itself."""
    if tiding.scope in work.floor.emergencies:
        _take_away(work, tiding.scope, DEADLINE, tiding.at)


def _take_away(work: Workplace, scope: str, by: str, now: datetime) -> None:
    del work.floor.emergencies[scope]
    work.floor.lay_over()
    work.timers.cancel(EmergencyOver, scope)
    work.publish(EmergencyEnded(now, scope, by))


def restore(work: Workplace, known: Sequence[EmergencySet], now: datetime) -> None:
    """What was on when the last core ended is on; what should have ended meanwhile ends now."""
    for fact in known:
        emergency = Emergency(fact.scope, fact.message, fact.at, fact.until, Then(fact.then), fact.flow, fact.by)
        if emergency.until is not None and emergency.until <= now:
            work.publish(EmergencyEnded(now, emergency.scope, DEADLINE))
        elif work.has_sound(emergency.message) and _leads_somewhere(work, emergency):
            _put(work, emergency)


def _leads_somewhere(work: Workplace, emergency: Emergency) -> bool:
    """Whether the configuration still knows what the message names."""
    return emergency.then is not Then.FLOW or emergency.flow in work.floor.site.dialplan.flows


def note_heard(work: Workplace, contact: Contact, key: str, now: datetime) -> None:
    """Tell that a caller of this number hears a message first, if one is on."""
    flow = work.floor.site.dialplan.heard_first.get(key)
    emergency = work.floor.emergencies.get(key) or work.floor.emergencies.get(EVERYWHERE)
    if flow is not None and emergency is not None:
        contact.emergencies_heard.add(flow)
        work.publish(EmergencyHeard(now, contact.contact_id, emergency.scope, emergency.message))


def due_before(work: Workplace, contact: Contact, queue_id: QueueId, now: datetime) -> FlowPosition | None:
    """Where a caller who is about to wait in this queue goes first; None when there is nothing to hear, or no more."""
    flow = work.floor.site.dialplan.heard_first.get(queue_id)
    if flow is None or flow in contact.emergencies_heard:
        return None
    note_heard(work, contact, queue_id, now)
    return FlowPosition(flow)
