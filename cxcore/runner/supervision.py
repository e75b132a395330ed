"""Runs the greenlets that must never end, until a signal says so."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Sequence

import gevent
from gevent.event import Event

log = logging.getLogger(__name__)

FAILED = 1


def run_until_stopped(works: Sequence[Callable[[], None]]) -> int:
    """Run each work in a greenlet of its own until SIGTERM or SIGINT: 0. When one of them ends by itself all are
    stopped and 1 is returned: whoever started the process starts it anew, and the floor is taken up again."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop.set)
    greenlets = [gevent.spawn(work) for work in works]
    for greenlet in greenlets:
        greenlet.link(lambda _: stop.set())
    stop.wait()
    dead = [greenlet for greenlet in greenlets if greenlet.dead]
    for greenlet in dead:
        log.critical("%s has ended; the process ends too", greenlet, exc_info=greenlet.exc_info)
    gevent.killall(greenlets, timeout=1.0)
    return FAILED if dead else 0
