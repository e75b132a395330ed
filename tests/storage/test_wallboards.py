"""Wallboards are kept as they were made, and nobody overwrites another's change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxcore.ports.wallboards import BoardOvertaken, Measure, Tile, TileKind, Wallboard, Wallboards
from cxcore.storage import Storage
from tests.fakes.wallboards import FakeWallboards
from tests.storage.streams import MONDAY

TILES = (
    Tile(TileKind.FIGURE, 0, 0, 3, 4, "Wacht nu", Measure.WAITING, ("burgerzaken", "receptie")),
    Tile(TileKind.MESSAGE, 3, 0, 9, 2, text="Teamoverleg om 16:00 – zaal “Duin”"),
)
BOARD = Wallboard("b1", "Balie", True, TILES, 1, 1, "sofie", MONDAY)


@pytest.fixture(params=["fake", "real"])
def boards(request: pytest.FixtureRequest, storage: Storage) -> Wallboards:
    """The boards, and those that the tests of pages use."""
    return FakeWallboards() if request.param == "fake" else storage.wallboards


def test_board_is_kept_as_it_was_made(boards: Wallboards) -> None:
    boards.save(BOARD)
    assert boards.find("b1") == BOARD
    assert boards.find("b2") is None


def test_boards_stand_by_name(boards: Wallboards) -> None:
    boards.save(BOARD)
    boards.save(replace(BOARD, board_id="b2", name="Aula"))
    assert [board.name for board in boards.all()] == ["Aula", "Balie"]


def test_changed_board_takes_the_place_of_the_one_it_was_made_from(boards: Wallboards) -> None:
    boards.save(BOARD)
    changed = replace(BOARD, name="Balie links", version=2, tiles=TILES[:1])
    boards.save(changed)
    assert boards.find("b1") == changed


def test_who_comes_second_is_told_what_the_board_is_now(boards: Wallboards) -> None:
    boards.save(BOARD)
    boards.save(replace(BOARD, name="Balie links", version=2))
    with pytest.raises(BoardOvertaken) as refusal:
        boards.save(replace(BOARD, name="Balie rechts", version=2))
    assert refusal.value.latest.name == "Balie links"
    assert [board.name for board in boards.all()] == ["Balie links"]


def test_removed_board_is_gone(boards: Wallboards) -> None:
    boards.save(BOARD)
    boards.remove("b1")
    boards.remove("b1")
    assert boards.all() == []
