"""Pairs of UDP sockets: RTP on an even port, RTCP on the next."""

from __future__ import annotations

import errno
import secrets
import socket
import threading

from softswitch.media.datagrams import ask_for_arrival_times
from softswitch.media.errors import NoMediaPortLeft, UnusableAddress
from softswitch.media.settings import MediaSettings

Pair = tuple[socket.socket, socket.socket]


class SocketPairs:
    """Binds pairs in turn through the range, so that a port rests for long before it is used again."""

    def __init__(self, settings: MediaSettings) -> None:
        self._settings = settings
        self._first = settings.port_min + settings.port_min % 2
        self._pairs = (settings.port_max - self._first + 1) // 2
        self._turn = secrets.randbelow(max(self._pairs, 1))
        self._lock = threading.Lock()

    def bind(self, ipv6: bool) -> Pair:
        """The next free pair. Raises `NoMediaPortLeft`, or `UnusableAddress` when the local address cannot be bound."""
        host = self._host(ipv6)
        for _ in range(self._pairs):
            pair = self._try_pair(host, self._next_port(), ipv6)
            if pair is not None:
                return pair
        raise NoMediaPortLeft(self._settings.port_min, self._settings.port_max, host)

    def _host(self, ipv6: bool) -> str:
        if not ipv6:
            return self._settings.ipv4
        if self._settings.ipv6 is None:
            raise UnusableAddress("::", "IPv6 is switched off in the media settings")
        return self._settings.ipv6

    def _next_port(self) -> int:
        with self._lock:
            port = self._first + 2 * (self._turn % self._pairs)
            self._turn += 1
        return port

    def _try_pair(self, host: str, port: int, ipv6: bool) -> Pair | None:
        rtp = _bind(host, port, ipv6)
        if rtp is None:
            return None
        rtcp = _bind(host, port + 1, ipv6)
        if rtcp is None:
            rtp.close()
            return None
        return rtp, rtcp


def _bind(host: str, port: int, ipv6: bool) -> socket.socket | None:
    """A socket that never waits, or None when the port is taken."""
    udp = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        udp.setblocking(False)
        if ipv6:
            udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        ask_for_arrival_times(udp)
        udp.bind((host, port))
    except OSError as fault:
        udp.close()
        if fault.errno in (errno.EADDRINUSE, errno.EACCES):
            return None
        raise UnusableAddress(host, f"cannot be bound here: {fault.strerror}") from fault
    return udp
