"""What reports read, derived from the facts: one function per fact, and the table of them at the end.

`cxcore.domain.measures` says when and where each measure counts; the screens of the day count by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from cxcore.domain import events
from cxcore.domain.agent import AgentStatus
from cxcore.domain.events import Fact
from cxcore.domain.measures import VISIT_ENDS, VisitEnd, end_wait, milliseconds
from cxcore.domain.offer import OfferEnd
from cxcore.domain.quality import MOS_GOAL
from cxcore.storage import derive_calls
from cxcore.storage.ledger import Ledger
from cxcore.storage.models import ContactRecord, QueueVisit
from cxcore.storage.named_numbers import NAMED_IN, named_in


def derive(connection: Connection, facts: Sequence[Fact]) -> None:
    """Carry the facts, in their order, into the derived tables. The result does not depend on how they are parted."""
    ledger = Ledger(connection, facts)
    for fact in facts:
        DERIVATIONS[type(fact)](ledger, fact)
        _note_numbers(ledger, fact)
    ledger.write()


def _queued_at(fact: events.ContactAnswered | events.ContactLeftQueue) -> datetime:
    return fact.at - timedelta(seconds=fact.waited_seconds)


def _between(since: datetime, until: datetime) -> int:
    return milliseconds((until - since).total_seconds())


# --- Visits ----------------------------------------------------------------------------------------------------------


def _end_wait(ledger: Ledger, visit: QueueVisit, end: VisitEnd, waited_ms: int) -> None:
    contact = ledger.contact(visit.contact_id, visit.queued_at)
    contact.waited_ms = (contact.waited_ms or 0) + waited_ms
    end_wait(ledger.interval(visit), visit, end, waited_ms)


def _end_waits(ledger: Ledger, contact_id: str, end: VisitEnd, at: datetime, but: str | None = None) -> None:
    for visit in ledger.waiting(contact_id):
        if visit.queue_id != but and visit.waiting_since:
            _end_wait(ledger, visit, end, _between(visit.waiting_since, at))


def _note_numbers(ledger: Ledger, fact: Fact) -> None:
    kind = type(fact).__name__
    if kind in NAMED_IN and getattr(fact, "contact_id", None) is not None:
        for number in named_in(kind, {name: getattr(fact, name) for name in NAMED_IN[kind]}):
            ledger.note_number(number, fact.contact_id)  # type: ignore[attr-defined]


# --- One function per fact -------------------------------------------------------------------------------------------


def _contact_opened(ledger: Ledger, fact: events.ContactOpened) -> None:
    contact = ledger.contact(fact.contact_id, fact.at)
    contact.channel = fact.channel.value
    contact.dialled_number = fact.dialled_number
    contact.caller_number = fact.caller_number
    contact.direction = fact.direction.value
    contact.caller_name = fact.caller_name


def _contact_queued(ledger: Ledger, fact: events.ContactQueued) -> None:
    _end_waits(ledger, fact.contact_id, VisitEnd.MOVED, fact.at, but=fact.queue_id)
    contact = ledger.contact(fact.contact_id, fact.at)
    contact.queue_id = fact.queue_id
    contact.waited_ms = contact.waited_ms or 0
    visit = ledger.visit(fact.contact_id, fact.queue_id, fact.at, fact.target_seconds)
    visit.waiting_since = visit.waiting_since or fact.at


def _contact_answered(ledger: Ledger, fact: events.ContactAnswered) -> None:
    contact = ledger.contact(fact.contact_id, fact.at)
    contact.queue_id, contact.agent_id = fact.queue_id, fact.agent_id
    contact.answered_at = contact.answered_at or fact.at
    contact.talked_ms = contact.talked_ms or 0
    visit = ledger.visit(fact.contact_id, fact.queue_id, _queued_at(fact))
    visit.agent_id = visit.agent_id or fact.agent_id
    _end_wait(ledger, visit, VisitEnd.ANSWERED, milliseconds(fact.waited_seconds))
    derive_calls.answered(ledger, fact.agent_id, fact.contact_id, fact.at, fact.queue_id)


def _contact_left_queue(ledger: Ledger, fact: events.ContactLeftQueue) -> None:
    visit = ledger.visit(fact.contact_id, fact.queue_id, _queued_at(fact))
    _end_wait(ledger, visit, VISIT_ENDS[fact.outcome], milliseconds(fact.waited_seconds))


def _offer_ended(ledger: Ledger, fact: events.OfferEnded) -> None:
    interval = ledger.agent_interval(ledger.visit(fact.contact_id, fact.queue_id, fact.at), fact.agent_id)
    interval.offers += 1
    interval.missed += fact.end is OfferEnd.MISSED
    interval.declined += fact.end is OfferEnd.DECLINED
    derive_calls.offer_ended(ledger, fact)


def _contact_held(ledger: Ledger, fact: events.ContactHeld) -> None:
    ledger.contact(fact.contact_id, fact.at).held_since = fact.at


def _contact_resumed(ledger: Ledger, fact: events.ContactResumed) -> None:
    _end_hold(ledger.contact(fact.contact_id, fact.at), milliseconds(fact.held_seconds))


def _end_hold(contact: ContactRecord, held_ms: int) -> None:
    contact.held_ms += held_ms
    contact.held_since = None


def _contact_transferred(ledger: Ledger, fact: events.ContactTransferred) -> None:
    if not fact.connected:
        return
    contact = ledger.contact(fact.contact_id, fact.at)
    contact.transferred_to = fact.destination
    contact.agent_id = fact.colleague_id or contact.agent_id
    if fact.colleague_id is not None:
        derive_calls.answered(ledger, fact.colleague_id, fact.contact_id, fact.at, contact.queue_id)


def _talk_ended(ledger: Ledger, fact: events.TalkEnded) -> None:
    talked_ms = milliseconds(fact.talked_seconds)
    contact = ledger.contact(fact.contact_id, fact.at)
    contact.talked_ms = (contact.talked_ms or 0) + talked_ms
    if contact.held_since:
        _end_hold(contact, _between(contact.held_since, fact.at))
    visit = ledger.visit(fact.contact_id, fact.queue_id, fact.at)
    ledger.interval(visit).talk_ms += talked_ms
    interval = ledger.agent_interval(visit, fact.agent_id)
    interval.talk_ms += talked_ms
    interval.handled += 1
    agent = ledger.agent(fact.agent_id, fact.at)
    agent.worked_ms += talked_ms
    agent.handled_contacts += 1
    derive_calls.talk_ended(ledger, fact)


def _direct_call_started(ledger: Ledger, fact: events.DirectCallStarted) -> None:
    ledger.contact(fact.contact_id, fact.at).agent_id = fact.agent_id
    derive_calls.direct_call_started(ledger, fact)


def _direct_call_answered(ledger: Ledger, fact: events.DirectCallAnswered) -> None:
    contact = ledger.contact(fact.contact_id, fact.at)
    contact.answered_at = contact.answered_at or fact.at


def _direct_call_ended(ledger: Ledger, fact: events.DirectCallEnded) -> None:
    talked_ms = milliseconds(fact.talked_seconds)
    contact = ledger.contact(fact.contact_id, fact.at)
    contact.talked_ms = (contact.talked_ms or 0) + talked_ms
    calls = ledger.direct_interval(fact.agent_id, fact.direction.value, fact.at)
    calls.answered += not fact.missed and fact.talked_seconds > 0
    calls.missed += fact.missed
    calls.talk_ms += talked_ms
    derive_calls.direct_call_ended(ledger, fact)


def _quality_measured(ledger: Ledger, fact: events.QualityMeasured) -> None:
    """Of measures that name no line nothing can be told."""
    if fact.line is None:
        return
    heard = ledger.sound_interval(fact.line.value, fact.at)
    heard.scores += 1
    heard.below_goal += fact.worse < MOS_GOAL
    heard.hundredths += round(100 * fact.worse)


def _contact_ended(ledger: Ledger, fact: events.ContactEnded) -> None:
    contact = ledger.contact(fact.contact_id, fact.at)
    if contact.ended_at:
        return
    _end_waits(ledger, fact.contact_id, VISIT_ENDS[fact.outcome], fact.at)
    contact.ended_at, contact.held_since = fact.at, None
    contact.outcome, contact.cause, contact.ended_by = fact.outcome.value, fact.cause.value, fact.by.value


def _agent_status_changed(ledger: Ledger, fact: events.AgentStatusChanged) -> None:
    agent = ledger.agent(fact.agent_id, fact.at)
    if agent.status == AgentStatus.LOGGED_OFF and fact.status != AgentStatus.LOGGED_OFF:
        agent.handled_contacts, agent.worked_ms = 0, 0
    before = ledger.period(fact.agent_id, agent.status_since)
    before.status, before.reason, before.until = agent.status, agent.reason, fact.at
    agent.status, agent.reason, agent.status_since = fact.status, fact.reason, fact.at
    agent.changed_by = fact.by
    present = ledger.period(fact.agent_id, fact.at)
    present.status, present.reason, present.until = fact.status, fact.reason, None


def _agent_serves(ledger: Ledger, fact: events.AgentServes) -> None:
    agent = ledger.agent(fact.agent_id, fact.at)
    agent.serves, agent.changed_by = list(fact.queue_ids), fact.by


def _wrap_up_started(ledger: Ledger, fact: events.WrapUpStarted) -> None:
    agent = ledger.agent(fact.agent_id, fact.at)
    agent.wrap_up_of, agent.wrap_up_queue_id = fact.contact_id, fact.queue_id
    agent.wrap_up_since, agent.wrap_up_until = fact.at, fact.until


def _wrap_up_extended(ledger: Ledger, fact: events.WrapUpExtended) -> None:
    agent = ledger.agent(fact.agent_id, fact.at)
    if agent.wrap_up_of == fact.contact_id:
        agent.wrap_up_until = fact.until


def _wrap_up_ended(ledger: Ledger, fact: events.WrapUpEnded) -> None:
    lasted_ms = milliseconds(fact.lasted_seconds)
    ledger.contact(fact.contact_id, fact.at).wrap_up_ms += lasted_ms
    visit = ledger.visit(fact.contact_id, fact.queue_id, fact.at)
    ledger.interval(visit).wrap_up_ms += lasted_ms
    ledger.agent_interval(visit, fact.agent_id).wrap_up_ms += lasted_ms
    agent = ledger.agent(fact.agent_id, fact.at)
    agent.worked_ms += lasted_ms
    agent.wrap_up_of = agent.wrap_up_queue_id = None
    agent.wrap_up_since = agent.wrap_up_until = None


def _membership_changed(ledger: Ledger, fact: events.MembershipChanged) -> None:
    row = ledger.steered_membership(fact.agent_id, fact.queue_id)
    row.at, row.level, row.by = fact.at, fact.level, fact.by
    ledger.agent(fact.agent_id, fact.at).changed_by = fact.by


def _queue_switched(ledger: Ledger, fact: events.QueueSwitched) -> None:
    row = ledger.steered_queue(fact.queue_id)
    row.at, row.open, row.by = fact.at, fact.open, fact.by


def _emergency_set(ledger: Ledger, fact: events.EmergencySet) -> None:
    row = ledger.emergency(fact.scope)
    row.at, row.active, row.message, row.by = fact.at, True, fact.message, fact.by
    row.then, row.flow, row.until, row.tell_waiting = fact.then, fact.flow, fact.until, fact.tell_waiting


def _emergency_ended(ledger: Ledger, fact: events.EmergencyEnded) -> None:
    ledger.emergency(fact.scope).active = False


def _alarm_raised(ledger: Ledger, fact: events.AlarmRaised) -> None:
    row = ledger.alarm(fact.queue_id, fact.kind)
    row.since, row.active, row.value, row.level = fact.at, True, fact.value, fact.level
    row.acknowledged_by, row.acknowledged_at = "", None


def _alarm_acknowledged(ledger: Ledger, fact: events.AlarmAcknowledged) -> None:
    row = ledger.alarm(fact.queue_id, fact.kind)
    row.acknowledged_by, row.acknowledged_at = fact.by, fact.at


def _alarm_cleared(ledger: Ledger, fact: events.AlarmCleared) -> None:
    ledger.alarm(fact.queue_id, fact.kind).active = False


def _message_used(ledger: Ledger, fact: events.MessageUsed) -> None:
    row = ledger.used_message(fact.message)
    row.at, row.version, row.sound, row.by = fact.at, fact.version, fact.sound, fact.by


def _nothing(ledger: Ledger, fact: Fact) -> None:
    """Kept as a fact only."""


DERIVATIONS: Mapping[type[Fact], Callable[[Ledger, Any], None]] = {
    events.ContactOpened: _contact_opened,
    events.MenuChosen: _nothing,
    events.ContactQueued: _contact_queued,
    events.ContactMoved: _nothing,
    events.ContactAssigned: _nothing,
    events.ContactOffered: _nothing,
    events.OfferEnded: _offer_ended,
    events.ContactAnswered: _contact_answered,
    events.DeviceReplaced: _nothing,
    events.CallerHeld: _nothing,
    events.CallerResumed: _nothing,
    events.ContactHeld: _contact_held,
    events.ContactResumed: _contact_resumed,
    events.ContactLeftQueue: _contact_left_queue,
    events.ContactTransferred: _contact_transferred,
    events.ContactParked: _nothing,
    events.ConsultationStarted: _nothing,
    events.ConsultationMoved: _nothing,
    events.ConsultationEnded: _nothing,
    events.ContactNoted: _nothing,
    events.ChatWritten: _nothing,
    events.ChatUndelivered: _nothing,
    events.ChatPresence: _nothing,
    events.ChatEnded: _nothing,
    events.TalkEnded: _talk_ended,
    events.DirectCallStarted: _direct_call_started,
    events.DirectCallAnswered: _direct_call_answered,
    events.DirectCallEnded: _direct_call_ended,
    events.ContactEnded: _contact_ended,
    events.AgentStatusChanged: _agent_status_changed,
    events.AgentServes: _agent_serves,
    events.SoftphoneChanged: _nothing,
    events.ConversationInterrupted: _nothing,
    events.ConversationResumed: _nothing,
    events.MembershipChanged: _membership_changed,
    events.QueueSwitched: _queue_switched,
    events.WrapUpStarted: _wrap_up_started,
    events.WrapUpExtended: _wrap_up_extended,
    events.WrapUpEnded: _wrap_up_ended,
    events.LeaseHealed: _nothing,
    events.ContactTakenUp: _nothing,
    events.CoreStarted: _nothing,
    events.DayTurned: _nothing,
    events.ConfigurationActivated: _nothing,
    events.SwitchStateChanged: _nothing,
    events.VoiceMessageBegun: _nothing,
    events.VoiceMessageDropped: _nothing,
    events.VoiceMessageLeft: _nothing,
    events.VoiceMessagePlayed: _nothing,
    events.SenderCalled: _nothing,
    events.SenderReached: _nothing,
    events.CallBackAsked: _nothing,
    events.CallBackLinedUp: _nothing,
    events.CallBackTried: _nothing,
    events.CallBackEnded: _nothing,
    events.CallBackCancelled: _nothing,
    events.EmergencySet: _emergency_set,
    events.EmergencyEnded: _emergency_ended,
    events.EmergencyHeard: _nothing,
    events.ServiceUsed: _nothing,
    events.MessageUsed: _message_used,
    events.AlarmRaised: _alarm_raised,
    events.AlarmAcknowledged: _alarm_acknowledged,
    events.AlarmCleared: _alarm_cleared,
    events.QualityMeasured: _quality_measured,
    events.RecordingStarted: _nothing,
    events.RecordingPaused: _nothing,
    events.RecordingPauseExtended: _nothing,
    events.RecordingResumed: _nothing,
    events.RecordingStopped: _nothing,
    events.RecordingMissed: _nothing,
    events.ListeningStarted: _nothing,
    events.ListeningChanged: _nothing,
    events.ListeningEnded: _nothing,
}
