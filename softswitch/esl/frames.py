"""Frames on the wire: reading what clients send, writing what they get (mod_event_socket.c, `read_packet`)."""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_FRAME = 10 * 1024 * 1024
"""As in mod_event_socket.c; a client that sends more is not one."""


class FrameTooLong(Exception):
    """The peer sends a head or a body beyond all reason."""


@dataclass(slots=True)
class Request:
    """One command with its headers; names in lower case. `body` is there when `content-length` says so."""

    command: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


class RequestReader:
    """Cuts a byte stream into requests, whatever the pieces it comes in. Octets that are no UTF-8 are kept."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._head: Request | None = None
        self._wanted = 0
        self._searched = 0

    def feed(self, octets: bytes) -> list[Request]:
        """The requests that are complete now. Raises `FrameTooLong`."""
        self._buffer += octets
        requests = []
        while (request := self._next()) is not None:
            requests.append(request)
        if len(self._buffer) > LONGEST_FRAME:
            raise FrameTooLong
        return requests

    def _next(self) -> Request | None:
        if self._head is None and not self._read_head():
            return None
        head = self._head
        if head is None or len(self._buffer) < self._wanted:
            return None
        head.body = self._buffer[: self._wanted].decode("utf-8", "surrogateescape")
        del self._buffer[: self._wanted]
        self._head, self._wanted = None, 0
        return head

    def _read_head(self) -> bool:
        skipped = len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))
        if skipped:
            del self._buffer[:skipped]
            self._searched = 0
        end, length = self._end_of_head()
        if end < 0:
            self._searched = max(len(self._buffer) - 3, 0)
            return False
        text = self._buffer[:end].decode("utf-8", "surrogateescape")
        del self._buffer[: end + length]
        self._searched = 0
        self._head = _request(text)
        self._wanted = _content_length(self._head.headers.get("content-length", ""))
        return True

    def _end_of_head(self) -> tuple[int, int]:
        """Two line feeds, with or without carriage returns between: where, and how many octets."""
        found = [(self._buffer.find(mark, self._searched), len(mark)) for mark in (b"\n\n", b"\n\r\n")]
        return min((place for place in found if place[0] >= 0), default=(-1, 0))


def _request(text: str) -> Request:
    lines = [line.strip("\r") for line in text.split("\n")]
    request = Request(lines[0])
    for line in lines[1:]:
        name, separator, value = line.partition(":")
        if separator:
            request.headers[name.strip().lower()] = value.lstrip(" ")
    return request


def _content_length(text: str) -> int:
    length = int(text) if text.isdigit() else 0
    if length > LONGEST_FRAME:
        raise FrameTooLong
    return length


def reply(text: str, *headers: tuple[str, str]) -> bytes:
    """`command/reply`."""
    extra = "".join(f"{name}: {value}\n" for name, value in headers)
    return _octets(f"Content-Type: command/reply\nReply-Text: {text}\n{extra}\n")


def api_response(text: str) -> bytes:
    octets = _octets(text or "-ERR no reply\n")
    return b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(octets), octets)


def event_frame(form: str, body: bytes) -> bytes:
    """`form` is plain or json."""
    return b"Content-Length: %d\nContent-Type: text/event-%s\n\n%s" % (len(body), form.encode(), body)


def notice(kind: str, text: str) -> bytes:
    """`text/disconnect-notice` or `text/rude-rejection`."""
    octets = _octets(text)
    return b"Content-Type: %s\nContent-Length: %d\n\n%s" % (kind.encode(), len(octets), octets)


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


AUTH_REQUEST = b"Content-Type: auth/request\n\n"
GOODBYE = notice("text/disconnect-notice", "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n")
REJECTION = notice("text/rude-rejection", "Access Denied, go away.\n")
