"""Rows of the live picture to JSON. Instants are milliseconds since 1970, as browsers count them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from admin_web.presenters.numbers import readable
from cxcore.domain.emergency import EVERYWHERE
from cxcore.ports.controller import (
    AgentRow,
    AlarmRow,
    ChatLineRow,
    ChatRow,
    ContactRow,
    EmergencyRow,
    QueueRow,
    Row,
    SystemRow,
    WrittenRow,
)

Json = Mapping[str, object]


def present(row: Row) -> Json:
    """Everything that a row says."""
    match row:
        case QueueRow():
            return queue(row)
        case AgentRow():
            return agent(row)
        case ContactRow():
            return contact(row)
        case SystemRow():
            return system(row)
        case EmergencyRow():
            return emergency(row)
        case AlarmRow():
            return alarm(row)
        case _:
            return written(row)


def queue(row: QueueRow) -> Json:
    """A queue and its day."""
    return {
        "name": row.name,
        "waiting": row.waiting,
        "longestWaitingSince": milliseconds(row.longest_waiting_since),
        "loggedOn": row.agents_logged_on,
        "ready": row.agents_ready,
        "talking": row.agents_talking,
        "offered": row.offered,
        "answered": row.answered,
        "abandoned": row.abandoned,
        "quickDrops": row.quick_drops,
        "answeredInTime": row.answered_in_time,
        "averageWait": row.average_wait_seconds,
        "serviceLevel": service_level(row.answered_in_time, row.offered),
        "targetSeconds": row.target_seconds,
        "targetPercent": row.target_percent,
        "expectedWait": row.expected_wait_seconds,
        "callBacks": row.call_backs,
        "written": [_written_figures(each) for each in row.written],
        "messages": row.messages,
        "oldestMessageAt": milliseconds(row.oldest_message_at),
        "messagesHeard": row.messages_heard,
        "open": row.open,
        "steered": row.steered,
    }


def _written_figures(row: WrittenRow) -> Json:
    """The chats of one channel in a queue."""
    return {
        "channel": row.channel,
        "waiting": row.waiting,
        "since": milliseconds(row.oldest_at),
        "talking": row.talking,
        "offered": row.offered,
        "handled": row.answered,
        "inTime": row.answered_in_time,
        "average": row.average_wait_seconds,
        "longest": row.longest_wait_seconds,
        "level": service_level(row.answered_in_time, row.offered),
    }


def service_level(answered_in_time: int, offered: int) -> float | None:
    """Percent of the offered contacts that were answered in time; None before the first."""
    return round(100 * answered_in_time / offered, 1) if offered else None


def own_agent(row: AgentRow) -> Json:
    """An agent, as that agent sees it: of a supervisor who listens only what the site says that agents may know."""
    told = {"listening": row.listening} if row.listening_told else {}
    passed = {"to": readable(row.passed_to), "end": row.passed_end, "at": milliseconds(row.passed_at)}
    listens = {"to": row.listens_to, "mode": row.listens_mode} if row.listens_to else None
    own = {"listens": listens, "passed": passed if row.passed_at else None}
    return {**agent(row), "listenedBy": None, "listening": None, **own, **told}


def agent(row: AgentRow) -> Json:
    """An agent, as supervisors see it."""
    return {
        **colleague(row),
        "memberships": row.memberships,
        "levels": row.levels,
        "serves": row.serves,
        "contact": row.contact_id,
        "wrapUpUntil": milliseconds(row.wrap_up_until),
        "handled": row.handled_contacts,
        "averageHandling": row.average_handling_seconds,
        "warning": row.warning,
        "steeredBy": row.steered_by,
        "listenedBy": row.listened_by,
        "listening": row.listening,
        "directCalls": row.direct_calls,
        "directContact": row.direct_contact_id,
        **(softphone(row) if row.softphone else {}),
    }


def softphone(row: AgentRow) -> Json:
    """What an agent whose telephone is the page has beside the others."""
    return {"softphonePage": row.softphone_page, "deviceFault": row.device_fault, "returning": row.returning}


def colleague(row: AgentRow) -> Json:
    """An agent, as other agents see it: no contact, no counts."""
    return {
        "name": row.name,
        "status": row.status,
        "state": row.state,
        "reason": row.reason,
        "since": milliseconds(row.since),
        "direct": row.direct_contact_id is not None,
    }


def nameless(row: AgentRow) -> Json:
    """An agent on a wallboard: what somebody does, not who."""
    return {"status": row.status, "state": row.state, "direct": row.direct_contact_id is not None, "serves": row.serves}


def contact(row: ContactRow) -> Json:
    """A live contact. An agent gets only the one that is offered to or handled by that agent."""
    return {
        "state": row.state,
        "dialled": readable(row.dialled_number),
        "forwarded": readable(row.forwarded_from),
        "caller": readable(row.caller_number),
        "callerName": row.caller_name,
        "openedAt": milliseconds(row.opened_at),
        "queue": row.queue_id,
        "queuedAt": milliseconds(row.queued_at),
        "position": row.position,
        "offeredTo": row.offered_to,
        "offeredAt": milliseconds(row.offered_at),
        "offerReason": row.offer_reason,
        "alsoOfferedTo": row.also_offered_to,
        "agent": row.agent_id,
        "answeredAt": milliseconds(row.answered_at),
        "heldSince": milliseconds(row.held_since),
        "callerHolds": milliseconds(row.caller_holds_since),
        "expectedWait": row.expected_wait_seconds,
        "callBack": row.call_back,
        "outbound": row.outbound,
        "voicemail": row.voicemail,
        "channel": row.channel,
        "messageSeconds": row.message_seconds,
        "recording": row.recording,
        "recordingResumesAt": milliseconds(row.recording_resumes_at),
        "consult": _consultation(row),
    }


def _consultation(row: ContactRow) -> Json | None:
    """Whom the agent consults, or whom the contact goes to; None when nobody."""
    if row.consult_state is None:
        return None
    return {
        "state": row.consult_state,
        "target": readable(row.consult_target),
        "since": milliseconds(row.consult_since),
        "by": row.consult_by,
        "agent": row.consult_agent,
    }


def system(row: SystemRow) -> Json:
    """The health of one part."""
    return {"healthy": row.healthy, "since": milliseconds(row.since), "reason": row.reason}


def emergency(row: EmergencyRow) -> Json:
    """An emergency message that callers hear; `place` is empty when it is on all numbers."""
    return {
        "place": "" if row.scope == EVERYWHERE else row.queue or readable(row.scope),
        "message": row.message,
        "since": milliseconds(row.since),
        "until": milliseconds(row.until),
        "then": row.then,
        "by": row.by,
    }


def written(row: ChatRow | ChatLineRow) -> Json:
    """A chat, or a line of one."""
    return chat(row) if isinstance(row, ChatRow) else chat_line(row)


def chat(row: ChatRow) -> Json:
    """A chat, for its agent."""
    return {
        "site": row.site,
        "awaySince": milliseconds(row.away_since),
        "end": row.end,
        "writesUntil": milliseconds(row.customer_writes_until),
        "read": row.read,
    }


def chat_line(row: ChatLineRow) -> Json:
    """A line of it."""
    return {
        "contact": row.contact_id,
        "number": row.number,
        "at": milliseconds(row.at),
        "author": row.author,
        "text": row.text,
        "name": row.name,
        "fault": row.fault or None,
    }


def alarm(row: AlarmRow) -> Json:
    """An alarm that is on."""
    return {
        **nameless_alarm(row),
        "acknowledgedBy": row.acknowledged_by,
        "acknowledgedAt": milliseconds(row.acknowledged_at),
    }


def nameless_alarm(row: AlarmRow) -> Json:
    """An alarm on a wallboard: what is wrong, and whether somebody takes care of it."""
    return {
        "queueId": row.queue_id,
        "queue": row.queue,
        "kind": row.kind,
        "since": milliseconds(row.since),
        "value": row.value,
        "level": row.level,
        "seen": row.acknowledged_at is not None,
    }


def milliseconds(at: datetime | None) -> int | None:
    """An instant as JavaScript's Date counts it."""
    return None if at is None else round(at.timestamp() * 1000)
