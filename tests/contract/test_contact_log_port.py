"""What every contact log does: the one in memory, and the real one on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cxcore.domain import events
from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.chat import Author
from cxcore.domain.contact import Channel, ContactId, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.measures import Visit
from cxcore.domain.offer import OfferEnd, OfferId
from cxcore.domain.queue import QueueId
from cxcore.ports.contact_log import ContactLog, KnownAgent, KnownOffer, PastTalk, WrapUp
from cxcore.storage import open_storage
from tests.databases import PostgreSQL
from tests.fakes.clock import FakeClock
from tests.fakes.contact_log import FakeContactLog

ANNA, BRAM = AgentId("anna"), AgentId("bram")
ZOE = ContactId("zoe")
BURGERZAKEN, RECEPTIE = QueueId("burgerzaken"), QueueId("receptie")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ContactLog]:
    if request.param == "fake":
        yield FakeContactLog()
    elif request.param == "sqlite":
        yield from opened_log(f"sqlite:///{tmp_path / 'cx.db'}", tmp_path / "spill")
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        name = server.lend()
        yield from opened_log(server.url(name), tmp_path / "spill")
        server.take_back(name)


def opened_log(url: str, spill: Path) -> Iterator[ContactLog]:
    storage = open_storage(url, spill)
    yield storage.contact_log
    storage.close()


def opened(clock: FakeClock, name: str) -> Fact:
    number = "+31612345678"
    return events.ContactOpened(clock.advance(1), ContactId(name), Channel.TELEPHONY, "+31715550100", number, "")


def ended(clock: FakeClock, name: str) -> Fact:
    cause, by = HangUpCause.NORMAL, HungUpBy.PARTY
    return events.ContactEnded(clock.advance(1), ContactId(name), Outcome.ANSWERED, cause, by)


def status(clock: FakeClock, agent: AgentId, status: AgentStatus, reason: str | None = None) -> Fact:
    return events.AgentStatusChanged(clock.advance(1), agent, status, reason, agent)


def work(clock: FakeClock, agent: AgentId, talked: float, wrap_up: float) -> list[Fact]:
    contact = ContactId("call")
    return [
        events.TalkEnded(clock.advance(talked), contact, agent, BURGERZAKEN, talked),
        events.WrapUpEnded(clock.advance(wrap_up), agent, contact, BURGERZAKEN, wrap_up, agent),
    ]


def test_a_fresh_log_knows_nobody_and_is_healthy(log: ContactLog) -> None:
    assert log.known_agents() == ()
    assert log.open_contacts() == ()
    assert log.healthy()


def test_recording_nothing_is_no_error(log: ContactLog) -> None:
    log.record([])

    assert log.open_contacts() == ()


def test_contacts_are_open_from_their_opening_to_their_end(log: ContactLog, clock: FakeClock) -> None:
    log.record([opened(clock, "zoe"), opened(clock, "karel"), opened(clock, "anders")])
    assert [each.contact_id for each in log.open_contacts()] == ["zoe", "karel", "anders"]

    log.record([ended(clock, "karel")])

    assert [each.contact_id for each in log.open_contacts()] == ["zoe", "anders"]
    assert log.ended_contacts(clock.now()) == {"karel"}
    assert log.ended_contacts(clock.now() + timedelta(seconds=1)) == frozenset()


def test_an_open_contact_is_known_with_its_visits_and_its_agent(log: ContactLog, clock: FakeClock) -> None:
    log.record([opened(clock, "zoe"), events.ContactQueued(clock.now(), ZOE, RECEPTIE, 45)])
    overflowed = events.ContactLeftQueue(clock.advance(30), ZOE, RECEPTIE, Outcome.OVERFLOWED, 30)
    log.record([overflowed, events.ContactQueued(clock.now(), ZOE, BURGERZAKEN, 20)])

    (zoe,) = log.open_contacts()
    assert (zoe.opened_at, zoe.queue_id, zoe.answered_at) == (clock.now() - timedelta(seconds=30), BURGERZAKEN, None)
    assert zoe.visits == {
        RECEPTIE: Visit(clock.now() - timedelta(seconds=30), 45_000, None, 30_000, "moved"),
        BURGERZAKEN: Visit(clock.now(), 20_000, waiting_since=clock.now()),
    }

    log.record([events.ContactAnswered(clock.advance(5), ZOE, ANNA, BURGERZAKEN, 5)])

    (zoe,) = log.open_contacts()
    assert (zoe.answered_at, zoe.agent_id) == (clock.now(), ANNA)
    assert zoe.visits[BURGERZAKEN].outcome == "answered"


def test_a_wrap_up_is_known_until_it_ends(log: ContactLog, clock: FakeClock) -> None:
    began, until = clock.now(), clock.now() + timedelta(seconds=30)
    log.record([events.WrapUpStarted(began, ANNA, ZOE, BURGERZAKEN, until)])
    assert log.known_agents()[0].wrap_up == WrapUp(ZOE, BURGERZAKEN, began, until)

    later = until + timedelta(seconds=60)
    log.record([events.WrapUpExtended(clock.advance(1), ANNA, ZOE, later)])
    assert log.known_agents()[0].wrap_up == WrapUp(ZOE, BURGERZAKEN, began, later)

    log.record([events.WrapUpEnded(clock.advance(1), ANNA, ZOE, BURGERZAKEN, 2, "anna")])
    assert log.known_agents()[0].wrap_up is None


def test_what_was_recorded_is_known_at_once(log: ContactLog, clock: FakeClock) -> None:
    for number in range(30):
        log.record([opened(clock, f"call-{number}")])

        assert len(log.open_contacts()) == number + 1


def test_an_agent_is_known_with_status_reason_queues_and_work(log: ContactLog, clock: FakeClock) -> None:
    log.record([status(clock, BRAM, AgentStatus.AVAILABLE), status(clock, ANNA, AgentStatus.AVAILABLE)])
    log.record([events.AgentServes(clock.now(), ANNA, (RECEPTIE, BURGERZAKEN), ANNA)])
    log.record([*work(clock, ANNA, 60.5, 30.25), status(clock, ANNA, AgentStatus.ON_BREAK, "Lunch")])

    anna, bram = log.known_agents()

    worked = timedelta(seconds=90.75)
    serves = (RECEPTIE, BURGERZAKEN)
    assert anna == KnownAgent(ANNA, AgentStatus.ON_BREAK, "Lunch", clock.now(), serves, 1, worked, changed_by="anna")
    assert (bram.agent_id, bram.status, bram.serves) == (BRAM, AgentStatus.AVAILABLE, ())


def test_work_counts_from_the_last_log_on(log: ContactLog, clock: FakeClock) -> None:
    log.record([status(clock, ANNA, AgentStatus.AVAILABLE), *work(clock, ANNA, 60, 30)])
    log.record([status(clock, ANNA, AgentStatus.LOGGED_OFF), status(clock, ANNA, AgentStatus.ON_BREAK, "Overleg")])

    (anna,) = log.known_agents()

    assert (anna.handled_contacts, anna.worked) == (0, timedelta())


def test_work_after_logging_off_still_counts(log: ContactLog, clock: FakeClock) -> None:
    log.record([status(clock, ANNA, AgentStatus.AVAILABLE), status(clock, ANNA, AgentStatus.LOGGED_OFF)])
    log.record(work(clock, ANNA, 60, 30))

    (anna,) = log.known_agents()

    assert (anna.status, anna.handled_contacts) == (AgentStatus.LOGGED_OFF, 1)


def test_a_closed_log_is_not_healthy(log: ContactLog) -> None:
    log.close()

    assert not log.healthy()


def test_last_word_of_supervisors_is_known(log: ContactLog, clock: FakeClock) -> None:
    log.record(
        [
            events.MembershipChanged(clock.advance(1), ANNA, BURGERZAKEN, 2, "sofie"),
            events.MembershipChanged(clock.advance(1), BRAM, BURGERZAKEN, 1, "sofie"),
            events.QueueSwitched(clock.advance(1), RECEPTIE, False, "sofie"),
            events.MembershipChanged(clock.advance(1), ANNA, BURGERZAKEN, 0, "sofie"),
            events.QueueSwitched(clock.advance(1), RECEPTIE, None, "sofie"),
        ]
    )
    steering = log.steering()
    assert [(each.agent_id, each.level) for each in steering.memberships] == [(BRAM, 1), (ANNA, 0)]
    assert [(each.queue_id, each.open, each.by) for each in steering.queues] == [(RECEPTIE, None, "sofie")]


def call_back_asked(clock: FakeClock, name: str) -> list[Fact]:
    opening = opened(clock, name)
    contact, number = ContactId(name), "+31612345678"
    return [opening, events.CallBackAsked(clock.advance(60), contact, BURGERZAKEN, number, opening.at)]


def test_owed_call_back_of_one_who_stood_in_front_stands_there_again(log: ContactLog, clock: FakeClock) -> None:
    opening, asked = call_back_asked(clock, "zoe")
    assert isinstance(asked, events.CallBackAsked)
    log.record([opening, replace(asked, in_front=True), *call_back_asked(clock, "karel")])
    assert [owed.in_front for owed in log.owed_call_backs()] == [True, False]


def call_back_tried(clock: FakeClock, name: str, attempt: int) -> events.CallBackTried:
    now = clock.advance(30)
    later = now + timedelta(minutes=15)
    return events.CallBackTried(now, ContactId(name), BURGERZAKEN, ANNA, HangUpCause.BUSY, attempt, later)


def test_call_backs_are_owed_until_they_or_their_contacts_end(log: ContactLog, clock: FakeClock) -> None:
    for name in ("zoe", "karel", "anders"):
        log.record(call_back_asked(clock, name))
    assert [owed.contact_id for owed in log.owed_call_backs()] == ["zoe", "karel", "anders"]
    log.record([events.CallBackEnded(clock.advance(1), ContactId("zoe"), BURGERZAKEN, True), ended(clock, "karel")])
    assert [owed.contact_id for owed in log.owed_call_backs()] == ["anders"]


def test_an_owed_call_back_is_known_with_its_place_and_its_attempts(log: ContactLog, clock: FakeClock) -> None:
    opening, asked = facts = call_back_asked(clock, "zoe")
    log.record(facts)
    tried = [call_back_tried(clock, "zoe", attempt) for attempt in (1, 2)]
    log.record(tried)
    (owed,) = log.owed_call_backs()
    assert (owed.opened_at, owed.asked_at, owed.queued_at) == (opening.at, asked.at, opening.at)
    assert (owed.number, owed.dialled_number) == ("+31612345678", "+31715550100")
    assert (owed.attempts, owed.next_at) == (2, tried[1].next_at)


def test_the_user_who_changed_an_agent_last_is_known(log: ContactLog, clock: FakeClock) -> None:
    log.record([status(clock, ANNA, AgentStatus.AVAILABLE), status(clock, BRAM, AgentStatus.AVAILABLE)])
    log.record([events.MembershipChanged(clock.advance(1), ANNA, BURGERZAKEN, 2, "sofie")])
    log.record([events.AgentServes(clock.advance(1), BRAM, (RECEPTIE,), "aad")])
    assert [each.changed_by for each in log.known_agents()] == ["sofie", "aad"]


def test_offers_of_open_contacts_are_known_with_whether_they_ended(log: ContactLog, clock: FakeClock) -> None:
    log.record([opened(clock, "zoe"), opened(clock, "karel")])
    for number, contact in (("1", ZOE), ("2", ZOE), ("3", ContactId("karel"))):
        offer = (OfferId(number), contact, ANNA, BURGERZAKEN)
        log.record([events.ContactOffered(clock.advance(1), *offer, "only-one", (ANNA,))])
    missed = events.OfferEnded(clock.advance(1), OfferId("1"), ZOE, ANNA, BURGERZAKEN, OfferEnd.MISSED, "no-answer")
    log.record([missed, ended(clock, "karel")])
    assert log.known_offers() == (
        KnownOffer(OfferId("1"), ZOE, ANNA, BURGERZAKEN, ended=True),
        KnownOffer(OfferId("2"), ZOE, ANNA, BURGERZAKEN, ended=False),
    )


def test_conversations_since_an_instant_are_known_by_the_number_of_the_caller(
    log: ContactLog, clock: FakeClock
) -> None:
    hidden = events.ContactOpened(clock.now(), ContactId("anon"), Channel.TELEPHONY, "+31715550100", None, "")
    log.record([opened(clock, "zoe"), hidden, events.TalkEnded(clock.advance(60), ZOE, ANNA, BURGERZAKEN, 60.0)])
    since = clock.advance(60)
    log.record([events.TalkEnded(clock.now(), ContactId("anon"), ANNA, BURGERZAKEN, 5.0)])
    log.record([events.TalkEnded(clock.advance(9), ZOE, BRAM, RECEPTIE, 9.0)])
    assert log.past_talks(since) == (PastTalk("+31612345678", BRAM, RECEPTIE, clock.now()),)


def test_messages_are_known_from_their_beginning_until_they_were_heard(log: ContactLog, clock: FakeClock) -> None:
    first, second, third = ContactId("m1"), ContactId("m2"), ContactId("m3")
    log.record([opened(clock, "zoe")])
    for message in (first, second, third):
        log.record([events.VoiceMessageBegun(clock.advance(1), ZOE, BURGERZAKEN, message, -1)])
    log.record([events.VoiceMessageDropped(clock.advance(1), ZOE, second, 0.5)])
    log.record([events.ContactOpened(clock.now(), third, Channel.VOICEMAIL, "+31715550100", "+31612345678", "Zoë")])
    log.record([events.VoiceMessageLeft(clock.now(), third, BURGERZAKEN, ZOE, "m3.wav", 8.5, -1)])
    log.record([events.ContactQueued(clock.now(), third, RECEPTIE, 20)])
    (begun,) = log.begun_messages()
    assert (begun.message_id, begun.call_id, begun.queue_id) == (first, ZOE, BURGERZAKEN)
    assert (begun.priority, begun.caller_number) == (-1, "+31612345678")
    (left,) = log.left_messages()
    assert (left.contact_id, left.call_id, left.queue_id) == (third, ZOE, RECEPTIE)
    assert (left.recording, left.spoken_seconds, left.queued_at) == ("m3.wav", 8.5, clock.now())
    assert (left.caller_number, left.caller_name) == ("+31612345678", "Zoë")
    log.record([ended(clock, "m3"), ended(clock, "zoe")])
    assert (log.begun_messages(), log.left_messages()) == ((), ())


def test_chats_are_known_until_their_end_with_who_has_them_and_all_that_was_written(
    log: ContactLog, clock: FakeClock
) -> None:
    talks, waits, over = ContactId("h1"), ContactId("h2"), ContactId("h3")
    anna = AgentId("anna")
    for chat in (talks, waits, over):
        log.record(
            [
                events.ContactOpened(clock.advance(1), chat, Channel.WEB_CHAT, "www.noordwijk.nl", "k@x.nl", "Karel"),
                events.ChatWritten(clock.now(), chat, None, Author.CUSTOMER, 1, "sealed-1", "t1"),
                events.ContactQueued(clock.now(), chat, BURGERZAKEN, 20),
                events.ContactAnswered(clock.now(), chat, anna, BURGERZAKEN, 0.0),
            ]
        )
    answered_at = clock.now()
    log.record([events.ChatWritten(clock.now(), talks, anna, Author.AGENT, 2, "sealed-2", "", "10654")])
    log.record([events.ChatUndelivered(clock.now(), talks, 2, "131047")])
    log.record([events.TalkEnded(clock.now(), waits, anna, BURGERZAKEN, 2.0)])
    log.record([events.ContactAssigned(clock.now(), waits, AgentId("bram"), "anna")])
    queued_at = clock.advance(1)
    log.record([events.ContactQueued(queued_at, waits, BURGERZAKEN, 20), ended(clock, over)])
    first, second = log.open_chats()
    assert (first.contact_id, first.agent_id, first.queue_id, first.in_front) == (talks, anna, BURGERZAKEN, False)
    assert [(line.number, line.sealed, line.token) for line in first.lines] == [
        (1, "sealed-1", "t1"), (2, "sealed-2", ""),
    ]  # fmt: skip
    assert ([line.via for line in first.lines], first.faults) == (["", "10654"], ((2, "131047"),))
    assert (first.address, first.name, first.dialled_number) == ("k@x.nl", "Karel", "www.noordwijk.nl")
    assert first.answered_at is not None
    assert first.answered_at < answered_at
    assert (second.contact_id, second.agent_id, second.in_front) == (waits, None, True)
    assert second.queued_at == queued_at
