"""Reads the calls of an agent and the earlier contacts of a caller (port `cxcore.ports.agent_calls`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Engine, Row, ScalarSelect, and_, or_, select, tuple_
from sqlalchemy.orm import aliased

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Direction, Outcome
from cxcore.domain.queue import QueueId
from cxcore.ports.agent_calls import AgentCall, CallKind, EarlierContact, Mark
from cxcore.storage.engine import reading
from cxcore.storage.models import AgentCallRecord, ContactRecord

OUTBOUND = Direction.OUTBOUND.value


class SqlAgentCalls:
    """The past of an agent and of a caller, as far as it is derived."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(
        self, agent_id: AgentId, kinds: Collection[CallKind], most: int, before: Mark | None = None
    ) -> Sequence[AgentCall]:
        """The latest calls, newest first. Raises `LogUnavailable`."""
        call = AgentCallRecord
        query = (
            select(call, ContactRecord, _answered_by_another(call))
            .join(ContactRecord, ContactRecord.contact_id == call.contact_id)
            .where(call.agent_id == agent_id, call.kind.in_([each.value for each in kinds]))
            .order_by(call.at.desc(), call.contact_id.desc())
            .limit(most)
        )
        if before is not None:
            query = query.where(tuple_(call.at, call.contact_id) < tuple_(before.at, before.contact_id))
        with reading(self._engine) as session:
            return [_call(row) for row in session.execute(query)]

    def earlier(self, number: str, but: ContactId, most: int) -> Sequence[EarlierContact]:
        """The latest contacts with a number, newest first. Raises `LogUnavailable`."""
        query = (
            select(ContactRecord)
            .where(_with(number), ContactRecord.contact_id != but)
            .order_by(ContactRecord.opened_at.desc(), ContactRecord.contact_id.desc())
            .limit(most)
        )
        with reading(self._engine) as session:
            return [_earlier(row) for row in session.scalars(query)]


def _with(number: str) -> ColumnElement[bool]:
    made = and_(ContactRecord.direction == OUTBOUND, ContactRecord.dialled_number == number)
    return or_(ContactRecord.caller_number == number, made)


def _answered_by_another(call: type[AgentCallRecord]) -> ScalarSelect[str]:
    """Who took the contact after it was in this agent's list."""
    later = aliased(AgentCallRecord)
    taken = (later.contact_id == call.contact_id, later.kind == CallKind.RECEIVED.value, later.at >= call.at)
    return select(later.agent_id).where(*taken, later.agent_id != call.agent_id).limit(1).scalar_subquery()


def _call(row: Row[AgentCallRecord, ContactRecord, str]) -> AgentCall:
    call, contact, other = row
    kind = CallKind(call.kind)
    return AgentCall(
        ContactId(call.contact_id),
        kind,
        call.at,
        contact.dialled_number if contact.direction == OUTBOUND else contact.caller_number,
        contact.caller_name,
        None if call.queue_id is None else QueueId(call.queue_id),
        Channel(contact.channel),
        call.talk_ms / 1000,
        AgentId(other) if kind is CallKind.MISSED and other is not None else None,
    )


def _earlier(row: ContactRecord) -> EarlierContact:
    return EarlierContact(
        ContactId(row.contact_id),
        row.opened_at,
        Direction(row.direction),
        Channel(row.channel),
        None if row.queue_id is None else QueueId(row.queue_id),
        None if row.agent_id is None else AgentId(row.agent_id),
        None if row.outcome is None else Outcome(row.outcome),
    )
