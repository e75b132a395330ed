"""Wallboards in memory (port `cxcore.ports.wallboards`)."""

from __future__ import annotations

from collections.abc import Sequence

from cxcore.ports.wallboards import BoardOvertaken, Wallboard


class FakeWallboards:
    """Keeps the boards in a dictionary."""

    def __init__(self) -> None:
        self.boards: dict[str, Wallboard] = {}

    def all(self) -> Sequence[Wallboard]:
        """Every board, by name."""
        return sorted(self.boards.values(), key=lambda board: board.name)

    def find(self, board_id: str) -> Wallboard | None:
        """One board, or None."""
        return self.boards.get(board_id)

    def save(self, board: Wallboard) -> None:
        """Keep a board; raises `BoardOvertaken`."""
        kept = self.boards.get(board.board_id)
        if kept is not None and kept.version != board.version - 1:
            raise BoardOvertaken(kept)
        self.boards[board.board_id] = board

    def remove(self, board_id: str) -> None:
        """Forget a board."""
        self.boards.pop(board_id, None)
