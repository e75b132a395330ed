"""RTP packets, in and out (RFC 3550 section 5.1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

HEADER_OCTETS: Final = 12
MARKER: Final = 0x80
COMFORT_NOISE: Final = 13
"""Payload type of comfort noise (RFC 3389)."""

_HEADER: Final = struct.Struct("!BBHII")


@dataclass(slots=True)
class RtpPacket:
    """One packet; `sequence` counts modulo 65536, `timestamp` in samples modulo 2³²."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False

    def pack(self) -> bytes:
        """The datagram."""
        second = self.payload_type | (MARKER if self.marker else 0)
        return _HEADER.pack(0x80, second, self.sequence, self.timestamp, self.ssrc) + self.payload


def parse(datagram: bytes) -> RtpPacket | None:
    """The packet in a datagram, without contributing sources, extension and padding; None when it is not RTP."""
    if len(datagram) < HEADER_OCTETS or datagram[0] >> 6 != 2:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(datagram)
    start = _payload_start(first, datagram)
    end = _payload_end(first, datagram)
    if start > end:
        return None
    return RtpPacket(second & 0x7F, sequence, timestamp, ssrc, datagram[start:end], bool(second & MARKER))


def _payload_start(first: int, datagram: bytes) -> int:
    start = HEADER_OCTETS + 4 * (first & 0x0F)
    if first & 0x10:
        if len(datagram) < start + 4:
            return len(datagram) + 1
        start += 4 + 4 * int.from_bytes(datagram[start + 2 : start + 4], "big")
    return start


def _payload_end(first: int, datagram: bytes) -> int:
    if not first & 0x20:
        return len(datagram)
    padding = datagram[-1]
    return len(datagram) - padding if padding else -1
