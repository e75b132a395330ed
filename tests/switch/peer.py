"""A scripted Event Socket: a real server that does what a test says, byte for byte."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Self

import gevent
from gevent import socket
from gevent.server import StreamServer
from greenswitch.esl import InboundESL

AUTH_REQUEST = b"Content-Type: auth/request\n\n"
ACCEPTED = b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n"
PASSWORD = "secret"


class Line:
    """The peer's end of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.received = b""

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def read_command(self, seconds: float = 5.0) -> str:
        """The next command, without its empty line; empty at the end of the connection."""
        with gevent.Timeout(seconds):
            while b"\n\n" not in self.received:
                data = self.sock.recv(65536)
                if not data:
                    return ""
                self.received += data
        command, _, self.received = self.received.partition(b"\n\n")
        return command.decode()

    def let_in(self) -> Self:
        """Ask for the password and accept it."""
        self.send(AUTH_REQUEST)
        self.read_command()
        self.send(ACCEPTED)
        return self

    def stay(self) -> None:
        """Say nothing until the other side closes."""
        while self.sock.recv(65536):
            pass


Script = Callable[[Line], None]


@contextlib.contextmanager
def peer(script: Script, host: str = "127.0.0.1", port: int = 0) -> Iterator[StreamServer]:
    """Serve each connection by the script, until the end of the block."""

    def serve(sock: socket.socket, _address: object) -> None:
        with contextlib.suppress(OSError, gevent.Timeout):
            script(Line(sock))
        sock.close()

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(10)
    server = StreamServer(listener, serve)
    server.start()
    try:
        yield server
    finally:
        server.stop(timeout=0)
        listener.close()


@contextlib.contextmanager
def plain_greenswitch(server: StreamServer, timeout: float = 1) -> Iterator[InboundESL]:
    """greenswitch as it is, connected to the peer; its greenlets and sockets are cleared away after."""
    client = InboundESL("127.0.0.1", server.server_port, PASSWORD, timeout)
    try:
        with gevent.Timeout(5):
            client.connect()
        yield client
    finally:
        clear_away(client)


def clear_away(client: InboundESL) -> None:
    client._run = False
    gevent.killall([one for one in (client._receive_events_greenlet, client._process_events_greenlet) if one])
    for name in ("sock_file", "sock"):
        if hasattr(client, name):
            getattr(client, name).close()


def reply(text: str) -> bytes:
    return f"Content-Type: command/reply\nReply-Text: {text}\n\n".encode()


def api_response(body: str) -> bytes:
    return f"Content-Type: api/response\nContent-Length: {len(body.encode())}\n\n{body}".encode()


def plain(body: bytes) -> bytes:
    """A `text/event-plain` frame."""
    return b"Content-Length: %d\nContent-Type: text/event-plain\n\n" % len(body) + body


def json_frame(body: bytes) -> bytes:
    """A `text/event-json` frame."""
    return b"Content-Length: %d\nContent-Type: text/event-json\n\n" % len(body) + body


class ScriptedSwitch:
    """A switch without telephony: it logs in, notes each command, and answers as it is told.

    `answers` maps the beginning of an `api` command to its answer; others get `+OK`. `say` sends an event.
    """

    def __init__(self, password: str = PASSWORD) -> None:
        self.password = password
        self.commands: list[str] = []
        self.answers: dict[str, str] = {"show channels": '{"row_count":0}', "global_getvar core_uuid": "core-1"}
        self.silent: set[str] = set()
        self.lines: list[Line] = []

    def __call__(self, line: Line) -> None:
        line.send(AUTH_REQUEST)
        if line.read_command() != f"auth {self.password}":
            line.send(reply("-ERR invalid"))
            return
        line.send(ACCEPTED)
        self.lines.append(line)
        while command := line.read_command(60):
            self.commands.append(command)
            if not any(command.startswith(beginning) for beginning in self.silent):
                line.send(self._answer(command))
        self.lines.remove(line)

    def _answer(self, command: str) -> bytes:
        kind, _, rest = command.partition(" ")
        if kind != "api":
            return reply("+OK bye" if kind == "exit" else "+OK")
        found = [answer for beginning, answer in self.answers.items() if rest.startswith(beginning)]
        return api_response(found[0] if found else "+OK")

    def say(self, name: str, leg_id: str = "", body: str = "", **headers: str) -> None:
        """Send an event; `__` in a header's name stands for `-`."""
        members = {"Event-Name": name, "Unique-ID": leg_id, "_body": body}
        members |= {key.replace("__", "-"): value for key, value in headers.items()}
        self.lines[-1].send(json_frame(json.dumps(members).encode()))

    def hang_up_on_us(self) -> None:
        """Close every connection."""
        for line in list(self.lines):
            line.sock.shutdown(socket.SHUT_RDWR)

    def sent(self, beginning: str) -> list[str]:
        return [command for command in self.commands if command.startswith(beginning)]
