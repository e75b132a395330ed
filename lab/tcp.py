"""SIP over TCP for the lab's phones (RFC 3261, 18): sippy itself speaks UDP only.

A phone listens on a port of its own and opens one connection per address that it sends to.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from typing import Any, Final

from sippy.Network_server import Network_server_opts, Remote_address
from sippy.Time.MonoTime import MonoTime

from softswitch.sip.dialog import Dialog
from softswitch.sip.endpoint import Endpoint, TakeCall
from softswitch.sip.transactions import Address, PortTaken, TransactionManager, WireBytes, open_transactions

LONGEST_MESSAGE: Final = 65535
LONGEST_BACKLOG: Final = 64
_LENGTH: Final = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_log = logging.getLogger(__name__)


class MessageCutter:
    """Cuts a stream of octets into SIP messages by their Content-Length."""

    def __init__(self) -> None:
        self._octets = b""

    def feed(self, octets: bytes) -> list[bytes]:
        """The messages that are complete now. Raises ValueError when one would be too long."""
        self._octets += octets
        messages = []
        while (message := self._cut()) is not None:
            messages.append(message)
        if len(self._octets) > LONGEST_MESSAGE:
            raise ValueError("a SIP message of more than 64 kB")
        return messages

    def _cut(self) -> bytes | None:
        self._octets = self._octets.lstrip(b"\r\n")
        head, separator, rest = self._octets.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = int(length[1]) if length else 0
        if not separator or len(rest) < body:
            return None
        end = len(head) + len(separator) + body
        message, self._octets = self._octets[:end], self._octets[end:]
        return message


class Connection(asyncio.Protocol):
    """One TCP connection. What is sent before it stands waits."""

    def __init__(self, server: StreamServer, peer: Address | None = None) -> None:
        self._server = server
        self._peer = peer
        self._cutter = MessageCutter()
        self._transport: asyncio.Transport | None = None
        self._waiting: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        if not isinstance(transport, asyncio.Transport):
            return
        self._transport = transport
        if self._peer is None:
            self._peer = self._server.bracketed(transport.get_extra_info("peername"))
            self._server.connections[self._peer] = self
        for octets in self._waiting:
            transport.write(octets)
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        try:
            for message in self._cutter.feed(data):
                self._server.deliver(message, self._peer or ("", 0))
        except ValueError as fault:
            _log.warning("SIP over TCP: %s", fault)
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        self._server.forget(self)

    def write(self, octets: bytes) -> None:
        """Send, now or when the connection stands."""
        if self._transport is not None:
            self._transport.write(octets)
        elif len(self._waiting) < LONGEST_BACKLOG:
            self._waiting.append(octets)

    def close(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()


class StreamServer:
    """What sippy takes for a datagram server: sends and delivers whole messages."""

    transport = "tcp"

    def __init__(self, _config: dict[str, Any], options: Any) -> None:
        self.uopts = options
        self.connections: dict[Address, Connection] = {}
        self._loop = asyncio.get_running_loop()
        host, port = options.laddress
        self._family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
        self._socket = self._listen(host, int(port))
        self.uopts.laddress = (host, self._socket.getsockname()[1])
        self._tasks: set[asyncio.Task[Any]] = set()
        self._server: asyncio.Server | None = None
        self._spawn(self._accept())

    def bracketed(self, peer: tuple[Any, ...]) -> Address:
        """An address as SIP URIs have it."""
        return (f"[{peer[0]}]" if self._family == socket.AF_INET6 else peer[0]), peer[1]

    def deliver(self, message: bytes, peer: Address) -> None:
        """Hand a message to sippy."""
        self.uopts.data_callback(WireBytes(message), Remote_address(peer, self.transport), self, MonoTime())

    def forget(self, connection: Connection) -> None:
        """A connection is gone."""
        self.connections = {peer: other for peer, other in self.connections.items() if other is not connection}

    def getSIPaddr(self) -> tuple[Address, str]:
        """See sippy."""
        return self.uopts.laddress, self.transport

    def addr2str(self, address: Address) -> str:
        """See sippy."""
        return f"{self.transport}:{address[0]}:{address[1]}"

    def send_to(self, message: str | bytes, address: Address, delayed: bool = False) -> None:
        """Send on the connection to that address, which is opened if there is none."""
        octets = message if isinstance(message, bytes) else message.encode("utf-8", "surrogateescape")
        self._connection((address[0], address[1])).write(octets)

    def shutdown(self) -> None:
        """Close everything."""
        for task in self._tasks:
            task.cancel()
        for connection in list(self.connections.values()):
            connection.close()
        if self._server is not None:
            self._server.close()
        self._socket.close()

    def _listen(self, host: str, port: int) -> socket.socket:
        listening = socket.socket(self._family, socket.SOCK_STREAM)
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host.strip("[]"), port))
            listening.listen()
        except OSError as fault:
            listening.close()
            raise PortTaken((host, port), fault.strerror or str(fault)) from fault
        return listening

    async def _accept(self) -> None:
        self._server = await self._loop.create_server(lambda: Connection(self), sock=self._socket)

    def _connection(self, address: Address) -> Connection:
        if address not in self.connections:
            self.connections[address] = Connection(self, address)
            self._spawn(self._connect(self.connections[address], address))
        return self.connections[address]

    async def _connect(self, connection: Connection, address: Address) -> None:
        try:
            await self._loop.create_connection(lambda: connection, address[0].strip("[]"), address[1])
        except OSError as fault:
            _log.warning("SIP over TCP to %s:%s: %s", *address, fault.strerror or fault)
            self.forget(connection)

    def _spawn(self, work: Any) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class TcpTransactionManager(TransactionManager):
    """sippy's transactions on a stream server."""

    model_udp_server = (StreamServer, Network_server_opts)


class TcpEndpoint(Endpoint):
    """An `Endpoint` that listens on TCP."""

    def __init__(self, address: Address, take_call: TakeCall) -> None:
        """Raises `PortTaken`."""
        self._take_call = take_call
        self.transactions = open_transactions(address, self._receive, TcpTransactionManager)


class TcpDialog(Dialog):
    """A `Dialog` whose requests name TCP."""

    def _name_us(self, via: Any) -> None:
        super()._name_us(via)
        via.transport = "TCP"

    def _contact(self) -> Any:
        contact = super()._contact()
        contact.getUrl().transport = "tcp"
        return contact
