"""The core's end of the link: broadcasts changes, gives the picture to those who ask, and takes commands in."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import gevent
import zmq.green as zmq
from gevent.event import Event

from cxcore.domain.commands import Command
from cxcore.feed.codec import (
    Broadcast,
    PictureReply,
    PictureRequest,
    Reply,
    Request,
    Unavailable,
    decode_request,
    encode_broadcast,
    encode_reply,
)
from cxcore.feed.doorkeeper import Doorkeeper
from cxcore.feed.fields import MessageRefused
from cxcore.feed.link import COMMAND_SECONDS, HEARTBEAT_SECONDS, FolderLock, LinkSettings, address_of, server_socket
from cxcore.feed.picture import LivePicture
from cxcore.feed.supervision import Supervised
from cxcore.ports.controller import Change, CommandOutcome, ControllerUnavailable

log = logging.getLogger(__name__)

MOST_PENDING_CHANGES = 10_000
MOST_CHANGES_IN_A_MESSAGE = 50
"""Writing them takes about 1 ms; then other greenlets of the core have their turn."""
GATHER_SECONDS = 0.02
"""From the first change to the message that holds it: a step makes several changes, and each message costs as much as
some of them."""
MOST_PENDING_COMMANDS = 1000
_REQUEST_FRAMES = 3
"""The identity that the ROUTER socket puts in front, the id of the request, the request."""

Submit = Callable[[Command, Callable[[CommandOutcome], None]], None]
"""Takes a command in and calls back with its outcome. Must not wait; raises `ControllerUnavailable` when it is full."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who waits for the reply to which request."""

    identity: bytes
    request_id: bytes


class Publisher:
    """Serves any number of webs. Whatever they do, the core's greenlet never waits for them.

    The core's changes are only put in a deque; another greenlet writes and sends them. What a slow web does not fetch
    is dropped for that web alone.
    """

    def __init__(
        self,
        picture: LivePicture,
        settings: LinkSettings,
        submit: Submit,
        command_seconds: float = COMMAND_SECONDS,
    ) -> None:
        self.epoch = uuid4().hex
        self._picture, self._settings, self._submit = picture, settings, submit
        self._command_seconds = command_seconds
        self._pending: deque[Change] = deque(maxlen=MOST_PENDING_CHANGES)
        self._pending_commands: dict[Asker, float] = {}
        self._wake = Event()
        self._lock = FolderLock(settings)
        self._greenlets: list[Supervised] = []

    def start(self) -> None:
        """Bind and serve; raises `LinkRefused`."""
        self._lock.take()
        self._context = zmq.Context()
        self._doorkeeper = self._hire_doorkeeper()
        try:
            self._changes = server_socket(self._context, zmq.PUB, self._settings.changes, self._settings)
            self._requests = server_socket(self._context, zmq.ROUTER, self._settings.requests, self._settings)
        except Exception:
            self._close()
            raise
        self._unsubscribe = self._picture.subscribe(self._note)
        self._begin("the sender of changes", self._send_changes)
        self._begin("the reader of requests", self._read_requests)

    def stop(self) -> None:
        """Stop serving and let go of the addresses; to be called once, after `start`."""
        self._unsubscribe()
        self._close()

    def addresses(self) -> tuple[str, str]:
        """Where changes and requests are served, with the ports that were chosen for `tcp://host:*`."""
        return address_of(self._changes), address_of(self._requests)

    def _hire_doorkeeper(self) -> Doorkeeper | None:
        if self._settings.keys is None:
            return None
        doorkeeper = Doorkeeper(self._context, self._settings.peer_keys)
        self._begin("the doorkeeper of the link", doorkeeper.work)
        return doorkeeper

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        self._greenlets.append(Supervised(name, work))
        self._greenlets[-1].start()

    def _close(self) -> None:
        while self._greenlets:
            self._greenlets.pop().stop()
        self._context.destroy(linger=0)
        self._lock.release()

    # --- Changes -----------------------------------------------------------------------------------------------------

    def _note(self, change: Change) -> None:
        self._pending.append(change)
        self._wake.set()

    def _send_changes(self) -> None:
        while True:
            self._send_pending()
            self._give_up_old_commands()
            if self._wake.wait(HEARTBEAT_SECONDS):
                gevent.sleep(GATHER_SECONDS)
            else:
                self._broadcast(())
            self._wake.clear()

    def _send_pending(self) -> None:
        while self._pending:
            count = min(len(self._pending), MOST_CHANGES_IN_A_MESSAGE)
            self._broadcast(tuple(self._pending.popleft() for _ in range(count)))
            gevent.sleep(0)

    def _broadcast(self, changes: tuple[Change, ...]) -> None:
        number = changes[-1].number if changes else self._picture.number
        self._changes.send(encode_broadcast(Broadcast(self.epoch, number, changes)))

    # --- Requests ----------------------------------------------------------------------------------------------------

    def _read_requests(self) -> None:
        while True:
            frames = self._requests.recv_multipart()
            if len(frames) == _REQUEST_FRAMES:
                self._take(Asker(frames[0], frames[1]), frames[2])
            else:
                log.warning("a request of %d frames on the link is left out; it should have two", len(frames) - 1)

    def _take(self, asker: Asker, message: bytes) -> None:
        try:
            request = decode_request(message)
        except MessageRefused as refused:
            log.warning("a request on the link is refused: %s", refused)
            self._reply(asker, Unavailable(f"the core does not understand the request: {refused}"))
        else:
            self._serve(asker, request)

    def _serve(self, asker: Asker, request: Request) -> None:
        if isinstance(request, PictureRequest):
            self._reply(asker, PictureReply(self.epoch, self._picture.picture()))
        elif len(self._pending_commands) >= MOST_PENDING_COMMANDS:
            self._reply(asker, Unavailable("the core is busy: too many commands wait; nothing was done"))
        else:
            self._carry_out(asker, request)

    def _carry_out(self, asker: Asker, command: Command) -> None:
        self._pending_commands[asker] = time.monotonic() + self._command_seconds
        try:
            self._submit(command, lambda outcome: self._finish(asker, outcome))
        except ControllerUnavailable as unavailable:
            self._finish(asker, Unavailable(str(unavailable)))

    def _finish(self, asker: Asker, reply: CommandOutcome | Unavailable) -> None:
        if self._pending_commands.pop(asker, None) is not None:
            self._reply(asker, reply)

    def _give_up_old_commands(self) -> None:
        now = time.monotonic()
        for asker in [asker for asker, until in self._pending_commands.items() if until <= now]:
            self._finish(asker, Unavailable("the core did not get to it in time; it may still be done"))

    def _reply(self, asker: Asker, reply: Reply) -> None:
        """Never waits: the answer to a web that is gone, or that fetches nothing, is dropped."""
        try:
            self._requests.send_multipart([asker.identity, asker.request_id, encode_reply(reply)], zmq.NOBLOCK)
        except zmq.ZMQError as error:
            log.warning("a reply on the link is dropped: %s", error)
