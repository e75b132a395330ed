"""Bencoding, in which rtpengine is spoken to (BEP 3). Text goes out as UTF-8 and comes in as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEEPEST = 32


class Unreadable(ValueError):
    """What came is not bencoded."""


def encode(value: Mapping[str, Any] | list[Any] | str | bytes | int) -> bytes:
    """The octets of a value."""
    match value:
        case int():
            return b"i%de" % value
        case str():
            return encode(value.encode())
        case bytes():
            return b"%d:%s" % (len(value), value)
        case list():
            return b"l" + b"".join(map(encode, value)) + b"e"
        case _:
            return b"d" + b"".join(encode(key) + encode(each) for key, each in value.items()) + b"e"


def decode(octets: bytes) -> Any:
    """The value: int, bytes, list, or dict with keys of text. Raises `Unreadable`."""
    try:
        value, end = _decode(octets, 0, DEEPEST)
    except (ValueError, IndexError) as error:
        raise Unreadable(f"not bencoded: {octets[:40]!r}") from error
    if end != len(octets):
        raise Unreadable(f"more than one value: {octets[end : end + 40]!r}")
    return value


def _decode(octets: bytes, start: int, deep: int) -> tuple[Any, int]:
    if not deep:
        raise Unreadable("too deep")
    kind = octets[start : start + 1]
    if kind == b"i":
        end = octets.index(b"e", start)
        return int(octets[start + 1 : end]), end + 1
    if kind == b"l":
        return _list(octets, start + 1, deep - 1)
    if kind == b"d":
        flat, end = _list(octets, start + 1, deep - 1)
        return {key.decode("utf-8", "replace"): each for key, each in zip(flat[::2], flat[1::2], strict=True)}, end
    return _text(octets, start)


def _list(octets: bytes, start: int, deep: int) -> tuple[list[Any], int]:
    values = []
    while octets[start] != ord("e"):
        value, start = _decode(octets, start, deep)
        values.append(value)
    return values, start + 1


def _text(octets: bytes, start: int) -> tuple[bytes, int]:
    colon = octets.index(b":", start)
    end = colon + 1 + int(octets[start:colon])
    if end > len(octets):
        raise Unreadable("cut short")
    return octets[colon + 1 : end], end
