"""The SBC for tests: Kamailio with our configuration, a SIP party in the switch's place, and lines of every kind."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import pytest
from websockets.exceptions import InvalidMessage
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from scripts import sbc_site
from tests.contract.sip_peer import Message, NothingCame, SipParty
from tests.ports import free_port

KAMAILIO = shutil.which("kamailio", path="/usr/sbin:/usr/bin:/usr/local/sbin")
START_SECONDS = 30.0
WAIT_SECONDS = 15.0
END_SECONDS, ASK_AGAIN_SECONDS = 60.0, 10.0
NOWHERE = "nowhere.invalid"
"""What a browser writes for its own address (RFC 7118, 5)."""
HANDSHAKES, HANDSHAKE_SECONDS = 3, 5.0
TRANSPORTS = ("udp", "tcp", "tls", "ws", "wss")

needs_kamailio = pytest.mark.skipif(
    KAMAILIO is None and not os.environ.get("CI"), reason="kamailio is not installed; make setup installs it"
)
"""In CI the test fails instead: there Kamailio must be installed."""


class Sbc:
    """A running SBC. `switch` is the party behind it, unless `switches` names others."""

    def __init__(self, folder: Path, **values: str) -> None:
        free = [str(free_port()) for _ in range(3)]
        doors = dict(zip(("port", "tls_port", "websocket_port"), free, strict=True))
        self.values = {**doors, **values}
        self.port = int(self.values["port"])
        self.switch = SipParty(("127.0.0.1", self.port))
        self.values.setdefault("switches", self.switch.address)
        self.folder = folder
        sbc_site.write_site(folder, self.values)
        self.start()

    def start(self, *before: str) -> None:
        """Start Kamailio, after the words of `before` when there are any, and wait until it answers."""
        with (self.folder / "sbc.out").open("ab") as output:
            self.process = subprocess.Popen(
                [*before, *sbc_site.start_command(self.folder)], stdout=output, stderr=output, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers(patience=0.2):
            assert self.process.poll() is None and time.monotonic() < deadline, self.log

    @property
    def log(self) -> str:
        return (self.folder / "sbc.out").read_text(encoding="utf-8", errors="replace")

    def door(self, transport: str) -> int:
        """The port of this transport."""
        return int(self.values[{"tls": "tls_port", "wss": "tls_port", "ws": "websocket_port"}.get(transport, "port")])

    def answers(self, transport: str = "udp", host: str = "127.0.0.1", patience: float = 2.0) -> bool:
        """Whether OPTIONS gets 200."""
        try:
            with line(self, transport, host) as caller:
                caller.send("OPTIONS", f"sip:{caller.door}")
                return caller.receive(patience).status == 200
        except (NothingCame, ConnectionError):
            return False

    def status(self) -> dict[str, dict[str, Any]]:
        """What monitoring is told."""
        connection = http.client.HTTPConnection("127.0.0.1", self.door("ws"), timeout=WAIT_SECONDS)
        connection.request("GET", "/status")
        told: dict[str, dict[str, Any]] = json.loads(connection.getresponse().read())
        connection.close()
        return told

    def processes(self) -> list[int]:
        """Those that live, of the session that it was started in."""
        listed = subprocess.run(["pgrep", "-s", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(number) for number in listed.stdout.split()]

    def close(self) -> None:
        """The SBC must end by itself, and take its children along."""
        end(self.process)
        self.switch.close()
        assert not self.processes()


def end(kamailio: subprocess.Popen[bytes]) -> None:
    """Ask until it ends: a signal that comes between its look for one and its wait for the next is missed (main.c)."""
    deadline = time.monotonic() + END_SECONDS
    while kamailio.poll() is None:
        assert time.monotonic() < deadline, "Kamailio does not end"
        kamailio.terminate()
        with suppress(subprocess.TimeoutExpired):
            kamailio.wait(ASK_AGAIN_SECONDS)


def check(folder: Path) -> str:
    """What Kamailio's own checker finds wrong, warnings included; empty when all is well."""
    command = [str(KAMAILIO), "-c", "-Y", str(folder), "-f", str(folder / "kamailio.cfg")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    found = [line for line in done.stderr.splitlines() if re.search(r"WARNING|ERROR|CRITICAL|bad config", line)]
    return "\n".join(found) or ("" if done.returncode == 0 else done.stderr)


class Wire(Protocol):
    """Carries one message at a time."""

    def send(self, message: bytes) -> None: ...
    def receive(self, patience: float) -> bytes: ...


class SocketWire:
    """UDP, TCP or TLS."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._octets = b""

    def send(self, message: bytes) -> None:
        self._connection.sendall(message)

    def receive(self, patience: float) -> bytes:
        self._connection.settimeout(patience)
        while (message := self._cut()) is None:
            octets = self._connection.recv(65535)
            if not octets:
                raise ConnectionResetError("the SBC closed the connection")
            self._octets += octets
        return message

    def _cut(self) -> bytes | None:
        self._octets = self._octets.lstrip(b"\r\n")
        head, end, rest = self._octets.partition(b"\r\n\r\n")
        length = int(Message.parse(head + end).get("Content-Length", "0")) if end else 0
        if not end or len(rest) < length:
            return None
        self._octets = rest[length:]
        return head + end + rest[:length]


class WebSocketWire:
    """WebSocket, plain or over TLS (RFC 7118)."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    def send(self, message: bytes) -> None:
        self._connection.send(message.decode(), text=True)

    def receive(self, patience: float) -> bytes:
        received = self._connection.recv(patience)
        return received.encode() if isinstance(received, str) else received


class Line:
    """A caller on one connection, by any transport. `contact` is where it says it can be reached."""

    def __init__(self, wire: Wire, transport: str, door: str, contact: str) -> None:
        self._wire = wire
        self.transport, self.door, self.contact = transport, door, contact
        self.call_id, self.tag = uuid.uuid4().hex, uuid.uuid4().hex[:10]
        self.remote_tag = ""
        self.routes: Sequence[str] = ()

    def send(
        self,
        method: str,
        target: str,
        cseq: int = 1,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        called: str = "someone",
    ) -> None:
        to = f"<sip:{called}@{self.door}>" + (f";tag={self.remote_tag}" if self.remote_tag else "")
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/{self.transport.upper()} nowhere.invalid;branch=z9hG4bK{uuid.uuid4().hex};rport",
            "Max-Forwards: 70",
            *(f"Route: {route}" for route in self.routes),
            f"From: <sip:anna@nowhere.invalid>;tag={self.tag}",
            f"To: {to}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {cseq} {method}",
            f"Contact: <sip:anna@{self.contact};transport={self.transport.replace('wss', 'ws')}>",
            *(f"{name}: {value}" for name, value in (headers or {}).items()),
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body.encode())}",
        ]
        self._wire.send(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def send_raw(self, octets: bytes) -> None:
        self._wire.send(octets)

    def receive(self, patience: float = WAIT_SECONDS) -> Message:
        """The next message. Raises NothingCame."""
        try:
            return Message.parse(self._wire.receive(patience))
        except TimeoutError:
            raise NothingCame(f"nothing came over {self.transport} in {patience} s") from None

    def wait(self, wanted: Callable[[Message], bool]) -> Message:
        """The first message like that, of the next few."""
        seen = []
        for _ in range(10):
            seen.append(self.receive())
            if wanted(seen[-1]):
                return seen[-1]
        raise NothingCame(f"only {[message.start for message in seen]}")

    def final(self, cseq: int = 1) -> Message:
        """The final answer to the request with this number."""
        return self.wait(lambda message: message.status >= 200 and message.cseq == cseq)

    def accept(self, answer: Message) -> None:
        """Take the 200 to an INVITE as the beginning of the dialog, and acknowledge it."""
        self.remote_tag = answer.tag("To")
        self.routes = answer.all("Record-Route")[::-1]
        self.send("ACK", answer.contact)

    def ok(self, request: Message) -> None:
        """Answer 200."""
        names = ("Via", "From", "To", "Call-ID", "CSeq")
        lines = [f"{name}: {value}" for name in names for value in request.all(name)]
        self._wire.send(("\r\n".join(["SIP/2.0 200 OK", *lines, "Content-Length: 0"]) + "\r\n\r\n").encode())


@contextmanager
def line(sbc: Sbc, transport: str, host: str = "127.0.0.1", source: str = "") -> Iterator[Line]:
    """A connection to the SBC, from the address `source` when one is given."""
    port = sbc.door(transport)
    door = _shown((host, port))
    if transport in ("ws", "wss"):
        with _websocket(transport, host, port, source) as websocket:
            yield Line(WebSocketWire(websocket), transport, door, NOWHERE)
    else:
        with _connection(transport, host, port, source) as connection:
            contact = _shown(connection.getsockname()) if transport == "udp" else NOWHERE
            yield Line(SocketWire(connection), transport, door, contact)


def _websocket(transport: str, host: str, port: int, source: str) -> ClientConnection:
    """As a browser's softphone does, try again when Kamailio drops the connection in its handshake, or leaves it there
    without an answer (sbc/README.md)."""
    for _ in range(HANDSHAKES - 1):
        with suppress(InvalidMessage, TimeoutError):
            return _handshake(transport, host, port, source)
    return _handshake(transport, host, port, source)


def _handshake(transport: str, host: str, port: int, source: str) -> ClientConnection:
    connection = _connection(transport, host, port, source)
    door = _shown((host, port))
    protocols = [Subprotocol("sip")]
    return connect(f"ws://{door}/", sock=connection, subprotocols=protocols, proxy=None, open_timeout=HANDSHAKE_SECONDS)


def _shown(address: tuple[str, int]) -> str:
    return f"[{address[0]}]:{address[1]}" if ":" in address[0] else f"{address[0]}:{address[1]}"


def _connection(transport: str, host: str, port: int, source: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    plain = socket.socket(family, socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM)
    plain.settimeout(WAIT_SECONDS)
    if source:
        plain.bind((source, 0))
    plain.connect((host, port))
    if transport not in ("tls", "wss"):
        return plain
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain)
