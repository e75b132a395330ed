"""Changes of several administrators, versions for later, and the way back."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest

from cxcore.ports.controller import CommandRefused
from tests.cast import ANNA, SOFIE
from tests.web.admin import activate, administrator, content
from tests.web.conftest import SITE, Desk, Visitor

RING = ["queues", "burgerzaken", "ring_seconds"]
WRAP_UP = ["queues", "burgerzaken", "wrap_up_seconds"]


def change(where: list[str], value: Any, base: int = 1) -> str:
    """As a form carries it."""
    return json.dumps({"base": base, "edits": [{"where": where, "value": value}], "text": None})


def look(visitor: Visitor, written: str) -> str:
    """The page that shows a change; `seen` is left out, as if the page were new."""
    return visitor.post("/admin/changes", change=written, back="/admin/versions").text


def make(visitor: Visitor, where: list[str], value: Any, base: int = 1, **fields: str) -> int:
    """Look and activate; returns the status."""
    return activate(visitor, look(visitor, change(where, value, base)), **fields).status_code


def later(desk: Desk, **ahead: float) -> str:
    at = desk.clock.now() + timedelta(**ahead)
    return at.astimezone(__import__("zoneinfo").ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%dT%H:%M")


def queue(desk: Desk) -> dict[str, Any]:
    return content(desk)["queues"]["burgerzaken"]  # type: ignore[no-any-return]


def test_changes_of_two_administrators_in_different_places_are_both_kept(desk: Desk) -> None:
    first, second = administrator(desk), administrator(desk)
    page = look(second, change(WRAP_UP, 45))
    make(first, RING, 25)
    answer = activate(second, page)
    assert answer.status_code == 409
    assert "Intussen heeft iemand anders gewijzigd" in answer.text
    assert "seconden overgaan: 20 → 25" in answer.text
    assert "beide blijven bewaard" in answer.text
    assert activate(second, answer.text).status_code == 302
    assert (queue(desk)["ring_seconds"], queue(desk)["wrap_up_seconds"]) == (25, 45)


def test_who_changes_the_same_as_another_is_told_and_decides(desk: Desk) -> None:
    first, second = administrator(desk), administrator(desk)
    page = look(second, change(RING, 40))
    make(first, RING, 25)
    answer = activate(second, page)
    assert "U wijzigt hetzelfde" in answer.text
    assert "seconden overgaan: 25 → 40" in answer.text
    assert queue(desk)["ring_seconds"] == 25
    activate(second, answer.text)
    assert queue(desk)["ring_seconds"] == 40


def test_nothing_counts_that_the_check_refuses(desk: Desk) -> None:
    aad = administrator(desk)
    page = look(aad, change(["queues", "burgerzaken", "maximum_wait", "then"], "nergens"))
    assert "er is geen route `nergens`" in page.lower()
    assert "Activeren</button>" not in page
    assert activate(aad, page).status_code == 409
    assert len(desk.configurations.kept) == 1


def test_version_for_later_waits_and_can_be_withdrawn(desk: Desk) -> None:
    aad = administrator(desk)
    assert make(aad, RING, 25, when="later", at=later(desk, hours=2)) == 302
    assert queue(desk)["ring_seconds"] == 20
    assert "gaat in op" in aad.get("/admin/versions").text
    for path in ("/admin/hours?of=queues/burgerzaken", "/admin/menus", "/admin/hear", "/admin/week"):
        assert "Hier staat wat tot dan geldt" in aad.get(path).text
    aad.post("/admin/versions/2/cancel")
    assert desk.configurations.scheduled() == []
    assert "ingetrokken" in aad.get("/admin/versions").text
    assert "tot dan geldt" not in aad.get("/admin/menus").text


def test_change_of_today_does_not_disappear_when_the_version_of_tomorrow_begins(desk: Desk) -> None:
    aad = administrator(desk)
    make(aad, RING, 25, when="later", at=later(desk, days=1))
    make(aad, WRAP_UP, 45)
    (planned,) = desk.configurations.scheduled()
    tomorrow = desk.configurations.text(planned.number)
    assert "ring_seconds: 25" in tomorrow
    assert "wrap_up_seconds: 45" in tomorrow
    assert planned.activate_at == desk.configurations.version(2).activate_at
    page = aad.get("/admin/versions").text
    assert "nu versie 4" in page
    assert "ingetrokken" not in page


def test_change_that_a_planned_version_would_undo_is_refused_with_the_reason(desk: Desk) -> None:
    aad = administrator(desk)
    make(aad, RING, 25, when="later", at=later(desk, days=1))
    page = activate(aad, look(aad, change(RING, 30)))
    assert page.status_code == 409
    assert "Trek die eerst in" in page.text
    assert queue(desk)["ring_seconds"] == 20


def test_instant_that_has_passed_is_refused(desk: Desk) -> None:
    aad = administrator(desk)
    assert make(aad, RING, 25, when="later", at=later(desk, hours=-1)) == 400
    assert make(aad, RING, 25, when="later", at="soon") == 400


def test_one_click_takes_the_last_version_back(desk: Desk) -> None:
    aad = administrator(desk)
    make(aad, RING, 25)
    assert aad.post("/admin/versions/2/undo").status_code == 302
    assert queue(desk)["ring_seconds"] == 20
    assert desk.configurations.text(3) == SITE


def test_export_imports_to_the_same(desk: Desk) -> None:
    aad = administrator(desk)
    make(aad, RING, 25)
    exported = aad.get("/admin/versions/2/export")
    assert "attachment" in exported.headers["Content-Disposition"]
    aad.post("/admin/versions/2/undo")
    page = upload(aad, exported.data)
    assert "seconden overgaan: 20 → 25" in page
    activate(aad, page)
    assert desk.configurations.text(4) == exported.text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a: [", b"- 1", b"\0"], ids=range(5))
def test_file_that_is_no_configuration_gets_a_plain_answer(desk: Desk, content: bytes) -> None:
    upload(administrator(desk), content)
    assert len(desk.configurations.kept) == 1


def upload(visitor: Visitor, content: bytes) -> str:
    return visitor.post("/admin/versions/import", file=(io.BytesIO(content), "site.yml")).text  # type: ignore[arg-type]


def test_core_that_is_away_gets_the_version_when_it_is_back(desk: Desk) -> None:
    aad = administrator(desk)
    page = look(aad, change(RING, 25))
    desk.controller.heard = False
    activate(aad, page)
    assert "zodra de telefooncentrale antwoordt" in aad.get("/admin/versions").text


def test_version_that_the_core_refuses_is_withdrawn(desk: Desk) -> None:
    aad = administrator(desk)
    page = look(aad, change(RING, 25))
    desk.controller.refusal = CommandRefused("version-refused", "no such thing")
    assert activate(aad, page).status_code == 409


@pytest.mark.parametrize("written", ["", "{", "[]", '{"base": 99, "edits": [], "text": null}', '{"base": 1}'])
def test_form_of_another_is_refused(desk: Desk, written: str) -> None:
    assert administrator(desk).post("/admin/changes", change=written).status_code in (400, 404)


def test_only_administrators_change_anything(desk: Desk) -> None:
    for account in (ANNA, SOFIE):
        visitor = desk.visitor_as(account)
        assert visitor.get("/admin/versions").status_code == 403
        assert visitor.post("/admin/changes", change=change(RING, 5)).status_code == 403
