"""Cutting a line into parts as FreeSWITCH does (`switch_separate_string` in switch_utils.c).

Single quotes keep a delimiter inside a part and are taken off; a backslash keeps the next character.
"""

from __future__ import annotations

ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "s": " "}


def separate(text: str, delimiter: str = " ", limit: int = 0) -> list[str]:
    """The parts of `text`. Several spaces count as one. `limit`: how many parts at most, the last taking the rest."""
    raw = _split_blank(text, limit) if delimiter == " " else _split_at(text, delimiter, limit)
    return [_clean(part, "" if delimiter == " " else delimiter) for part in raw]


def _split_at(text: str, delimiter: str, limit: int) -> list[str]:
    parts: list[str] = []
    start = position = 0
    quoted = False
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif character == "'" and (quoted or "'" in text[position + 1 :]):
            quoted = not quoted
        elif character == delimiter and not quoted and (not limit or len(parts) < limit - 1):
            parts.append(text[start:position])
            start = position + 1
        position += 1
    if start < len(text):
        parts.append(text[start:])
    return parts


def _split_blank(text: str, limit: int) -> list[str]:
    return [part for part in _split_at(text.strip(" "), " ", limit) if part.strip(" ")] if text.strip(" ") else []


def _clean(part: str, delimiter: str) -> str:
    result: list[str] = []
    end = position = 0
    quoted = False
    part = part.lstrip(" ")
    while position < len(part):
        character = part[position]
        following = part[position + 1 : position + 2]
        if character == "\\" and _escapes(following, delimiter):
            result.append(ESCAPES.get(following, following))
            end = len(result)
            position += 1
        elif character == "'" and (quoted or "'" in part[position + 1 :]):
            quoted = not quoted
            end = len(result) if quoted else end
        else:
            result.append(character)
            end = len(result) if character != " " or quoted else end
        position += 1
    return "".join(result[:end])


def _escapes(following: str, delimiter: str) -> bool:
    return bool(following) and (following in "'\"\\" or following == delimiter or following in ESCAPES)
