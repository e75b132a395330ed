"""What every outbox does: the one in memory, and the real one on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cxcore.domain.contact import Channel, ContactId
from cxcore.domain.events import ContactOpened
from cxcore.ports.outbox import Letter, Way
from cxcore.storage import open_storage
from cxcore.storage.engine import writing
from cxcore.storage.facts import HeldFact
from cxcore.storage.outbox import SqlOutbox, add_letters
from tests.databases import PostgreSQL
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import FakeOutbox

AnyOutbox = FakeOutbox | SqlOutbox
LEASE = timedelta(minutes=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def outbox(request: pytest.FixtureRequest, clock: FakeClock, tmp_path: Path) -> Iterator[AnyOutbox]:
    if request.param == "fake":
        yield FakeOutbox(clock.now)
    elif request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path / 'cx.db'}", clock, tmp_path)
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        name = server.lend()
        yield from opened(server.url(name), clock, tmp_path)
        server.take_back(name)


def opened(url: str, clock: FakeClock, folder: Path) -> Iterator[SqlOutbox]:
    storage = open_storage(url, folder / "spill")
    yield SqlOutbox(storage.engine, frozenset(Way), clock.now)
    storage.close()


def taken(outbox: AnyOutbox, clock: FakeClock, way: Way = Way.MAIL) -> str:
    """Whose letter is taken; empty when none is due."""
    letter = outbox.take(way, clock.now(), clock.now() + LEASE)
    return "" if letter is None else letter.letter.recipient


def test_mail_is_a_letter_for_each_recipient_taken_in_order_and_by_one_only(
    outbox: AnyOutbox, clock: FakeClock
) -> None:
    assert outbox.mail("Storing", "Het beeld is zwart.", ["a@example.nl", "b@example.nl"])
    clock.advance(1)
    assert outbox.mail("Later", "Nog een.", ["c@example.nl"])
    assert [taken(outbox, clock) for _ in range(4)] == ["a@example.nl", "b@example.nl", "c@example.nl", ""]
    assert taken(outbox, clock, Way.WEBHOOK) == ""


def test_mail_to_nobody_is_not_tried(outbox: AnyOutbox, clock: FakeClock) -> None:
    assert not outbox.mail("Storing", "Het beeld is zwart.", [])


def test_letter_whose_sending_was_broken_off_is_due_again_after_the_lease(outbox: AnyOutbox, clock: FakeClock) -> None:
    outbox.mail("Storing", "Het beeld is zwart.", ["a@example.nl"])
    first = outbox.take(Way.MAIL, clock.now(), clock.now() + LEASE)
    clock.advance(LEASE.total_seconds() - 1)
    assert taken(outbox, clock) == ""
    clock.advance(1)
    again = outbox.take(Way.MAIL, clock.now(), clock.now() + LEASE)
    assert first is not None
    assert again is not None
    assert (again.letter_id, again.at, again.letter) == (first.letter_id, first.at, first.letter)
    assert (first.attempts, again.attempts) == (1, 2)


def test_core_that_begins_finds_all_that_waits_due_but_not_what_was_given_up(
    outbox: AnyOutbox, clock: FakeClock
) -> None:
    outbox.mail("Storing", "Het beeld is zwart.", ["a@example.nl", "b@example.nl"])
    given_up = outbox.take(Way.MAIL, clock.now(), clock.now() + LEASE)
    assert given_up is not None
    outbox.give_up(given_up.letter_id, "the server is away", clock.now())
    assert taken(outbox, clock) == "b@example.nl"
    outbox.hurry(Way.WEBHOOK, clock.now())
    assert taken(outbox, clock) == ""
    outbox.hurry(Way.MAIL, clock.now())
    assert [taken(outbox, clock), taken(outbox, clock)] == ["b@example.nl", ""]


def test_letter_that_was_taken_leaves_nothing(outbox: AnyOutbox, clock: FakeClock) -> None:
    outbox.mail("Storing", "Het beeld is zwart.", ["a@example.nl"])
    letter = outbox.take(Way.MAIL, clock.now(), clock.now() + LEASE)
    assert letter is not None
    outbox.sent(letter.letter_id)
    clock.advance(LEASE.total_seconds())
    assert (taken(outbox, clock), outbox.trouble(Way.MAIL, clock.now())) == ("", "")


def test_letter_that_was_put_back_is_due_then_and_its_fault_is_told(outbox: AnyOutbox, clock: FakeClock) -> None:
    outbox.mail("Storing", "Het beeld is zwart.", ["a@example.nl"])
    letter = outbox.take(Way.MAIL, clock.now(), clock.now() + LEASE)
    assert letter is not None
    outbox.put_back(letter.letter_id, "the server is away", clock.now() + timedelta(seconds=5))
    assert taken(outbox, clock) == ""
    assert outbox.trouble(Way.MAIL, clock.now()) == "the server is away"
    assert outbox.trouble(Way.WEBHOOK, clock.now()) == ""
    clock.advance(5)
    assert taken(outbox, clock) == "a@example.nl"


def test_letter_that_was_given_up_is_never_due_and_is_told_for_as_long_as_is_asked(
    outbox: AnyOutbox, clock: FakeClock
) -> None:
    outbox.mail("Storing", "Het beeld is zwart.", ["a@example.nl"])
    letter = outbox.take(Way.MAIL, clock.now(), clock.now() + LEASE)
    assert letter is not None
    at = clock.now()
    outbox.give_up(letter.letter_id, "the server is away", at)
    clock.advance(100_000)
    assert taken(outbox, clock) == ""
    assert outbox.trouble(Way.MAIL, at) == "given up: the server is away"
    assert outbox.trouble(Way.MAIL, clock.now()) == ""


def test_later_line_of_a_chat_waits_for_the_earlier_one_and_those_of_other_chats_do_not(
    outbox: AnyOutbox, clock: FakeClock
) -> None:
    for number, (name, chat) in enumerate((("a", "c1"), ("b", "c1"), ("c", "c2")), start=1):
        hand_in(outbox, number, Letter(Way.WHATSAPP, chat, "{}", recipient=name), clock)
        clock.advance(1)
    first = outbox.take(Way.WHATSAPP, clock.now(), clock.now() + LEASE)
    assert first is not None
    assert first.letter.recipient == "a"
    assert [taken(outbox, clock, Way.WHATSAPP) for _ in range(2)] == ["c", ""]
    outbox.give_up(first.letter_id, "refused", clock.now())
    assert taken(outbox, clock, Way.WHATSAPP) == "b"


def hand_in(outbox: AnyOutbox, number: int, letter: Letter, clock: FakeClock) -> None:
    """As a fact does."""
    if isinstance(outbox, FakeOutbox):
        outbox.add(f"f-{number}", letter)
        return
    held = HeldFact("f", number, ContactOpened(clock.now(), ContactId("c1"), Channel.WHATSAPP, "", None, ""))
    with writing(outbox._engine) as session:
        add_letters(session, [held], lambda _: [letter])
