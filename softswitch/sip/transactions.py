"""sippy's transaction layer on our own control loop.

sippy 2.5.0 brings its own event loop. It knows no sockets: each gets threads that read and send, and a signal wakes the
loop; with several of them a 100 can leave after its 200, and its timers tick at 100 Hz. Event Socket clients would need
the same. Its `SipTransactionManager` reaches the world through three names only: a datagram server, `Timeout` and
`dump_exception`. This module puts ours in their place, so that sockets and timers are those of asyncio and one thread
does all of control.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import logging
import socket
from collections.abc import Callable
from typing import Any

from sippy import SipMsg, SipRequest, SipURL
from sippy import SipTransactionManager as sippy_transactions
from sippy.Network_server import Network_server_opts, Remote_address
from sippy.SipConf import SipConf
from sippy.Time.MonoTime import MonoTime

from softswitch.sip.complaints import Complaints

log = logging.getLogger(__name__)

Address = tuple[str, int]
"""Host (an IPv6 address in brackets, as in a SIP URI) and port."""

MAX_DATAGRAM = 65535
DATAGRAMS_A_TURN = 4
"""Read before orders of the controller and the legs have their turn; each takes about a millisecond to work off."""
RESOLVER_LIMIT = 100
"""Names that may wait for DNS at once; a datagram to a further one is dropped and sent again by its transaction."""


class PortTaken(Exception):
    """The SIP address cannot be bound."""

    def __init__(self, address: Address, why: str) -> None:
        super().__init__(f"{address[0]}:{address[1]} (udp): {why}")
        self.address = address
        self.why = why


class Timer:
    """A timer as sippy expects it: `cancel()` stops it."""

    def __init__(self, callback: Callable[..., object], seconds: float, repeats: bool, arguments: Any) -> None:
        self._callback = callback
        self._seconds = seconds
        self._repeats = repeats
        self._arguments = arguments
        self._call = asyncio.get_running_loop().call_later(seconds, self._expire)

    def cancel(self) -> None:
        self._call.cancel()

    def _expire(self) -> None:
        if self._repeats:
            self._call = asyncio.get_running_loop().call_later(self._seconds, self._expire)
        self._callback(*self._arguments)


def start_timer(callback: Callable[..., object], seconds: float, ticks: int = 1, *arguments: Any) -> Timer:
    """sippy's `Timeout`: `ticks` 1 is once, -1 is for ever."""
    return Timer(callback, seconds, ticks == -1, arguments)


class WireBytes(bytes):
    """A datagram that keeps octets which are no UTF-8: what came in goes out the same, and nothing raises.

    Only what `str.splitlines`, by which sippy reads, takes for the end of a line (but SIP does not) becomes a space;
    and in the body each octet above 127 becomes `?`, because sippy counts its length in characters.
    """

    def decode(self, encoding: str = "utf-8", errors: str = "surrogateescape") -> str:
        if self.isascii():
            return super().decode("ascii").translate(_NO_LINE_ENDS)
        head, separator, body = self.partition(b"\r\n\r\n")
        text = head.decode("utf-8", "surrogateescape").translate(_NO_LINE_ENDS)
        return text + separator.decode() + body.decode("ascii", "replace").replace("\ufffd", "?")


_NO_LINE_ENDS = dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), " ")


class DatagramServer:
    """One UDP socket on the control loop. Sends at once: no thread may put a 100 after its 200."""

    transport = "udp"

    def __init__(self, _config: dict[str, Any], options: Any) -> None:
        self.uopts = options
        self._loop = asyncio.get_running_loop()
        host, port = options.laddress
        self._family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
        self._socket = self._bind(host.strip("[]"), int(port))
        self.uopts.laddress = (host, self._socket.getsockname()[1])
        self._resolving = 0
        self._loop.add_reader(self._socket, self._read)

    def _bind(self, host: str, port: int) -> socket.socket:
        bound = socket.socket(self._family, socket.SOCK_DGRAM)
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        try:
            bound.bind((host, port))
        except OSError as error:
            bound.close()
            raise PortTaken((host, port), error.strerror or str(error)) from error
        return bound

    def _read(self) -> None:
        for _ in range(DATAGRAMS_A_TURN):
            try:
                octets, source = self._socket.recvfrom(MAX_DATAGRAM)
            except BlockingIOError:
                return
            except OSError as error:
                log.warning("SIP socket: %s", error)
                return
            self._deliver(WireBytes(octets), (self._bracketed(source[0]), source[1]))

    def _deliver(self, octets: WireBytes, source: Address) -> None:
        try:
            self.uopts.data_callback(octets, Remote_address(source, self.transport), self, MonoTime())
        except Exception:  # noqa: BLE001  sippy raises anything at all on a message that is none
            complaints.dump_exception("cannot deal with a message")

    def _bracketed(self, host: str) -> str:
        return f"[{host}]" if self._family == socket.AF_INET6 else host

    def getSIPaddr(self) -> tuple[Address, str]:
        return (self.uopts.laddress, self.transport)

    def addr2str(self, address: Address) -> str:
        return f"{self.transport}:{address[0]}:{address[1]}"

    def send_to(self, message: str | bytes, address: Address, delayed: bool = False) -> None:
        octets = message if isinstance(message, bytes) else message.encode("utf-8", "surrogateescape")
        host = address[0].strip("[]")
        if is_ip_address(host):
            self._send(octets, (host, address[1]))
        else:
            self._send_to_name(octets, host, address[1])

    def _send(self, octets: bytes, address: Address) -> None:
        try:
            self._socket.sendto(octets, address)
        except (OSError, OverflowError) as error:
            log.debug("cannot send to %s:%s: %s", *address, error)

    def _send_to_name(self, octets: bytes, name: str, port: int) -> None:
        """Ask DNS beside the control loop. A name that stays unknown ends as a transaction that gets no answer."""
        if self._resolving >= RESOLVER_LIMIT:
            return
        self._resolving += 1
        asked = asyncio.ensure_future(self._loop.getaddrinfo(name, port, family=self._family, type=socket.SOCK_DGRAM))
        asked.add_done_callback(functools.partial(self._resolved, octets, name))

    def _resolved(self, octets: bytes, name: str, asked: asyncio.Future[Any]) -> None:
        self._resolving -= 1
        error = asked.exception()
        if error is not None:
            log.warning("SIP host name %s: %s", name, error)
            return
        self._send(octets, asked.result()[0][4][:2])

    def shutdown(self) -> None:
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()


@functools.lru_cache(maxsize=1024)
def is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class MessageLog:
    """sippy's message log: the wire, at debug level only, because it holds numbers and names."""

    def __init__(self) -> None:
        self._log = logging.getLogger("softswitch.sip.wire")

    def write(self, *parts: str, ltime: float | None = None) -> None:
        if self._log.isEnabledFor(logging.DEBUG):
            self._log.debug("%s", "".join(parts).encode("ascii", "backslashreplace").decode())


class OneAddress:
    """In the place of sippy's `local4remote`, which binds each address twice and never closes a socket it tries."""

    ploss_out_rate = 0.0
    pdelay_out_max = 0.0

    def __init__(self, config: dict[str, Any], receive: Callable[..., Any], server: Any, options: Any) -> None:
        self.server = server(config, options((config["_sip_address"], config["_sip_port"]), receive))

    def getServer(self, _address: Any, is_local: bool = False) -> Any:
        return self.server

    def rotateCache(self) -> None:
        """sippy's purge of what it remembers of addresses; nothing is remembered here."""

    def shutdown(self) -> None:
        self.server.shutdown()


class TransactionManager(sippy_transactions.SipTransactionManager):  # type: ignore[misc]
    """One per local address, so that each answer leaves from the address that was asked."""

    model_udp_server: tuple[Any, Any] = (DatagramServer, Network_server_opts)
    minimum_session_seconds = 120
    """A shorter session (RFC 4028) is refused, as FreeSWITCH refuses it."""

    def newTransaction(self, msg: Any, *arguments: Any, userv: Any = None, **named: Any) -> Any:
        """Send from the one address, however a Contact spells its transport (SIPp writes `transport=UDP`)."""
        return super().newTransaction(msg, *arguments, userv=userv or self.l4r.server, **named)

    @property
    def local_address(self) -> Address:
        return self.l4r.server.getSIPaddr()[0]  # type: ignore[no-any-return]


def open_transactions(
    address: Address,
    receive_request: Callable[[Any, Any], Any],
    kind: type[TransactionManager] = TransactionManager,
) -> TransactionManager:
    """Bind `address` (port 0: any free one) and answer requests by `receive_request(request, transaction)`.

    Raises `PortTaken`.
    """
    _adapt_sippy()
    config = {"_sip_address": address[0], "_sip_port": address[1], "_sip_logger": MessageLog()}
    return kind(config, receive_request)


complaints = Complaints("SIP message that cannot be read or dealt with", interval_seconds=60.0)
"""A scanner sends thousands of broken datagrams; one line a minute says so."""


@functools.cache
def _adapt_sippy() -> None:
    sippy_transactions.Timeout = start_timer
    sippy_transactions.local4remote = OneAddress
    sippy_transactions.dump_exception = complaints.dump_exception
    for module in (sippy_transactions, SipMsg, SipURL, SipRequest):
        module.print = complaints.swallow
    SipConf.my_uaname = "softswitch"
    SipConf.autoconvert_tel_url = True
