"""What Meta may tell of WhatsApp, and what nobody else may."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from admin_web.app import WebSettings
from admin_web.hooks.whatsapp import LARGEST, commands_in
from cxcore.domain import events
from cxcore.domain.chat import Author
from cxcore.domain.commands import NoteRead, NoteUndelivered, TakeMessage
from cxcore.domain.contact import Channel, ContactId
from cxcore.ports.controller import CommandRefused, ControllerUnavailable
from tests.cast import ANNA, SOFIE
from tests.fakes.directory import FakeDirectory
from tests.fakes.transcripts import FakeTranscripts
from tests.unit.feed.rows import NINE
from tests.web.conftest import KEY, Desk, make_desk

SECRET, WORD = b"the-secret-of-the-app", b"a-word-of-our-own"
VIA, KAREL = "106540352242922", "31612345678"
HOOK = "/hooks/whatsapp"


@pytest.fixture
def desk() -> Desk:
    return make_desk(WebSettings(secret_key=KEY, whatsapp_secret=SECRET, whatsapp_word=WORD))


def told(value: Mapping[str, Any], field: str = "messages") -> dict[str, Any]:
    """The body of a delivery, as webhooks/components shows it."""
    metadata = {"display_phone_number": "31715555555", "phone_number_id": VIA}
    whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    changes = [{"field": field, "value": whole}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


def message(said: str = "Is het loket open?", name: str = "wamid.1", **changes: Any) -> dict[str, Any]:
    contacts = [{"profile": {"name": "Karel"}, "wa_id": KAREL}]
    whole = {"from": KAREL, "id": name, "timestamp": "1772442000", "type": "text", "text": {"body": said}, **changes}
    return told({"contacts": contacts, "messages": [whole]})


def failed(reference: str = "c1/2", code: int = 131047, status: str = "failed") -> dict[str, Any]:
    said = {"id": "wamid.out1", "status": status, "recipient_id": KAREL, "errors": [{"code": code, "title": "…"}]}
    return told({"statuses": [{**said, "biz_opaque_callback_data": reference}]})


def post(desk: Desk, body: object, secret: bytes = SECRET, signature: str | None = None) -> TestResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = f"sha256={hmac.new(secret, raw, hashlib.sha256).hexdigest()}" if signature is None else signature
    headers = {"X-Hub-Signature-256": signed}
    return desk.app.test_client().post(HOOK, data=raw, headers=headers, content_type="application/json")


def asks(desk: Desk, word: str = WORD.decode(), mode: str = "subscribe", challenge: str = "1158201444") -> TestResponse:
    query = {"hub.mode": mode, "hub.verify_token": word, "hub.challenge": challenge}
    return desk.app.test_client().get(HOOK, query_string=query)


def test_meta_is_answered_its_challenge_when_it_knows_our_word(desk: Desk) -> None:
    answer = asks(desk)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "1158201444", "text/plain")


@pytest.mark.parametrize(
    "wrong", [{"word": "guessed"}, {"word": ""}, {"mode": "unsubscribe"}, {"challenge": "<script>"}, {"challenge": ""}]
)
def test_nobody_else_is(desk: Desk, wrong: dict[str, str]) -> None:
    assert asks(desk, **wrong).status_code == 403


def test_there_is_no_hook_without_both_secrets() -> None:
    for secret, word in ((b"", b""), (SECRET, b""), (b"", WORD)):
        without = make_desk(WebSettings(secret_key=KEY, whatsapp_secret=secret, whatsapp_word=word))
        assert asks(without).status_code == 404
        assert post(without, message()).status_code == 404
        assert without.controller.submitted == []


def test_message_is_handed_to_the_core(desk: Desk) -> None:
    assert post(desk, message()).status_code == 200
    assert desk.controller.submitted == [
        TakeMessage("whatsapp", VIA, f"+{KAREL}", "Is het loket open?", "Karel", "wamid.1")
    ]


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "é"])
def test_what_is_not_signed_does_nothing(desk: Desk, signature: str) -> None:
    assert post(desk, message(), signature=signature).status_code == 401
    assert desk.controller.submitted == []


def test_signature_of_another_app_and_of_another_body_are_refused(desk: Desk) -> None:
    assert post(desk, message(), secret=b"of another app").status_code == 401
    signed = hmac.new(SECRET, json.dumps(message()).encode(), hashlib.sha256).hexdigest()
    assert post(desk, message("iets anders"), signature=f"sha256={signed}").status_code == 401
    assert desk.controller.submitted == []


def test_body_that_is_too_large_is_refused_unread(desk: Desk) -> None:
    assert post(desk, b" " * (LARGEST + 1)).status_code == 413


def test_body_that_is_no_json_is_refused(desk: Desk) -> None:
    assert post(desk, b"{").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        [], "x", 7, {}, {"entry": 1}, {"entry": [1]}, {"entry": [{"changes": {}}]}, told({"messages": 1}),
        told({"messages": [{}]}), message(**{"from": "<b>"}), message(id=7),
        message(type="text", text={"body": 7}), message(type=None, id=""),
        told({"contacts": [7], "statuses": [7]}), failed(reference="../x"), failed(reference=""),
        failed(status="delivered"), told({}, field="account_update"),
    ],
)  # fmt: skip
def test_body_of_another_form_is_taken_for_nothing(desk: Desk, body: object) -> None:
    assert post(desk, body).status_code == 200
    assert desk.controller.submitted == []


@pytest.mark.parametrize(
    ("kind", "part", "read"),
    [
        ("image", {"id": "1", "caption": "mijn pas"}, ["[afbeelding] mijn pas"]),
        ("audio", {"id": "1"}, ["[spraakbericht]"]),
        ("button", {"text": "Ja"}, ["Ja"]),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "Paspoort"}}, ["Paspoort"]),
        ("document", {"id": "1", "filename": "bezwaar.pdf"}, ["[document] bezwaar.pdf"]),
        ("order", {"catalog_id": "1"}, ["[bestelling]"]),
        ("unsupported", None, ["[bericht dat hier niet te lezen is]"]),
        ("reaction", {"emoji": "👍"}, []),
    ],
)
def test_agent_sees_that_something_else_than_text_was_sent(kind: str, part: object, read: Sequence[str]) -> None:
    changes: dict[str, Any] = {"type": kind, kind: part}
    found = commands_in(message(**changes))
    assert [each.text for each in found if isinstance(each, TakeMessage)] == read


HIDDEN = "NL.13491208655302741918"


def test_who_hides_the_phone_number_is_known_by_the_user_id_and_called_by_the_username(desk: Desk) -> None:
    profile = {"name": "Karel", "username": "karel.uit.noordwijk"}
    said = {"from_user_id": HIDDEN, "id": "wamid.1", "type": "text", "text": {"body": "Dag"}}
    post(desk, told({"contacts": [{"profile": profile, "user_id": HIDDEN}], "messages": [said]}))
    (taken,) = desk.controller.submitted
    assert taken == TakeMessage("whatsapp", VIA, HIDDEN, "Dag", "Karel @karel.uit.noordwijk", "wamid.1")


def test_number_counts_before_the_user_id_and_without_either_nothing_is_taken(desk: Desk) -> None:
    with_both = message(from_user_id=HIDDEN)
    with_neither = message(**{"from": "", "from_user_id": "nl.1"})
    found = [each for body in (with_both, with_neither) for each in commands_in(body)]
    assert [each.sender for each in found if isinstance(each, TakeMessage)] == [f"+{KAREL}"]


def test_line_that_was_read_is_told_and_one_that_only_arrived_is_not(desk: Desk) -> None:
    for status in ("sent", "delivered", "read"):
        assert post(desk, failed(status=status)).status_code == 200
    assert desk.controller.submitted == [NoteRead("whatsapp", ContactId("c1"), 2)]


def test_trouble_of_the_account_is_logged_by_its_code(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    assert post(desk, told({"errors": [{"code": 130429, "title": "Rate limit hit"}]})).status_code == 200
    assert "130429" in caplog.text


def test_line_that_failed_is_told_with_its_code(desk: Desk) -> None:
    assert post(desk, failed()).status_code == 200
    assert desk.controller.submitted == [NoteUndelivered("whatsapp", ContactId("c1"), 2, "131047")]


def test_while_the_core_is_away_meta_is_asked_to_deliver_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.controller, "submit", refusing(ControllerUnavailable("away")))
    assert post(desk, message()).status_code == 503


def test_what_the_core_refuses_is_not_delivered_again_and_no_text_is_logged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(desk.controller, "submit", refusing(CommandRefused("not-found", "no such page")))
    with caplog.at_level(logging.DEBUG):
        assert post(desk, message("geheim")).status_code == 200
    assert "not-found" in caplog.text
    assert "geheim" not in caplog.text
    assert KAREL not in caplog.text


def test_number_of_whatsapp_has_no_page_to_chat_on(desk: Desk) -> None:
    directory = desk.app.extensions["cx-ports"].directory
    assert isinstance(directory, FakeDirectory)
    pages = directory.chat_pages
    pages["whatsapp"] = replace(pages["noordwijk"], key="whatsapp", whatsapp=VIA)
    assert desk.visitor().get("/chat/whatsapp").status_code == 404


def refusing(error: Exception) -> Any:
    def submit(_: object) -> None:
        raise error

    return submit


def test_agents_page_gets_the_line_that_did_not_arrive_and_the_words_for_it(desk: Desk) -> None:
    page = desk.visitor_as(ANNA).get("/agent").text
    assert "Niet bezorgd: meer dan 24 uur na het laatste bericht van de klant" in page
    assert "Niet bezorgd: WhatsApp weigerde het, code {code}" in page


def test_page_of_the_contact_tells_what_was_written_by_whom_and_what_did_not_arrive(desk: Desk) -> None:
    one = ContactId("w1")
    kept = FakeTranscripts()
    desk.app.extensions["cx-ports"] = replace(desk.app.extensions["cx-ports"], transcripts=kept)
    lines = [(None, Author.CUSTOMER, "Hallo"), ("anna", Author.AGENT, "Dag!"), (None, Author.HOUSE, "Gesloten.")]
    desk.reports.facts = [
        events.ContactOpened(NINE, one, Channel.WHATSAPP, "WhatsApp Noordwijk", f"+{KAREL}", "Karel"),
        *(
            events.ChatWritten(NINE, one, agent, author, number, kept.seal(one, number, text), "", VIA)  # type: ignore[arg-type]
            for number, (agent, author, text) in enumerate(lines, start=1)
        ),
        events.ChatUndelivered(NINE, one, 2, "131047"),
    ]
    page = desk.visitor_as(SOFIE).get("/supervisor/contacts/w1").text
    assert "stuurde een WhatsApp-bericht naar WhatsApp Noordwijk" in page
    for said in ("Hallo", "Dag!", "Gesloten.", "Automatisch bericht", "Regel 2. Niet bezorgd: meer dan 24 uur"):
        assert said in page
    assert page.count("Niet bezorgd") == 2
