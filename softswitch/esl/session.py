"""One client of the Event Socket: signs in, orders, listens (mod_event_socket.c, `parse_command`)."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from softswitch.api import Answer, execute_command, find_leg
from softswitch.esl import frames
from softswitch.esl.filters import Filter, Subscription
from softswitch.esl.frames import FrameTooLong, Request, RequestReader
from softswitch.events import EVENT_NAMES, Event
from softswitch.leg import Message
from softswitch.switchboard import Switchboard

if TYPE_CHECKING:
    from softswitch.esl.server import EventSocketServer

log = logging.getLogger(__name__)

SIGN_IN_SECONDS = 25.0
"""How long a client may take to sign in."""

MOST_UNSENT_OCTETS = 64 * 1024 * 1024
"""What waits for a client that does not read; then it is dropped. FreeSWITCH counts 100,000 events instead."""

MOST_REQUESTS = 10_000
"""Orders of one client that wait behind an `api` that takes its time."""

LOG_LEVELS = ("console", "alert", "crit", "err", "warning", "notice", "info", "debug")


class Session(asyncio.Protocol):
    """One connection. `wants` and `deliver` are asked for each event."""

    def __init__(self, server: EventSocketServer, board: Switchboard, password: str) -> None:
        self._server = server
        self._board = board
        self._password = password
        self._reader = RequestReader()
        self._requests: deque[Request] = deque()
        self._busy = False
        self._signed_in = False
        self._form = "plain"
        self._logging = False
        self._events_on = False
        self.subscription = Subscription()
        self._transport: asyncio.Transport | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sign_in_timer: asyncio.TimerHandle | None = None
        self._peer = ""

    # The connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._peer = str(transport.get_extra_info("peername")[0])
        if not self._server.allows(self._peer):
            log.warning("Event Socket: %s is not in allowed_peers and was sent away", self._peer)
            self._transport.write(frames.REJECTION)
            self._transport.close()
            return
        self._transport.set_write_buffer_limits(high=MOST_UNSENT_OCTETS)
        self._server.add(self)
        self._sign_in_timer = asyncio.get_running_loop().call_later(SIGN_IN_SECONDS, self._close)
        self._transport.write(frames.AUTH_REQUEST)

    def connection_lost(self, error: Exception | None) -> None:
        self._server.remove(self)
        if self._sign_in_timer is not None:
            self._sign_in_timer.cancel()
        self._requests.clear()
        self._transport = None

    def data_received(self, octets: bytes) -> None:
        try:
            requests = self._reader.feed(octets)
        except FrameTooLong:
            log.warning("Event Socket: %s sent a frame beyond all reason and was dropped", self._peer)
            self._close()
            return
        self._requests.extend(requests)
        if len(self._requests) > MOST_REQUESTS:
            log.critical("Event Socket: %s has %d orders waiting and was dropped", self._peer, len(self._requests))
            self._close()
            return
        self._work()

    def pause_writing(self) -> None:
        """The client reads too slowly for what it asked to hear."""
        log.critical("Event Socket: killing %s because of too many events that it did not read", self._peer)
        if self._transport is not None:
            self._transport.abort()

    def _send(self, octets: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(octets)

    def _close(self, farewell: bytes = frames.GOODBYE) -> None:
        self._send(farewell)
        if self._transport is not None:
            self._transport.close()

    def farewell(self) -> None:
        """The switch goes down."""
        self._close()

    # Events

    @property
    def listening(self) -> bool:
        return self._signed_in and self._events_on

    def deliver(self, event: Event) -> None:
        if self.listening and self.subscription.wants(event):
            body = event.json() if self._form == "json" else event.plain()
            self._send(frames.event_frame(self._form, body))

    # Orders, one after the other

    def _work(self) -> None:
        while self._requests and not self._busy and self._transport is not None and not self._transport.is_closing():
            self._obey(self._requests.popleft())

    def _obey(self, request: Request) -> None:
        command = request.command.strip()
        word = command.split(" ", 1)[0].lower()
        if word == "exit" or word.startswith("..."):
            self._send(frames.reply("+OK bye"))
            self._close()
        elif not self._signed_in:
            self._sign_in(word, command)
        else:
            self._orders(word, command, request)

    def _sign_in(self, word: str, command: str) -> None:
        if word != "auth":
            self._send(frames.reply("-ERR command not found"))
            return
        given = command[5:].encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._password.encode()):
            log.warning("Event Socket: wrong password from %s", self._peer)
            self._send(frames.reply("-ERR invalid"))
            self._close()
            return
        self._signed_in = True
        if self._sign_in_timer is not None:
            self._sign_in_timer.cancel()
        self._send(frames.reply("+OK accepted"))

    def _orders(self, word: str, command: str, request: Request) -> None:
        handler = ORDERS.get(word)
        argument = command[len(word) :].strip(" ")
        if handler is None or (word in NEED_AN_ARGUMENT and not argument):
            self._send(frames.reply("-ERR command not found"))
        else:
            handler(self, argument, request)

    def _api(self, argument: str, request: Request) -> None:
        name, _, rest = argument.partition(" ")
        answer = execute_command(self._board, name, rest)
        if isinstance(answer, str):
            self._send(frames.api_response(answer))
            return
        self._busy = True
        self._start(self._api_later(answer))

    async def _api_later(self, answer: Awaitable[str]) -> None:
        try:
            self._send(frames.api_response(await answer))
        finally:
            self._busy = False
        self._work()

    def _bgapi(self, argument: str, request: Request) -> None:
        name, _, rest = argument.partition(" ")
        job = request.headers.get("job-uuid") or str(uuid4())
        self._send(frames.reply(f"+OK Job-UUID: {job}", ("Job-UUID", job)))
        self._start(self._background(job, name, rest, execute_command(self._board, name, rest)))

    async def _background(self, job: str, name: str, argument: str, answer: Answer) -> None:
        body = answer if isinstance(answer, str) else await answer
        if not self._board.wanted("BACKGROUND_JOB"):
            return
        event = self._board.events.start("BACKGROUND_JOB")
        event.headers.update({"Job-UUID": job, "Job-Command": name})
        if argument:
            event.headers["Job-Command-Arg"] = argument
        event.body = body
        self._board.fire(event)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _event(self, argument: str, request: Request) -> None:
        words = argument.split()
        if words and words[0].lower() in ("plain", "json"):
            self._form = words.pop(0).lower()
        elif words and words[0].lower() == "xml":
            self._send(frames.reply("-ERR xml is not served"))
            return
        if not self.subscription.add(words):
            self._send(frames.reply("-ERR no keywords supplied"))
            return
        self._events_on = True
        self._server.note_subscriptions()
        self._send(frames.reply(f"+OK event listener enabled {self._form}"))

    def _nixevent(self, argument: str, request: Request) -> None:
        known = self.subscription.remove(argument.split())
        self._server.note_subscriptions()
        self._send(frames.reply("+OK events nixed" if known else "-ERR no keywords supplied"))

    def _noevents(self, argument: str, request: Request) -> None:
        if not self._events_on:
            self._send(frames.reply("-ERR not listening for events"))
            return
        self._events_on = False
        self.subscription.clear()
        self._server.note_subscriptions()
        self._send(frames.reply("+OK no longer listening for events"))

    def _myevents(self, argument: str, request: Request) -> None:
        uuid, _, form = argument.partition(" ")
        if find_leg(self._board, uuid) is None:
            self._send(frames.reply("-ERR invalid uuid"))
            return
        if form in ("plain", "json"):
            self._form = form
        self.subscription.add([name for name in EVENT_NAMES if name.startswith("CHANNEL_") or name == "DTMF"])
        self.subscription.only_leg = uuid
        self._events_on = True
        self._server.note_subscriptions()
        self._send(frames.reply("+OK Events Enabled"))

    def _filter(self, argument: str, request: Request) -> None:
        name, separator, value = argument.partition(" ")
        if name.lower() == "delete" and separator:
            self._delete_filter(value)
            return
        if name.lower() == "add" and separator:
            name, separator, value = value.partition(" ")
        if not separator:
            self._send(frames.reply("-ERR invalid syntax"))
            return
        self.subscription.filters.append(Filter(name, value))
        self._send(frames.reply(f"+OK filter added. [{name}]=[{value}]"))

    def _delete_filter(self, argument: str) -> None:
        name, separator, value = argument.partition(" ")
        rules = self.subscription.filters
        if name.lower() == "all":
            rules.clear()
        else:
            kept = [
                rule for rule in rules if rule.header.lower() != name.lower() or (separator and rule.value != value)
            ]
            rules[:] = kept
        self._send(frames.reply(f"+OK filter deleted. [{name}][{value}]"))

    def _sendmsg(self, argument: str, request: Request) -> None:
        uuid = argument or request.headers.get("session-id", "")
        leg = find_leg(self._board, uuid)
        if leg is None:
            self._send(frames.reply(f"-ERR invalid session id [{uuid}]"))
            return
        accepted = leg.order(Message(request.headers, request.body))
        self._send(frames.reply("+OK" if accepted else "-ERR memory error"))

    def _sendevent(self, argument: str, request: Request) -> None:
        uuid = str(uuid4())
        name = argument.upper() if argument.upper() in EVENT_NAMES else "CUSTOM"
        event = self._board.events.start(name, subclass=request.headers.get("event-subclass"))
        for key, value in request.headers.items():
            event.headers.setdefault(key.title(), value)
        event.headers["Event-UUID"] = uuid
        event.body = request.body or None
        self._board.fire(event)
        self._send(frames.reply(f"+OK {uuid}"))

    def _log(self, argument: str, request: Request) -> None:
        word = argument.split(" ")[0].lower()
        number = int(word) if word.isdigit() and int(word) < len(LOG_LEVELS) else -1
        if word in LOG_LEVELS:
            number = LOG_LEVELS.index(word)
        elif word == "":
            number = len(LOG_LEVELS) - 1
        if number < 0:
            self._send(frames.reply("-ERR invalid log level"))
            return
        self._logging = True
        self._send(frames.reply(f"+OK log level {argument.split(' ')[0]} [{number}]"))

    def _nolog(self, argument: str, request: Request) -> None:
        was, self._logging = self._logging, False
        self._send(frames.reply("+OK no longer logging" if was else "-ERR not loging"))

    def _linger(self, argument: str, request: Request) -> None:
        self._send(frames.reply("-ERR not controlling a session"))

    def _divert_events(self, argument: str, request: Request) -> None:
        self._send(frames.reply("-ERR not controlling a session."))


async def _logged(work: Awaitable[None]) -> None:
    """The supervisor of what a client started."""
    try:
        await work
    except Exception:
        log.exception("an order failed")


ORDERS: dict[str, Callable[[Session, str, Request], None]] = {
    "api": Session._api,
    "bgapi": Session._bgapi,
    "event": Session._event,
    "nixevent": Session._nixevent,
    "noevents": Session._noevents,
    "myevents": Session._myevents,
    "filter": Session._filter,
    "sendmsg": Session._sendmsg,
    "sendevent": Session._sendevent,
    "log": Session._log,
    "nolog": Session._nolog,
    "linger": Session._linger,
    "nolinger": Session._linger,
    "divert_events": Session._divert_events,
}
"""Commands by their word; everything else is not found."""

NEED_AN_ARGUMENT = frozenset({"api", "bgapi", "filter", "myevents"})
"""Without one they are not found either."""
