"""The customer's chat page: what anybody may ask of it, and what nobody may."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cxcore.domain import commands, events
from cxcore.domain.agent import AgentId
from cxcore.domain.chat import Author
from cxcore.domain.contact import Channel, ContactId
from cxcore.ports.controller import ChatLineRow, ChatRow, Subject
from tests.cast import AAD, ANNA, SOFIE
from tests.fakes.transcripts import FakeTranscripts
from tests.unit.feed.rows import NINE
from tests.web.conftest import Desk

PAGE = "/chat/noordwijk"
FIRST, SECOND = "a" * 32, "b" * 32


def post(desk: Desk, what: str, key: str = "", address: str = "192.0.2.1", **body: Any) -> TestResponse:
    headers = {"X-Chat-Key": key, "Accept": "application/json"}
    environ = {"REMOTE_ADDR": address}
    return desk.app.test_client().post(f"{PAGE}/{what}", json=body, headers=headers, environ_base=environ)


def told(answer: TestResponse) -> dict[str, Any]:
    """The JSON object that was answered."""
    found: dict[str, Any] = json.loads(answer.text)
    return found


def starts(desk: Desk, text: str = "Mag ik iets vragen?", token: str = FIRST) -> str:
    answer = post(desk, "start", text=text, name="Karel", token=token)
    assert answer.status_code == 200
    return str(told(answer)["key"])


def news(desk: Desk, key: str, after: int = 0, mark: str = "") -> TestResponse:
    path = f"{PAGE}/news?after={after}&mark={mark}"
    return desk.app.test_client().get(path, headers={"X-Chat-Key": key})


def only_chat(desk: Desk) -> ContactId:
    (started,) = [each for each in desk.controller.submitted if isinstance(each, commands.StartChat)]
    return started.contact_id


def test_page_sets_no_cookie_and_loads_nothing_foreign(desk: Desk) -> None:
    answer = desk.visitor().get(PAGE)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "http" not in answer.text.replace("http://localhost", "")


def test_page_may_be_framed_by_the_websites_of_the_configuration_only(desk: Desk) -> None:
    answer = desk.visitor().get(PAGE)
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.noordwijk.nl" in policy
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors 'none'" in desk.visitor().get("/sign-in").headers["Content-Security-Policy"]


def test_website_loads_the_button_from_anywhere(desk: Desk) -> None:
    answer = desk.visitor().get(f"{PAGE}/embed.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.mimetype == "text/javascript"
    assert f'"http://localhost{PAGE}"' in answer.text
    assert desk.visitor().get("/chat/elders/embed.js").status_code == 404


def test_closed_queue_says_when_the_chat_opens_again(desk: Desk) -> None:
    opens_at = datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
    desk.controller.put(replace(desk.controller.queue("burgerzaken"), open=False, opens_at=opens_at))
    page = desk.visitor().get(PAGE).text
    assert "De chat gaat weer open op dinsdag 3 maart om 08:30 uur." in page
    assert 'id="start" hidden' in page


def test_page_speaks_english_to_who_wants_it(desk: Desk) -> None:
    assert "Your question" in desk.visitor().get(f"{PAGE}?lang=en").text


def test_customer_and_agent_read_each_other(desk: Desk) -> None:
    key = starts(desk)
    heard = told(news(desk, key))
    assert (heard["state"], heard["place"]) == ("waiting", 1)
    assert [line["text"] for line in heard["lines"]] == ["Mag ik iets vragen?"]
    contact_id = only_chat(desk)
    desk.visitor_as(ANNA).command("accept-chat", contact_id=contact_id)
    desk.visitor_as(ANNA).command("answer-chat", text="Zeker.", token="a1")
    assert post(desk, "write", key, text="Fijn.", token=SECOND).status_code == 204

    heard = told(news(desk, key, after=1))

    assert (heard["state"], heard["agent"]) == ("talking", "Anna de Vries")
    lines = [(line["author"], line["name"], line["text"]) for line in heard["lines"]]
    assert lines == [("agent", "Anna de Vries", "Zeker."), ("customer", "", "Fijn.")]


def test_customer_and_agent_see_that_the_other_writes_and_the_agent_what_was_read(desk: Desk) -> None:
    key = starts(desk)
    anna = desk.visitor_as(ANNA)
    anna.command("accept-chat", contact_id=only_chat(desk))
    assert anna.command("type-answer").status_code == 204
    assert told(news(desk, key))["writesUntil"] is not None
    assert post(desk, "type", key).status_code == 204
    path = f"{PAGE}/news?after=1&read=1"
    desk.app.test_client().get(path, headers={"X-Chat-Key": key})

    row = desk.controller.picture().rows[Subject.CHAT, only_chat(desk)]
    assert isinstance(row, ChatRow)
    assert row.customer_writes_until is not None
    assert row.read == 1
    for _ in range(60):
        assert post(desk, "type", key).status_code == 204
    assert sum(isinstance(each, commands.TypeInChat) for each in desk.controller.submitted) == 40


def test_chat_that_the_core_has_begun_waits_although_the_picture_lacks_it_yet(desk: Desk) -> None:
    key, contact_id = starts(desk), only_chat(desk)
    for subject, name in ((Subject.CHAT, contact_id), (Subject.CHAT_LINE, f"{contact_id}/1")):
        desk.controller.vanishes(subject, name)
    desk.controller.still_runs.add(contact_id)
    heard = told(news(desk, key))
    assert (heard["state"], heard["lines"]) == ("waiting", [])


def test_request_that_is_sent_again_begins_one_chat(desk: Desk) -> None:
    first, second = starts(desk), starts(desk)
    assert told(news(desk, first))["lines"] == told(news(desk, second))["lines"]
    identities = {each.contact_id for each in desk.controller.submitted if isinstance(each, commands.StartChat)}
    assert len(identities) == 1


def test_page_that_asks_is_there_for_the_core(desk: Desk) -> None:
    key = starts(desk)
    news(desk, key)
    post(desk, "lose", key)
    assert [type(each) for each in desk.controller.submitted[-2:]] == [commands.SeeChat, commands.LoseChat]


def test_ended_chat_says_who_ended_it(desk: Desk) -> None:
    key = starts(desk)
    desk.controller.ends_chat(only_chat(desk), "agent")
    heard = told(news(desk, key))
    assert (heard["state"], heard["words"]) == ("ended", "De medewerker heeft de chat beëindigd.")


@pytest.mark.parametrize("key", ["", "nonsense", "WyJjMSIsIm5vb3Jkd2lqayJd.aaaa.bbbb"])
def test_without_its_key_nobody_reads_or_writes_a_chat(desk: Desk, key: str) -> None:
    starts(desk)
    before = len(desk.controller.submitted)
    assert news(desk, key).status_code == 401
    for what in ("write", "leave", "lose"):
        assert post(desk, what, key, text="Hallo", token=SECOND).status_code == 401
    assert len(desk.controller.submitted) == before


def test_key_of_one_chat_opens_no_other(desk: Desk) -> None:
    first = starts(desk)
    starts(desk, "Geheim", SECOND)
    assert "Geheim" not in json.dumps(told(news(desk, first)))


@pytest.mark.parametrize(
    "body",
    [
        {"text": "", "token": FIRST},
        {"text": 5, "token": FIRST},
        {"text": "x" * 4001, "token": FIRST},
        {"text": "Hallo", "token": "kort"},
        {"text": "Hallo", "token": FIRST, "name": ["x"]},
    ],
)
def test_broken_request_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    assert post(desk, "start", **body).status_code == 400
    assert desk.controller.submitted == []


def test_one_address_begins_only_so_many_chats_in_ten_minutes(desk: Desk) -> None:
    codes = [post(desk, "start", text="Hallo", token=f"{number:032x}").status_code for number in range(11)]
    assert codes == [200] * 10 + [429]
    assert post(desk, "start", address="192.0.2.9", text="Hallo", token=FIRST).status_code == 200


def test_one_chat_takes_only_so_many_lines_a_minute(desk: Desk) -> None:
    key = starts(desk)
    codes = {post(desk, "write", key, text="Hallo", token=f"{number:032x}").status_code for number in range(31)}
    assert codes == {204, 429}


def test_core_that_is_away_is_said_and_the_text_stays_with_the_customer(desk: Desk) -> None:
    key = starts(desk)
    desk.controller.heard = False
    answer = post(desk, "write", key, text="Hallo", token=SECOND)
    assert answer.status_code == 503
    assert "Uw bericht staat nog in het tekstvak" in told(answer)["detail"]


def test_what_is_written_is_not_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    key = starts(desk, "geheime-zin")
    post(desk, "write", key, text="geheime-zin", token=SECOND)
    desk.controller.heard = False
    post(desk, "write", key, text="geheime-zin", token=FIRST)
    assert "geheime-zin" not in caplog.text
    line = ChatLineRow("c1", 1, NINE, "customer", "geheime-zin")
    said = repr([*desk.controller.submitted, line])
    assert "geheime-zin" not in said


# --- Kept ------------------------------------------------------------------------------------------------------------


def kept(desk: Desk) -> FakeTranscripts:
    transcripts = FakeTranscripts()
    desk.app.extensions["cx-ports"] = replace(desk.app.extensions["cx-ports"], transcripts=transcripts)
    one, anna = ContactId("c1"), AgentId("anna")
    desk.reports.facts = [
        events.ContactOpened(NINE, one, Channel.WEB_CHAT, "www.noordwijk.nl", "karel@example.nl", "Karel"),
        events.ChatWritten(NINE, one, None, Author.CUSTOMER, 1, transcripts.seal(one, 1, "Mag <b>ik</b>?")),
        events.ChatWritten(NINE, one, anna, Author.AGENT, 2, transcripts.seal(one, 2, "Zeker.")),
    ]
    return transcripts


def test_supervisor_reads_a_transcript_and_that_is_kept_in_the_audit(desk: Desk) -> None:
    kept(desk)
    page = desk.visitor_as(SOFIE).get("/supervisor/contacts/c1").text
    assert "Mag &lt;b&gt;ik&lt;/b&gt;?" in page
    assert "Karel begon een chat op www.noordwijk.nl." in page
    assert ("read-chat", "contact_id=c1") in {(each.action, each.object) for each in desk.audit.events}


def test_text_that_was_erased_is_said_to_be(desk: Desk) -> None:
    kept(desk).erase(ContactId("c1"))
    page = desk.visitor_as(SOFIE).get("/supervisor/contacts/c1").text
    assert "gewist of niet meer te lezen" in page


def test_who_may_not_see_contacts_reads_no_chat(desk: Desk) -> None:
    kept(desk)
    for account in (ANNA, AAD):
        assert desk.visitor_as(account).get("/supervisor/contacts/c1").status_code == 403
