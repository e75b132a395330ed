"""Requirement 116: the applications, the help in them and the manuals are in Dutch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import AAD, ANNA, SOFIE
from tests.web.conftest import Desk

MANUALS = Path(__file__).parents[2] / "docs/handleidingen"
COMMON = {"de", "het", "een", "en", "van", "is", "u", "op", "die", "niet"}


@pytest.mark.parametrize(("account", "path"), [(ANNA, "/agent"), (SOFIE, "/supervisor"), (AAD, "/admin")])
def test_page_and_its_help_are_dutch_unless_somebody_asks_for_another_language(
    desk: Desk, account: object, path: str
) -> None:
    page = desk.visitor_as(account).get(path).text  # type: ignore[arg-type]
    assert '<html lang="nl"' in page


def test_help_of_the_desk_names_the_keys_in_dutch(desk: Desk) -> None:
    assert "in de wacht zetten of terugnemen" in desk.visitor_as(ANNA).get("/agent").text


@pytest.mark.parametrize("name", ["agent", "supervisor", "beheerder"])
def test_manual_is_written_in_dutch(name: str) -> None:
    words = (MANUALS / f"{name}.md").read_text(encoding="utf-8").lower().split()
    assert sum(word in COMMON for word in words) > len(words) / 8
