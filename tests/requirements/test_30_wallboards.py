"""Requirements 30 and 38: a wallboard shows how the contact centre does; the supervisor arranges it himself.

Dragging, the keyboard and live figures within a second are shown in `tests/browser/test_wallboard.py`.
"""

from __future__ import annotations

import re

from admin_web.live.views import WallboardView
from cxcore.ports.controller import AgentRow, ContactRow, Subject
from tests.cast import ANNA, SOFIE
from tests.unit.feed.rows import NINE
from tests.web.conftest import Desk
from tests.web.test_wallboards import SENT, put


def board_of(desk: Desk) -> tuple[str, str]:
    """A new board: its editor and its link."""
    sofie = desk.visitor_as(SOFIE)
    editor = sofie.post("/wallboards", name="Balie").location
    found = re.search(r'href="http://localhost(/wallboard/[^"]+)"', sofie.get(editor).text)
    assert found is not None
    return editor, found[1]


def test_supervisor_makes_a_board_and_changes_it(desk: Desk) -> None:
    editor, link = board_of(desk)
    assert put(desk.visitor_as(SOFIE), editor, SENT).status_code == 200
    assert "Balie links" in desk.visitor().get(link).text


def test_several_boards_stand_side_by_side(desk: Desk) -> None:
    links = {board_of(desk)[1] for _ in range(3)}
    assert len(links) == 3
    assert all(desk.visitor().get(link).status_code == 200 for link in links)


def test_agent_does_not_arrange_boards(desk: Desk) -> None:
    assert desk.visitor_as(ANNA).get("/wallboards").status_code == 403


def test_board_shows_nobody_by_name_or_number() -> None:
    view = WallboardView(frozenset())
    agent = AgentRow("anna", "Anna de Vries", "available", "ready")
    contact = ContactRow("c1", "waiting", "+31715550100", "+31612345678", "Karel", NINE)
    shapes = [view.shape((Subject.AGENT, "anna"), agent), view.shape((Subject.CONTACT, "c1"), contact)]
    assert [shape.name if shape else None for shape in shapes] == ["NAMELESS", None]
