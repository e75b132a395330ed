"""Requirements 53 and 72: used entirely in a Chromium browser, without add-ons, on the workplaces as they are.

Calls are made and heard in an unchanged Chromium in `tests/browser/test_softphone.py`.
"""

from __future__ import annotations

import re

import pytest

from tests.cast import AAD, ANNA, FENNA, SOFIE
from tests.web.conftest import Desk

PAGES = [(ANNA, "/agent"), (SOFIE, "/supervisor"), (SOFIE, "/wallboards"), (AAD, "/admin"), (FENNA, "/audit")]
LOADED = re.compile(r'<(?:script|link|img|iframe|audio)\b[^>]*?\b(?:src|href)="([^"]*)"')


@pytest.mark.parametrize(("account", "path"), PAGES)
def test_page_loads_nothing_from_elsewhere_and_embeds_no_plug_in(desk: Desk, account: object, path: str) -> None:
    page = desk.visitor_as(account).get(path)  # type: ignore[arg-type]
    loaded = LOADED.findall(page.text)
    assert loaded
    assert [address for address in loaded if not address.startswith(("/", "#", "data:"))] == []
    assert not re.search(r"<(object|embed|applet)\b", page.text)


def test_browser_is_told_to_load_nothing_from_elsewhere(desk: Desk) -> None:
    policy = desk.visitor_as(ANNA).get("/agent").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy or "default-src 'none'" in policy
    assert "object-src 'none'" in policy or "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
