"""Reads a board as the editor sends it, and writes it as scripts read it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from admin_web.commands.bodies import BadBody
from cxcore.ports.wallboards import COLUMNS, ROWS, Measure, Tile, TileKind, Wallboard

MOST_TILES = 40
MOST_QUEUES = 100
LONGEST_NAME = 60
LONGEST_TEXT = 300
LONGEST_KEY = 100

Choice = TypeVar("Choice", bound=StrEnum)
Json = Mapping[str, object]


def read_tiles(body: Json) -> tuple[Tile, ...]:
    """The tiles. Raises `BadBody`, which names what is wrong."""
    given = body.get("tiles")
    if not isinstance(given, list) or len(given) > MOST_TILES:
        raise BadBody("tiles")
    return tuple(_tile(each) for each in given)


def read_name(body: Json) -> str:
    """The name of a board. Raises `BadBody`."""
    name = _text(body, "name", LONGEST_NAME).strip()
    if not name:
        raise BadBody("name")
    return name


def read_flag(body: Json, name: str) -> bool:
    """Yes or no. Raises `BadBody`."""
    given = body.get(name)
    if not isinstance(given, bool):
        raise BadBody(name)
    return given


def read_version(body: Json) -> int:
    """The version that the change was made from. Raises `BadBody`."""
    return _whole_number(body, "version", range(1, 10**9))


def present_board(board: Wallboard) -> Json:
    """A board as its scripts read it; nothing in it is personal."""
    return {
        "name": board.name,
        "dark": board.dark,
        "version": board.version,
        "tiles": [_present_tile(tile) for tile in board.tiles],
    }


def _present_tile(tile: Tile) -> Json:
    return {
        "kind": tile.kind, "column": tile.column, "row": tile.row, "width": tile.width, "height": tile.height,
        "title": tile.title, "measure": tile.measure, "queues": tile.queue_ids, "text": tile.text,
    }  # fmt: skip


def _tile(given: object) -> Tile:
    if not isinstance(given, dict):
        raise BadBody("tiles")
    kind = _choice(TileKind, given, "kind")
    measure = _choice(Measure, given, "measure") if kind is TileKind.FIGURE else None
    column, row = _whole_number(given, "column", range(COLUMNS)), _whole_number(given, "row", range(ROWS))
    width = _whole_number(given, "width", range(1, COLUMNS - column + 1))
    height = _whole_number(given, "height", range(1, ROWS - row + 1))
    title, text = _text(given, "title", LONGEST_NAME), _text(given, "text", LONGEST_TEXT)
    return Tile(kind, column, row, width, height, title, measure, _queues(given), text)


def _choice(choices: type[Choice], given: Json, name: str) -> Choice:
    try:
        return choices(str(given.get(name)))
    except ValueError as error:
        raise BadBody(name) from error


def _queues(given: Json) -> tuple[str, ...]:
    queues = given.get("queues", [])
    if not isinstance(queues, list) or len(queues) > MOST_QUEUES:
        raise BadBody("queues")
    if not all(isinstance(each, str) and 0 < len(each) <= LONGEST_KEY for each in queues):
        raise BadBody("queues")
    return tuple(queues)


def _text(given: Json, name: str, longest: int) -> str:
    text = given.get(name, "")
    if not isinstance(text, str) or len(text) > longest:
        raise BadBody(name)
    return text


def _whole_number(given: Json, name: str, allowed: range) -> int:
    number = given.get(name)
    if isinstance(number, bool) or not isinstance(number, int) or number not in allowed:
        raise BadBody(name)
    return number
