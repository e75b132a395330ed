"""Requirement 60: EN 301 549 with WCAG 2.1.

Every page in every state, at 1280 and 400 pixels, light and dark, is checked by axe in `tests/browser/`, with reflow at
200 % zoom, targets of 24 pixels, and whole calls by keyboard alone; here is what pages bring that needs no browser.
"""

from __future__ import annotations

import re

import pytest

from tests.cast import AAD, ANNA, SOFIE
from tests.web.conftest import Desk

PAGES = [(ANNA, "/agent"), (SOFIE, "/supervisor"), (AAD, "/admin")]


@pytest.mark.parametrize(("account", "path"), PAGES)
def test_page_says_its_language_its_title_and_its_main_part(desk: Desk, account: object, path: str) -> None:
    page = desk.visitor_as(account).get(path).text  # type: ignore[arg-type]
    assert re.search(r'<html lang="nl"', page)
    assert re.search(r"<title>[^<]+·[^<]+</title>", page)
    assert "<main" in page
    assert len(re.findall(r"<h1\b", page)) == 1


def test_each_key_of_the_desk_uses_a_modifier_and_is_told_to_screen_readers(desk: Desk) -> None:
    page = desk.visitor_as(ANNA).get("/agent").text
    keys = re.findall(r'data-letter="([A-Z])"[^>]*aria-keyshortcuts="([^"]+)"', page)
    assert len(keys) > 10
    assert all(said == f"Alt+{letter}" for letter, said in keys)


def test_offer_is_announced_without_taking_the_focus(desk: Desk) -> None:
    page = desk.visitor_as(ANNA).get("/agent").text
    assert re.search(r'<p[^>]*id="announcement"[^>]*role="alert"', page)


def test_every_part_that_can_be_dragged_is_moved_by_buttons_with_names_too(desk: Desk) -> None:
    page = desk.visitor_as(ANNA).get("/agent").text
    for part in re.findall(r'data-part="\w+" data-name="([^"]+)"', page):
        for step in ("omhoog", "omlaag", "andere kolom"):
            assert f'aria-label="{part}: {step}"' in page


def test_every_field_of_the_agents_page_has_a_label(desk: Desk) -> None:
    page = desk.visitor_as(ANNA).get("/agent").text
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' in tag:
            continue
        found = re.search(r'\bid="([^"]+)"', tag)
        wrapped = re.search(r"<label[^>]*>(?:(?!</label>).)*" + re.escape(tag), page, re.DOTALL)
        assert wrapped or (found and f'for="{found[1]}"' in page), tag
