"""Delivers notices over one way, in order, until it succeeds or it makes no sense any more."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import gevent
import gevent.queue

from cxcore.alerting.notices import Notice
from cxcore.ports.clock import Clock

log = logging.getLogger(__name__)

MOST_WAITING = 200
"""Bounds the memory while a server is away; the oldest notice is given up first, since it tells the least."""
PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Seconds between two attempts; then the notice is given up."""


class NotDelivered(Exception):
    """The other side did not take the notice; the message says why, and names no person."""


Send = Callable[[Notice], None]
"""Delivers one notice; waits, so it is called in a thread. Raises `NotDelivered`."""


def _in_thread(send: Send, notice: Notice) -> None:
    gevent.get_hub().threadpool.apply(send, (notice,))


@dataclass(slots=True)
class Courier:
    """`run` is the body of a greenlet of its own. A way that is blocked never delays the core, nor another way."""

    name: str
    """`mail` or `webhook`, for the log."""
    send: Send
    clock: Clock
    pauses: tuple[float, ...] = PAUSES
    apply: Callable[[Send, Notice], None] = _in_thread
    fault: str = ""
    """Why the last attempt failed; empty when it did not."""
    fault_since: datetime | None = None
    _waiting: gevent.queue.Queue[Notice] = field(default_factory=lambda: gevent.queue.Queue(MOST_WAITING))

    def hand_over(self, notice: Notice) -> None:
        """Take a notice to deliver. Never waits."""
        if self._waiting.full():
            given_up = self._waiting.get_nowait()
            log.error("a notice of %s by %s is given up: too many wait", given_up.kind.value, self.name)
        self._waiting.put_nowait(notice)

    def run(self) -> None:
        """Deliver until the greenlet is killed."""
        while True:
            self.deliver(self._waiting.get())

    def deliver(self, notice: Notice) -> None:
        """Try until it is taken, or every attempt has failed."""
        for pause in (*self.pauses, None):
            if self._tried(notice):
                return
            if pause is None:
                log.error("a notice of %s by %s is given up: %s", notice.kind.value, self.name, self.fault)
                return
            gevent.sleep(pause)

    def _tried(self, notice: Notice) -> bool:
        try:
            self.apply(self.send, notice)
        except NotDelivered as error:
            self.fault, self.fault_since = str(error), self.fault_since or self.clock.now()
            log.warning("a notice of %s by %s was not taken: %s", notice.kind.value, self.name, error)
            return False
        self.fault, self.fault_since = "", None
        return True
