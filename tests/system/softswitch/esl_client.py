"""A plain Event Socket client for tests: blocking, with a time limit on every wait."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

Headers = dict[str, str]
LIMIT_SECONDS = 15.0


@dataclass
class Frame:
    headers: Headers
    body: bytes = b""

    @property
    def kind(self) -> str:
        return self.headers.get("Content-Type", "")


@dataclass
class Happened:
    """One event, decoded."""

    headers: Headers
    body: str = ""
    raw: bytes = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        return self.headers["Event-Name"]

    @property
    def uuid(self) -> str:
        return self.headers.get("Unique-ID", "")

    def __getitem__(self, name: str) -> str:
        return self.headers[name]


class NothingCame(AssertionError):
    """A wait ended without what was waited for."""


class EslClient:
    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection((host, port), LIMIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        self._events: list[Happened] = []
        self.seen: list[Happened] = []

    @classmethod
    def signed_in(cls, port: int, password: str, events: str = "plain ALL") -> EslClient:
        client = cls(port)
        assert client.read_frame().kind == "auth/request"
        assert client.command(f"auth {password}").headers["Reply-Text"] == "+OK accepted"
        if events:
            assert client.command(f"event {events}").headers["Reply-Text"].startswith("+OK event listener enabled")
        return client

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> EslClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, text: str) -> None:
        self.socket.sendall(text.encode("utf-8", "surrogateescape"))

    def read_frame(self, limit: float = LIMIT_SECONDS) -> Frame:
        deadline = time.monotonic() + limit
        while b"\n\n" not in self._buffer:
            self._receive(deadline)
        head, _, self._buffer = self._buffer.partition(b"\n\n")
        lines = [line.partition(": ") for line in head.decode("utf-8", "surrogateescape").split("\n") if line]
        headers = {name: value for name, _, value in lines}
        length = int(headers.get("Content-Length", "0"))
        while len(self._buffer) < length:
            self._receive(deadline)
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return Frame(headers, body)

    def _receive(self, deadline: float) -> None:
        self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            octets = self.socket.recv(65536)
        except TimeoutError as error:
            raise NothingCame("no frame in time") from error
        if not octets:
            raise ConnectionError("the switch closed the connection")
        self._buffer += octets

    def next_reply(self) -> Frame:
        """The answer to what `send` sent."""
        while True:
            frame = self.read_frame()
            if not self._keep_event(frame):
                return frame

    def _keep_event(self, frame: Frame) -> bool:
        if frame.kind not in ("text/event-plain", "text/event-json"):
            return False
        event = _decode_json(frame.body) if frame.kind.endswith("json") else _decode_plain(frame.body)
        self._events.append(event)
        self.seen.append(event)
        return True

    def command(self, text: str) -> Frame:
        self.send(f"{text}\n\n")
        return self.next_reply()

    def api(self, text: str) -> str:
        return self.command(f"api {text}").body.decode("utf-8", "surrogateescape")

    def bgapi(self, text: str) -> str:
        return self.command(f"bgapi {text}").headers["Job-UUID"]

    def execute(self, uuid: str, application: str, argument: str = "", **headers: str) -> Frame:
        lines = [f"sendmsg {uuid}", "call-command: execute", f"execute-app-name: {application}"]
        lines += [f"execute-app-arg: {argument}"] if argument else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return self.command("\n".join(lines))

    def wait(self, name: str, uuid: str = "", limit: float = LIMIT_SECONDS, **facts: str) -> Happened:
        """The first event of that name (and leg, and header values) that no wait has taken yet."""
        wanted = {key if key.startswith("variable_") else key.replace("_", "-"): value for key, value in facts.items()}
        return self.wait_until(
            lambda event: (
                event.name == name
                and (not uuid or event.uuid == uuid)
                and all(event.headers.get(key) == value for key, value in wanted.items())
            ),
            f"{name} {uuid} {wanted}",
            limit,
        )

    def wait_until(self, fits: Callable[[Happened], bool], what: str, limit: float = LIMIT_SECONDS) -> Happened:
        deadline = time.monotonic() + limit
        while True:
            for event in self._events:
                if fits(event):
                    self._events.remove(event)
                    return event
            left = deadline - time.monotonic()
            if left <= 0:
                raise NothingCame(f"no {what}; seen: {[(event.name, event.uuid[:8]) for event in self.seen][-30:]}")
            try:
                self._keep_event(self.read_frame(left))
            except NothingCame:
                continue

    def answer_of(self, job: str, limit: float = LIMIT_SECONDS) -> str:
        return self.wait_until(
            lambda event: event.name == "BACKGROUND_JOB" and event["Job-UUID"] == job, f"job {job}", limit
        ).body


def _decode_plain(octets: bytes) -> Happened:
    head, _, rest = octets.partition(b"\n\n")
    headers: Headers = {}
    for line in head.decode("ascii").split("\n"):
        name, _, value = line.partition(": ")
        headers[name] = unquote(value, errors="surrogateescape")
    return Happened(headers, rest.decode("utf-8", "surrogateescape"), octets)


def _decode_json(octets: bytes) -> Happened:
    headers = json.loads(octets)
    return Happened(headers, headers.pop("_body", ""), octets)
