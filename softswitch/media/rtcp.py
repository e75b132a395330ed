"""RTCP sender and receiver reports (RFC 3550 section 6.4), out and in."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SENDER_REPORT: Final = 200
RECEIVER_REPORT: Final = 201
SOURCE_DESCRIPTION: Final = 202
BYE: Final = 203
NTP_EPOCH_OFFSET: Final = 2208988800
"""Seconds from 1900 (NTP) to 1970 (Unix)."""

_BLOCK: Final = struct.Struct("!IIIIII")
_CNAME: Final = 1


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What one side received of the other's stream. `jitter` in samples, `delay` in 1/65536 s."""

    ssrc: int
    fraction_lost: int = 0
    lost: int = 0
    highest_sequence: int = 0
    jitter: int = 0
    last_sender_report: int = 0
    delay: int = 0

    def pack(self) -> bytes:
        """The 24 octets of the block."""
        loss = (self.fraction_lost & 0xFF) << 24 | max(min(self.lost, 0x7FFFFF), 0)
        rest = (self.highest_sequence & 0xFFFFFFFF, self.jitter, self.last_sender_report, self.delay & 0xFFFFFFFF)
        return _BLOCK.pack(self.ssrc, loss, *rest)


@dataclass(frozen=True, slots=True)
class SenderInfo:
    """What a sender sent so far; `ntp` is 64-bit NTP time, `timestamp` the RTP time of the same instant."""

    ntp: int
    timestamp: int
    packets: int
    octets: int


@dataclass(frozen=True, slots=True)
class Report:
    """A sender report when `sender` is there, else a receiver report."""

    ssrc: int
    sender: SenderInfo | None = None
    blocks: tuple[ReportBlock, ...] = ()

    def pack(self, cname: str) -> bytes:
        """A compound packet: the report and the source description that must follow it (section 6.1)."""
        body = struct.pack("!I", self.ssrc) + self._sender_octets() + b"".join(block.pack() for block in self.blocks)
        kind = SENDER_REPORT if self.sender else RECEIVER_REPORT
        return _packet(kind, len(self.blocks), body) + _description(self.ssrc, cname)

    def _sender_octets(self) -> bytes:
        if self.sender is None:
            return b""
        info = self.sender
        return struct.pack("!QIII", info.ntp, info.timestamp, info.packets & 0xFFFFFFFF, info.octets & 0xFFFFFFFF)


def parse(datagram: bytes) -> list[Report]:
    """The reports in a compound packet; whatever is malformed is left out."""
    return [report for kind, count, body in _packets(datagram) if (report := _report(kind, count, body))]


def ntp_time(unix_seconds: float) -> int:
    """64-bit NTP time."""
    return int((unix_seconds + NTP_EPOCH_OFFSET) * 2**32) & 0xFFFFFFFFFFFFFFFF


def middle(ntp: int) -> int:
    """The middle 32 bits of an NTP time, as reports refer to it."""
    return ntp >> 16 & 0xFFFFFFFF


def _packets(datagram: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 0
    while position + 8 <= len(datagram) and datagram[position] >> 6 == 2:
        words = int.from_bytes(datagram[position + 2 : position + 4], "big")
        end = position + 4 * (words + 1)
        if end > len(datagram):
            return
        yield datagram[position + 1], datagram[position] & 0x1F, datagram[position + 4 : end]
        position = end


def _report(kind: int, count: int, body: bytes) -> Report | None:
    if kind not in (SENDER_REPORT, RECEIVER_REPORT):
        return None
    start = 24 if kind == SENDER_REPORT else 4
    if len(body) < start + count * _BLOCK.size:
        return None
    ssrc = int.from_bytes(body[:4], "big")
    sender = SenderInfo(*struct.unpack_from("!QIII", body, 4)) if kind == SENDER_REPORT else None
    return Report(ssrc, sender, tuple(_block(body, start + index * _BLOCK.size) for index in range(count)))


def _block(body: bytes, offset: int) -> ReportBlock:
    ssrc, loss, highest, jitter, last, delay = _BLOCK.unpack_from(body, offset)
    lost = loss & 0xFFFFFF
    return ReportBlock(ssrc, loss >> 24, lost - (lost >> 23 << 24), highest, jitter, last, delay)


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def _description(ssrc: int, cname: str) -> bytes:
    name = cname.encode()[:255]
    chunk = struct.pack("!IBB", ssrc, _CNAME, len(name)) + name
    return _packet(SOURCE_DESCRIPTION, 1, chunk + bytes(4 - len(chunk) % 4))
