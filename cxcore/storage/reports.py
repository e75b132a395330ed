"""Reads what was derived from the facts (port `cxcore.ports.reports`).

A period holds the intervals that start in it; `derive.py` says in which interval each measure counts.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, RowMapping, Select, exists, func, or_, select

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import WRITTEN, Channel, ContactId, Direction, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.quality import Line
from cxcore.domain.queue import QueueId
from cxcore.domain.schedule import AMSTERDAM
from cxcore.ports.reports import ContactLine, IntervalFigures, QueueFigures, SoundFigures
from cxcore.storage.engine import reading
from cxcore.storage.facts import UnreadableFact, from_row
from cxcore.storage.models import FACTS, ContactEvent, ContactRecord, Interval, QueueVisit, SoundInterval

log = logging.getLogger(__name__)

MOST_FACTS = 2000
"""A call of an hour has about twenty; the bound is for one that went round and round."""

COUNTS = ("offered", "answered", "answered_in_time", "abandoned", "quick_drops", "moved", "closed")
LENGTHS = ("wait_ms", "talk_ms", "wrap_up_ms")
SUMS = (
    *(func.sum(getattr(Interval, name)).label(name) for name in COUNTS + LENGTHS),
    func.max(Interval.longest_wait_ms).label("longest_wait_ms"),
)
IS_CALL = Interval.channel.not_in([each.value for each in sorted({Channel.VOICEMAIL, *WRITTEN})])


class SqlReports:
    """The past, as far as it is derived."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def queue_figures(
        self, since: datetime, until: datetime, channel: Channel = Channel.TELEPHONY
    ) -> Sequence[QueueFigures]:
        """One row per queue that had a contact of this channel in the period, by id; with the calls count the channels
        that are not counted apart. Raises `LogUnavailable`."""
        chosen = IS_CALL if channel is Channel.TELEPHONY else Interval.channel == channel.value
        query = _in_period(select(Interval.queue_id, *SUMS), since, until).where(chosen).group_by(Interval.queue_id)
        with reading(self._engine) as session:
            return [_figures(row) for row in session.execute(query.order_by(Interval.queue_id))]

    def intervals(self, queue_id: QueueId, since: datetime, until: datetime) -> Sequence[IntervalFigures]:
        """The queue's intervals in the period, of calls. Raises `LogUnavailable`."""
        query = _in_period(select(Interval.starts_at, Interval.queue_id, *SUMS), since, until)
        chosen = query.where(Interval.queue_id == queue_id, IS_CALL)
        of_queue = chosen.group_by(Interval.starts_at, Interval.queue_id)
        with reading(self._engine) as session:
            rows = session.execute(of_queue.order_by(Interval.starts_at)).all()
        return [IntervalFigures(row.starts_at, _figures(row)) for row in rows]

    def contacts(
        self, since: datetime, until: datetime, limit: int = 200, agent_id: AgentId | None = None
    ) -> Sequence[ContactLine]:
        """The latest contacts that were opened in the period, newest first. Raises `LogUnavailable`."""
        query = (
            select(ContactRecord)
            .where(ContactRecord.opened_at >= since, ContactRecord.opened_at < until)
            .order_by(ContactRecord.opened_at.desc(), ContactRecord.contact_id.desc())
            .limit(limit)
        )
        if agent_id is not None:
            query = query.where(_answered_by(agent_id))
        with reading(self._engine) as session:
            return [_contact_line(row) for row in session.scalars(query)]

    def sound(self, since: datetime, until: datetime) -> Sequence[SoundFigures]:
        """How conversations sounded, by day, the latest first, and line. Raises `LogUnavailable`."""
        query = select(SoundInterval).where(SoundInterval.starts_at >= since, SoundInterval.starts_at < until)
        days: defaultdict[tuple[date, Line], list[SoundInterval]] = defaultdict(list)
        with reading(self._engine) as session:
            for row in session.scalars(query):
                days[row.starts_at.astimezone(AMSTERDAM).date(), Line(row.line)].append(row)
            order = sorted(days, key=lambda each: (-each[0].toordinal(), list(Line).index(each[1])))
            return [_sound_figures(*each, days[each]) for each in order]

    def history(self, contact_id: ContactId) -> Sequence[Fact]:
        """The facts of the contact in order, those that this version can read. Raises `LogUnavailable`."""
        query = select(FACTS).where(ContactEvent.contact_id == contact_id).order_by(ContactEvent.id)
        with reading(self._engine) as session:
            rows = session.execute(query.limit(MOST_FACTS)).mappings().all()
        return [fact for fact in map(_fact, rows) if fact is not None]


def _answered_by(agent_id: AgentId) -> ColumnElement[bool]:
    """Whoever answered a contact that a colleague spoke later answered it too: their visits say so."""
    visits = exists().where(QueueVisit.contact_id == ContactRecord.contact_id, QueueVisit.agent_id == agent_id)
    return or_(ContactRecord.agent_id == agent_id, visits)


def _fact(row: RowMapping) -> Fact | None:
    try:
        return from_row(dict(row))
    except UnreadableFact as error:
        log.warning("the history of a contact is not whole: %s", error)
        return None


def _in_period(query: Select[Any], since: datetime, until: datetime) -> Select[Any]:
    return query.where(Interval.starts_at >= since, Interval.starts_at < until)


def _figures(row: Row[Any]) -> QueueFigures:
    return QueueFigures(
        queue_id=QueueId(row.queue_id),
        **{name: int(getattr(row, name)) for name in COUNTS},
        wait_seconds=int(row.wait_ms) / 1000,
        longest_wait_seconds=int(row.longest_wait_ms) / 1000,
        talk_seconds=int(row.talk_ms) / 1000,
        wrap_up_seconds=int(row.wrap_up_ms) / 1000,
    )


def _sound_figures(day: date, line: Line, rows: Sequence[SoundInterval]) -> SoundFigures:
    scores = sum(row.scores for row in rows)
    mean = sum(row.hundredths for row in rows) / scores / 100
    return SoundFigures(day, line, scores, sum(row.below_goal for row in rows), round(mean, 2))


def _contact_line(row: ContactRecord) -> ContactLine:
    return ContactLine(
        contact_id=ContactId(row.contact_id),
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        dialled_number=row.dialled_number,
        caller_number=row.caller_number,
        queue_id=None if row.queue_id is None else QueueId(row.queue_id),
        agent_id=None if row.agent_id is None else AgentId(row.agent_id),
        waited_seconds=_seconds(row.waited_ms),
        talked_seconds=_seconds(row.talked_ms),
        outcome=None if row.outcome is None else Outcome(row.outcome),
        direction=Direction(row.direction),
        channel=Channel(row.channel),
        caller_name=row.caller_name,
    )


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
