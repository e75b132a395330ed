"""Requirement 57: fully usable from any place at any time, also outside the town hall and its network."""

from __future__ import annotations

import pytest

from tests.cast import ANNA
from tests.web.conftest import Desk


@pytest.mark.parametrize("address", ["198.51.100.7", "203.0.113.99", "2001:db8::17"])
def test_agent_works_from_any_address(desk: Desk, address: str) -> None:
    visitor = desk.visitor(address)
    visitor.signs_in(ANNA)
    assert visitor.get("/agent").status_code == 200


def test_page_names_no_machine_of_the_own_network(desk: Desk) -> None:
    page = desk.visitor_as(ANNA).get("/agent").text
    assert 'data-live="/live/desk"' in page
    assert "http://" not in page.replace("http://www.w3.org/", "")
