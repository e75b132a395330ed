"""Wallboards: who makes them, what their secret link opens, and that nobody's name stands on one."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from admin_web.live.encoding import Encoder, Key, Shape
from admin_web.live.views import WallboardView
from admin_web.wallboard.links import secret_of
from cxcore.ports.controller import AgentRow, AlarmRow, ContactRow, QueueRow, Row, Subject
from cxcore.ports.wallboards import Measure, Tile, TileKind, Wallboard
from tests.cast import AAD, ANNA, SOFIE
from tests.unit.feed.rows import NINE
from tests.web.conftest import Desk, Visitor

FIGURE = Tile(TileKind.FIGURE, 0, 0, 3, 3, measure=Measure.WAITING, queue_ids=("burgerzaken",))
BOARD = Wallboard("b1", "Balie", False, (FIGURE, Tile(TileKind.TREND, 3, 0, 4, 4)), 1, 1, "sofie", NINE)
SENT = {
    "name": "Balie links", "dark": True, "version": 1,
    "tiles": [{"kind": "figure", "column": 0, "row": 0, "width": 3, "height": 3, "title": "Wacht", "measure": "waiting",
               "queues": ["burgerzaken"], "text": ""}],
}  # fmt: skip


def link(desk: Desk, board: Wallboard = BOARD) -> str:
    desk.boards.boards[board.board_id] = board
    with desk.app.app_context():
        return f"/wallboard/{board.board_id}/{secret_of(board)}"


def put(visitor: Visitor, path: str, body: object) -> TestResponse:
    headers = {"X-CSRFToken": visitor.token(), "Accept": "application/json"}
    return visitor._client.put(path, json=body, headers=headers, environ_base=visitor._environ)


def test_supervisor_makes_a_board_and_finds_its_link(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    answer = sofie.post("/wallboards", name=" Balie ")
    page = sofie.get(answer.location).text
    found = re.search(r'href="http://localhost(/wallboard/[^"]+)"', page)
    assert found is not None
    assert desk.visitor().get(found[1]).status_code == 200
    assert "Balie" in sofie.get("/wallboards").text
    assert desk.audit.events[-1].action == "make-wallboard"


def test_board_is_shown_to_whoever_has_the_link_and_to_nobody_else(desk: Desk) -> None:
    path = link(desk)
    assert "Balie" in desk.visitor().get(path).text
    for other in (path[:-1] + ("0" if path[-1] != "0" else "1"), "/wallboard/b1/x", "/wallboard/b2/" + "0" * 32):
        for end in ("", "/version", "/trend?tile=1"):
            assert desk.visitor().get(other + end).status_code == 404


def test_renewed_link_makes_the_old_one_worthless(desk: Desk) -> None:
    path = link(desk)
    desk.visitor_as(SOFIE).post("/wallboards/b1/renew-link")
    assert desk.visitor().get(path).status_code == 404
    assert desk.visitor().get(link(desk, desk.boards.boards["b1"])).status_code == 200


def test_changed_board_is_kept_and_the_wall_learns_of_it(desk: Desk) -> None:
    path = link(desk)
    answer = put(desk.visitor_as(SOFIE), "/wallboards/b1", SENT)
    assert answer.get_json() == {"version": 2}
    assert desk.visitor().get(f"{path}/version").get_json() == {"version": 2}
    kept = desk.boards.boards["b1"]
    assert (kept.name, kept.dark, kept.by, len(kept.tiles)) == ("Balie links", True, "sofie", 1)


def test_who_comes_second_is_told_who_was_first(desk: Desk) -> None:
    link(desk, replace(BOARD, version=2, by="aad"))
    answer = put(desk.visitor_as(SOFIE), "/wallboards/b1", SENT)
    assert answer.status_code == 409
    assert "aad heeft dit wallboard intussen gewijzigd" in answer.get_json()["detail"]


BAD: tuple[dict[str, object], ...] = (
    {"name": " "}, {"name": "x" * 61}, {"dark": 1}, {"version": True}, {"tiles": {}}, {"tiles": [1]},
    {"tiles": [{**SENT["tiles"][0], "kind": "video"}]},  # type: ignore[index]
    {"tiles": [{**SENT["tiles"][0], "measure": "salary"}]},  # type: ignore[index]
    {"tiles": [{**SENT["tiles"][0], "column": 10}]},  # type: ignore[index]
    {"tiles": [{**SENT["tiles"][0], "height": 13}]},  # type: ignore[index]
    {"tiles": [{**SENT["tiles"][0], "queues": [""]}]},  # type: ignore[index]
    {"tiles": [{**SENT["tiles"][0], "text": "x" * 301}]},  # type: ignore[index]
    {"tiles": SENT["tiles"] * 41},  # type: ignore[operator]
)  # fmt: skip


@pytest.mark.parametrize("wrong", BAD, ids=lambda wrong: str(wrong)[:60])
def test_board_that_makes_no_sense_is_refused_and_changes_nothing(desk: Desk, wrong: dict[str, object]) -> None:
    link(desk)
    assert put(desk.visitor_as(SOFIE), "/wallboards/b1", {**SENT, **wrong}).status_code == 400
    assert desk.boards.boards["b1"] == BOARD


def test_board_is_removed(desk: Desk) -> None:
    path = link(desk)
    desk.visitor_as(SOFIE).post("/wallboards/b1/remove")
    assert desk.visitor().get(path).status_code == 404


@pytest.mark.parametrize("account", [ANNA, AAD], ids=lambda account: account.username)
def test_nobody_else_arranges_boards(desk: Desk, account: object) -> None:
    link(desk)
    visitor = desk.visitor_as(account)  # type: ignore[arg-type]
    assert put(visitor, "/wallboards/b1", SENT).status_code == 403
    for end in ("", "/b1/renew-link", "/b1/remove"):
        assert visitor.post(f"/wallboards{end}", name="x").status_code == 403


def test_link_opens_the_day_of_its_own_tiles_only(desk: Desk) -> None:
    path = link(desk)
    assert desk.visitor().get(f"{path}/trend?tile=1").get_json() == []
    for tile in ("2", "-1", "x", ""):
        assert desk.visitor().get(f"{path}/trend?tile={tile}").status_code == 404


def test_wall_sees_queues_of_the_board_and_agents_without_a_name() -> None:
    view, encoder = WallboardView(frozenset({"burgerzaken"})), Encoder()
    anna = AgentRow("anna", "Anna de Vries", "on-break", "ready", reason="Tandarts", since=NINE, serves=("receptie",))
    rows: dict[Key, Row] = {
        (Subject.QUEUE, "burgerzaken"): QueueRow("burgerzaken", "Burgerzaken"),
        (Subject.QUEUE, "receptie"): QueueRow("receptie", "Receptie"),
        (Subject.AGENT, "anna"): anna,
        (Subject.CONTACT, "c1"): ContactRow("c1", "waiting", "+31715550100", "+31612345678", "Karel", NINE),
    }
    shapes = {key: view.shape(key, row) for key, row in rows.items()}
    texts = [encoder.encode(key, rows[key], shape) for key, shape in shapes.items() if shape is not None]
    seen = "".join(texts)
    assert "Burgerzaken" in seen
    for private in ("anna", "Anna", "Tandarts", "+316", "06 12", "Karel", "Receptie"):
        assert private not in seen


def test_agent_without_a_name_is_the_same_row_when_it_changes_and_when_it_goes() -> None:
    encoder, key = Encoder(), (Subject.AGENT, "anna")
    row = AgentRow("anna", "Anna de Vries", "available", "ready")
    names = {
        json.loads(encoder.encode(key, each, Shape.NAMELESS))[1] for each in (row, replace(row, state="talking"), None)
    }
    assert len(names) == 1


def test_link_that_is_renewed_closes_the_live_page(desk: Desk) -> None:
    from admin_web.live.routes import _watch_link

    link(desk)
    with desk.app.app_context():
        may_look = _watch_link(BOARD)
        assert may_look(desk.clock.now() + timedelta(seconds=11))
        desk.boards.boards["b1"] = replace(BOARD, link_number=2)
        assert may_look(desk.clock.now() + timedelta(seconds=12)), "looked up every ten seconds"
        assert not may_look(desk.clock.now() + timedelta(seconds=22))


def test_board_sees_the_alarms_of_its_queues_without_who_has_seen_them() -> None:
    seen_by = AlarmRow("receptie", "waiting", NINE, 9, 8, "Receptie", "Sofie Mulder", NINE)
    key, view, encoder = (Subject.ALARM, "receptie:waiting"), WallboardView(frozenset({"receptie"})), Encoder()
    shape = view.shape(key, seen_by)
    assert shape is Shape.NAMELESS
    text = encoder.encode(key, seen_by, shape)
    assert '"seen":true' in text
    assert "Sofie" not in text
    assert view.shape((Subject.ALARM, "burgerzaken:waiting"), seen_by) is None
