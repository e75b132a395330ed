"""One connection to an Event Socket: greenswitch's `InboundESL` with each of its faults cured.

What is taken from greenswitch 0.0.19: the order of a session (auth/request, auth, events), the table of handlers
(`register_handle`), the list of commands that await their reply (`_commands_sent`), gevent sockets. What is replaced,
and why, stands at each method; `tests/switch/test_connection_*.py` shows each fault in plain greenswitch first.
"""

from __future__ import annotations

import contextlib
import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol

import gevent
from gevent import socket
from gevent.event import AsyncResult
from gevent.event import Event as Signal
from greenswitch.esl import InboundESL

from cxcore.switch.frames import Event, Frame, FrameError, FrameReader, MalformedEvent, event_of

log = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
REPLY_SECONDS = 10.0
"""FreeSWITCH answers in well under a millisecond; one that takes this long hangs."""
PING_SECONDS = 5.0
"""Quiet that long, the switch is asked for a sign of life."""
MAX_UNSENT_BYTES = 4 * 1024 * 1024
"""What may wait for a switch that reads slowly."""
RECEIVE_BYTES = 128 * 1024


class SwitchUnreachable(Exception):
    """No session with the switch; the message says which address, why, and what to do."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"the switch at {address} {reason}")
        self.address, self.reason = address, reason


class PasswordRefused(SwitchUnreachable):
    """The switch is there and does not accept the password."""

    def __init__(self, address: str) -> None:
        super().__init__(
            address,
            "refused the password: set `switch.password` to what the switch has in event_socket.conf.xml",
        )


class AddressRefused(SwitchUnreachable):
    """The switch's access list does not let this machine in (`text/rude-rejection`)."""

    def __init__(self, address: str) -> None:
        super().__init__(
            address,
            "does not accept connections from this machine: add its address to `apply-inbound-acl` in "
            "event_socket.conf.xml",
        )


class ConnectionLost(Exception):
    """The connection ended; a command that was pending may or may not have been carried out."""


class Handler(Protocol):
    def __call__(self, event: Event, /) -> object: ...


OnReply = Callable[[str], None]
"""Takes the text of a reply: `+OK …`, `-ERR …`, or the body of an `api` command."""
OnEnd = Callable[[str], None]


class PendingCommand:
    """A command that awaits its reply. `set` is what greenswitch calls."""

    __slots__ = ("_on_lost", "_on_reply")

    def __init__(self, on_reply: OnReply, on_lost: OnReply) -> None:
        self._on_reply, self._on_lost = on_reply, on_lost

    def set(self, reply: str) -> None:
        self._on_reply(reply)

    def fail(self, reason: str) -> None:
        self._on_lost(reason)


class Connection(InboundESL):  # type: ignore[misc]
    """A session with the switch. Made for one connection; a new one is a new object.

    Handlers run one after another in the greenlet that reads, in the order of the stream. A handler that waits stops
    the reading, so that the switch is held back by TCP: no queue grows in a burst.
    """

    def __init__(
        self,
        host: str,
        port: int,
        password: str,
        timeout: float = CONNECT_SECONDS,
        *,
        reply_seconds: float = REPLY_SECONDS,
        ping_seconds: float = PING_SECONDS,
        max_unsent: int = MAX_UNSENT_BYTES,
    ) -> None:
        super().__init__(host, port, password, timeout)
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.lost_reason = ""
        self._reply_seconds, self._ping_seconds, self._max_unsent = reply_seconds, ping_seconds, max_unsent
        self._commands_sent: deque[PendingCommand] = deque()
        self.closed = Signal()
        self._rejected = False
        self._unsent = bytearray()
        self._to_send = Signal()
        self._writer: gevent.Greenlet | None = None

    # --- Opening -----------------------------------------------------------------------------------------------------

    def connect(self) -> None:
        """Connect and authenticate, within the time-out each. Raises `SwitchUnreachable`.

        greenswitch knows IPv4 only, waits for ever for a server that says nothing, and goes on after a wrong password
        with its greenlets running.
        """
        try:
            self.sock = socket.create_connection((self.host, self.port), timeout=self.timeout)
        except OSError as error:
            raise SwitchUnreachable(self.address, f"cannot be reached: {_words(error)}") from error
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connected = True
        self.start_event_handlers()
        try:
            self._await_request()
            self.authenticate()
        except SwitchUnreachable as error:
            self.end(error.reason)
            raise

    def start_event_handlers(self) -> None:
        self._receive_events_greenlet = gevent.spawn(self.receive_events)
        self._writer = gevent.spawn(self._write)

    def _await_request(self) -> None:
        self._auth_request_event.wait(self.timeout)
        if self._rejected:
            raise AddressRefused(self.address)
        if not self._auth_request_event.is_set():
            reason = f"accepted the connection but said nothing for {self.timeout:g} s: is this its Event Socket?"
            raise SwitchUnreachable(self.address, reason)
        if not self.connected:
            raise SwitchUnreachable(self.address, self.lost_reason)

    def authenticate(self) -> None:
        try:
            reply = self.send(f"auth {self.password}")
        except ConnectionLost as error:
            raise SwitchUnreachable(self.address, f"ended the connection at log-on: {error}") from error
        if not reply.startswith("+OK"):
            raise PasswordRefused(self.address)

    # --- Reading -----------------------------------------------------------------------------------------------------

    def receive_events(self) -> None:
        """Read until the end of the connection; every way out fails what is pending and says why.

        greenswitch's reader loops for ever when the socket closes amid an event, dies silently on bad UTF-8, and keeps
        every event of a burst in memory.
        """
        reader = FrameReader()
        reason = "the reader was stopped"
        try:
            while self._run:
                for frame in reader.feed(self._receive(reader)):
                    self.handle_event(frame)
        except (ConnectionLost, FrameError) as error:
            reason = str(error)
        except OSError as error:
            reason = _words(error)
        finally:
            self.end(reason)

    def _receive(self, reader: FrameReader) -> bytes:
        data = self._receive_or_ping()
        if data:
            return data
        amid = " amid a frame" if reader.amid_frame else ""
        raise ConnectionLost(f"the switch closed the connection{amid}")

    def _receive_or_ping(self) -> bytes:
        """Wait for bytes. When none come: fail for a reply that is due, else ask for a sign of life."""
        while True:
            self.sock.settimeout(self._reply_seconds if self._commands_sent else self._ping_seconds)
            try:
                return bytes(self.sock.recv(RECEIVE_BYTES))
            except TimeoutError:
                self._on_quiet()

    def _on_quiet(self) -> None:
        if self._commands_sent:
            raise ConnectionLost(f"the switch left a command unanswered for {self._reply_seconds:g} s")
        if self._auth_request_event.is_set():
            self.post("api create_uuid", _ignore)

    def handle_event(self, frame: Frame) -> None:
        """Work off one frame by its content type; an unknown one is left alone."""
        work = FRAMES.get(frame.content_type)
        if work is not None:
            work(self, frame)

    def _on_auth_request(self, _frame: Frame) -> None:
        self._auth_request_event.set()

    def _on_reply_frame(self, frame: Frame) -> None:
        self._settle(frame.headers.get("Reply-Text", ""))

    def _on_api_response(self, frame: Frame) -> None:
        self._settle(frame.body.decode("utf-8", "replace"))

    def _settle(self, reply: str) -> None:
        if not self._commands_sent:
            raise ConnectionLost("the switch replied to a command that was never sent")
        pending = self._commands_sent.popleft()
        self._safely(pending.set, reply)

    def _on_rejection(self, _frame: Frame) -> None:
        self._rejected = True
        self._auth_request_event.set()

    def _on_disconnect_notice(self, frame: Frame) -> None:
        if frame.headers.get("Content-Disposition") == "linger":
            return
        raise ConnectionLost("the switch said that it disconnects")

    def _on_event_frame(self, frame: Frame) -> None:
        try:
            event = event_of(frame)
        except MalformedEvent as error:
            log.warning("an event of the switch at %s is left out: %s", self.address, error)
            return
        for handler in self._handlers_of(event):
            self._safely(handler, event)

    def _handlers_of(self, event: Event) -> list[Handler]:
        name = event.text("Event-Subclass") if event.name == "CUSTOM" else event.name
        handlers: list[Handler] = self.event_handlers.get(name) or self.event_handlers.get("*") or []
        return handlers

    def _safely(self, listener: Callable[[Event], object] | OnReply, argument: Event | str) -> None:
        """Run a listener, which must not end the session by failing.

        greenswitch names the listener by `__name__`, which partials and objects lack: then its processing died.
        """
        try:
            listener(argument)  # type: ignore[arg-type]
        except Exception:  # a listener may fail, the session may not
            log.exception("a listener of the switch failed: %r", listener)

    # --- Writing -----------------------------------------------------------------------------------------------------

    def post(self, command: str, on_reply: OnReply, on_lost: OnReply | None = None) -> None:
        """Send a command without waiting; `on_reply` gets the reply, in the order of the commands.

        `on_lost` gets a reason when the connection ends before the reply. Raises `ConnectionLost` when it has ended.
        """
        if not self.connected:
            raise ConnectionLost(self.lost_reason or "there is no connection")
        if len(self._unsent) > self._max_unsent:
            self.end(f"the switch does not read: {len(self._unsent)} bytes wait for it")
            raise ConnectionLost(self.lost_reason)
        self._commands_sent.append(PendingCommand(on_reply, on_lost or _ignore))
        self._unsent += command.encode("utf-8", "replace") + b"\n\n"
        self._to_send.set()

    def send(self, data: str, timeout: float | None = None) -> str:
        """Send a command and wait for the text of its reply. Raises `ConnectionLost`.

        greenswitch waits without limit, and for ever when the connection ends meanwhile.
        """
        result: AsyncResult = AsyncResult()
        self.post(data, result.set, lambda reason: result.set_exception(ConnectionLost(reason)))
        try:
            return str(result.get(timeout=self._reply_seconds if timeout is None else timeout))
        except gevent.Timeout as error:
            self.end("the switch left a command unanswered")
            raise ConnectionLost(self.lost_reason) from error

    def _write(self) -> None:
        """Send what waits, one piece after another, whole.

        greenswitch sends with `send`, which may send less, from any greenlet, so that parallel commands mix.
        """
        try:
            while self._to_send.wait() and self.connected:
                piece, self._unsent = bytes(self._unsent), bytearray()
                self._to_send.clear()
                if piece:
                    self.sock.sendall(piece)
        except OSError as error:
            self.end(_words(error))

    # --- Ending ------------------------------------------------------------------------------------------------------

    def stop(self, timeout: float = 2.0) -> None:
        """Say goodbye and close, within `timeout` seconds."""
        if self.connected:
            with contextlib.suppress(ConnectionLost):
                self.send("exit", timeout)
        self.end("closed by the core")
        gevent.joinall([one for one in (self._receive_events_greenlet, self._writer) if one], timeout=timeout)

    def wait_closed(self, timeout: float | None = None) -> bool:
        """Wait until the connection has ended; whether it has."""
        return bool(self.closed.wait(timeout))

    def end(self, reason: str) -> None:
        """End the connection once: close, and fail what is pending."""
        if self.closed.is_set():
            return
        self._run = self.connected = False
        self.lost_reason = reason
        self.closed.set()
        self._auth_request_event.set()
        self._to_send.set()
        self._shut()
        while self._commands_sent:
            self._safely(self._commands_sent.popleft().fail, reason)

    def _shut(self) -> None:
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            log.debug("the connection to the switch at %s was closed by the other side", self.address)
        self.sock.close()


def _ignore(_text: str) -> None:
    """For replies that nobody needs."""


def _words(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()


FRAMES: dict[str, Callable[[Connection, Frame], None]] = {
    "auth/request": Connection._on_auth_request,
    "command/reply": Connection._on_reply_frame,
    "api/response": Connection._on_api_response,
    "text/rude-rejection": Connection._on_rejection,
    "text/disconnect-notice": Connection._on_disconnect_notice,
    "text/event-json": Connection._on_event_frame,
    "text/event-plain": Connection._on_event_frame,
}
"""What is done with a frame of each content type (`mod_event_socket.c`); `log/data` is never asked for."""
