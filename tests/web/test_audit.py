"""The privacy officer's page: who did what, and whether the record is whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cxcore.ports.audit import AuditResult, ChainState
from tests.cast import AAD, ANNA, FENNA, SOFIE
from tests.web.conftest import Desk


def kept(desk: Desk, count: int = 1, **given: str) -> None:
    event = {"actor": "sofie", "action": "see-contact", "object": "contact_id=c1", **given}
    for number in range(count):
        at = desk.clock.now() - timedelta(days=1) + timedelta(seconds=number)
        desk.audit.record(**event, result=AuditResult.DONE, origin="192.0.2.9", at=at)


def test_the_privacy_officer_begins_at_the_audit(desk: Desk) -> None:
    assert desk.visitor_as(FENNA).get("/").location == "/audit"


def test_an_event_is_shown_in_words(desk: Desk) -> None:
    kept(desk)
    page = desk.visitor_as(FENNA).get("/audit").text
    for words in ("sofie", "contact bekijken", "contact_id=c1", "gedaan", "192.0.2.9"):
        assert words in page


def test_an_action_without_words_is_shown_as_it_is_kept(desk: Desk) -> None:
    kept(desk, action="<b>new</b>")
    page = desk.visitor_as(FENNA).get("/audit").text
    assert "&lt;b&gt;new&lt;/b&gt;" in page
    assert "<b>new" not in page


def test_events_are_searched(desk: Desk) -> None:
    kept(desk, object="contact_id=c1")
    kept(desk, object="contact_id=c2", actor="aad")
    page = desk.visitor_as(FENNA).get("/audit?actor=aad").text
    assert "contact_id=c2" in page
    assert "contact_id=c1" not in page


def test_older_events_are_on_the_next_page(desk: Desk) -> None:
    kept(desk, count=101)
    visitor = desk.visitor_as(FENNA)
    page = visitor.get("/audit?action=see-contact").text
    assert page.count("contact_id=c1") == 100
    assert "before=2" in page
    assert visitor.get("/audit?action=see-contact&before=2").text.count("contact_id=c1") == 1


NONSENSE = ["first=morgen", "last=2026-13-40", "before=-1", "before=" + "9" * 40, "actor=" + "x" * 500]


@pytest.mark.parametrize("asked", NONSENSE)
def test_a_search_that_makes_no_sense_is_answered_all_the_same(desk: Desk, asked: str) -> None:
    assert desk.visitor_as(FENNA).get(f"/audit?{asked}").status_code == 200


def test_who_looks_is_kept_too(desk: Desk) -> None:
    desk.visitor_as(FENNA).get("/audit?actor=sofie")
    last = desk.audit.events[-1]
    assert (last.actor, last.action) == ("fenna", "search-audit")
    assert "actor=sofie" in last.object


def test_a_whole_chain_is_said_to_be_whole(desk: Desk) -> None:
    kept(desk, count=3)
    page = desk.visitor_as(FENNA).post("/audit/verify").text
    assert f"Het logboek is heel: {len(desk.audit.events) - 1} regels." in page
    assert desk.audit.events[-1].action == "verify-audit"


def test_a_broken_chain_says_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.audit, "verify", lambda: ChainState(6, "abc", broken_at=7))
    page = desk.visitor_as(FENNA).post("/audit/verify").text
    assert "Regel 7 is gewijzigd of ontbreekt; de 6 regels ervoor kloppen." in page


@pytest.mark.parametrize("account", [ANNA, SOFIE, AAD], ids=lambda account: account.username)
def test_nobody_else_verifies(desk: Desk, account: object) -> None:
    assert desk.visitor_as(account).post("/audit/verify").status_code == 403  # type: ignore[arg-type]
