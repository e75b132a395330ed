"""What a replay asks of the past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cxcore.domain import events
from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.contact import ContactId
from cxcore.domain.events import Fact
from cxcore.domain.queue import QueueId
from cxcore.ports.history import AgentThen, History
from cxcore.storage import Storage, history
from tests.storage.streams import MONDAY, day

HOUR = timedelta(hours=1)
ANNA, BRAM = AgentId("anna"), AgentId("bram")
QUEUES = (QueueId("burgerzaken"), QueueId("receptie"))


def record(storage: Storage, *facts: Fact) -> History:
    storage.contact_log.record(facts)
    storage.contact_log.flush()
    return storage.history


def logs_on(agent: AgentId, hour: int, queues: tuple[QueueId, ...] = QUEUES) -> list[Fact]:
    at = MONDAY + hour * HOUR
    serves = events.AgentServes(at, agent, queues, agent)
    return [serves, events.AgentStatusChanged(at, agent, AgentStatus.AVAILABLE, None, agent)]


def changes(agent: AgentId, hour: int, status: AgentStatus, reason: str | None = None) -> Fact:
    return events.AgentStatusChanged(MONDAY + hour * HOUR, agent, status.value, reason, agent)


def test_facts_of_a_period_come_back_as_they_were_recorded(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "CHUNK", 7)
    facts = day(seed=1)
    past = record(storage, *facts[:80])
    storage.contact_log.record(facts[80:160])
    storage.contact_log.flush()
    since, until = facts[40].at, facts[159].at
    kinds = (events.ContactQueued, events.ContactAnswered, events.OfferEnded, events.ContactEnded)
    expected = [fact for fact in facts[:160] if since <= fact.at < until and isinstance(fact, kinds)]
    assert list(past.facts(since, until, kinds)) == expected
    assert len(expected) > 7


def test_period_without_facts_has_none(storage: Storage) -> None:
    assert list(storage.history.facts(MONDAY, MONDAY + HOUR, (events.ContactQueued,))) == []
    assert storage.history.days() == []


def test_agents_logged_on_at_an_instant_are_known_with_status_and_queues(storage: Storage) -> None:
    past = record(
        storage,
        *logs_on(ANNA, 0),
        *logs_on(BRAM, 1, QUEUES[:1]),
        changes(BRAM, 3, AgentStatus.ON_BREAK, "Lunch"),
        events.AgentServes(MONDAY + 4 * HOUR, ANNA, QUEUES[1:], ANNA),
        changes(ANNA, 5, AgentStatus.LOGGED_OFF),
        changes(BRAM, 6, AgentStatus.LOGGED_OFF),
    )
    anna = AgentThen(ANNA, AgentStatus.AVAILABLE, None, MONDAY, QUEUES)
    bram = AgentThen(BRAM, AgentStatus.ON_BREAK, "Lunch", MONDAY + 3 * HOUR, QUEUES[:1])
    half = timedelta(minutes=30)
    assert past.agents_logged_on(MONDAY) == []
    assert past.agents_logged_on(MONDAY + half) == [anna]
    assert past.agents_logged_on(MONDAY + 3 * HOUR + half) == [anna, bram]
    served = AgentThen(ANNA, AgentStatus.AVAILABLE, None, MONDAY, QUEUES[1:])
    assert past.agents_logged_on(MONDAY + 4 * HOUR + half) == [served, bram]
    assert past.agents_logged_on(MONDAY + 7 * HOUR) == []


def test_latest_days_with_contacts_are_named_newest_first(storage: Storage) -> None:
    facts: list[Fact] = []
    for number in (0, 1, 4):
        contact = ContactId(f"contact-{number}")
        at = MONDAY + number * timedelta(days=1)
        facts += [
            events.ContactQueued(at, contact, QUEUES[0]),
            events.ContactAnswered(at + timedelta(seconds=3), contact, ANNA, QUEUES[0], 3.0),
        ]
    past = record(storage, *facts)
    found = [at.date() for at in past.days(latest=2)]
    assert found == [(MONDAY + timedelta(days=4)).date(), (MONDAY + timedelta(days=1)).date()]
