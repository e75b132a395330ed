"""Keeps the greenlets of the link alive."""

from __future__ import annotations

import logging
from collections.abc import Callable

import gevent
from gevent import Greenlet

log = logging.getLogger(__name__)

RESTART_SECONDS = 0.5


class Supervised:
    """A greenlet whose work never ends. When it dies of an error, that is logged and it is started again."""

    def __init__(self, name: str, work: Callable[[], None], restart_seconds: float = RESTART_SECONDS) -> None:
        self.name = name
        self.deaths = 0
        self._work, self._restart_seconds = work, restart_seconds
        self._greenlet: Greenlet | None = None

    def start(self) -> None:
        """Begin the work."""
        self._begin(0.0)

    def stop(self) -> None:
        """End the work and wait for its end, one second at most."""
        if self._greenlet is not None:
            self._greenlet.unlink(self._restart)
            self._greenlet.kill(timeout=1.0)
            self._greenlet = None

    def _begin(self, delay_seconds: float) -> None:
        self._greenlet = gevent.spawn_later(delay_seconds, self._work)
        self._greenlet.link_exception(self._restart)

    def _restart(self, dead: Greenlet) -> None:
        self.deaths += 1
        log.error("%s died and is started again (death %d)", self.name, self.deaths, exc_info=dead.exc_info)
        self._begin(self._restart_seconds)
