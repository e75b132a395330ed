"""Requirement 60: the pages keep to EN 301 549, with WCAG.

axe finds nothing on the agent's page in any of its states, light and dark, 1280 and 400 px wide, and a keyboard
reaches everything: `tests/browser/test_accessibility.py`, `tests/browser/test_desk_parts.py`. Markup alone shows this.
"""

from __future__ import annotations

import re

from tests.cast import ANNA
from tests.web.conftest import Desk


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


def test_page_says_its_language(desk: Desk) -> None:
    assert '<html lang="nl"' in desk.visitor_as(ANNA).get("/agent").text
