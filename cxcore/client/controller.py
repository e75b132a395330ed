"""The web's end of the link: the core as `cxcore.ports.controller.Controller`.

Works in a process that gevent has patched, and in one that it has not.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from uuid import uuid4

import gevent
import zmq.green as zmq
from gevent.event import AsyncResult, Event

from cxcore.client.replica import Replica
from cxcore.domain.commands import Command
from cxcore.feed.codec import (
    LARGEST_REQUEST,
    PictureReply,
    PictureRequest,
    Reply,
    Request,
    Unavailable,
    decode_broadcast,
    decode_reply,
    encode_request,
)
from cxcore.feed.fields import MessageRefused
from cxcore.feed.link import COMMAND_SECONDS, SILENCE_SECONDS, LinkSettings, client_socket
from cxcore.feed.supervision import Supervised
from cxcore.ports.controller import CommandOutcome, CommandRefused, ControllerUnavailable, Listener, Picture

log = logging.getLogger(__name__)

MOST_PENDING_COMMANDS = 1000
_LOOK_SECONDS = 0.1
_ASK_AGAIN_SECONDS = 1.0
_REPLY_FRAMES = 2


class ControllerClient:
    """Implements `Controller` over the link. `start` returns at once; the core may come, go and return."""

    def __init__(
        self,
        settings: LinkSettings,
        command_seconds: float = COMMAND_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self._settings = settings
        self._command_seconds, self._silence_seconds = command_seconds, silence_seconds
        self.pictures_taken = 0
        """How often the whole picture was fetched: once, and again after each gap or restart of the core."""
        self._replica = Replica()
        self._in_step_at: float | None = None
        """When the picture was last known to be the core's."""
        self._pictured = Event()
        self._asked: tuple[bytes, float] | None = None
        """The request for the picture that is under way, and when it was sent."""
        self._waiting: dict[bytes, AsyncResult[Reply]] = {}
        self._greenlets = [
            Supervised("the reader of broadcasts", self._read_broadcasts),
            Supervised("the reader of replies", self._read_replies),
            Supervised("the asker for the picture", self._keep_in_step),
        ]

    def start(self) -> None:
        """Connect, now or as soon as the core is there, and follow its picture."""
        self._context = zmq.Context()
        self._changes = client_socket(self._context, zmq.SUB, self._settings.changes, self._settings)
        self._changes.subscribe(b"")
        self._requests = client_socket(self._context, zmq.DEALER, self._settings.requests, self._settings)
        for greenlet in self._greenlets:
            greenlet.start()

    def stop(self) -> None:
        """Let go of the link; whoever waits for a command is told that it is not known whether it was done."""
        for greenlet in self._greenlets:
            greenlet.stop()
        self._context.destroy(linger=0)
        for result in self._waiting.values():
            result.set(Unavailable("the link to the core was closed; it is not known whether the command was done"))

    def wait_for_picture(self, seconds: float) -> bool:
        """Wait until there is a picture, at most so long; False when there is none yet."""
        return bool(self._pictured.wait(seconds))

    # --- Controller --------------------------------------------------------------------------------------------------

    def submit(self, command: Command) -> None:
        """Carry out the command; returns when it is done. Raises `CommandRefused`, `ControllerUnavailable`."""
        reply = self._ask(command)
        if isinstance(reply, Unavailable):
            raise ControllerUnavailable(reply.reason)
        if not isinstance(reply, CommandOutcome):
            raise ControllerUnavailable("the core answered a command with something else")
        if reply.code is not None:
            raise CommandRefused(reply.code, reply.message)

    def picture(self) -> Picture:
        """The live picture. Raises `ControllerUnavailable` when none was ever received."""
        if not self._replica.complete:
            raise ControllerUnavailable("the core has not been heard of yet")
        return self._replica.picture.picture()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each change from now on; returns what ends it. A listener must not wait."""
        return self._replica.picture.subscribe(listener)

    def connected(self) -> bool:
        """Whether the core is heard from; False means that the picture may be old."""
        return self._in_step_at is not None and time.monotonic() - self._in_step_at < self._silence_seconds

    # --- Commands ----------------------------------------------------------------------------------------------------

    def _ask(self, command: Command) -> Reply:
        if len(self._waiting) >= MOST_PENDING_COMMANDS:
            raise ControllerUnavailable("too many commands wait for the core; nothing was done")
        request_id = uuid4().bytes
        result: AsyncResult[Reply] = AsyncResult()
        self._waiting[request_id] = result
        try:
            self._send(request_id, command)
            reply: Reply = result.get(timeout=self._command_seconds)
        except zmq.Again:
            raise ControllerUnavailable("the core is not there; nothing was done") from None
        except gevent.Timeout:
            reason = f"the core did not answer within {self._command_seconds:g} s; it may still be done"
            raise ControllerUnavailable(reason) from None
        else:
            return reply
        finally:
            del self._waiting[request_id]

    def _send(self, request_id: bytes, request: Request) -> None:
        """Raises `zmq.Again` when no core is connected or the way to it is full."""
        message = encode_request(request)
        if len(message) > LARGEST_REQUEST:
            raise CommandRefused("too-long", f"the command is longer than {LARGEST_REQUEST} bytes")
        self._requests.send_multipart([request_id, message], zmq.NOBLOCK)

    def _read_replies(self) -> None:
        while True:
            frames = self._requests.recv_multipart()
            if len(frames) != _REPLY_FRAMES:
                log.warning("a reply of %d frames on the link is left out; it should have two", len(frames))
                continue
            try:
                self._take_reply(frames[0], decode_reply(frames[1]))
            except MessageRefused as refused:
                log.warning("a reply of the core is not understood: %s", refused)

    def _take_reply(self, request_id: bytes, reply: Reply) -> None:
        if isinstance(reply, PictureReply):
            self._take_picture(request_id, reply)
        elif request_id in self._waiting:
            self._waiting[request_id].set(reply)

    # --- Picture -----------------------------------------------------------------------------------------------------

    def _read_broadcasts(self) -> None:
        while True:
            message = self._changes.recv()
            try:
                self._replica.take(decode_broadcast(message))
                self._note_step()
            except MessageRefused as refused:
                log.warning("a broadcast of the core is not understood: %s", refused)

    def _keep_in_step(self) -> None:
        """Ask for the picture while the replica lacks changes; the pause keeps a slow web from asking without end.

        A core that has been silent is asked too: it gets the question only when it is there again.
        """
        while True:
            if not (self._replica.in_step and self.connected()) and not self._is_asking():
                self._ask_for_picture()
            gevent.sleep(_LOOK_SECONDS)

    def _is_asking(self) -> bool:
        return self._asked is not None and time.monotonic() - self._asked[1] < _ASK_AGAIN_SECONDS

    def _ask_for_picture(self) -> None:
        request_id = uuid4().bytes
        try:
            self._send(request_id, PictureRequest())
        except zmq.Again:
            return
        self._asked = (request_id, time.monotonic())

    def _take_picture(self, request_id: bytes, reply: PictureReply) -> None:
        if self._asked is not None and self._asked[0] == request_id:
            self._asked = None
            self.pictures_taken += 1
            self._replica.take_picture(reply)
            self._note_step()
            self._pictured.set()

    def _note_step(self) -> None:
        if self._replica.in_step:
            self._in_step_at = time.monotonic()
