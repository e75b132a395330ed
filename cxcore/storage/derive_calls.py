"""The list of calls of each agent, derived from the facts: the lines of `agent_call`.

A contact stands in the list of an agent once. One that was missed and then received is received; one that was missed
again stands where it was missed last.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from cxcore.domain import events
from cxcore.domain.contact import Direction
from cxcore.domain.measures import milliseconds
from cxcore.domain.offer import OfferEnd
from cxcore.ports.agent_calls import CallKind
from cxcore.storage.models import AgentCallRecord

RECEIVED, MISSED, MADE = CallKind.RECEIVED.value, CallKind.MISSED.value, CallKind.MADE.value


class Calls(Protocol):
    """The lines."""

    def agent_call(self, agent_id: str, contact_id: str, kind: str, at: datetime) -> AgentCallRecord:
        """That of an agent's contact; a new one is of the kind and at the instant."""


def answered(calls: Calls, agent_id: str, contact_id: str, at: datetime, queue_id: str | None = None) -> None:
    """The agent took the contact: from a queue, or from a colleague."""
    line = calls.agent_call(agent_id, contact_id, RECEIVED, at)
    if line.kind == MISSED:
        line.kind, line.at = RECEIVED, at
    line.queue_id = line.queue_id or queue_id


def offer_ended(calls: Calls, fact: events.OfferEnded) -> None:
    """Only what rang in vain is a missed call; what was declined, or ended with the caller, is not."""
    if fact.end is not OfferEnd.MISSED:
        return
    line = calls.agent_call(fact.agent_id, fact.contact_id, MISSED, fact.at)
    line.queue_id = fact.queue_id
    if line.kind == MISSED:
        line.at = fact.at


def talk_ended(calls: Calls, fact: events.TalkEnded) -> None:
    """Whatever the agent talked with the other party."""
    line = calls.agent_call(fact.agent_id, fact.contact_id, RECEIVED, fact.at)
    line.talk_ms += milliseconds(fact.talked_seconds)


def direct_call_started(calls: Calls, fact: events.DirectCallStarted) -> None:
    """A call that the agent makes stands in the list at once."""
    if fact.direction is Direction.OUTBOUND:
        calls.agent_call(fact.agent_id, fact.contact_id, MADE, fact.at)


def direct_call_ended(calls: Calls, fact: events.DirectCallEnded) -> None:
    """An inbound one without a word was missed, also when the caller gave up."""
    made = fact.direction is Direction.OUTBOUND
    kind = MADE if made else RECEIVED if fact.talked_seconds > 0 else MISSED
    line = calls.agent_call(fact.agent_id, fact.contact_id, kind, fact.at)
    line.talk_ms += milliseconds(fact.talked_seconds)
