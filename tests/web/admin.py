"""What tests of the administration share: filling in its forms."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from tests.cast import AAD
from tests.web.conftest import Answer, Desk, Visitor

Fields = Mapping[str, str | list[str]]


def administrator(desk: Desk) -> Visitor:
    """Aad, signed in."""
    return desk.visitor_as(AAD)


def submit(visitor: Visitor, path: str, fields: Fields) -> Answer:
    """A form whose fields may stand in it more than once."""
    return visitor.post(path, **fields)  # type: ignore[arg-type]


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no hidden field {name}"
    return html.unescape(found[1])


def activate(visitor: Visitor, page: str, **fields: str) -> Answer:
    """Press Activeren on the page that shows a change."""
    carried = {name: hidden(page, name) for name in ("change", "back", "seen")}
    return visitor.post("/admin/changes", **{"when": "now", **carried, **fields})


def content(desk: Desk) -> Mapping[str, Any]:
    """What counts."""
    configurations = desk.configurations
    head = configurations.head()
    assert head is not None
    return desk.app.extensions["cx-ports"].texts.content(configurations.text(head.number))  # type: ignore[no-any-return]
