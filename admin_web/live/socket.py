"""The browser's end of a live page, on simple-websocket, with three of its gaps closed.

simple-websocket 1.1.0 (`ws.py`, `Base.send`) writes with `socket.send`, which may take only part of a frame; it writes
from two threads without a lock; and it buffers whatever a browser sends. Here every frame goes out whole, one at a
time, within a limit of time, and a browser that sends more than pongs is cut off.
"""

from __future__ import annotations

import socket
import threading
from typing import Any

from simple_websocket import Server

MOST_RECEIVED_BYTES = 256 * 1024
"""A page sends only pongs, some ten bytes every `PING_SECONDS`: some 72 kB in ten hours."""
PING_SECONDS = 5
"""A page whose machine vanished is noticed within two of these: until then its softphone would be rung in vain."""


class WholeFrames:
    """Stands before a connected socket; `limit_seconds` bounds each frame."""

    def __init__(self, connection: socket.socket, limit_seconds: float) -> None:
        # The reader calls `recv` only after `select`, so that the limit bounds sending alone.
        connection.settimeout(limit_seconds)
        self._connection = connection
        self._writing = threading.Lock()
        self._received = 0

    def send(self, frame: bytes) -> int:
        """Write the whole frame, or raise `OSError`."""
        with self._writing:
            self._connection.sendall(frame)
        return len(frame)

    def recv(self, size: int) -> bytes:
        """Read; raises `OSError` once the browser has sent too much."""
        received = self._connection.recv(size)
        self._received += len(received)
        if self._received > MOST_RECEIVED_BYTES:
            raise OSError("the browser sends more than pongs")
        return received

    def fileno(self) -> int:
        """For `select`."""
        return self._connection.fileno()

    def close(self) -> None:
        """End the connection. The server's own copy of the socket would otherwise wait for one more request on it."""
        self.cut()
        self._connection.close()

    def cut(self) -> None:
        """End the connection without a word, for a browser that does not listen."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


class LiveSocket:
    """What a live page needs of a WebSocket."""

    def __init__(self, web_socket: Server, send_limit_seconds: float) -> None:
        self._web_socket: Any = web_socket
        self._frames = WholeFrames(web_socket.sock, send_limit_seconds)
        self._web_socket.sock = self._frames

    def is_open(self) -> bool:
        """Whether the browser is there."""
        return bool(self._web_socket.connected)

    def send(self, text: str) -> None:
        """Send one message; raises `OSError` when the browser does not take it in time."""
        try:
            self._web_socket.send(text)
        except OSError:
            self._web_socket.connected = False
            self._frames.cut()
            raise

    def wake(self) -> None:
        """End `wait`; simple-websocket wakes it too, when the browser goes."""
        self._web_socket.event.set()

    def wait(self, limit_seconds: float) -> None:
        """Wait until woken, or for the limit; what the browser said meanwhile is dropped."""
        self._web_socket.event.wait(limit_seconds)
        self._web_socket.event.clear()
        self._web_socket.input_buffer.clear()

    def close(self, code: int) -> None:
        """Say goodbye."""
        self._web_socket.close(code)
