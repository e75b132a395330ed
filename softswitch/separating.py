"""Cutting a line into parts as FreeSWITCH does (`switch_separate_string` in switch_utils.c).

Single quotes keep a delimiter inside a part and are taken off; a backslash keeps the next character.
"""

from __future__ import annotations

import re
from functools import lru_cache

ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "s": " "}

_PIECES = re.compile(r"[^\\']+|\\|'")


def separate(text: str, delimiter: str = " ", limit: int = 0) -> list[str]:
    """The parts of `text`. Several spaces count as one. `limit`: how many parts at most, the last taking the rest."""
    raw = _split_blank(text, limit) if delimiter == " " else _split_at(text, delimiter, limit)
    return [_clean(part, "" if delimiter == " " else delimiter) for part in raw]


def _split_at(text: str, delimiter: str, limit: int) -> list[str]:
    parts: list[str] = []
    special = _special(delimiter)
    start = position = 0
    quoted = False
    while (found := special.search(text, position)) is not None:
        position, character = found.end(), found[0]
        if character == "\\":
            position += 1
        elif character == "'" and (quoted or text.find("'", position) >= 0):
            quoted = not quoted
        elif character == delimiter and not quoted and (not limit or len(parts) < limit - 1):
            parts.append(text[start : position - 1])
            start = position
    if start < len(text):
        parts.append(text[start:])
    return parts


@lru_cache(maxsize=16)
def _special(delimiter: str) -> re.Pattern[str]:
    return re.compile(rf"[\\'{re.escape(delimiter)}]")


def _split_blank(text: str, limit: int) -> list[str]:
    return [part for part in _split_at(text.strip(" "), " ", limit) if part.strip(" ")] if text.strip(" ") else []


def _clean(part: str, delimiter: str) -> str:
    if "'" not in part and "\\" not in part:
        return part.strip(" ")
    result = ""
    end = position = 0
    quoted = False
    part = part.lstrip(" ")
    while (found := _PIECES.match(part, position)) is not None:
        position, piece = found.end(), found[0]
        if piece == "\\" and _escapes(part[position : position + 1], delimiter):
            result += ESCAPES.get(part[position], part[position])
            position += 1
            end = len(result)
        elif piece == "'" and (quoted or part.find("'", position) >= 0):
            quoted = not quoted
            end = len(result) if quoted else end
        else:
            result += piece
            end = len(result) if quoted else max(end, len(result.rstrip(" ")))
    return result[:end]


def _escapes(following: str, delimiter: str) -> bool:
    return bool(following) and (following in "'\"\\" or following == delimiter or following in ESCAPES)
