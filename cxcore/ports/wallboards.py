"""Wallboards: what supervisors put on the screens of a room [30, 38]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

COLUMNS = 12
"""A board is a grid of so many columns; rows are as high as there is room."""
ROWS = 12


class TileKind(StrEnum):
    """What a tile shows."""

    FIGURE = "figure"
    QUEUES = "queues"
    """A list of queues with their figures."""
    AGENTS = "agents"
    """How many agents are in which state; no names."""
    TREND = "trend"
    """Contacts of the day per quarter of an hour."""
    ALARMS = "alarms"
    """The alarms that are on, without names of people."""
    MESSAGE = "message"
    CLOCK = "clock"


class Measure(StrEnum):
    """A figure of one or more queues, as `cxcore.domain.measures` defines it."""

    WAITING = "waiting"
    LONGEST = "longest"
    EXPECTED = "expected"
    READY = "ready"
    TALKING = "talking"
    LOGGED_ON = "loggedOn"
    OFFERED = "offered"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    QUICK_DROPS = "quickDrops"
    AVERAGE_WAIT = "averageWait"
    SERVICE_LEVEL = "serviceLevel"


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its place in the grid, counted from 0, and what it shows.

    `queue_ids` empty means all queues; `text` is that of a message, `measure` that of a figure.
    """

    kind: TileKind
    column: int
    row: int
    width: int
    height: int
    title: str = ""
    measure: Measure | None = None
    queue_ids: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Wallboard:
    """A board. `link_number` grows when its secret link is renewed, `version` with each change. `at` is aware UTC."""

    board_id: str
    name: str
    dark: bool
    tiles: tuple[Tile, ...]
    link_number: int
    version: int
    by: str
    at: datetime


class BoardOvertaken(Exception):
    """Somebody else changed the board since it was read; `latest` is the board as it is now."""

    def __init__(self, latest: Wallboard) -> None:
        super().__init__(f"wallboard {latest.board_id} is at version {latest.version}")
        self.latest = latest


class Wallboards(Protocol):
    """Keeps the boards. Raises `LogUnavailable` when the database does not answer."""

    def all(self) -> Sequence[Wallboard]:
        """Every board, by name."""

    def find(self, board_id: str) -> Wallboard | None:
        """One board, or None."""

    def save(self, board: Wallboard) -> None:
        """Keep a board: a new one has version 1, a changed one the version that was read plus one.

        Raises `BoardOvertaken`.
        """

    def remove(self, board_id: str) -> None:
        """Forget a board; one that is gone already is no error."""
