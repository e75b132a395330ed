"""An Event Socket client for tests: one blocking socket, every wait with a limit, nothing clever.

It reads the protocol as FreeSWITCH writes it (`mod_event_socket.c`): header lines, an empty line, `Content-Length`
bytes. It is written for the tests alone and shares nothing with the clients that are tested.
"""

from __future__ import annotations

import json
import socket
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote

LONGEST_WAIT_SECONDS = 15.0


class NothingCame(AssertionError):
    """What was waited for did not come; the message lists what came instead."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its head as header → value (undecoded), its body as text."""

    headers: Mapping[str, str]
    body: str

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

    @property
    def reply(self) -> str:
        return self.headers.get("Reply-Text", "")


@dataclass(frozen=True, slots=True)
class Event:
    """One event, values decoded. `body` is the answer in a BACKGROUND_JOB."""

    headers: Mapping[str, str]
    body: str = ""

    @property
    def name(self) -> str:
        return self.headers.get("Event-Name", "")

    @property
    def uuid(self) -> str:
        return self.headers.get("Unique-ID", "")

    def __getitem__(self, header: str) -> str:
        return self.headers[header]

    def get(self, header: str, default: str = "") -> str:
        return self.headers.get(header, default)

    def variable(self, name: str) -> str | None:
        return self.headers.get(f"variable_{name}")


@dataclass(slots=True)
class Esl:
    """One connection to the event socket. Events are kept in the order in which they came."""

    socket: socket.socket
    events: list[Event] = field(default_factory=list)
    _buffer: bytearray = field(default_factory=bytearray)
    _replies: list[Frame] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)

    @classmethod
    def connect(cls, address: tuple[str, int], timeout: float = LONGEST_WAIT_SECONDS) -> Self:
        """Connect and stop there: the engine's `auth/request` is the first frame that `read_frame` gives."""
        connection = socket.create_connection(address, timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(connection)

    @classmethod
    def login(cls, address: tuple[str, int], password: str) -> Self:
        """Connect and authenticate."""
        esl = cls.connect(address)
        greeting = esl.read_frame()
        assert greeting.content_type == "auth/request", greeting
        reply = esl.command(f"auth {password}")
        assert reply.reply == "+OK accepted", reply
        return esl

    def close(self) -> None:
        self.socket.close()

    # -- frames

    def send(self, text: str | bytes) -> None:
        """Send a frame's head; the empty line that ends it is added."""
        raw = text if isinstance(text, bytes) else text.encode()
        self.socket.sendall(raw + b"\n\n")

    def read_frame(self, timeout: float = LONGEST_WAIT_SECONDS) -> Frame:
        """The next frame, event or reply. Raises NothingCame after the time-out and ConnectionError at the end."""
        deadline = time.monotonic() + timeout
        head = self._read_until(b"\n\n", deadline)
        headers = _head(head.decode("utf-8", "surrogateescape"))
        length = int(headers.get("Content-Length", "0"))
        return Frame(headers, self._read_exactly(length, deadline).decode("utf-8", "surrogateescape"))

    def command(self, text: str | bytes, timeout: float = LONGEST_WAIT_SECONDS) -> Frame:
        """Send a command and wait for its reply; events that come first are kept."""
        self.send(text)
        return self.read_reply(timeout)

    def read_reply(self, timeout: float = LONGEST_WAIT_SECONDS) -> Frame:
        """The next frame that is no event; events that come first are kept."""
        deadline = time.monotonic() + timeout
        while not self._replies:
            self._take(self.read_frame(max(deadline - time.monotonic(), 0.001)))
        return self._replies.pop(0)

    def _take(self, frame: Frame) -> None:
        if frame.content_type in ("text/event-plain", "text/event-json"):
            self.events.append(_event(frame))
        else:
            self._replies.append(frame)

    # -- commands

    def api(self, command: str, timeout: float = LONGEST_WAIT_SECONDS) -> str:
        """The body of the answer."""
        frame = self.command(f"api {command}", timeout)
        assert frame.content_type == "api/response", frame
        return frame.body

    def ok(self, command: str) -> str:
        """An api command that must succeed; what follows `+OK ` in the answer."""
        answer = self.api(command).strip()
        assert answer.startswith("+OK"), f"{command}: {answer}"
        return answer.removeprefix("+OK").strip()

    def bgapi(self, command: str, job: str = "") -> str:
        """Start a background job; its Job-UUID."""
        job_header = f"\nJob-UUID: {job}" if job else ""
        return self.command(f"bgapi {command}{job_header}").headers["Job-UUID"]

    def job_answer(self, job: str, timeout: float = LONGEST_WAIT_SECONDS) -> str:
        """The answer of a background job; BACKGROUND_JOB must be subscribed."""
        return self.wait_event("BACKGROUND_JOB", timeout=timeout, where={"Job-UUID": job}).body

    def execute(self, leg: str, application: str, argument: str = "", **options: str) -> str:
        """`sendmsg … execute`; options such as event_lock="true", loops="2". Gives back the Event-UUID."""
        marker = options.pop("event_uuid", str(uuid.uuid4()))
        lines = [f"sendmsg {leg}", "call-command: execute", f"execute-app-name: {application}"]
        lines += [f"execute-app-arg: {argument}"] if argument else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in options.items()]
        reply = self.command("\n".join([*lines, f"Event-UUID: {marker}"]))
        assert reply.reply == "+OK", f"{application}: {reply}"
        return marker

    def run(self, leg: str, application: str, argument: str = "", timeout: float = LONGEST_WAIT_SECONDS) -> Event:
        """Execute an application and wait until it is complete."""
        marker = self.execute(leg, application, argument)
        return self.wait_event("CHANNEL_EXECUTE_COMPLETE", leg, {"Application-UUID": marker}, timeout)

    def variable(self, leg: str, name: str) -> str:
        return self.api(f"uuid_getvar {leg} {name}").rstrip("\n")

    def subscribe(self, names: str = "ALL", form: str = "plain") -> None:
        reply = self.command(f"event {form} {names}")
        assert reply.reply.startswith("+OK event listener enabled"), reply

    # -- events

    def wait_event(
        self,
        name: str,
        leg: str = "",
        where: Mapping[str, str] | None = None,
        timeout: float = LONGEST_WAIT_SECONDS,
    ) -> Event:
        """The first event of this name (of this leg, with these headers) that no earlier wait has given."""
        wanted = dict(where or {}) | ({"Unique-ID": leg} if leg else {})
        deadline = time.monotonic() + timeout
        looked_at = 0
        while True:
            for position in range(looked_at, len(self.events)):
                if position not in self._seen and _matches(self.events[position], name, wanted):
                    self._seen.add(position)
                    return self.events[position]
            looked_at = len(self.events)
            self._receive(deadline, name, wanted)

    def _receive(self, deadline: float, name: str, wanted: Mapping[str, str]) -> None:
        left = deadline - time.monotonic()
        try:
            if left <= 0:
                raise NothingCame
            self._take(self.read_frame(left))
        except NothingCame:
            raise NothingCame(f"no {name} with {dict(wanted)} in {self.summary()}") from None

    def collect(self, seconds: float) -> list[Event]:
        """Listen for so long; the events that came in that time."""
        first = len(self.events)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                self._take(self.read_frame(left))
            except NothingCame:
                break
        return self.events[first:]

    def names(self, leg: str, among: Sequence[str] = ()) -> list[str]:
        """The names of all events of a leg, in their order; with `among` only those."""
        return [event.name for event in self.events if event.uuid == leg and (not among or event.name in among)]

    def summary(self) -> list[str]:
        return [f"{event.name} {event.uuid[:8]}" for event in self.events[-40:]]

    # -- bytes

    def _read_until(self, mark: bytes, deadline: float) -> bytes:
        while (end := self._buffer.find(mark)) < 0:
            self._fill(deadline)
        taken = bytes(self._buffer[:end])
        del self._buffer[: end + len(mark)]
        return taken

    def _read_exactly(self, length: int, deadline: float) -> bytes:
        while len(self._buffer) < length:
            self._fill(deadline)
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken

    def _fill(self, deadline: float) -> None:
        self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            received = self.socket.recv(65536)
        except TimeoutError:
            raise NothingCame("no frame came") from None
        if not received:
            raise ConnectionError("the engine closed the connection")
        self._buffer += received

    def is_closed(self, timeout: float = LONGEST_WAIT_SECONDS) -> bool:
        """True once the engine has closed the connection; what it sent until then is dropped."""
        try:
            while True:
                self._fill(time.monotonic() + timeout)
        except ConnectionError:
            return True
        except NothingCame:
            return False


def _head(text: str) -> dict[str, str]:
    return dict(_lines(text))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            yield name, value.strip()


def _event(frame: Frame) -> Event:
    if frame.content_type == "text/event-json":
        fields = json.loads(frame.body)
        body = fields.pop("_body", "")
        return Event(fields, body)
    head, _, body = frame.body.partition("\n\n")
    return Event({name: unquote(value, errors="surrogateescape") for name, value in _lines(head)}, body)


def _matches(event: Event, name: str, wanted: Mapping[str, str]) -> bool:
    return event.name == name and all(event.headers.get(header) == value for header, value in wanted.items())
