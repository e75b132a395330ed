"""The test phone: places calls, answers them, listens. Real SIP and RTP, usable from tests and from the command line.

with Lab() as lab:
    anna = lab.station(user="anna", behaviour=Answer(after=1.0))
    call = lab.call(anna.uri, from_number="+31612345678")
    call.wait_answered()
    call.press("1")
    call.hang_up()
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self

from sippy.SipURL import SipURL

from lab.control import ControlLoop
from lab.conversation import CODECS, CallFailed, Conversation, Ending, Pressed, Side, Witness, read_keys
from lab.hearing import HalfSecond
from lab.saying import FRIENDLY_TONE, Saying
from lab.station import Answer, Behaviour, Busy, Choice, Decline, Miss, ReceivedInvite, Station, Transport
from lab.tcp import TcpDialog, TcpEndpoint
from softswitch.media import MediaEngine, MediaSettings, TickStatistics
from softswitch.sip.dialog import Dialog, OutgoingCall, one_line
from softswitch.sip.endpoint import Endpoint
from softswitch.sip.transactions import Address

__all__ = [
    "Answer",
    "Behaviour",
    "Busy",
    "CallFailed",
    "Choice",
    "Conversation",
    "Decline",
    "Ending",
    "HalfSecond",
    "Lab",
    "Miss",
    "Pressed",
    "ReceivedInvite",
    "Side",
    "Station",
    "read_keys",
]

LOOPBACK: Final = ("127.0.0.1", "::1")
GOODBYE_SECONDS: Final = 0.3
"""How long closing waits for the last BYEs to be answered."""
_log = logging.getLogger(__name__)


class Lab:
    """Phones in one process, with one media engine. A context manager; calls that still run at the end are hung up."""

    def __init__(self, ipv4: str = LOOPBACK[0], ipv6: str | None = LOOPBACK[1], port_min: int = 30000) -> None:
        """The addresses that phones call from; RTP takes even ports from `port_min` to 39998."""
        self._ipv4, self._ipv6 = ipv4, ipv6
        self._loop = ControlLoop()
        settings = MediaSettings(ipv4=ipv4, ipv6=ipv6, port_min=port_min, port_max=39998)
        self._engine = MediaEngine(settings, on_stall=_complain)
        self._lines: dict[tuple[bool, Transport], Endpoint] = {}
        self._calls: list[Conversation] = []
        self._stations: list[Station] = []

    def __enter__(self) -> Self:
        self._loop.start()
        self._engine.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(
        self,
        uri: str,
        from_number: str = "anonymous",
        *,
        display_name: str = "",
        keys: str | Sequence[Pressed] = (),
        say: Saying = None,
        codecs: tuple[str, ...] = CODECS,
        headers: Sequence[tuple[str, str]] = (),
        via: Address | None = None,
        transport: Transport = "udp",
        witness: Witness | None = None,
    ) -> Conversation:
        """Place a call; returns at once. `via` is the host and port to send to when it is not the one in `uri`.

        Raises `NoMediaPortLeft`, `UnreadableSound`, `UnreadableTone`, `KeysNotUnderstood`.
        """
        target = SipURL(uri)
        next_hop = via or (target.host, target.port or 5060)
        planned = read_keys(keys) if isinstance(keys, str) else tuple(keys)
        ipv6 = next_hop[0].startswith("[")
        conversation = Conversation(
            self._loop, self._engine, ipv6=ipv6, say=say, keys=planned, codecs=codecs, witness=witness
        )
        self._calls = [call for call in self._calls if call.ended is None] + [conversation]
        invitation = _Invitation(target, from_number, display_name, tuple(headers), next_hop)
        self._loop.ask(lambda: self._place(conversation, invitation, self._line(ipv6, transport)))
        return conversation

    def station(
        self,
        port: int = 0,
        user: str = "station",
        behaviour: Choice | None = None,
        *,
        say: Saying = FRIENDLY_TONE,
        ipv6: bool = False,
        host: str | None = None,
        codecs: tuple[str, ...] = CODECS,
        transport: Transport = "udp",
        witness: Witness | None = None,
    ) -> Station:
        """A phone that can be called, on a port of its own (0: any free one). Raises `PortTaken`."""
        station = Station(self._loop, self._engine, user, behaviour or Answer(), say, codecs, witness)
        self._loop.ask(lambda: station.open((self._host(ipv6, host), port), transport))
        self._stations.append(station)
        return station

    def statistics(self) -> TickStatistics:
        """How well the lab itself keeps time; a lab that is late hears gaps that nobody made."""
        return self._engine.statistics()

    def close(self) -> None:
        """Hang up and end all phones."""
        talking = [call for call in self._every_call() if call.ended is None]
        for call in talking:
            call.hang_up()
        if talking:
            time.sleep(GOODBYE_SECONDS)
        self._loop.ask(self._close_addresses)
        self._loop.stop()
        self._engine.stop()

    def _every_call(self) -> list[Conversation]:
        return self._calls + [call for station in self._stations for call in station.conversations]

    def _close_addresses(self) -> None:
        for station in self._stations:
            station.close()
        for endpoint in self._lines.values():
            endpoint.close()
        self._lines.clear()

    @staticmethod
    def _place(conversation: Conversation, invitation: _Invitation, endpoint: Endpoint) -> None:
        kind = TcpDialog if isinstance(endpoint, TcpEndpoint) else Dialog
        conversation.dialog = kind.outgoing(endpoint.transactions, conversation)
        conversation.dialog.invite(invitation.request(endpoint.address, conversation.offer()))

    def _line(self, ipv6: bool, transport: Transport) -> Endpoint:
        """The address that all calls of one family and transport are placed from."""
        key = (ipv6, transport)
        if key not in self._lines:
            kind = TcpEndpoint if transport == "tcp" else Endpoint
            self._lines[key] = kind((self._host(ipv6, None), 0), _refuse)
        return self._lines[key]

    def _host(self, ipv6: bool, host: str | None) -> str:
        chosen = host or (self._ipv6 if ipv6 else self._ipv4)
        if chosen is None:
            raise ValueError("this lab has no IPv6 address")
        return f"[{chosen.strip('[]')}]" if ":" in chosen else chosen


class _Invitation:
    """What an INVITE of ours is to say."""

    def __init__(
        self, target: Any, number: str, name: str, headers: tuple[tuple[str, str], ...], next_hop: Address
    ) -> None:
        self._target = target
        self._number = number
        self._name = name
        self._headers = headers
        self._next_hop = next_hop

    def request(self, local: Address, description: str) -> OutgoingCall:
        """The request, from a local address."""
        return OutgoingCall(
            target=self._target,
            to_uri=SipURL(username=self._target.username, host=self._target.host, port=self._target.port),
            from_uri=SipURL(username=one_line(self._number), host=local[0], port=local[1]),
            from_name=one_line(self._name).replace("\\", "\\\\").replace('"', '\\"'),
            description=description,
            headers=self._headers,
            next_hop=self._next_hop,
        )


def _refuse(_endpoint: Endpoint, request: Any, _transaction: Any) -> tuple[Any, None, None]:
    """Calls to a phone that only places calls."""
    return request.genResponse(480, "Temporarily Unavailable"), None, None


def _complain(seconds: float) -> None:
    _log.critical("the lab's own media stood still for %.1f s; what it reports as silence may be its own", seconds)
