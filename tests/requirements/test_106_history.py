"""Requirement 106: every change is kept: who, when and what, in words; each can be taken back."""

from __future__ import annotations

import pytest

from admin_web.app import WebSettings
from tests.cast import SOFIE
from tests.web.admin import administrator, content
from tests.web.conftest import KEY, make_desk
from tests.web.test_admin_lists import CLASS, ENTRY, does

CHANGES = {
    "/admin/reasons": ({"reasons": "Pauze"}, "Pauzereden Lunch verwijderd", "break_reasons"),
    "/admin/topics": ({"name": "Grofvuil"}, "Onderwerp Grofvuil toegevoegd", "topics"),
    "/admin/phone-book": (ENTRY, "Telefoonboek: Wijkteam Noord toegevoegd", "phone_book"),
    "/admin/traffic": (CLASS, "Verkeersklasse Nationaal toegevoegd", "traffic_classes"),
}


@pytest.mark.parametrize("page", CHANGES)
def test_change_is_told_in_words_with_who_made_it_and_one_click_takes_it_back(page: str) -> None:
    fields, words, section = CHANGES[page]
    floor = make_desk(WebSettings(secret_key=KEY))
    before, aad = content(floor).get(section), administrator(floor)
    does(aad, page, fields)
    version = floor.configurations.version(2)
    assert (version.by, version.activated_at) == ("aad", floor.clock.now())
    assert words in version.summary
    assert words in aad.get("/admin/versions").text
    assert "activate-configuration" in [event.action for event in floor.audit.events]
    assert content(floor).get(section) != before
    aad.post("/admin/versions/2/undo")
    assert content(floor).get(section) == before
    assert floor.configurations.version(3).base == 2


def test_change_of_a_supervisor_stands_under_the_name_of_the_supervisor() -> None:
    floor = make_desk(WebSettings(secret_key=KEY))
    does(floor.visitor_as(SOFIE), "/admin/phone-book", ENTRY)
    assert floor.configurations.version(2).by == "sofie"
