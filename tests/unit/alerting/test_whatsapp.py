"""The lines of chats as letters: sealed until they are sent, in their order, and told when they are given up."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from cxcore.alerting.alerts import Alerts
from cxcore.alerting.courier import Courier
from cxcore.alerting.whatsapp import LineSender, letters_of, line_of
from cxcore.domain.agent import AgentId
from cxcore.domain.chat import Author
from cxcore.domain.contact import ContactId
from cxcore.domain.events import ChatWritten
from cxcore.ports.outbox import KeptLetter, Letter, Way
from tests.fakes.clock import FakeClock
from tests.fakes.messenger import FakeMessenger
from tests.fakes.outbox import FakeOutbox
from tests.fakes.transcripts import FakeTranscripts
from tests.unit.alerting.test_courier import at_once

C1, C2 = ContactId("c1"), ContactId("c2")
VIA, KAREL = "106540352242922", "+31612345678"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Post:
    """A courier with everything round it."""

    def __init__(self) -> None:
        self.clock, self.messenger, self.transcripts = FakeClock(), FakeMessenger(), FakeTranscripts()
        self.outbox = FakeOutbox(self.clock.now)
        self.numbers: dict[ContactId, str | None] = {C1: KAREL, C2: "+31687654321"}
        self.lost: list[tuple[ContactId, int, str]] = []
        sender = LineSender(self.messenger, self.transcripts, self.numbers.get)
        self.courier = Courier(
            Way.WHATSAPP, sender.send, self.outbox, self.clock, timedelta(minutes=10), (5.0, 60.0), at_once
        )
        self.courier.lost = lambda letter, why: self.lost.append((*line_of(letter), why))
        self.alerts = Alerts(lambda _: None, lambda at: at, [self.courier])

    def writes(self, text: str, number: int = 2, contact_id: ContactId = C1, author: Author = Author.AGENT) -> None:
        sealed = self.transcripts.seal(contact_id, number, text)
        fact = ChatWritten(self.clock.now(), contact_id, AgentId("anna"), author, number, sealed, "", VIA)
        for letter in self.alerts.letters_of(fact):
            self.outbox.add(f"{contact_id}-{number}", letter)
        self.clock.advance(1)

    def texts(self) -> list[str]:
        return [each.text for each in self.messenger.sent]


@pytest.fixture
def post() -> Post:
    return Post()


def test_line_of_an_agent_goes_to_the_customer_and_one_of_the_customer_nowhere(post: Post) -> None:
    post.writes("Mag ik iets vragen?", 1, author=Author.CUSTOMER)
    post.writes("Zeker.")
    post.courier.deliver_due()
    ((sent),) = post.messenger.sent
    assert (sent.via, sent.to, sent.text, sent.reference) == (VIA, KAREL, "Zeker.", "c1/2")
    assert post.outbox.kept == {}


def test_line_of_a_page_and_one_at_a_site_without_whatsapp_are_no_letters(post: Post) -> None:
    written = ChatWritten(NOON, C1, AgentId("anna"), Author.AGENT, 2, "sealed")
    assert letters_of(written) == ()
    post.alerts.couriers = []
    post.writes("Zeker.")
    assert post.outbox.kept == {}


def test_letter_holds_neither_the_text_nor_the_number(post: Post) -> None:
    post.writes("geheim")
    (kept,) = post.outbox.kept.values()
    assert "geheim" not in repr(kept)
    assert "612345678" not in repr(kept)
    assert json.loads(kept.letter.letter.body)["number"] == 2


def test_lines_of_a_chat_stay_in_order_when_one_must_wait_and_hold_up_no_other_chat(post: Post) -> None:
    post.messenger.away = True
    post.writes("een")
    post.courier.deliver_due()
    post.messenger.away = False
    post.writes("twee", 3)
    post.writes("van een ander", 2, C2)
    post.courier.deliver_due()
    assert post.texts() == ["van een ander"]
    post.clock.advance(3)
    post.courier.deliver_due()
    assert post.texts() == ["van een ander", "een", "twee"]


def test_refused_line_is_told_at_once_is_no_trouble_of_the_system_and_holds_up_nothing(post: Post) -> None:
    post.messenger.refuses = "131047"
    post.writes("Bent u er nog?")
    post.courier.deliver_due()
    assert post.lost == [(C1, 2, "131047")]
    assert post.courier.fault == ""
    post.messenger.refuses = ""
    post.writes("Hallo?", 3)
    post.courier.deliver_due()
    assert post.texts() == ["Hallo?"]


def test_service_that_stays_away_shows_in_the_health_and_after_ten_minutes_at_the_line(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.messenger.away = True
    post.writes("geheim")
    with caplog.at_level(logging.DEBUG):
        for _ in range(11):
            post.courier.deliver_due()
            post.clock.advance(60)
    assert post.lost == [(C1, 2, "away")]
    assert "WhatsApp" in post.alerts.reading().reason
    assert "geheim" not in caplog.text
    assert "612345678" not in caplog.text


def test_line_whose_text_or_number_was_erased_is_never_sent(post: Post) -> None:
    post.writes("een")
    post.numbers[C1] = None
    post.writes("twee", 2, C2)
    post.transcripts.erase(C2)
    post.courier.deliver_due()
    assert post.lost == [(C1, 2, "gone"), (C2, 2, "gone")]
    assert post.texts() == []


def test_line_is_known_by_its_letter() -> None:
    body = json.dumps({"number": 7, "via": VIA, "sealed": "x"})
    assert line_of(KeptLetter("n", NOON, Letter(Way.WHATSAPP, "c1", body), 1)) == (C1, 7)
