"""One open page: sends a snapshot, then changes, until the browser goes or may no longer look."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from admin_web.live.encoding import message
from admin_web.live.outbox import Outbox
from admin_web.live.socket import LiveSocket
from admin_web.presenters.rows import milliseconds
from cxcore.ports.clock import Clock
from cxcore.ports.controller import Controller, ControllerUnavailable

log = logging.getLogger(__name__)

PACE_SECONDS = 0.1
"""A page gets its first change at once and then at most ten messages a second, whatever the floor does."""
WATCH_SECONDS = 1.0
"""How often a quiet page is looked at: has the browser gone, the session ended, the core been lost?"""
ALIVE_SECONDS = 5.0
"""How often a quiet page hears that the figures on it are still true."""

SESSION_ENDED = 4401
"""WebSocket close code for the page: sign in again (4000–4999 are for applications, RFC 6455, 7.4.2)."""


@dataclass(slots=True)
class LivePage:
    """`may_look` is asked each second, with the present instant."""

    socket: LiveSocket
    outbox: Outbox
    controller: Controller
    clock: Clock
    may_look: Callable[[datetime], bool]
    _told_connected: bool = False
    _sent_at: float = 0.0

    def serve(self) -> None:
        """Returns when the page is over; `OSError` and `ConnectionClosed` mean that the browser is gone or too slow."""
        while self.socket.is_open():
            if not self.may_look(self.clock.now()):
                self.socket.close(SESSION_ENDED)
                return
            self._send_what_waits()
            self.socket.wait(WATCH_SECONDS)

    def _send_what_waits(self) -> None:
        if self.outbox.stale:
            self._send_snapshot()
            return
        self._keep_pace()
        texts = self.outbox.empty()
        if texts or self.controller.connected() != self._told_connected:
            self._send("changes", texts)
        elif time.monotonic() - self._sent_at >= ALIVE_SECONDS:
            self._send("alive", [])

    def _keep_pace(self) -> None:
        early = self._sent_at + PACE_SECONDS - time.monotonic()
        if early > 0:
            time.sleep(early)

    def _send_snapshot(self) -> None:
        try:
            picture = self.controller.picture()
        except ControllerUnavailable:
            if time.monotonic() - self._sent_at >= ALIVE_SECONDS:
                self._send("alive", [])
            return
        self._send("snapshot", self.outbox.start_afresh(picture))

    def _send(self, kind: str, texts: list[str]) -> None:
        self._told_connected = self.controller.connected()
        now = milliseconds(self.clock.now()) or 0
        self.socket.send(message(kind, now, self._told_connected, texts))
        self._sent_at = time.monotonic()
