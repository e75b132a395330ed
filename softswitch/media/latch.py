"""Whose packets a port takes: symmetric RTP, with care that a stranger cannot take a call over.

The port follows the first valid source, since a party behind an address translator never sends from the address of its
SDP. It changes over only (a) to a new SSRC of the same source, (b) to the address of the SDP, (c) to another source
that keeps sending while the first has fallen silent. Packets that are thrown in beside a living stream change nothing.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

SUSTAINED_SAME_SOURCE: Final = 2
"""Packets in sequence that make a new SSRC believable (RFC 3550 A.1, MIN_SEQUENTIAL)."""
SUSTAINED_NEW_SOURCE: Final = 25
QUIET_TICKS: Final = 25
"""How long the first source must have been silent before another may take its place."""


class Verdict(Enum):
    """What to do with a packet."""

    IGNORE = "ignore"
    SAME = "same"
    NEW_STREAM = "new stream"


class SourceLatch:
    """The source that is followed: its socket address and SSRC."""

    def __init__(self) -> None:
        self.source: bytes | None = None
        self.ssrc: int | None = None
        self._announced: bytes | None = None
        self._heard_at_tick = 0
        self._candidate: tuple[bytes, int] | None = None
        self._candidate_sequence = 0
        self._candidate_count = 0

    def announce(self, address: bytes) -> None:
        """The SDP names an address; if it is another than before, the next valid source is followed."""
        if address != self._announced:
            self._announced = address
            self.source = None
            self._candidate = None

    def check(self, source: bytes, ssrc: int, sequence: int, tick: int) -> Verdict:
        """Whether a packet belongs to the stream that is followed."""
        if source == self.source and ssrc == self.ssrc:
            self._heard_at_tick = tick
            return Verdict.SAME
        if self.source is None or self._convincing(source, ssrc, sequence, tick):
            return self._follow(source, ssrc, tick)
        return Verdict.IGNORE

    def _follow(self, source: bytes, ssrc: int, tick: int) -> Verdict:
        self.source, self.ssrc = source, ssrc
        self._heard_at_tick = tick
        self._candidate = None
        return Verdict.NEW_STREAM

    def _convincing(self, source: bytes, ssrc: int, sequence: int, tick: int) -> bool:
        self._count_candidate(source, ssrc, sequence)
        if source in (self.source, self._announced):
            return self._candidate_count >= SUSTAINED_SAME_SOURCE
        quiet = tick - self._heard_at_tick >= QUIET_TICKS
        return quiet and self._candidate_count >= SUSTAINED_NEW_SOURCE

    def _count_candidate(self, source: bytes, ssrc: int, sequence: int) -> None:
        follows = self._candidate == (source, ssrc) and sequence == (self._candidate_sequence + 1) % 65536
        self._candidate_count = self._candidate_count + 1 if follows else 1
        self._candidate = (source, ssrc)
        self._candidate_sequence = sequence
