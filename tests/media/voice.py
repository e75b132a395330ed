"""A party's sound with RTCP (RFC 3550, 6.4), over a line that loses packets and delays them unevenly."""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from tests.contract.sound import PCMA, RATE, Packet, RtpStream
from tests.ports import PortBlock

REPORT_SECONDS = 1.0
SSRC = 77
"""Of every `RtpStream`."""


def plain_socket() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


class ReportingStream(RtpStream):
    """`sent` counts all that went on the line, `lost` what the line lost of it, `reports` what RTCP came.

    `loss` is a share, spread evenly, so that it is the same whenever the last report comes; `jitter` in ms: each packet
    is late by nothing to twice that, in order.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        payload_type: int = PCMA,
        loss: float = 0.0,
        jitter: float = 0.0,
        make_socket: Callable[[], socket.socket] = plain_socket,
    ) -> None:
        self.loss, self.jitter, self._make_socket = loss, jitter, make_socket
        self.sent = self.lost = self.reports = 0
        self._dice = random.Random(112)
        self._late: list[tuple[float, bytes]] = []
        self._reported = (0, 0)
        self._last_report = (0, 0.0)
        super().__init__(host, payload_type)
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._report, self._deliver)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        super().close()
        for thread in self._threads:
            thread.join(2)
        self._rtcp.close()

    def _bound_socket(self) -> socket.socket:
        """An even port, and the next one for RTCP."""
        self._ports = PortBlock(2)
        bound, self._rtcp = self._make_socket(), self._make_socket()
        bound.bind((self.host, self._ports.first))
        self._rtcp.bind((self.host, self._ports.last))
        bound.setblocking(False)
        self._rtcp.settimeout(0.02)
        return bound

    # -- what goes out

    def _send_packet(self, payload_type: int, payload: bytes, marker: bool = False) -> None:
        head = struct.pack("!BBHII", 0x80, payload_type | marker << 7, self._sequence, self._timestamp, SSRC)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self.sent += 1
        if int(self.sent * self.loss) > self.lost:
            self.lost += 1
            return
        due = time.monotonic() + self._dice.uniform(0, 2 * self.jitter) / 1000
        self._late.append((max(due, self._late[-1][0] if self._late else 0.0), head + payload))

    def _deliver(self) -> None:
        while not self._closing.is_set():
            while self._late and self._late[0][0] <= time.monotonic() and self.remote is not None:
                self._pass(self._late.pop(0)[1])
            time.sleep(0.001)

    def _pass(self, packet: bytes) -> None:
        if self.remote is not None:
            with suppress(OSError):
                self._socket.sendto(packet, self.remote)

    # -- reports

    def _report(self) -> None:
        due = time.monotonic() + REPORT_SECONDS
        while not self._closing.is_set():
            self._hear_report()
            if time.monotonic() >= due and self.remote is not None and self.packets:
                due += REPORT_SECONDS
                with suppress(OSError):
                    self._send_report(self._compound())

    def _send_report(self, octets: bytes) -> None:
        if self.remote is not None:
            self._rtcp.sendto(octets, (self.remote[0], self.remote[1] + 1))

    def _hear_report(self) -> None:
        with suppress(TimeoutError, ConnectionError):
            self._take_report(self._rtcp.recv(2048))

    def _take_report(self, octets: bytes) -> None:
        self.reports += 1
        if len(octets) >= 16 and octets[1] == 200:
            self._last_report = (struct.unpack_from("!Q", octets, 8)[0] >> 16 & 0xFFFFFFFF, time.monotonic())

    def _compound(self) -> bytes:
        """A sender report with one block, and the empty description that must follow. Its clock may be any."""
        now = int(time.monotonic() * 2**32)
        body = struct.pack("!IQIII", SSRC, now, self._timestamp, self.sent, self.sent * 160) + self._block()
        description = struct.pack("!BBHIHH", 0x81, 202, 2, SSRC, 0x100, 0)
        return struct.pack("!BBH", 0x81, 200, len(body) // 4) + body + description

    def _block(self) -> bytes:
        taken = [packet for packet in list(self.packets) if packet.ssrc == self.packets[-1].ssrc]
        expected = max(packet.sequence for packet in taken) - taken[0].sequence + 1
        lost = max(expected - len(taken), 0)
        new, gone = expected - self._reported[0], lost - self._reported[1]
        self._reported = (expected, lost)
        fraction = max(256 * gone // new, 0) if new > 0 else 0
        heard, at = self._last_report
        delay = int((time.monotonic() - at) * 65536) if heard else 0
        figures = (fraction << 24 | lost, taken[-1].sequence, _jitter(taken[-200:]), heard, delay)
        return struct.pack("!IIIIII", taken[0].ssrc, *figures)


def _jitter(packets: Sequence[Packet]) -> int:
    """In units of the timestamp (RFC 3550, 6.4.1)."""
    jitter = 0.0
    for before, after in zip(packets, packets[1:], strict=False):
        spacing = (after.arrived - before.arrived) * RATE - (after.timestamp - before.timestamp)
        jitter += (abs(spacing) - jitter) / 16
    return int(jitter)
