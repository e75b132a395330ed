"""What reports read follows from the facts, however they arrive."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cxcore.domain import events
from cxcore.domain.agent import AgentId, AgentStatus
from cxcore.domain.contact import WRITTEN, Channel, ContactId, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.queue import QueueId
from cxcore.ports.reports import QueueFigures
from cxcore.storage import Storage
from cxcore.storage.contact_log import rebuild, store
from cxcore.storage.engine import reading
from cxcore.storage.facts import HeldFact
from cxcore.storage.models import DERIVED, AgentStatusPeriod, ContactRecord
from tests.storage.streams import MONDAY, day

BURGERZAKEN, RECEPTIE = QueueId("burgerzaken"), QueueId("receptie")
ANNA = AgentId("anna")
CALL = ContactId("call")
EVER = (MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))


def after(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


def opened(at: float = 0) -> Fact:
    return events.ContactOpened(after(at), CALL, Channel.TELEPHONY, "+31715550101", "+31612345678", "Karel")


def queued(at: float, queue: QueueId = BURGERZAKEN, target: int = 20) -> Fact:
    return events.ContactQueued(after(at), CALL, queue, target)


def answered(at: float, waited: float, queue: QueueId = BURGERZAKEN) -> Fact:
    return events.ContactAnswered(after(at), CALL, ANNA, queue, waited)


def left(at: float, waited: float, outcome: Outcome, queue: QueueId = BURGERZAKEN) -> Fact:
    return events.ContactLeftQueue(after(at), CALL, queue, outcome, waited)


def ended(at: float, outcome: Outcome) -> Fact:
    return events.ContactEnded(after(at), CALL, outcome, HangUpCause.NORMAL, HungUpBy.PARTY)


def talk_ended(at: float, talked: float) -> Fact:
    return events.TalkEnded(after(at), CALL, ANNA, BURGERZAKEN, talked)


def status(at: float, status: AgentStatus, reason: str | None = None) -> Fact:
    return events.AgentStatusChanged(after(at), ANNA, status, reason, "anna")


def keep(storage: Storage, facts: Sequence[Fact], first: int = 1) -> None:
    store(storage.engine, [HeldFact("core-1", number, fact) for number, fact in enumerate(facts, start=first)])


def figures(storage: Storage) -> dict[str, QueueFigures]:
    return {row.queue_id: row for row in storage.reports.queue_figures(*EVER)}


def tables(storage: Storage) -> dict[str, list[tuple[Any, ...]]]:
    with reading(storage.engine) as session:
        return {
            model.__tablename__: sorted((tuple(row) for row in session.execute(select(model.__table__))), key=repr)
            for model in DERIVED
        }


@pytest.mark.parametrize("seed", range(4))
def test_random_days_derive_the_same_in_any_portions_and_when_rebuilt(storage: Storage, seed: int) -> None:
    dice = random.Random(seed)
    facts, done = day(seed), 0
    while done < len(facts):
        size = dice.choice([1, 2, 7, 60])
        keep(storage, facts[done : done + size], first=done + 1)
        done += size
    derived = tables(storage)

    assert rebuild(storage.engine) == len(facts)

    assert tables(storage) == derived
    assert all(derived.values())


@pytest.mark.parametrize("seed", range(4))
def test_on_random_days_every_offered_contact_has_one_end(storage: Storage, seed: int) -> None:
    keep(storage, day(seed))

    for row in figures(storage).values():
        assert row.offered == row.answered + row.abandoned + row.moved + row.closed
        assert 0 <= row.answered_in_time <= row.answered
        assert min(row.abandoned, row.quick_drops, row.moved, row.closed) >= 0
        assert row.longest_wait_seconds * row.answered >= row.wait_seconds


def test_on_random_days_no_contact_counts_twice_in_a_queue(storage: Storage) -> None:
    facts = day(3, contacts=80)
    keep(storage, facts)

    visits = {(fact.contact_id, fact.queue_id) for fact in facts if isinstance(fact, events.ContactQueued)}
    open_ones = len(storage.contact_log.open_contacts())
    messages = storage.reports.queue_figures(*EVER, Channel.VOICEMAIL)
    chats = [row for channel in WRITTEN for row in storage.reports.queue_figures(*EVER, channel)]
    counted = sum(row.offered + row.quick_drops for row in (*figures(storage).values(), *messages, *chats))
    assert len(visits) - open_ones <= counted <= len(visits)


def test_an_answered_contact_counts_where_it_was_queued(storage: Storage) -> None:
    facts = [opened(), queued(590), answered(615, 25), talk_ended(915, 300), ended(915, Outcome.ANSWERED)]
    wrap_up = events.WrapUpEnded(after(945), ANNA, CALL, BURGERZAKEN, 30, "deadline")

    keep(storage, [*facts, wrap_up])

    (interval,) = storage.reports.intervals(BURGERZAKEN, *EVER)
    assert interval.starts_at == MONDAY.replace(minute=45)  # queued at 8:59:50, answered at 9:00:15
    assert interval.figures == QueueFigures(
        BURGERZAKEN, offered=1, answered=1, wait_seconds=25, longest_wait_seconds=25, talk_seconds=300,
        wrap_up_seconds=30,
    )  # fmt: skip


@pytest.mark.parametrize(("target", "in_time"), [(20, 0), (25, 1), (45, 1)])
def test_in_time_is_measured_by_the_service_level_at_queueing(storage: Storage, target: int, in_time: int) -> None:
    keep(storage, [opened(), queued(0, target=target), answered(25, 25)])

    assert figures(storage)["burgerzaken"].answered_in_time == in_time


def test_a_quick_drop_is_not_offered(storage: Storage) -> None:
    keep(storage, [opened(), queued(0), left(3, 3, Outcome.QUICK_DROP), ended(3, Outcome.QUICK_DROP)])

    assert figures(storage)["burgerzaken"] == QueueFigures(BURGERZAKEN, quick_drops=1)


def test_a_contact_that_waits_is_not_yet_offered(storage: Storage) -> None:
    keep(storage, [opened(), queued(0)])

    assert figures(storage) == {}


def test_a_contact_queued_twice_in_a_queue_is_one_visit_with_both_waits(storage: Storage) -> None:
    first = [opened(), queued(0), left(60, 60, Outcome.OVERFLOWED)]
    keep(storage, first)
    assert figures(storage)["burgerzaken"].moved == 1

    keep(storage, [queued(100), answered(110, 10)], first=4)

    assert figures(storage)["burgerzaken"] == QueueFigures(
        BURGERZAKEN, offered=1, answered=1, wait_seconds=70, longest_wait_seconds=70
    )


def test_a_contact_that_loses_its_agent_and_waits_again_stays_answered(storage: Storage) -> None:
    keep(storage, [opened(), queued(0), answered(5, 5), talk_ended(9, 4), queued(9), ended(60, Outcome.ABANDONED)])

    row = figures(storage)["burgerzaken"]
    assert (row.offered, row.answered, row.abandoned, row.wait_seconds) == (1, 1, 0, 5)
    (line,) = storage.reports.contacts(*EVER)
    assert (line.waited_seconds, line.outcome) == (56, Outcome.ABANDONED)


def test_a_quick_drop_after_an_earlier_wait_is_an_abandon(storage: Storage) -> None:
    keep(storage, [opened(), queued(0), left(60, 60, Outcome.OVERFLOWED), queued(70), left(72, 2, Outcome.QUICK_DROP)])

    row = figures(storage)["burgerzaken"]
    assert (row.offered, row.abandoned, row.quick_drops) == (1, 1, 0)


def test_a_contact_queued_elsewhere_has_moved(storage: Storage) -> None:
    keep(storage, [opened(), queued(0), queued(30, RECEPTIE), answered(40, 10, RECEPTIE)])

    rows = figures(storage)
    assert (rows["burgerzaken"].moved, rows["burgerzaken"].longest_wait_seconds) == (1, 30)
    assert (rows["receptie"].answered, rows["receptie"].wait_seconds) == (1, 10)


@pytest.mark.parametrize(
    ("outcome", "measure"),
    [(Outcome.LOST, "closed"), (Outcome.CLOSED, "closed"), (Outcome.ABANDONED, "abandoned")],
)
def test_a_contact_that_ends_in_the_queue_is_counted_by_its_end(
    storage: Storage, outcome: Outcome, measure: str
) -> None:
    keep(storage, [opened(), queued(0), ended(30, outcome)])

    row = figures(storage)["burgerzaken"]
    assert (row.offered, getattr(row, measure)) == (1, 1)


def test_a_second_end_of_a_contact_changes_nothing(storage: Storage) -> None:
    keep(storage, [opened(), ended(3, Outcome.LEFT_IN_FLOW), ended(9, Outcome.LOST)])

    (line,) = storage.reports.contacts(*EVER)
    assert (line.ended_at, line.outcome) == (after(3), Outcome.LEFT_IN_FLOW)


def test_a_hold_that_the_hang_up_ends_is_counted(storage: Storage) -> None:
    hold = [events.ContactHeld(after(20), CALL, ANNA), events.ContactResumed(after(30), CALL, ANNA, 10)]
    keep(storage, [opened(), queued(0), answered(5, 5), *hold, events.ContactHeld(after(40), CALL, ANNA)])
    keep(storage, [talk_ended(65, 60)], first=7)

    with reading(storage.engine) as session:
        contact = session.get(ContactRecord, CALL)
        assert contact is not None
        assert (contact.held_ms, contact.held_since) == (35_000, None)


def test_an_agents_day_is_kept_by_status_and_reason(storage: Storage) -> None:
    keep(storage, [status(0, AgentStatus.AVAILABLE), status(60, AgentStatus.ON_BREAK, "Lunch")])
    keep(storage, [status(90, AgentStatus.LOGGED_OFF)], first=3)

    with reading(storage.engine) as session:
        rows = session.scalars(select(AgentStatusPeriod).order_by(AgentStatusPeriod.since)).all()
        periods = [(row.since, row.until, row.status, row.reason) for row in rows]
    assert periods == [
        (after(0), after(60), "available", None),
        (after(60), after(90), "on-break", "Lunch"),
        (after(90), None, "logged-off", None),
    ]


def test_an_agent_starts_from_nothing_at_log_on_and_keeps_the_count_over_a_break(storage: Storage) -> None:
    call = [opened(), queued(0), answered(5, 5), talk_ended(65, 60)]
    keep(storage, [status(0, AgentStatus.AVAILABLE), *call, status(70, AgentStatus.ON_BREAK, "Lunch")])
    (anna,) = storage.contact_log.known_agents()
    assert (anna.handled_contacts, anna.worked) == (1, timedelta(seconds=60))

    keep(storage, [status(80, AgentStatus.LOGGED_OFF), status(90, AgentStatus.AVAILABLE)], first=7)

    (anna,) = storage.contact_log.known_agents()
    assert (anna.handled_contacts, anna.worked) == (0, timedelta())
    assert (anna.status, anna.status_since) == (AgentStatus.AVAILABLE, after(90))


def test_facts_without_their_beginning_still_count(storage: Storage) -> None:
    keep(storage, [answered(30, 30), talk_ended(90, 60), ended(90, Outcome.ANSWERED)])

    row = figures(storage)["burgerzaken"]
    assert (row.offered, row.answered, row.talk_seconds) == (1, 1, 60)


def call_back(*more: Fact) -> list[Fact]:
    asked = events.CallBackAsked(after(60), CALL, BURGERZAKEN, "+31612345678", after(10))
    tried = events.CallBackTried(after(300), CALL, BURGERZAKEN, ANNA, HangUpCause.BUSY, 1, after(1200))
    return [opened(), queued(10), asked, events.CallBackLinedUp(after(70), CALL, BURGERZAKEN), tried, *more]


def test_call_back_that_is_answered_is_one_answer_after_the_whole_wait(storage: Storage) -> None:
    reached = events.CallBackEnded(after(1310), CALL, BURGERZAKEN, reached=True)
    keep(storage, call_back(reached, answered(1310, 1300), talk_ended(1400, 90), ended(1400, Outcome.ANSWERED)))
    row = figures(storage)[BURGERZAKEN]
    assert (row.offered, row.answered, row.answered_in_time, row.wait_seconds) == (1, 1, 0, 1300)


def test_call_back_that_is_given_up_counts_as_closed(storage: Storage) -> None:
    given_up = events.CallBackEnded(after(1310), CALL, BURGERZAKEN, reached=False)
    keep(storage, call_back(left(1310, 1300, Outcome.NOT_REACHED), given_up, ended(1310, Outcome.NOT_REACHED)))
    row = figures(storage)[BURGERZAKEN]
    assert (row.offered, row.answered, row.abandoned, row.closed) == (1, 0, 0, 1)
