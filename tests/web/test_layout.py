"""Each agent arranges the parts of the page; whatever is kept, every part stands on it once."""

from __future__ import annotations

import re

import pytest

from admin_web.agent.layout import DEFAULT, PARTS, completed
from cxcore.ports.desks import DeskLayout
from tests.cast import ANNA, BRAM
from tests.web.conftest import Desk, Visitor

COLUMNS = [["queues"], ["colleagues", "contact", "caller", "calls"]]


def parts(visitor: Visitor) -> list[tuple[str, bool]]:
    page = visitor.get("/agent").text
    return [(name, bool(hidden)) for name, hidden in re.findall(r'data-part="(\w+)" data-name="[^"]*"( hidden)?', page)]


def test_layout_is_kept_for_the_next_sign_in_and_reset(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    default = [(name, False) for column in DEFAULT.columns for name in column]
    assert parts(visitor) == default
    assert visitor.post_json("/agent/layout", columns=COLUMNS, hidden=["calls"]).status_code == 204
    expected = [(name, name == "calls") for column in COLUMNS for name in column]
    assert parts(desk.visitor_as(ANNA)) == expected
    assert visitor.post_json("/agent/layout/reset").status_code == 204
    assert parts(visitor) == default


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"columns": [["contact"]]},
        {"columns": [["contact", "contact"], []]},
        {"columns": [["nothing"], []]},
        {"columns": [[{}], []]},
        {"columns": COLUMNS, "hidden": "calls"},
    ],
)
def test_what_is_no_layout_is_refused(desk: Desk, body: dict[str, object]) -> None:
    assert desk.visitor_as(ANNA).post_json("/agent/layout", **body).status_code == 400
    assert desk.layouts.layouts == {}


def test_present_contact_cannot_be_hidden(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    visitor.post_json("/agent/layout", columns=COLUMNS, hidden=["contact"])
    assert ("contact", False) in parts(visitor)


def test_part_that_came_with_a_later_version_stands_in_its_place() -> None:
    kept = completed(DeskLayout((("gone", "calls"),), frozenset({"gone", "queues"})))
    assert kept.columns == (("calls", "contact"), ("caller", "queues", "colleagues"))
    assert kept.hidden == {"queues"}
    assert {part for column in kept.columns for part in column} == set(PARTS)


def notice_of(visitor: Visitor) -> str:
    (found,) = re.findall(r'data-desktop-notice="(\w+)"', visitor.get("/agent").text)
    return str(found)


def test_desktop_notice_is_kept_beside_the_layout_which_may_change_and_be_reset(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    assert notice_of(visitor) == "off"
    assert visitor.post_json("/agent/desktop-notice", notice="caller").status_code == 204
    visitor.post_json("/agent/layout", columns=COLUMNS, hidden=["calls"])
    visitor.post_json("/agent/desktop-notice", notice="queue")
    assert [name for name, hidden in parts(visitor) if hidden] == ["calls"]
    visitor.post_json("/agent/layout/reset")
    assert notice_of(desk.visitor_as(ANNA)) == "queue"
    assert [name for name, hidden in parts(visitor) if hidden] == []
    assert notice_of(desk.visitor_as(BRAM)) == "off"


@pytest.mark.parametrize("body", [{}, {"notice": "loud"}, {"notice": ["queue"]}])
def test_what_is_no_desktop_notice_is_refused(desk: Desk, body: dict[str, object]) -> None:
    assert desk.visitor_as(ANNA).post_json("/agent/desktop-notice", **body).status_code == 400
    assert desk.layouts.layouts == {}


def test_page_is_there_in_its_default_while_the_database_is_away(desk: Desk) -> None:
    visitor = desk.visitor_as(ANNA)
    desk.layouts.away = True
    assert len(parts(visitor)) == len(PARTS)
