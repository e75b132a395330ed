"""The figures that screens show of the day and those of the reports are the same, on every day and across midnight."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from cxcore.domain import events
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Outcome
from cxcore.domain.events import Fact
from cxcore.domain.measures import Day, Days, QueueDay, milliseconds
from cxcore.domain.queue import QueueId
from cxcore.ports.reports import QueueFigures
from cxcore.storage import Storage
from cxcore.storage.contact_log import store
from cxcore.storage.facts import HeldFact
from tests.storage.streams import MONDAY, day

MIDNIGHT = datetime(2026, 11, 23, 9, 45, tzinfo=UTC)
"""In the middle of the streams; that of a place where the day begins then."""
COUNTS = ("offered", "answered", "answered_in_time", "abandoned", "quick_drops", "moved", "closed")


QUARTER = timedelta(minutes=15)
MOMENTS = 8


def keep(storage: Storage, facts: Sequence[Fact], first: int = 1) -> None:
    store(storage.engine, [HeldFact("core-1", number, fact) for number, fact in enumerate(facts, start=first)])


APART = (Channel.TELEPHONY, Channel.VOICEMAIL, Channel.WEB_CHAT, Channel.WHATSAPP)


def days_of(figures: Day, channel: Channel) -> Days:
    calls, messages = figures.queues, figures.messages
    return {Channel.TELEPHONY: calls, Channel.VOICEMAIL: messages}.get(channel, figures.written_days(channel))


def shown(figures: Day, channel: Channel = Channel.TELEPHONY) -> dict[QueueId, tuple[float, ...]]:
    days = days_of(figures, channel)
    return {
        queue_id: (*(getattr(each, name) for name in COUNTS), each.wait_ms, each.longest_wait_ms)
        for queue_id, each in days.items()
        if each != QueueDay()
    }


def as_shown(rows: Sequence[QueueFigures]) -> dict[QueueId, tuple[float, ...]]:
    return {
        row.queue_id: (
            *(getattr(row, name) for name in COUNTS),
            milliseconds(row.wait_seconds),
            milliseconds(row.longest_wait_seconds),
        )
        for row in rows
        if row.offered or row.quick_drops
    }


def lived_through(facts: Sequence[Fact], began: datetime = MONDAY - timedelta(hours=9)) -> Day:
    """The day of a core that ran all the time, past midnight."""
    figures = Day(began)
    for fact in facts:
        if fact.at >= MIDNIGHT > figures.began:
            figures.begin(MIDNIGHT)
        figures.count(fact)
    return figures


@pytest.mark.parametrize("seed", range(12))
def test_screens_and_reports_say_the_same_of_a_random_day(storage: Storage, seed: int) -> None:
    facts = day(seed, contacts=60)
    keep(storage, facts)

    for channel in APART:
        figures = storage.reports.queue_figures(MIDNIGHT, MIDNIGHT + timedelta(days=1), channel)
        assert shown(lived_through(facts), channel) == as_shown(figures)


@pytest.mark.parametrize("seed", range(12))
def test_they_still_do_after_another_core_took_the_floor(storage: Storage, seed: int) -> None:
    facts = day(seed, contacts=60)
    before = facts[: len(facts) * 2 // 3]
    keep(storage, before)
    restarted = Day(MIDNIGHT)
    for channel in APART:
        for row in storage.reports.queue_figures(MIDNIGHT, MIDNIGHT + timedelta(days=1), channel):
            days_of(restarted, channel)[row.queue_id] = taken_over(row)
    restarted.written = {each.contact_id: each.channel for each in storage.contact_log.open_chats()}
    restarted.apart = {each.contact_id for each in storage.contact_log.left_messages()}
    restarted.visits = {each.contact_id: dict(each.visits) for each in storage.contact_log.open_contacts()}

    for fact in facts[len(before) :]:
        restarted.count(fact)

    for channel in APART:
        assert shown(restarted, channel) == shown(lived_through(facts), channel)


@pytest.mark.parametrize("seed", range(8))
def test_screens_and_reports_say_the_same_at_random_moments_of_a_random_day(storage: Storage, seed: int) -> None:
    """Each figure of each queue and channel, while contacts wait and talk, before and after midnight; for the reports
    both as one period and as its quarters of an hour, summed as a table of them is."""
    facts, dice, figures = day(seed + 100, contacts=60), random.Random(seed), Day(MONDAY - timedelta(hours=9))
    kept = 0
    for moment in sorted(dice.sample(range(1, len(facts) + 1), MOMENTS)):
        keep(storage, facts[kept:moment], kept + 1)
        for fact in facts[kept:moment]:
            if fact.at >= MIDNIGHT > figures.began:
                figures.begin(MIDNIGHT)
            figures.count(fact)
        kept = moment
        since = max(figures.began, MIDNIGHT - timedelta(hours=1))
        until = MIDNIGHT if figures.began < MIDNIGHT else MIDNIGHT + timedelta(hours=3)
        for channel in APART:
            assert as_shown(storage.reports.queue_figures(since, until, channel)) == shown(figures, channel)
            assert by_quarters(storage, since, until, channel) == shown(figures, channel)


def by_quarters(
    storage: Storage, since: datetime, until: datetime, channel: Channel
) -> dict[QueueId, tuple[float, ...]]:
    sums: dict[QueueId, tuple[float, ...]] = {}
    for number in range((until - since) // QUARTER):
        rows = storage.reports.queue_figures(since + number * QUARTER, since + (number + 1) * QUARTER, channel)
        for queue_id, (*counts, longest) in as_shown(rows).items():
            *before, longest_before = sums.get(queue_id, (0.0,) * (len(counts) + 1))
            summed = (one + other for one, other in zip(before, counts, strict=True))
            sums[queue_id] = (*summed, max(longest_before, longest))
    return sums


def taken_over(row: QueueFigures) -> QueueDay:
    figures = QueueDay(**{name: getattr(row, name) for name in COUNTS})
    figures.wait_ms, figures.longest_wait_ms = milliseconds(row.wait_seconds), milliseconds(row.longest_wait_seconds)
    return figures


def test_a_contact_that_was_queued_before_midnight_belongs_to_yesterday(storage: Storage) -> None:
    opened, queued, *rest = one_contact(queued=MIDNIGHT - timedelta(seconds=1), waits=[(5.0, True)])
    keep(storage, [opened, queued, *rest])

    assert shown(lived_through([opened, queued, *rest])) == {}
    assert as_shown(storage.reports.queue_figures(MIDNIGHT, MIDNIGHT + timedelta(days=1))) == {}


def test_a_contact_that_is_queued_twice_in_a_queue_counts_once(storage: Storage) -> None:
    facts = one_contact(queued=MIDNIGHT, waits=[(30.0, False), (12.0, True)])
    keep(storage, facts)

    figures = lived_through(facts).queues[QueueId("burgerzaken")]
    assert (figures.offered, figures.answered, figures.moved, figures.wait_ms) == (1, 1, 0, 42_000)
    assert figures.answered_in_time == 0


def one_contact(queued: datetime, waits: Sequence[tuple[float, bool]]) -> list[Fact]:
    call, queue, now = ContactId("call"), QueueId("burgerzaken"), queued
    facts: list[Fact] = [events.ContactOpened(now, call, Channel.TELEPHONY, "+31715550101", None, "")]
    for seconds, answered in waits:
        facts.append(events.ContactQueued(now, call, queue, 20))
        now += timedelta(seconds=seconds)
        if answered:
            facts.append(events.ContactAnswered(now, call, AgentId("anna"), queue, seconds))
        else:
            facts.append(events.ContactLeftQueue(now, call, queue, Outcome.OVERFLOWED, seconds))
    return facts
