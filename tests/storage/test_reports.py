"""What supervisors ask of the past."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain import events
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.offer import Consideration, OfferId
from cxcore.domain.quality import Line
from cxcore.domain.queue import QueueId
from cxcore.ports.reports import ContactLine, QueueFigures, SoundFigures
from cxcore.storage import Storage
from tests.storage.streams import MONDAY

NINE = MONDAY.replace(hour=9, minute=0)
HOUR = timedelta(hours=1)
ANNA = AgentId("anna")
BURGERZAKEN, RECEPTIE = QueueId("burgerzaken"), QueueId("receptie")


def call(
    name: str,
    minute: float,
    queue: QueueId,
    waited: float,
    channel: Channel = Channel.TELEPHONY,
    anna: AgentId = ANNA,
) -> list[Fact]:
    """An answered call: opened at that minute after nine, talk of 100 s."""
    contact = ContactId(name)
    queued = NINE + timedelta(minutes=minute)
    answered = queued + timedelta(seconds=waited)
    ended = answered + timedelta(seconds=100)
    return [
        events.ContactOpened(queued, contact, channel, "+31715550100", "+31612345678", "Karel"),
        events.ContactQueued(queued, contact, queue, 20),
        events.ContactAnswered(answered, contact, anna, queue, waited),
        events.TalkEnded(ended, contact, anna, queue, 100),
        events.ContactEnded(ended, contact, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY),
    ]


def record(storage: Storage, *calls: list[Fact]) -> None:
    storage.contact_log.record([fact for facts in calls for fact in facts][:100])
    storage.contact_log.flush()


def test_calls_of_a_queue_are_summed_over_intervals_and_its_chats_apart(storage: Storage) -> None:
    record(
        storage,
        call("a", 1, BURGERZAKEN, 10),
        call("b", 20, BURGERZAKEN, 30),
        call("c", 20, BURGERZAKEN, 5, Channel.WEB_CHAT),
        call("d", 20, RECEPTIE, 7),
        call("e", 21, BURGERZAKEN, 9, Channel.WHATSAPP),
    )

    rows = storage.reports.queue_figures(NINE, NINE + HOUR)

    assert rows == [
        QueueFigures(
            BURGERZAKEN, offered=2, answered=2, answered_in_time=1, wait_seconds=40, longest_wait_seconds=30,
            talk_seconds=200,
        ),
        QueueFigures(
            RECEPTIE, offered=1, answered=1, answered_in_time=1, wait_seconds=7, longest_wait_seconds=7,
            talk_seconds=100,
        ),
    ]  # fmt: skip
    (chats,) = storage.reports.queue_figures(NINE, NINE + HOUR, Channel.WEB_CHAT)
    assert (chats.queue_id, chats.offered, chats.wait_seconds) == (BURGERZAKEN, 1, 5)
    (whatsapp,) = storage.reports.queue_figures(NINE, NINE + HOUR, Channel.WHATSAPP)
    assert (whatsapp.queue_id, whatsapp.offered, whatsapp.wait_seconds) == (BURGERZAKEN, 1, 9)


def test_a_period_is_half_open(storage: Storage) -> None:
    record(storage, call("a", 0, BURGERZAKEN, 1), call("b", 60, BURGERZAKEN, 1))

    (row,) = storage.reports.queue_figures(NINE, NINE + HOUR)
    (line,) = storage.reports.contacts(NINE, NINE + HOUR)

    assert (row.offered, line.contact_id) == (1, "a")


def test_empty_intervals_are_left_out(storage: Storage) -> None:
    record(storage, call("a", 50, BURGERZAKEN, 1), call("b", 1, BURGERZAKEN, 2), call("c", 30, RECEPTIE, 3))

    rows = storage.reports.intervals(BURGERZAKEN, NINE, NINE + HOUR)

    assert [(row.starts_at, row.figures.wait_seconds) for row in rows] == [
        (NINE, 2),
        (NINE + timedelta(minutes=45), 1),
    ]


def test_contacts_come_newest_first_and_as_many_as_asked(storage: Storage) -> None:
    record(storage, *(call(name, minute, BURGERZAKEN, 1) for minute, name in enumerate("abcde")))

    lines = storage.reports.contacts(NINE, NINE + HOUR, limit=3)

    assert [line.contact_id for line in lines] == ["e", "d", "c"]


def test_a_contact_line_shows_the_whole_contact(storage: Storage) -> None:
    record(storage, call("a", 1, BURGERZAKEN, 10))

    assert storage.reports.contacts(NINE, NINE + HOUR) == [
        ContactLine(
            contact_id=ContactId("a"),
            opened_at=NINE + timedelta(minutes=1),
            ended_at=NINE + timedelta(minutes=1, seconds=110),
            dialled_number="+31715550100",
            caller_number="+31612345678",
            queue_id=BURGERZAKEN,
            agent_id=AgentId("anna"),
            waited_seconds=10,
            talked_seconds=100,
            outcome=Outcome.ANSWERED,
            caller_name="Karel",
        )
    ]


def test_a_contact_that_never_queued_has_no_wait(storage: Storage) -> None:
    record(storage, call("a", 1, BURGERZAKEN, 10)[:1])

    (line,) = storage.reports.contacts(NINE, NINE + HOUR)

    assert (line.waited_seconds, line.talked_seconds, line.outcome, line.ended_at) == (None, None, None, None)


def test_without_contacts_reports_are_empty(storage: Storage) -> None:
    assert list(storage.reports.queue_figures(NINE, NINE + HOUR)) == []
    assert list(storage.reports.intervals(BURGERZAKEN, NINE, NINE + HOUR)) == []
    assert list(storage.reports.contacts(NINE, NINE + HOUR)) == []


def test_contacts_of_one_agent_are_not_pushed_out_by_those_of_others(storage: Storage) -> None:
    bram = AgentId("bram")
    record(storage, *(call(f"b{n}", n, BURGERZAKEN, 1, anna=bram) for n in range(8)), call("a", 0, BURGERZAKEN, 1))

    lines = storage.reports.contacts(NINE, NINE + HOUR, limit=3, agent_id=AgentId("anna"))

    assert [line.contact_id for line in lines] == ["a"]


def test_contact_that_a_colleague_spoke_later_stays_with_who_answered_it(storage: Storage) -> None:
    first = call("a", 1, BURGERZAKEN, 1)[:-1]
    later = call("a", 5, RECEPTIE, 1, anna=AgentId("bram"))[1:]
    record(storage, first, later)

    for agent in ("anna", "bram"):
        lines = storage.reports.contacts(NINE, NINE + HOUR, agent_id=AgentId(agent))
        assert [line.contact_id for line in lines] == ["a"], agent


def test_history_is_every_fact_of_the_contact_in_order(storage: Storage) -> None:
    facts = call("a", 1, BURGERZAKEN, 10)
    record(storage, facts[:2], call("b", 1, BURGERZAKEN, 10), facts[2:])

    assert list(storage.reports.history(ContactId("a"))) == facts


def test_history_keeps_what_an_offer_saw(storage: Storage) -> None:
    anna = AgentId("anna")
    seen = (Consideration(anna, level=2, idle_seconds=12.5), Consideration(AgentId("bram"), passed_over=True))
    offered = events.ContactOffered(
        NINE, OfferId("o"), ContactId("a"), anna, BURGERZAKEN, "level", (anna,), seen, 2, "linear"
    )
    record(storage, [offered])

    assert list(storage.reports.history(ContactId("a"))) == [offered]


def test_unknown_contact_has_no_history(storage: Storage) -> None:
    assert list(storage.reports.history(ContactId("nobody"))) == []


def heard(at: datetime, mos: float, line: Line | None, heard_mos: float | None = None) -> Fact:
    """A leg of a conversation that ended then."""
    return events.QualityMeasured(at, ContactId("a"), None, "caller", mos, heard_mos=heard_mos, line=line)


def test_sound_is_summed_by_day_and_line_each_leg_by_its_worse_direction(storage: Storage) -> None:
    late = NINE.replace(hour=23, minute=30)
    record(
        storage,
        [
            heard(NINE, 4.4, Line.TRUNK),
            heard(NINE + HOUR, 4.4, Line.TRUNK, heard_mos=3.6),
            heard(NINE, 4.3, Line.TEAMS),
            heard(NINE, 1.0, None),
            heard(late, 4.2, Line.TRUNK),
        ],
    )
    today, tomorrow = NINE.date(), NINE.date() + timedelta(days=1)
    assert storage.reports.sound(NINE, NINE + 24 * HOUR) == [
        SoundFigures(tomorrow, Line.TRUNK, 1, 0, 4.2),
        SoundFigures(today, Line.TRUNK, 2, 1, 4.0),
        SoundFigures(today, Line.TEAMS, 1, 0, 4.3),
    ]
    assert storage.reports.sound(NINE - HOUR, NINE) == []
