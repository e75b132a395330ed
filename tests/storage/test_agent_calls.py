"""The list of calls of an agent follows from the facts, on each database."""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain import events
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Direction
from cxcore.domain.events import Fact
from cxcore.domain.offer import OfferEnd, OfferId
from cxcore.domain.queue import QueueId
from cxcore.ports.agent_calls import AgentCall, CallKind, Mark
from cxcore.storage import Storage
from cxcore.storage.contact_log import rebuild, store
from cxcore.storage.facts import HeldFact
from tests.storage.streams import MONDAY

ANNA, BRAM, QUEUE = AgentId("anna"), AgentId("bram"), QueueId("burgerzaken")
KAREL = "+31612345678"


def after(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


def keep(storage: Storage, *facts: Fact) -> None:
    store(storage.engine, [HeldFact("core-1", number, fact) for number, fact in enumerate(facts, start=1)])


def calls(storage: Storage, agent_id: AgentId = ANNA, *kinds: CallKind) -> list[AgentCall]:
    return list(storage.agent_calls.page(agent_id, kinds or tuple(CallKind), 50))


def shown(storage: Storage, agent_id: AgentId = ANNA) -> list[tuple[str, CallKind, datetime, float]]:
    return [(each.contact_id, each.kind, each.at, each.talked_seconds) for each in calls(storage, agent_id)]


def queued(contact_id: str, at: float, number: str | None = KAREL) -> list[Fact]:
    key = ContactId(contact_id)
    opening = events.ContactOpened(after(at), key, Channel.TELEPHONY, "+31715550101", number, "Karel")
    return [opening, events.ContactQueued(after(at), key, QUEUE, 20)]


def offer(contact_id: str, at: float, agent: AgentId, end: OfferEnd) -> Fact:
    return events.OfferEnded(after(at), OfferId(f"o{at}"), ContactId(contact_id), agent, QUEUE, end, "no-answer")


def answered(contact_id: str, at: float, agent: AgentId) -> Fact:
    return events.ContactAnswered(after(at), ContactId(contact_id), agent, QUEUE, 5.0)


def direct(contact_id: str, at: float, direction: Direction, talked: float) -> list[Fact]:
    key, inbound = ContactId(contact_id), direction is Direction.INBOUND
    dialled, caller = ("+31715550111", KAREL) if inbound else (KAREL, None)
    return [
        events.ContactOpened(after(at), key, Channel.TELEPHONY, dialled, caller, "", direction),
        events.DirectCallStarted(after(at), key, ANNA, direction, KAREL),
        events.DirectCallEnded(after(at + 60), key, ANNA, direction, talked, inbound and not talked),
    ]


def test_offer_that_rang_in_vain_is_missed_and_says_who_took_it(storage: Storage) -> None:
    missed = offer("c1", 20, ANNA, OfferEnd.MISSED)
    keep(
        storage,
        *queued("c1", 0),
        missed,
        answered("c1", 30, BRAM),
        *queued("c2", 40),
        offer("c2", 60, ANNA, OfferEnd.MISSED),
    )
    second, first = calls(storage)
    assert (first.kind, first.at, first.number, first.name, first.queue_id) == (
        CallKind.MISSED,
        after(20),
        KAREL,
        "Karel",
        QUEUE,
    )
    assert (first.answered_by, second.answered_by) == (BRAM, None)
    assert shown(storage, BRAM) == [("c1", CallKind.RECEIVED, after(30), 0)]


def test_contact_that_was_missed_and_then_answered_was_received(storage: Storage) -> None:
    talk = events.TalkEnded(after(90), ContactId("c1"), ANNA, QUEUE, 60.0)
    keep(storage, *queued("c1", 0), offer("c1", 20, ANNA, OfferEnd.MISSED), answered("c1", 30, ANNA), talk)
    assert shown(storage) == [("c1", CallKind.RECEIVED, after(30), 60.0)]


def test_declined_offer_and_one_that_ended_with_the_caller_are_no_missed_calls(storage: Storage) -> None:
    ends = [each for each in OfferEnd if each is not OfferEnd.MISSED]
    keep(storage, *queued("c1", 0), *(offer("c1", at, ANNA, end) for at, end in enumerate(ends, start=1)))
    assert shown(storage) == []


def test_direct_calls_are_made_received_or_missed(storage: Storage) -> None:
    made = direct("made", 0, Direction.OUTBOUND, 0)
    keep(storage, *made, *direct("in", 100, Direction.INBOUND, 42), *direct("gone", 200, Direction.INBOUND, 0))
    kinds = [(each.contact_id, each.kind, each.number, each.talked_seconds) for each in calls(storage)]
    assert kinds == [
        ("gone", CallKind.MISSED, KAREL, 0),
        ("in", CallKind.RECEIVED, KAREL, 42),
        ("made", CallKind.MADE, KAREL, 0),
    ]
    assert [each.contact_id for each in calls(storage, ANNA, CallKind.MISSED)] == ["gone"]


def test_contact_that_a_colleague_hands_over_was_received(storage: Storage) -> None:
    passed = events.ContactTransferred(after(50), ContactId("c1"), "Bram", True, ANNA, BRAM)
    talk = events.TalkEnded(after(50), ContactId("c1"), ANNA, QUEUE, 20.0)
    keep(storage, *queued("c1", 0), answered("c1", 30, ANNA), talk, passed)
    assert shown(storage, BRAM) == [("c1", CallKind.RECEIVED, after(50), 0)]
    assert shown(storage) == [("c1", CallKind.RECEIVED, after(30), 20.0)]


def test_list_goes_on_where_the_page_before_it_ended(storage: Storage) -> None:
    keep(storage, *(fact for at in range(5) for fact in direct(f"c{at}", at * 10, Direction.OUTBOUND, 1)))
    first = storage.agent_calls.page(ANNA, tuple(CallKind), 3)
    rest = storage.agent_calls.page(ANNA, tuple(CallKind), 3, Mark(first[-1].at, first[-1].contact_id))
    assert [each.contact_id for each in (*first, *rest)] == ["c4", "c3", "c2", "c1", "c0"]


def test_lists_are_the_same_when_they_are_made_anew_from_the_facts(storage: Storage) -> None:
    keep(storage, *queued("c1", 0), offer("c1", 20, ANNA, OfferEnd.MISSED), *direct("d", 5, Direction.OUTBOUND, 3))
    before = calls(storage)
    rebuild(storage.engine)
    assert calls(storage) == before


def test_earlier_contacts_are_those_with_the_number_in_either_direction(storage: Storage) -> None:
    keep(
        storage,
        *queued("c1", 0),
        *queued("c2", 10, "+31687654321"),
        *direct("d", 20, Direction.OUTBOUND, 3),
        *queued("c3", 90),
    )
    found = storage.agent_calls.earlier(KAREL, ContactId("c3"), 10)
    assert [(each.contact_id, each.direction) for each in found] == [
        ("d", Direction.OUTBOUND),
        ("c1", Direction.INBOUND),
    ]
    assert [each.contact_id for each in storage.agent_calls.earlier(KAREL, ContactId("c3"), 1)] == ["d"]
