"""Reads the facts of a period (port `cxcore.ports.history`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, time

from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.events import AgentServes, Fact
from cxcore.domain.queue import QueueId
from cxcore.ports.history import AgentThen
from cxcore.storage.engine import reading
from cxcore.storage.facts import from_row
from cxcore.storage.models import FACTS, AgentStatusPeriod, ContactEvent, Interval

CHUNK = 2000


class SqlHistory:
    """The past, fact by fact."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def facts(self, since: datetime, until: datetime, kinds: Collection[type[Fact]]) -> Iterator[Fact]:
        """The facts of the period, in the order in which they were recorded. Raises `LogUnavailable`."""
        names = sorted(kind.__name__ for kind in kinds)
        last = 0
        while chunk := self._chunk(since, until, names, last):
            for number, fact in chunk:
                last = number
                yield fact

    def _chunk(self, since: datetime, until: datetime, names: Sequence[str], last: int) -> list[tuple[int, Fact]]:
        query = (
            select(FACTS)
            .where(ContactEvent.at >= since, ContactEvent.at < until)
            .where(ContactEvent.kind.in_(names), ContactEvent.id > last)
            .order_by(ContactEvent.id)
            .limit(CHUNK)
        )
        with reading(self._engine) as session:
            return [(row["id"], from_row(dict(row))) for row in session.execute(query).mappings()]

    def agents_logged_on(self, instant: datetime) -> Sequence[AgentThen]:
        """The agents who were available or on a break just before the instant, by id. Raises `LogUnavailable`."""
        query = (
            select(AgentStatusPeriod)
            .where(AgentStatusPeriod.since < instant)
            .where(or_(AgentStatusPeriod.until.is_(None), AgentStatusPeriod.until >= instant))
            .where(AgentStatusPeriod.status != AgentStatus.LOGGED_OFF.value)
            .order_by(AgentStatusPeriod.agent_id, AgentStatusPeriod.since)
        )
        with reading(self._engine) as session:
            return [_agent_then(session, period, instant) for period in session.scalars(query)]

    def days(self, latest: int = 5) -> Sequence[datetime]:
        """The newest interval of each of the latest days that had any. Raises `LogUnavailable`."""
        found: list[datetime] = []
        with reading(self._engine) as session:
            at = session.scalar(select(func.max(Interval.starts_at)))
            while at is not None and len(found) < latest:
                found.append(at)
                midnight = datetime.combine(at.date(), time(), UTC)
                at = session.scalar(select(func.max(Interval.starts_at)).where(Interval.starts_at < midnight))
        return found


def _agent_then(session: Session, period: AgentStatusPeriod, instant: datetime) -> AgentThen:
    served = (
        select(FACTS)
        .where(ContactEvent.kind == AgentServes.__name__, ContactEvent.agent_id == period.agent_id)
        .where(ContactEvent.at < instant)
        .order_by(ContactEvent.at.desc(), ContactEvent.id.desc())
        .limit(1)
    )
    row = session.execute(served).mappings().first()
    queues: Sequence[str] = row["body"].get("queue_ids", ()) if row else ()
    return AgentThen(
        AgentId(period.agent_id),
        AgentStatus(period.status),
        period.reason,
        period.since,
        tuple(QueueId(queue_id) for queue_id in queues),
    )
