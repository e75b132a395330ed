"""Each row is written as JSON once and shared by all browsers that may see it in that shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from admin_web.presenters import rows
from cxcore.ports.controller import AgentRow, Row, Subject

Key = tuple[Subject, str]


class Shape(Enum):
    """How much of a row is shown."""

    FULL = auto()
    COLLEAGUE = auto()
    """An agent, as other agents see it."""


@dataclass(slots=True)
class Encoder:
    """Keeps the text of the present rows; a row that is gone leaves no text behind."""

    _texts: dict[tuple[Shape, Key], tuple[Row, str]] = field(default_factory=dict)

    def encode(self, key: Key, row: Row | None, shape: Shape) -> str:
        """`["agent","anna",{…}]`, or `["agent","anna",null]` for a row that is gone."""
        if row is None:
            self._forget(key)
            return _text(key, None)
        known = self._texts.get((shape, key))
        if known is not None and known[0] is row:
            return known[1]
        text = _text(key, _present(row, shape))
        self._texts[shape, key] = (row, text)
        return text

    def _forget(self, key: Key) -> None:
        for shape in Shape:
            self._texts.pop((shape, key), None)


def _present(row: Row, shape: Shape) -> Mapping[str, object]:
    if shape is Shape.COLLEAGUE and isinstance(row, AgentRow):
        return rows.colleague(row)
    return rows.present(row)


def _text(key: Key, shown: Mapping[str, object] | None) -> str:
    return json.dumps([key[0].value, key[1], shown], ensure_ascii=False, separators=(",", ":"))


def message(kind: str, now_milliseconds: int, connected: bool, texts: list[str]) -> str:
    """What goes over the socket: `snapshot` replaces everything, `changes` replace rows, `alive` carries none."""
    head = json.dumps({"kind": kind, "now": now_milliseconds, "core": connected}, separators=(",", ":"))
    return f'{head[:-1]},"rows":[{",".join(texts)}]}}'
