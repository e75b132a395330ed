"""Keeps wallboards (port `cxcore.ports.wallboards`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from cxcore.ports.wallboards import BoardOvertaken, Measure, Tile, TileKind, Wallboard
from cxcore.storage.engine import reading, writing
from cxcore.storage.models import WallboardRecord


class SqlWallboards:
    """The boards in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> Sequence[Wallboard]:
        """Every board, by name. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return [_board(row) for row in session.scalars(select(WallboardRecord).order_by(WallboardRecord.name))]

    def find(self, board_id: str) -> Wallboard | None:
        """One board, or None. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            row = session.get(WallboardRecord, board_id)
            return None if row is None else _board(row)

    def save(self, board: Wallboard) -> None:
        """Keep a board. Raises `BoardOvertaken`, `LogUnavailable`."""
        with writing(self._engine) as session:
            _check_is_next(session, board)
            session.merge(_record(board))

    def remove(self, board_id: str) -> None:
        """Forget a board. Raises `LogUnavailable`."""
        with writing(self._engine) as session:
            session.execute(delete(WallboardRecord).where(WallboardRecord.board_id == board_id))


def _check_is_next(session: Session, board: Wallboard) -> None:
    row = session.get(WallboardRecord, board.board_id, with_for_update=True)
    if row is not None and row.version != board.version - 1:
        raise BoardOvertaken(_board(row))


def _record(board: Wallboard) -> WallboardRecord:
    tiles: dict[str, Any] = {"tiles": [asdict(tile) for tile in board.tiles]}
    return WallboardRecord(
        board_id=board.board_id, name=board.name, dark=board.dark, layout=tiles, link_number=board.link_number,
        version=board.version, by=board.by, at=board.at,
    )  # fmt: skip


def _board(row: WallboardRecord) -> Wallboard:
    tiles = tuple(_tile(each) for each in row.layout["tiles"])
    return Wallboard(row.board_id, row.name, row.dark, tiles, row.link_number, row.version, row.by, row.at)


def _tile(kept: dict[str, Any]) -> Tile:
    measure = None if kept["measure"] is None else Measure(kept["measure"])
    return Tile(
        TileKind(kept["kind"]), kept["column"], kept["row"], kept["width"], kept["height"], kept["title"], measure,
        tuple(kept["queue_ids"]), kept["text"],
    )  # fmt: skip
