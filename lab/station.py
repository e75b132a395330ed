"""A phone of the lab that is called: it answers, misses, declines or is busy, and keeps every INVITE that it got."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from lab.control import ControlLoop
from lab.conversation import CODECS, CallFailed, Conversation, Witness
from lab.saying import FRIENDLY_TONE, Saying
from lab.tcp import TcpDialog, TcpEndpoint
from softswitch.media import MediaEngine
from softswitch.sip.causes import Cause
from softswitch.sip.dialog import Dialog
from softswitch.sip.endpoint import Endpoint
from softswitch.sip.transactions import Address

Transport = Literal["udp", "tcp"]
KEPT_INVITES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """Ring, answer `after` so many seconds, and hang up `talk` seconds later (None: when told)."""

    after: float = 0.5
    talk: float | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """Ring until the caller gives up, or until `Station.pick_up`."""


@dataclass(frozen=True, slots=True)
class Decline:
    """Refuse (603), `after` so many seconds of ringing."""

    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Busy:
    """Refuse (486) at once."""


Behaviour = Answer | Miss | Decline | Busy


@dataclass(frozen=True, slots=True)
class ReceivedInvite:
    """An INVITE as it came; `at` in seconds of `time.monotonic`. Header names are in lower case."""

    at: float
    uri: str
    from_number: str
    display_name: str
    headers: dict[str, list[str]] = field(default_factory=dict)


Choice = Behaviour | Callable[[ReceivedInvite], Behaviour]


class Station:
    """Made by `Lab.station`. While it talks or rings it is busy to others."""

    def __init__(
        self,
        loop: ControlLoop,
        engine: MediaEngine,
        user: str,
        behaviour: Choice,
        say: Saying = FRIENDLY_TONE,
        codecs: tuple[str, ...] = CODECS,
        witness: Witness | None = None,
    ) -> None:
        self._loop = loop
        self._engine = engine
        self.user = user
        self.behaviour = behaviour
        self.say = say
        self._codecs = codecs
        self._witness = witness
        self._endpoint: Endpoint | None = None
        self._changed = threading.Condition()
        self.invites: list[ReceivedInvite] = []
        self.conversations: list[Conversation] = []

    def open(self, address: Address, transport: Transport = "udp") -> None:
        """Listen on an address, by the control thread. Raises `PortTaken`."""
        kind = TcpEndpoint if transport == "tcp" else Endpoint
        self._endpoint = kind(address, self._take_call)

    def close(self) -> None:
        """Hang up and listen no longer, by the control thread."""
        if self._endpoint is not None:
            self._endpoint.close()
            self._endpoint = None

    @property
    def address(self) -> Address:
        """Host (IPv6 in brackets) and port."""
        if self._endpoint is None:
            raise CallFailed(f"station {self.user} is closed")
        return self._endpoint.address

    @property
    def uri(self) -> str:
        """The SIP address to call."""
        host, port = self.address
        return f"sip:{self.user}@{host}:{port}"

    @property
    def current(self) -> Conversation | None:
        """The call that rings or is talked, if there is one."""
        return next((call for call in reversed(self.conversations) if call.ended is None), None)

    def wait_invite(self, count: int = 1, timeout: float = 5.0) -> ReceivedInvite:
        """Until so many INVITEs came; returns the last of them. Raises `CallFailed`."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.invites) >= count, timeout):
                raise CallFailed(f"{self.user} got {len(self.invites)} INVITEs within {timeout} s, not {count}")
            return self.invites[count - 1]

    def wait_call(self, count: int = 1, timeout: float = 5.0) -> Conversation:
        """Until so many calls were answered by this station; returns the last. Raises `CallFailed`."""
        self.wait_invite(count, timeout)
        conversation = self.conversations[count - 1]
        conversation.wait_answered(timeout)
        return conversation

    def pick_up(self) -> None:
        """Answer the call that rings, if one does."""
        self._loop.post(lambda: self._answer(self.current))

    def hang_up(self, cause: Cause = Cause.NORMAL_CLEARING) -> None:
        """End the current call, or refuse the one that rings."""
        current = self.current
        if current is not None:
            current.hang_up(cause)

    def _take_call(self, endpoint: Endpoint, request: Any, transaction: Any) -> tuple[Any, Any, Any] | None:
        invite = read_invite(request)
        busy = self.current is not None
        call = Conversation(
            self._loop,
            self._engine,
            ipv6=endpoint.is_ipv6,
            say=self.say,
            codecs=self._codecs,
            witness=self._witness,
        )
        kind = TcpDialog if isinstance(endpoint, TcpEndpoint) else Dialog
        call.dialog = kind.incoming(endpoint.transactions, request, transaction, call)
        offered = request.getBody()
        self._note(invite, call)
        self._behave(call, Busy() if busy else self._behaviour_for(invite), None if offered is None else str(offered))
        result: tuple[Any, Any, Any] = call.dialog.transaction_result
        return result

    def _note(self, invite: ReceivedInvite, call: Conversation) -> None:
        with self._changed:
            del self.invites[:-KEPT_INVITES], self.conversations[:-KEPT_INVITES]
            self.conversations.append(call)
            self.invites.append(invite)
            self._changed.notify_all()

    def _behaviour_for(self, invite: ReceivedInvite) -> Behaviour:
        return self.behaviour(invite) if callable(self.behaviour) else self.behaviour

    def _behave(self, call: Conversation, behaviour: Behaviour, offer: str | None) -> None:
        if isinstance(behaviour, Busy):
            call.hang_up(Cause.USER_BUSY)
            return
        call.ring(offer)
        if isinstance(behaviour, Answer):
            self._loop.post_later(behaviour.after, lambda: self._answer(call))
            if behaviour.talk is not None:
                self._loop.post_later(behaviour.after + behaviour.talk, call.hang_up)
        elif isinstance(behaviour, Decline):
            self._loop.post_later(behaviour.after, lambda: call.hang_up(Cause.CALL_REJECTED))

    @staticmethod
    def _answer(call: Conversation | None) -> None:
        if call is not None:
            call.pick_up()


def read_invite(request: Any) -> ReceivedInvite:
    """What an INVITE says."""
    caller = request.getHFBody("from")
    shown = caller.getUri().name
    headers: dict[str, list[str]] = {}
    for line in str(request).split("\r\n\r\n")[0].split("\r\n")[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return ReceivedInvite(
        at=time.monotonic(),
        uri=str(request.getRURI()),
        from_number=caller.getUrl().username or "",
        display_name=re.sub(r"\\(.)", r"\1", shown or ""),
        headers=headers,
    )
