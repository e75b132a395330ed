"""The network between a browser and the centre, which can be lost: pages, signalling and sound stop, untold."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import psutil

from tests.browser.softphone_stage import SoftphoneStage

PATIENCE_SECONDS = 60
"""How long bytes are kept for a network that comes back."""


class Line:
    """Passes bytes on to a port; while it is cut, what was sent waits, as TCP does."""

    def __init__(self, port: int, whole: threading.Event) -> None:
        self._upstream, self._whole = ("127.0.0.1", port), whole
        self._server = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._server]
        threading.Thread(target=self._serve, name=f"line-{port}", daemon=True).start()

    @property
    def port(self) -> int:
        """Where the browser connects to."""
        return int(self._server.getsockname()[1])

    def close(self) -> None:
        """End every connection."""
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        self._whole.wait(PATIENCE_SECONDS)
        with contextlib.suppress(OSError):
            server = socket.create_connection(self._upstream, 2)
            server.settimeout(None)
            self._sockets += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while octets := source.recv(65536):
                self._whole.wait(PATIENCE_SECONDS)
                sink.sendall(octets)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class Network:
    """`flags` lead a browser over it."""

    def __init__(self, stage: SoftphoneStage) -> None:
        self._whole = threading.Event()
        self._whole.set()
        self._lines = {port: Line(port, self._whole) for port in (stage.web_port, stage.websocket_port)}
        relay = next(child.process for child in stage.children if child.name == "rtpengine")
        assert relay is not None
        self._relay = psutil.Process(relay.pid)

    @property
    def flags(self) -> list[str]:
        """What Chromium is started with."""
        rules = ",".join(f"MAP 127.0.0.1:{port} 127.0.0.1:{line.port}" for port, line in self._lines.items())
        return [f"--host-resolver-rules={rules}"]

    @contextlib.contextmanager
    def mute(self) -> Iterator[None]:
        """No sound comes through."""
        self._relay.suspend()
        try:
            yield
        finally:
            self._relay.resume()

    @contextlib.contextmanager
    def lost(self) -> Iterator[None]:
        """Nothing comes through, in neither direction."""
        self._whole.clear()
        try:
            with self.mute():
                yield
        finally:
            self._whole.set()

    def close(self) -> None:
        """Let it go."""
        for line in self._lines.values():
            line.close()
