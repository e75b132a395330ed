"""The privacy officer's page: who did what, and whether the record is whole."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from admin_web.auth.permissions import Permission
from admin_web.commands import steering
from admin_web.presenters.audit import ACTIONS
from admin_web.presenters.audit_subjects import LABELS
from cxcore.domain import commands
from cxcore.ports.audit import AuditResult, ChainState
from tests.cast import AAD, ANNA, FENNA, SOFIE
from tests.web.conftest import Desk


def kept(desk: Desk, count: int = 1, **given: str) -> None:
    event = {"actor": "sofie", "action": "see-contact", "object": "contact_id=c1", **given}
    for number in range(count):
        at = desk.clock.now() - timedelta(days=1) + timedelta(seconds=number)
        desk.audit.record(**event, result=AuditResult.DONE, origin="192.0.2.9", at=at)


def shown(label: str, contact_id: str) -> str:
    """How a contact is named, with its link to all that the audit holds of it."""
    found = f"first=2026-11-17&amp;last=2026-11-23&amp;object=contact_id%3D{contact_id}"
    link = f'<a class="utrecht-link" href="/audit?{found}" title="{contact_id}">{contact_id}</a>'
    return f'<span class="cx-panel__note">{label}</span> {link}'


def test_the_privacy_officer_begins_at_the_audit(desk: Desk) -> None:
    assert desk.visitor_as(FENNA).get("/").location == "/audit"


def test_an_event_is_shown_in_words(desk: Desk) -> None:
    kept(desk)
    page = desk.visitor_as(FENNA).get("/audit").text
    for words in ("Sofie Mulder", "sofie", "contact bekijken", "gedaan", "192.0.2.9", shown("contact", "c1")):
        assert words in page


TOLD = {
    "agent-assign-queue": (
        "agent_id=anna queue_id=receptie level=2",
        "medewerker Anna de Vries wachtrij Receptie niveau 2",
    ),
    "agent-log-on": ("agent_id=bram queue_ids=", "medewerker Bram Jansen"),
    "queue-close": ("queue_id=burgerzaken move_waiting=True", "wachtrij Burgerzaken wachtenden doorsturen ja"),
    "find-person": (
        "number=+31612345678 contacts=2 recordings=1 messages=0",
        "nummer 06 12 34 56 78 contacten 2 opnamen 1 berichten 0",
    ),
    "hold-recording": (
        "recording_id=r1 contact_id=c1 reason=klacht 12 = ernstig",
        "opname r1 contact c1 reden klacht 12 = ernstig",
    ),
    "delete-recording": (
        "recording_id=r1 contact_id=c1 why=expired started_at=2026-03-01T10:00:00+00:00",
        "opname r1 contact c1 omdat de bewaartermijn voorbij was begonnen 1 mrt 2026 11:00",
    ),
    "change-role": (
        "username=anna from=agent to=supervisor version=7",
        "gebruiker Anna de Vries was medewerker is supervisor versie 7",
    ),
    "make-account": ("anna", "gebruiker Anna de Vries"),
    "emergency-set": (
        "scope=everywhere message=noodtekst-storing then=end-call flow= until=None tell_waiting=False",
        "waar alle nummers melding noodtekst-storing daarna het gesprek eindigt ook wie al wacht nee",
    ),
    "search-recordings": (
        "first=2026-03-02 last=2026-03-08 agent=anna",
        "van 2 mrt 2026 tot en met 8 mrt 2026 medewerker Anna de Vries",
    ),
    "handle-fault": ("fault=7 solved", "storing 7 (opgelost)"),
    "administer": ("GET /admin", "GET /admin"),
}


@pytest.mark.parametrize("action", TOLD)
def test_what_an_event_was_about_is_told_in_words(desk: Desk, action: str) -> None:
    object, words = TOLD[action]
    desk.controller.add_agent("bram", "Bram Jansen", ())
    kept(desk, action=action, object=object)
    page = desk.visitor_as(FENNA).get("/audit?actor=sofie").text
    assert words in " ".join(re.sub(r"<[^>]+>", " ", page).replace("\xa0", " ").split())


def test_what_is_kept_is_shown_as_it_is_for_who_asks(desk: Desk) -> None:
    kept(desk, object="contact_id=c1 queue_id=receptie")
    page = desk.visitor_as(FENNA).get("/audit?actor=sofie&raw=yes").text
    assert "<code>contact_id=c1 queue_id=receptie</code>" in page
    assert "Toon de regels in woorden" in page


def test_what_somebody_wrote_becomes_no_tag(desk: Desk) -> None:
    kept(desk, object="recording_id=<b> reason=<i>")
    page = desk.visitor_as(FENNA).get("/audit").text
    assert "<i>" not in page and "<b>" not in page and "&lt;i&gt;" in page


def test_every_action_and_every_key_in_the_sources_has_words() -> None:
    root = Path(__file__).parents[2]
    sources = [path.read_text() for folder in ("admin_web", "cxcore") for path in (root / folder).rglob("*.py")]
    noted = {found for source in sources for found in re.findall(r"note_(?:view|action)\(\s*\"([a-z-]+)\"", source)}
    steered = {f"{kind}-{name}" for kind, builders in steering.ACTIONS.items() for name in builders}
    assert "see-contact" in noted
    assert (noted | steered | {*Permission}) - ACTIONS.keys() == set()
    about = [each for name, each in vars(commands).items() if is_dataclass(each) and name in STEERED]
    assert {field.name for each in about for field in fields(each)} - {"by", "sound"} - LABELS.keys() == set()


STEERED = {
    "LogOn", "LogOff", "GoOnBreak", "BecomeAvailable", "AssignQueue", "RemoveFromQueue", "OpenQueue", "CloseQueue",
    "FollowTimetable", "CancelCallBack", "AssignContact", "MoveContact", "ListenIn", "Whisper", "BargeIn",
    "StopListening", "AcknowledgeAlarm", "SetEmergency", "EndEmergency", "UseMessage",
}  # fmt: skip


def test_an_action_without_words_is_shown_as_it_is_kept(desk: Desk) -> None:
    kept(desk, action="<b>new</b>")
    page = desk.visitor_as(FENNA).get("/audit").text
    assert "&lt;b&gt;new&lt;/b&gt;" in page
    assert "<b>new" not in page


def test_events_are_searched(desk: Desk) -> None:
    kept(desk, object="contact_id=c1")
    kept(desk, object="contact_id=c2", actor="aad")
    page = desk.visitor_as(FENNA).get("/audit?actor=aad").text
    assert shown("contact", "c2") in page
    assert shown("contact", "c1") not in page


def test_older_events_are_on_the_next_page(desk: Desk) -> None:
    kept(desk, count=101)
    visitor = desk.visitor_as(FENNA)
    page = visitor.get("/audit?action=see-contact").text
    assert page.count(shown("contact", "c1")) == 100
    assert "before=2" in page
    assert visitor.get("/audit?action=see-contact&before=2").text.count(shown("contact", "c1")) == 1


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
