"""Each row is written as JSON once and shared by all browsers that may see it in that shape."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from admin_web.presenters import rows
from cxcore.ports.controller import AgentRow, AlarmRow, Row, Subject

Key = tuple[Subject, str]
SALT = secrets.token_bytes(16)


class Shape(Enum):
    """How much of a row is shown."""

    FULL = auto()
    OWN = auto()
    """An agent, as that agent sees the own row."""
    COLLEAGUE = auto()
    """An agent, as other agents see it."""
    NAMELESS = auto()
    """An agent or alarm, as everybody may see it: a state, and nobody's name anywhere, not even in the key."""


@dataclass(slots=True)
class Encoder:
    """Keeps the text of the present rows; a row that is gone leaves no text behind."""

    _texts: dict[tuple[Shape, Key], tuple[Row, str]] = field(default_factory=dict)

    def encode(self, key: Key, row: Row | None, shape: Shape) -> str:
        """`["agent","anna",{…}]`, or `["agent","anna",null]` for a row that is gone."""
        named = _nameless(key) if shape is Shape.NAMELESS and key[0] is Subject.AGENT else key
        if row is None:
            self._forget(key)
            return _text(named, None)
        known = self._texts.get((shape, key))
        if known is not None and known[0] is row:
            return known[1]
        text = _text(named, _present(row, shape))
        self._texts[shape, key] = (row, text)
        return text

    def _forget(self, key: Key) -> None:
        for shape in Shape:
            self._texts.pop((shape, key), None)


def _present(row: Row, shape: Shape) -> Mapping[str, object]:
    if shape is Shape.COLLEAGUE and isinstance(row, AgentRow):
        return rows.colleague(row)
    if shape is Shape.NAMELESS and isinstance(row, AgentRow):
        return rows.nameless(row)
    if shape is Shape.NAMELESS and isinstance(row, AlarmRow):
        return rows.nameless_alarm(row)
    if shape is Shape.OWN and isinstance(row, AgentRow):
        return rows.own_agent(row)
    return rows.present(row)


def _nameless(key: Key) -> Key:
    """A key that tells the same row again, in this process, and nobody's name."""
    return key[0], hmac.digest(SALT, key[1].encode(), "sha256").hex()[:16]


def _text(key: Key, shown: Mapping[str, object] | None) -> str:
    return json.dumps([key[0].value, key[1], shown], ensure_ascii=False, separators=(",", ":"))


def message(kind: str, now_milliseconds: int, connected: bool, texts: list[str]) -> str:
    """What goes over the socket: `snapshot` replaces everything, `changes` replace rows, `alive` carries none."""
    head = json.dumps({"kind": kind, "now": now_milliseconds, "core": connected}, separators=(",", ":"))
    return f'{head[:-1]},"rows":[{",".join(texts)}]}}'
