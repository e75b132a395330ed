"""Bytes of the Event Socket → frames → events.

A frame is a head of `Name: value` lines that ends with an empty line, and a body of `Content-Length` bytes (FreeSWITCH
`mod_event_socket.c`). Heads and events are split into lines first and percent-decoded after, so that no value can write
a header; where a name is repeated the first stands, as in `switch_event_get_header`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import unquote

MAX_HEAD_BYTES = 64 * 1024
"""A reply's head is a few hundred bytes; events travel in bodies."""
MAX_BODY_BYTES = 64 * 1024 * 1024
"""`show channels as json` takes about 1.5 kB a channel."""


class FrameError(Exception):
    """The peer does not speak the protocol; where the next frame starts is unknown, so the connection must end."""


class FrameTooLarge(FrameError):
    """A head or body is larger than the limit; both in bytes."""

    def __init__(self, part: str, size: int, limit: int) -> None:
        super().__init__(f"the {part} of a frame takes {size} bytes or more, {limit} are allowed")
        self.part, self.size, self.limit = part, size, limit


class MalformedLength(FrameError):
    """`Content-Length` is no number."""

    def __init__(self, value: str) -> None:
        super().__init__(f"Content-Length is {value[:40]!r}, which is no number")
        self.value = value


class MalformedEvent(Exception):
    """The body of an event cannot be read. The frame around it was whole: the next one is fine."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. Header values are text as sent (bad UTF-8 replaced), the body is bytes."""

    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the switch. A header is text, or a list of texts where FreeSWITCH keeps an array."""

    headers: Mapping[str, Any]
    body: str = ""

    @property
    def name(self) -> str:
        return self.text("Event-Name")

    def text(self, name: str) -> str:
        """A header's value; of an array the first element; empty when there is none."""
        return _text_of(self.headers.get(name, ""))

    def text_in_any_case(self, name: str) -> str:
        """The value of the first header that has this name but for its case; empty when there is none."""
        wanted = name.lower()
        return next((_text_of(value) for each, value in self.headers.items() if each.lower() == wanted), "")


def _text_of(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value[0]) if isinstance(value, list) and value else ""


QUOTE = ord('"')
JSON_START, JSON_END = b'{"Event-Name":"', b"}"
"""How every event begins and ends that `switch_event_serialize_json` wrote: without a space between its tokens."""


class JsonEvent(Event):
    """An event of which only those headers are read that are asked for: two to ten of some two hundred.

    In JSON a quotation mark within a text is escaped, so `"NAME":` stands nowhere but at the member of that name; the
    first of several is found, which is the one that stands. All else is left to `json_event`.
    """

    def __init__(self, raw: bytes) -> None:
        """`raw` begins with `JSON_START` and ends with `JSON_END`."""
        object.__setattr__(self, "raw", raw)

    raw: bytes

    @cached_property
    def whole(self) -> Event:
        """The event read whole. Raises `MalformedEvent`."""
        return json_event(self.raw.decode("utf-8", "replace"))

    @property
    def headers(self) -> Mapping[str, Any]:
        return self.whole.headers

    @property
    def body(self) -> str:
        return self.whole.body

    @property
    def name(self) -> str:
        return self.text("Event-Name")

    def text(self, name: str) -> str:
        """See `Event.text`."""
        member = _member(name)
        return self._text_at(self.raw.find(member), len(member))

    def text_in_any_case(self, name: str) -> str:
        """See `Event.text_in_any_case`."""
        member = _member(name.lower())
        return self._text_at(self.raw.lower().find(member), len(member))

    def _text_at(self, at: int, length: int) -> str:
        if at < 0:
            return ""
        start = at + length
        value = self.raw[start + 1 : self.raw.find(b'"', start + 1)]
        if self.raw[start] != QUOTE or b"\\" in value:
            return self.whole.text(self.raw[at + 1 : start - 2].decode("utf-8", "replace"))
        return value.decode("utf-8", "replace")


@cache
def _member(name: str) -> bytes:
    """How a member begins. Names are those that the translation asks for, so there are few."""
    return f'"{name}":'.encode()


class FrameReader:
    """Cuts a byte stream into frames, however the network cut it into pieces."""

    def __init__(self, max_head: int = MAX_HEAD_BYTES, max_body: int = MAX_BODY_BYTES) -> None:
        self._max_head, self._max_body = max_head, max_body
        self._buffer = bytearray()
        self._head: dict[str, str] | None = None
        self._length = 0
        self._searched = 0

    @property
    def amid_frame(self) -> bool:
        """Whether a frame has begun that is not whole yet."""
        return self._head is not None or bool(self._buffer)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take bytes; the frames that are whole now, then `FrameError` where the rest makes no sense."""
        self._buffer += data
        return iter(self._next, None)

    def _next(self) -> Frame | None:
        if self._head is None and not self._read_head():
            return None
        if self._head is None or len(self._buffer) < self._length:
            return None
        frame = Frame(self._head, bytes(self._buffer[: self._length]))
        del self._buffer[: self._length]
        self._head = None
        return frame

    def _read_head(self) -> bool:
        if self._buffer.startswith(b"\n"):
            self._buffer = self._buffer.lstrip(b"\n")
        end = self._buffer.find(b"\n\n", self._searched)
        size = len(self._buffer) if end < 0 else end
        if size > self._max_head:
            raise FrameTooLarge("head", size, self._max_head)
        if end < 0:
            self._searched = max(0, size - 1)
            return False
        head = split_head(self._buffer[:end].decode("utf-8", "replace"))
        self._length = self._body_length(head)
        del self._buffer[: end + 2]
        self._searched, self._head = 0, head
        return True

    def _body_length(self, head: Mapping[str, str]) -> int:
        value = head.get("Content-Length", "0")
        if not (value.isascii() and value.isdigit()):
            raise MalformedLength(value)
        length = int(value) if len(value) < 12 else self._max_body + 1
        if length > self._max_body:
            raise FrameTooLarge("body", length, self._max_body)
        return length


def split_head(text: str) -> dict[str, str]:
    """The `Name: value` lines of a head, undecoded; a line without a colon is left out."""
    headers: dict[str, str] = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name, value.strip())
    return headers


def event_of(frame: Frame) -> Event:
    """The event in a `text/event-json` or `text/event-plain` frame. Raises `MalformedEvent`."""
    if frame.content_type == "text/event-plain":
        return plain_event(frame.body.decode("utf-8", "replace"))
    if frame.body.startswith(JSON_START) and frame.body.endswith(JSON_END):
        return JsonEvent(frame.body)
    return json_event(frame.body.decode("utf-8", "replace"))


def json_event(text: str) -> Event:
    """An event as `switch_event_serialize_json` writes it; its body is the member `_body`."""
    try:
        headers = _decoder.decode(text)
    except ValueError as error:
        raise MalformedEvent(f"no JSON: {error}") from error
    if not isinstance(headers, dict):
        raise MalformedEvent(f"an event is an object, not {type(headers).__name__}")
    body = headers.pop("_body", "")
    return Event(headers, body if isinstance(body, str) else "")


def plain_event(text: str) -> Event:
    """An event as `switch_event_serialize` writes it: percent-encoded lines, then the body, which is not encoded."""
    head, _, body = text.partition("\n\n")
    headers = {name: unquote(value) if "%" in value else value for name, value in split_head(head).items()}
    return Event(headers, body)


def _first_stands(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else dict(reversed(pairs))


# Control characters are let through: cJSON escapes them, but a value must never cost us the event.
_decoder = json.JSONDecoder(object_pairs_hook=_first_stands, strict=False)
