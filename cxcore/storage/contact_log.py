"""Keeps facts in the database (port `cxcore.ports.contact_log`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.alarms import Alarm
from cxcore.domain.contact import ContactId
from cxcore.domain.events import (
    CallBackAsked,
    CallBackEnded,
    CallBackTried,
    ContactOffered,
    EmergencySet,
    Fact,
    MembershipChanged,
    MessageUsed,
    OfferEnded,
    QueueSwitched,
    TalkEnded,
    VoiceMessageBegun,
    VoiceMessageDropped,
    VoiceMessageLeft,
)
from cxcore.domain.measures import Visit
from cxcore.domain.queue import QueueId
from cxcore.domain.thresholds import AlarmKind
from cxcore.ports.contact_log import (
    BegunMessage,
    KnownAgent,
    KnownOffer,
    LeftMessage,
    LogUnavailable,
    OpenChat,
    OpenContact,
    OwedCallBack,
    PastTalk,
    Steering,
    WrapUp,
)
from cxcore.ports.outbox import Letter
from cxcore.storage.chats import ABOUT_CHATS, open_chats_in
from cxcore.storage.derive import derive
from cxcore.storage.engine import WRITER_LOCK, hold_lock, reading, without_time_limit, writing
from cxcore.storage.facts import HeldFact, from_row, to_row
from cxcore.storage.failures import shown
from cxcore.storage.models import (
    DERIVED,
    FACTS,
    AgentRecord,
    AlarmRecord,
    ContactEvent,
    ContactRecord,
    EmergencyRecord,
    QueueVisit,
    SteeredMembership,
    SteeredQueue,
    UsedMessage,
)
from cxcore.storage.outbox import LettersOf, add_letters
from cxcore.storage.spill import Spill
from cxcore.storage.writer import Limits, Writer

REBUILD_CHUNK = 1000
ADD_FACT = insert(FACTS)


class SqlContactLog:
    """The contact log of one core. Its thread starts with the first call, so a process that only reads has none.

    `close` waits `close_seconds`, the questions wait `answer_seconds` for the facts recorded before them.
    """

    def __init__(
        self,
        engine: Engine,
        spill: Spill,
        limits: Limits | None = None,
        close_seconds: float = 5.0,
        answer_seconds: float = 10.0,
    ) -> None:
        self._engine = engine
        self._close_seconds, self._answer_seconds = close_seconds, answer_seconds
        self._writer = Writer(uuid4().hex, self._store, spill, limits or Limits())
        self._letters_of: LettersOf = _no_letters
        self._last_written: dict[str, int] = {}
        """By writer: the number of the last fact, while the database's answer to it is known."""

    def record(self, facts: Sequence[Fact]) -> None:
        """Keep the facts; returns at once."""
        self._writer.hold(facts)

    def send_with(self, letters_of: LettersOf) -> None:
        """From now on, keep what facts have sent in the transaction that keeps them. It is called in another thread."""
        self._letters_of = letters_of

    def _store(self, facts: Sequence[HeldFact]) -> None:
        """In the writer's thread. After a commit whose answer was lost the database is asked what it has."""
        writer = facts[0].writer
        store(self._engine, facts, self._last_written.pop(writer, None), self._letters_of)
        self._last_written[writer] = facts[-1].number

    def known_agents(self) -> tuple[KnownAgent, ...]:
        """The last known state of every agent, by id. Raises `LogUnavailable`."""
        self.flush()
        with reading(self._engine) as session:
            rows = session.scalars(select(AgentRecord).order_by(AgentRecord.agent_id))
            return tuple(_known_agent(row) for row in rows)

    def steering(self) -> Steering:
        """What supervisors changed, the last word on each. Raises `LogUnavailable`."""
        self.flush()
        with reading(self._engine) as session:
            memberships = session.scalars(select(SteeredMembership).order_by(SteeredMembership.at)).all()
            queues = session.scalars(select(SteeredQueue).order_by(SteeredQueue.at)).all()
            active = select(EmergencyRecord).where(EmergencyRecord.active).order_by(EmergencyRecord.at)
            return Steering(
                tuple(map(_membership_changed, memberships)),
                tuple(map(_queue_switched, queues)),
                tuple(map(_emergency_set, session.scalars(active))),
                tuple(map(_message_used, session.scalars(select(UsedMessage).order_by(UsedMessage.at)))),
                tuple(map(_alarm, session.scalars(select(AlarmRecord).where(AlarmRecord.active)))),
            )

    def open_contacts(self) -> tuple[OpenContact, ...]:
        """Contacts without an end, in the order of their opening. Raises `LogUnavailable`."""
        self.flush()
        is_open = ContactRecord.ended_at.is_(None)
        contacts = select(ContactRecord).where(is_open).order_by(ContactRecord.opened_at, ContactRecord.contact_id)
        visits = select(QueueVisit).join(ContactRecord, ContactRecord.contact_id == QueueVisit.contact_id)
        found: defaultdict[str, dict[QueueId, Visit]] = defaultdict(dict)
        with reading(self._engine) as session:
            for row in session.scalars(visits.where(is_open)):
                found[row.contact_id][QueueId(row.queue_id)] = _visit(row)
            return tuple(_open_contact(row, found[row.contact_id]) for row in session.scalars(contacts))

    def ended_contacts(self, since: datetime) -> frozenset[ContactId]:
        """Contacts that ended at or after an instant. Raises `LogUnavailable`."""
        self.flush()
        ended = select(ContactRecord.contact_id).where(ContactRecord.ended_at >= since)
        with reading(self._engine) as session:
            return frozenset(ContactId(contact_id) for contact_id in session.scalars(ended))

    def owed_call_backs(self) -> tuple[OwedCallBack, ...]:
        """Call-backs that are still owed, in the order in which they were asked for. Raises `LogUnavailable`."""
        self.flush()
        with reading(self._engine) as session:
            owed = unended_call_backs(_facts_of_open_contacts(session, CallBackAsked, CallBackTried, CallBackEnded))
            return tuple(_owed(fact, tried, session.get(ContactRecord, fact.contact_id)) for fact, tried in owed)

    def known_offers(self) -> tuple[KnownOffer, ...]:
        """Offers of open contacts, in order. Raises `LogUnavailable`."""
        self.flush()
        with reading(self._engine) as session:
            facts = _facts_of_open_contacts(session, ContactOffered, OfferEnded)
        ended = {fact.offer_id for fact in facts if isinstance(fact, OfferEnded)}
        return tuple(
            KnownOffer(fact.offer_id, fact.contact_id, fact.agent_id, fact.queue_id, fact.offer_id in ended)
            for fact in facts
            if isinstance(fact, ContactOffered)
        )

    def past_talks(self, since: datetime) -> tuple[PastTalk, ...]:
        """Conversations that ended at or after an instant with callers whose number is known. Raises
        `LogUnavailable`."""
        self.flush()
        talks = (
            select(ContactEvent.agent_id, ContactEvent.queue_id, ContactEvent.at, ContactRecord.caller_number)
            .join(ContactRecord, ContactRecord.contact_id == ContactEvent.contact_id)
            .where(ContactEvent.at >= since, ContactEvent.kind == TalkEnded.__name__)
            .where(ContactRecord.caller_number.is_not(None))
            .order_by(ContactEvent.id)
        )
        with reading(self._engine) as session:
            rows = session.execute(talks).all()
        return tuple(PastTalk(row.caller_number, AgentId(row.agent_id), QueueId(row.queue_id), row.at) for row in rows)

    def begun_messages(self) -> tuple[BegunMessage, ...]:
        """Voice messages that were begun and neither left nor dropped, in order. Raises `LogUnavailable`."""
        self.flush()
        with reading(self._engine) as session:
            facts = _facts_of_open_contacts(session, VoiceMessageBegun, VoiceMessageDropped, VoiceMessageLeft)
            settled = {fact.message_id for fact in facts if isinstance(fact, VoiceMessageDropped)}
            begun = [fact for fact in facts if isinstance(fact, VoiceMessageBegun) and fact.message_id not in settled]
            unknown = [fact for fact in begun if session.get(ContactRecord, fact.message_id) is None]
            return tuple(_begun(fact, session.get(ContactRecord, fact.contact_id)) for fact in unknown)

    def left_messages(self) -> tuple[LeftMessage, ...]:
        """Voice messages whose contact is open, in the order in which they were left. Raises `LogUnavailable`."""
        self.flush()
        with reading(self._engine) as session:
            facts = _facts_of_open_contacts(session, VoiceMessageLeft)
            left = [fact for fact in facts if isinstance(fact, VoiceMessageLeft)]
            return tuple(_left(fact, session.get(ContactRecord, fact.contact_id)) for fact in left)

    def open_chats(self) -> tuple[OpenChat, ...]:
        """Chats without an end, in the order of their opening. Raises `LogUnavailable`."""
        self.flush()
        with reading(self._engine) as session:
            return open_chats_in(_facts_of_open_contacts(session, *ABOUT_CHATS))

    def caller_number(self, contact_id: ContactId) -> str | None:
        """Who called or wrote; None where nobody knows, or it was erased. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return session.scalar(select(ContactRecord.caller_number).where(ContactRecord.contact_id == contact_id))

    def healthy(self) -> bool:
        """Whether facts are being written."""
        return self._writer.healthy()

    def flush(self) -> None:
        """Wait until the facts recorded so far are stored. Raises `LogUnavailable` when that takes too long."""
        if not self._writer.flush(self._answer_seconds):
            raise LogUnavailable(
                f"database {shown(self._engine.url)}: facts recorded earlier are not yet written after "
                f"{self._answer_seconds:g} s; the log says why"
            )

    def close(self) -> None:
        """Write what is held back, within the limit, or put it on disk."""
        self._writer.close(self._close_seconds)

    def rebuild(self) -> int:
        """Derive everything anew from the facts, in one transaction; how many facts there are.

        Recorded facts wait meanwhile. Raises `LogUnavailable`.
        """
        return rebuild(self._engine)


def _no_letters(fact: Fact) -> Sequence[Letter]:
    return ()


def store(
    engine: Engine, facts: Sequence[HeldFact], last: int | None = None, letters_of: LettersOf = _no_letters
) -> None:
    """Write facts of one writer, and what follows from them, in one transaction. Raises `LogUnavailable`.

    Facts that were written before are left out: the commit may have succeeded although its answer was lost. `last` is
    the number of the last fact of this writer that is written, if that is known.
    """
    with writing(engine) as session:
        connection = session.connection()
        hold_lock(connection, WRITER_LOCK)
        last = _last_number(session, facts[0].writer) if last is None else last
        new = [held for held in facts if held.number > last]
        if new:
            connection.execute(ADD_FACT, [to_row(held) for held in new])
            derive(connection, [held.fact for held in new])
            add_letters(session, new, letters_of)


def rebuild(engine: Engine) -> int:
    """Derive everything anew from the facts; how many there are. Raises `LogUnavailable`."""
    with writing(engine) as session:
        without_time_limit(session.connection())
        hold_lock(session.connection(), WRITER_LOCK)
        for model in DERIVED:
            session.execute(delete(model))
        return _derive_all(session)


def _derive_all(session: Session) -> int:
    count, last = 0, 0
    while chunk := _facts_after(session, last):
        derive(session.connection(), [fact for _, fact in chunk])
        count, last = count + len(chunk), chunk[-1][0]
    return count


def _facts_after(session: Session, last: int) -> list[tuple[int, Fact]]:
    rows = session.execute(
        select(FACTS).where(ContactEvent.id > last).order_by(ContactEvent.id).limit(REBUILD_CHUNK)
    ).mappings()
    return [(row["id"], from_row(dict(row))) for row in rows]


def _facts_of_open_contacts(session: Session, *kinds: type[Fact]) -> list[Fact]:
    """The facts of these kinds about contacts that have not ended, in order."""
    open_ones = select(ContactRecord.contact_id).where(ContactRecord.ended_at.is_(None))
    names = [kind.__name__ for kind in kinds]
    about_them = (
        select(FACTS)
        .where(ContactEvent.contact_id.in_(open_ones), ContactEvent.kind.in_(names))
        .order_by(ContactEvent.id)
    )
    return [from_row(dict(row)) for row in session.execute(about_them).mappings()]


def _last_number(session: Session, writer: str) -> int:
    return session.scalar(select(func.max(ContactEvent.number)).where(ContactEvent.writer == writer)) or 0


def _known_agent(row: AgentRecord) -> KnownAgent:
    return KnownAgent(
        agent_id=AgentId(row.agent_id),
        status=AgentStatus(row.status),
        reason=row.reason,
        status_since=row.status_since,
        serves=tuple(QueueId(queue_id) for queue_id in row.serves),
        handled_contacts=row.handled_contacts,
        worked=timedelta(milliseconds=row.worked_ms),
        wrap_up=_wrap_up(row),
        changed_by=row.changed_by,
    )


def _membership_changed(row: SteeredMembership) -> MembershipChanged:
    return MembershipChanged(row.at, AgentId(row.agent_id), QueueId(row.queue_id), row.level, row.by)


def _queue_switched(row: SteeredQueue) -> QueueSwitched:
    return QueueSwitched(row.at, QueueId(row.queue_id), row.open, row.by)


def _emergency_set(row: EmergencyRecord) -> EmergencySet:
    return EmergencySet(row.at, row.scope, row.message, row.then, row.flow, row.until, row.tell_waiting, row.by)


def _alarm(row: AlarmRecord) -> Alarm:
    seen = (row.acknowledged_by, row.acknowledged_at)
    return Alarm(QueueId(row.queue_id), AlarmKind(row.kind), row.since, row.value, row.level, *seen)


def _message_used(row: UsedMessage) -> MessageUsed:
    return MessageUsed(row.at, row.message, row.version, row.sound, row.by)


def unended_call_backs(facts: Iterable[Fact]) -> list[tuple[CallBackAsked, CallBackTried | None]]:
    """Each call-back that was asked for and not ended, with the last attempt."""
    owed: dict[ContactId, tuple[CallBackAsked, CallBackTried | None]] = {}
    for fact in facts:
        if isinstance(fact, CallBackAsked):
            owed[fact.contact_id] = (fact, None)
        elif isinstance(fact, CallBackTried) and fact.contact_id in owed:
            owed[fact.contact_id] = (owed[fact.contact_id][0], fact)
        elif isinstance(fact, CallBackEnded):
            owed.pop(fact.contact_id, None)
    return list(owed.values())


def _owed(asked: CallBackAsked, tried: CallBackTried | None, record: ContactRecord | None) -> OwedCallBack:
    return OwedCallBack(
        contact_id=asked.contact_id,
        queue_id=asked.queue_id,
        number=asked.number,
        asked_at=asked.at,
        queued_at=asked.queued_at,
        attempts=tried.attempt if tried else 0,
        next_at=tried.next_at if tried else None,
        opened_at=record.opened_at if record else asked.queued_at,
        dialled_number=record.dialled_number if record else "",
        caller_name=record.caller_name if record else "",
        in_front=asked.in_front,
    )


def _begun(fact: VoiceMessageBegun, call: ContactRecord | None) -> BegunMessage:
    party = (call.dialled_number, call.caller_number, call.caller_name) if call else ("", None, "")
    return BegunMessage(fact.message_id, fact.contact_id, fact.queue_id, fact.priority, fact.at, *party)


def _left(fact: VoiceMessageLeft, record: ContactRecord | None) -> LeftMessage:
    party = (record.dialled_number, record.caller_number, record.caller_name) if record else ("", None, "")
    queue_id = QueueId(record.queue_id) if record and record.queue_id else fact.queue_id
    spoken = (fact.recording, fact.spoken_seconds, fact.priority)
    return LeftMessage(fact.contact_id, fact.call_id, queue_id, *spoken, fact.at, fact.at, *party)


def _wrap_up(row: AgentRecord) -> WrapUp | None:
    if row.wrap_up_of is None or row.wrap_up_queue_id is None or row.wrap_up_since is None:
        return None
    until = row.wrap_up_until or row.wrap_up_since
    return WrapUp(ContactId(row.wrap_up_of), QueueId(row.wrap_up_queue_id), row.wrap_up_since, until)


def _open_contact(row: ContactRecord, visits: Mapping[QueueId, Visit]) -> OpenContact:
    return OpenContact(
        ContactId(row.contact_id),
        row.opened_at,
        queue_id=None if row.queue_id is None else QueueId(row.queue_id),
        agent_id=None if row.agent_id is None else AgentId(row.agent_id),
        answered_at=row.answered_at,
        visits=visits,
    )


def _visit(row: QueueVisit) -> Visit:
    return Visit(row.queued_at, row.target_ms, row.waiting_since, row.waited_ms, row.outcome)
