"""Batches of UDP datagrams, read and written by Linux system calls that do not let go of the interpreter lock.

Python's own socket calls release the lock each time. With hundreds of packets per tick, a busy control thread would
take it between any two of them and delay the tick by up to a switch interval each time; here a tick keeps it. These
calls on UDP sockets take microseconds, so nothing else waits long. Layouts: recvmmsg(2), socket(7), 64-bit Linux.
"""

from __future__ import annotations

import ctypes
import ipaddress
import socket
import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

from softswitch.media.errors import UnusableAddress
from softswitch.media.rtp import HEADER_OCTETS, RtpPacket, parse

LARGEST: Final = 512
"""Octets of a datagram that are read: 60 ms of G.711 and then some. Longer ones are no RTP of ours."""
PER_SOCKET: Final = 8
"""Datagrams taken from one socket per tick; a flood waits in the kernel and is thrown away there."""

_PLAIN: Final = 0x80
"""First octet of a header without padding, extension and contributing sources: nearly all of them."""
_ADDRESS_OCTETS: Final = 28
_CONTROL_OCTETS: Final = 32
_SO_TIMESTAMPNS: Final = 35
_MSG_DONTWAIT: Final = 0x40
_MSG_TRUNC: Final = 0x20
_MSG_NOSIGNAL: Final = 0x4000

_MESSAGE: Final = np.dtype(
    {
        "names": ["name", "name_octets", "iov", "iov_count", "control", "control_octets", "flags", "octets"],
        "formats": ["u8", "u4", "u8", "u8", "u8", "u8", "u4", "u4"],
        "offsets": [0, 8, 16, 24, 32, 40, 48, 56],
        "itemsize": 64,
    }
)
_IOV: Final = np.dtype([("base", "u8"), ("octets", "u8")])
_RTP_HEADER: Final = np.dtype(
    [("first", "u1"), ("second", "u1"), ("sequence", ">u2"), ("timestamp", ">u4"), ("ssrc", ">u4")]
)

_libc: Final = ctypes.PyDLL(None, use_errno=True)
_recvmmsg: Final = _libc.recvmmsg
_recvmmsg.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p]
_sendto: Final = _libc.sendto
_sendto.argtypes = [
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_uint,
]


@dataclass(frozen=True, slots=True)
class Batch:
    """Datagrams by column; the header columns are meaningless where `octets` is under 12."""

    octets: list[int]
    first: list[int]
    second: list[int]
    sequence: list[int]
    timestamp: list[int]
    ssrc: list[int]
    arrived: list[float]
    """When the kernel received it, in seconds of its real-time clock."""
    _content: bytes
    _sources: bytes
    _source_octets: list[int]

    def datagram(self, index: int) -> bytes:
        """The whole datagram."""
        start = index * LARGEST
        return self._content[start : start + self.octets[index]]

    def packet(self, index: int) -> RtpPacket | None:
        """The RTP packet; None when it is none."""
        if self.octets[index] < HEADER_OCTETS or self.first[index] != _PLAIN:
            return parse(self.datagram(index))
        start = index * LARGEST
        return RtpPacket(
            self.second[index] & 0x7F,
            self.sequence[index],
            self.timestamp[index],
            self.ssrc[index],
            self._content[start + HEADER_OCTETS : start + self.octets[index]],
        )

    def source(self, index: int) -> bytes:
        """Where it came from, in the form of `socket_address`."""
        start = index * _ADDRESS_OCTETS
        return self._sources[start : start + self._source_octets[index]]


class DatagramReader:
    """Reads many sockets into one batch per tick."""

    def __init__(self) -> None:
        self._capacity = 0
        self._used = 0
        self._grow(64 * PER_SOCKET)

    def begin(self, sockets: int) -> None:
        """Begin a batch that must have room for so many sockets."""
        if sockets * PER_SOCKET > self._capacity:
            self._grow(sockets * PER_SOCKET * 2)
        self._reset()

    def read(self, descriptor: int) -> int:
        """Take what waits at a socket into the batch; returns how many datagrams that were."""
        where = self._messages_at + self._used * _MESSAGE.itemsize
        count = int(_recvmmsg(descriptor, where, PER_SOCKET, _MSG_DONTWAIT, None))
        if count <= 0:
            return 0
        self._used += count
        return count

    def batch(self) -> Batch:
        """What was read since `begin`."""
        used = self._used
        messages = self._messages[:used]
        octets = np.where(messages["flags"] & _MSG_TRUNC, 0, messages["octets"])
        head = np.ascontiguousarray(self._content[:used, :12]).view(_RTP_HEADER).reshape(used)
        stamps = self._control[:used].view(np.int64)
        return Batch(
            octets.tolist(),
            head["first"].tolist(),
            head["second"].tolist(),
            head["sequence"].tolist(),
            head["timestamp"].tolist(),
            head["ssrc"].tolist(),
            (stamps[:, 2] + stamps[:, 3] * 1e-9).tolist(),
            self._content[:used].tobytes(),
            self._sources[:used].tobytes(),
            messages["name_octets"].tolist(),
        )

    def _reset(self) -> None:
        used = self._messages[: self._used]
        used["name_octets"] = _ADDRESS_OCTETS
        used["control_octets"] = _CONTROL_OCTETS
        used["flags"] = 0
        self._used = 0

    def _grow(self, capacity: int) -> None:
        self._capacity = capacity
        self._content = np.zeros((capacity, LARGEST), np.uint8)
        self._sources = np.zeros((capacity, _ADDRESS_OCTETS), np.uint8)
        self._control = np.zeros((capacity, _CONTROL_OCTETS), np.uint8)
        self._iov = np.zeros(capacity, _IOV)
        self._messages = np.zeros(capacity, _MESSAGE)
        self._messages_at = self._messages.ctypes.data
        self._connect(np.arange(capacity, dtype=np.uint64))
        self._used = capacity
        self._reset()

    def _connect(self, index: np.ndarray[tuple[int, ...], np.dtype[np.uint64]]) -> None:
        """Point each message at its own place for content, source and time stamp."""
        self._iov["base"] = self._content.ctypes.data + index * LARGEST
        self._iov["octets"] = LARGEST
        self._messages["name"] = self._sources.ctypes.data + index * _ADDRESS_OCTETS
        self._messages["iov"] = self._iov.ctypes.data + index * _IOV.itemsize
        self._messages["iov_count"] = 1
        self._messages["control"] = self._control.ctypes.data + index * _CONTROL_OCTETS


def send(descriptor: int, octets: int | bytes, count: int, address: int | bytes, address_octets: int) -> bool:
    """Send `count` octets to a socket address, each given as bytes or as its place in memory.

    False when the kernel would not take them.
    """
    flags = _MSG_DONTWAIT | _MSG_NOSIGNAL
    return int(_sendto(descriptor, octets, count, flags, address, address_octets)) == count


def ask_for_arrival_times(udp: socket.socket) -> None:
    """Let the kernel stamp each datagram of a socket with the time of its arrival."""
    udp.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)


def socket_address(host: str, port: int, ipv6: bool) -> bytes:
    """A sockaddr_in or sockaddr_in6. Raises `UnusableAddress` for names and for the other family."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise UnusableAddress(host, "not an IP address") from None
    if (address.version == 6) != ipv6:
        raise UnusableAddress(host, f"the port speaks IPv{6 if ipv6 else 4}")
    if not 0 < port < 65536:
        raise UnusableAddress(host, f"{port} is no UDP port")
    if ipv6:
        return struct.pack("=H", socket.AF_INET6) + struct.pack("!HI16sI", port, 0, address.packed, 0)
    return struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, address.packed)


def next_port(address: bytes) -> bytes:
    """The socket address with the next higher port, where RTCP goes (RFC 3550 section 11)."""
    port = int.from_bytes(address[2:4], "big") + 1
    return address[:2] + (port & 0xFFFF).to_bytes(2, "big") + address[4:]
