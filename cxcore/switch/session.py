"""A session with the switch, and what keeps one: connect, subscribe, count the legs, and begin again when it ends."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

import gevent
from gevent.event import AsyncResult

from cxcore.domain.leg import LegId, LiveLeg
from cxcore.switch.connection import Connection, ConnectionLost, OnReply, SwitchUnreachable
from cxcore.switch.frames import Event
from cxcore.switch.recovery import Census
from cxcore.switch.settings import SwitchSettings
from cxcore.switch.translate import EVENTS, is_arrival

log = logging.getLogger(__name__)

SUBSCRIBE = "event json " + " ".join(EVENTS)
INSTANCE = "api global_getvar core_uuid"
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
"""Between attempts to connect: a switch that is back is found within this time."""
STEADY_SECONDS = 10.0
"""A session that lasted this long is tried for again at once; shorter ones ever later."""
COUNT_SECONDS = 10.0
MAX_HELD_EVENTS = 20_000
"""Events that may wait for a census; a census of 500 legs takes about 0.2 s."""

Legs = tuple[LiveLeg, ...]


class Session:
    """One connection that is logged on. Events are held back while the legs are counted."""

    def __init__(self, connection: Connection, deliver: Callable[[Event], None]) -> None:
        self._connection, self._deliver = connection, deliver
        self._held: deque[Event] | None = None
        self._counts: deque[tuple[Callable[[Legs], None], Iterable[LegId]]] = deque()

    def post(self, command: str, on_reply: OnReply, on_lost: OnReply | None = None) -> None:
        """Send a command; see `Connection.post`. Raises `ConnectionLost`."""
        self._connection.post(command, on_reply, on_lost)

    def on_event(self, event: Event) -> None:
        """Deliver an event, or hold it back behind those that are held."""
        if self._held is None:
            self._deliver(event)
        elif len(self._held) < MAX_HELD_EVENTS:
            self._held.append(event)
        else:
            self._connection.end(f"more than {MAX_HELD_EVENTS} events came while the legs were counted")

    def count(self, done: Callable[[Legs], None], known: Iterable[LegId]) -> None:
        """Count the legs, `known` ones in any case. `done` comes before any event that is held; then call `release`."""
        self._counts.append((done, known))
        if len(self._counts) == 1:
            self._count_next()

    def arrivals(self) -> set[LegId]:
        """Legs whose arrival is among the events held back, and will be told."""
        return {LegId(event.text("Unique-ID")) for event in self._held or () if is_arrival(event)}

    def _count_next(self) -> None:
        if self._held is None:
            self._held = deque()
        Census(self.post, self._counted, self._connection.end, self._counts[0][1]).start()

    def _counted(self, legs: Legs) -> None:
        done, _known = self._counts[0]
        done(legs)

    def release(self) -> None:
        """Deliver what was held back, and count again if that was asked for meanwhile."""
        while self._held:
            self._deliver(self._held.popleft())
        self._held = None
        self._counts.popleft()
        if self._counts:
            self._count_next()


class Listener(Protocol):
    """Who uses the sessions."""

    def on_connected(self, session: Session, instance: str, legs: Legs) -> None:
        """A session is there; `legs` live. Events are held until `session.release()`."""

    def on_lost(self, reason: str) -> None:
        """There is no session; told once until the next `on_connected`."""

    def on_event(self, event: Event) -> None:
        """An event of the switch."""

    def known_legs(self) -> Iterable[LegId]:
        """Legs that were there when last heard of."""


class SessionKeeper:
    """Keeps a session for as long as it runs, and never gives up."""

    def __init__(self, settings: SwitchSettings, listener: Listener) -> None:
        self._settings, self._listener = settings, listener
        self._connection: Connection | None = None
        self._greenlet: gevent.Greenlet | None = None
        self._is_lost = False
        self._logged_reason = ""

    def start(self) -> None:
        self._greenlet = gevent.spawn(self._keep)

    def stop(self, timeout: float) -> None:
        if self._greenlet is not None:
            self._greenlet.kill(timeout=timeout)
        if self._connection is not None:
            self._connection.stop(timeout)

    def _keep(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            began = time.monotonic()
            reason = self._run_session()
            if time.monotonic() - began > STEADY_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self._lost(reason)
            gevent.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _run_session(self) -> str:
        """One session from its beginning to its end; why it ended."""
        try:
            return self._live_through(self._connect())
        except (SwitchUnreachable, ConnectionLost) as error:
            return str(error)
        except Exception as error:  # whatever it was, the switch must be reached again
            log.exception("the session with the switch failed")
            return f"{type(error).__name__}: {error}"
        finally:
            if self._connection is not None:
                self._connection.stop(0)

    def _connect(self) -> Connection:
        settings = self._settings
        connection = Connection(settings.host, settings.port, settings.password)
        connection.connect()
        self._connection = connection
        return connection

    def _live_through(self, connection: Connection) -> str:
        """Subscribe, count, tell; then wait for the end. Only what was counted is connected."""
        session = Session(connection, self._listener.on_event)
        connection.register_handle("*", session.on_event)
        instance = connection.send(INSTANCE).strip()
        counted: AsyncResult = AsyncResult()
        connection.post(SUBSCRIBE, lambda reply: _must_be_ok(connection, reply))
        session.count(counted.set, list(self._listener.known_legs()))
        legs = _await(counted, connection)
        self._is_lost, self._logged_reason = False, ""
        log.info("connected to the switch at %s, instance %s, %d legs", self._settings.address, instance, len(legs))
        self._listener.on_connected(session, instance, legs)
        connection.wait_closed()
        return connection.lost_reason

    def _lost(self, reason: str) -> None:
        if reason != self._logged_reason:
            self._logged_reason = reason
            log.warning("no switch: %s; trying again, at most %g s apart", reason, LONGEST_PAUSE_SECONDS)
        if not self._is_lost:
            self._is_lost = True
            self._listener.on_lost(reason)


def _must_be_ok(connection: Connection, reply: str) -> None:
    if not reply.startswith("+OK"):
        connection.end(f"the switch refused the subscription: {reply.strip()}")


def _await(counted: AsyncResult, connection: Connection) -> Legs:
    with gevent.Timeout(COUNT_SECONDS, False):
        gevent.wait([counted, connection.closed], count=1)
    if not counted.ready():
        raise ConnectionLost(connection.lost_reason or f"the switch did not list its legs within {COUNT_SECONDS:g} s")
    legs: Legs = counted.get()
    return legs
