"""Signing in and out."""

from __future__ import annotations

from cxcore.ports.audit import AuditResult
from tests.cast import AAD, ANNA, KAREL, SOFIE
from tests.web.conftest import Desk, Visitor


def test_agent_comes_to_her_desk(desk: Desk) -> None:
    visitor = desk.visitor()
    visitor.signs_in(ANNA)
    assert visitor.get("/").location == "/agent"
    assert "Anna de Vries" in visitor.get("/agent").text


def test_supervisor_and_administrator_come_to_the_floor(desk: Desk) -> None:
    for account in (SOFIE, AAD):
        assert desk.visitor_as(account).get("/").location == "/supervisor"


def test_who_has_no_rights_is_told_whom_to_ask(desk: Desk) -> None:
    page = desk.visitor_as(KAREL).get("/")
    assert page.status_code == 403
    assert "functioneel beheerder" in page.text


def test_wrong_password_says_so_and_is_audited(desk: Desk) -> None:
    answer = desk.visitor("198.51.100.7").signs_in(ANNA, "fout")
    assert answer.status_code == 401
    assert "horen niet bij elkaar" in answer.text
    event = desk.audit.events[-1]
    assert (event.actor, event.action, event.result) == ("anna", "sign-in", AuditResult.REFUSED)
    assert event.origin == "198.51.100.7"
    assert event.at == desk.clock.now()


def test_unknown_user_gets_the_same_answer_as_a_wrong_password(desk: Desk) -> None:
    known = desk.visitor().post("/sign-in", username="anna", password="fout")
    unknown = desk.visitor().post("/sign-in", username="niemand", password="fout")
    assert known.status_code == unknown.status_code
    assert "horen niet bij elkaar" in unknown.text


def test_sign_in_and_sign_out_are_audited(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    visitor.post("/sign-out")
    assert [(event.action, event.result) for event in desk.audit.events] == [
        ("sign-in", AuditResult.DONE),
        ("sign-out", AuditResult.DONE),
    ]


def test_empty_form_names_what_is_missing(desk: Desk) -> None:
    answer = desk.visitor().post("/sign-in", username="", password="")
    assert answer.status_code == 400
    assert "Vul uw gebruikersnaam in." in answer.text
    assert 'aria-describedby="password-error"' in answer.text


def test_database_that_is_away_is_said_plainly(desk: Desk) -> None:
    desk.accounts.away = True
    answer = desk.visitor().signs_in(ANNA)
    assert answer.status_code == 503
    assert "database" in answer.text


def test_password_is_never_sent_back(desk: Desk) -> None:
    assert "geheim-wachtwoord" not in desk.visitor().signs_in(ANNA, "geheim-wachtwoord").text


def test_after_sign_out_a_copy_of_the_cookie_opens_nothing(desk: Desk) -> None:
    client = desk.app.test_client()
    visitor = Visitor(client)
    visitor.signs_in(ANNA)
    cookie = client.get_cookie("cx")
    assert cookie is not None
    visitor.post("/sign-out")
    client.set_cookie("cx", cookie.value)
    assert visitor.get("/agent").location == "/sign-in"


def test_cookie_signed_with_another_key_opens_nothing(desk: Desk) -> None:
    client = desk.app.test_client()
    client.set_cookie("cx", "eyJ1c2VyIjpbInNvZmllIl19.aaaa.bbbb")
    assert client.get("/supervisor").location == "/sign-in"
