"""Puts the packets of one stream back into order and hands one out per tick.

The queue fills to `depth` packets before the first is handed out, so that a packet may come up to that many ticks late.
A packet that is still missing when its turn comes is lost; one that comes after its turn is late and thrown away.
"""

from __future__ import annotations

from typing import Final

DEPTH: Final = 2
LIMIT: Final = 10
"""No more packets than this are kept (0.2 s); more means that the sender ran ahead, and the oldest go."""
JUMP: Final = 1000
"""A step in sequence numbers of more than this is a sender that started anew, as RFC 3550 A.1 treats it."""
SURPLUS_TICKS: Final = 100
"""If the queue never fell to its depth for so long, the sender's clock is faster: one packet is dropped."""
NOTHING: Final = b""


class ReorderQueue:
    """The reorder queue of one stream. Sequence numbers are those of RTP, modulo 65536."""

    def __init__(self, depth: int = DEPTH) -> None:
        self._depth = depth
        self._packets: dict[int, bytes] = {}
        self._playing = False
        self._next = 0
        self._highest = -1
        self._waited = 0
        self._owed = 0
        self._least = LIMIT
        self._taken = 0
        self.lost = 0
        self.late = 0
        self.duplicates = 0
        self.reordered = 0

    def __len__(self) -> int:
        return len(self._packets)

    def push(self, sequence: int, payload: bytes) -> None:
        """Keep a packet. An empty payload marks a number that carries no sound, such as that of a digit."""
        number = self._unwrap(sequence)
        if self._playing and number < self._next:
            self._arrived_late()
        elif number in self._packets:
            self.duplicates += 1
        else:
            self._keep(number, payload)

    def take(self) -> bytes | None:
        """The sound of this tick, or None when there is none: too early, lost, or the sender is silent."""
        if not self._playing and not self._may_start():
            return None
        self._pass_empty_packets()
        payload = self._packets.pop(self._next, None)
        if payload is None:
            return self._missing()
        self._next += 1
        self._owed = 0
        self._watch_surplus()
        return payload

    def restart(self) -> None:
        """Forget what waits; the stream begins anew. Counts remain."""
        self._packets.clear()
        self._playing = False
        self._highest = -1
        self._waited = 0
        self._owed = 0

    def _unwrap(self, sequence: int) -> int:
        if self._highest < 0:
            return sequence + 65536
        step = (sequence - self._highest + 32768) % 65536 - 32768
        if abs(step) > JUMP:
            self.restart()
            return sequence + 65536
        return self._highest + step

    def _keep(self, number: int, payload: bytes) -> None:
        if number < self._highest:
            self.reordered += 1
        self._packets[number] = payload
        self._highest = max(self._highest, number)
        if len(self._packets) > LIMIT:
            self._skip_to_depth()

    def _arrived_late(self) -> None:
        self.late += 1
        self.lost = max(self.lost - 1, 0)

    def _may_start(self) -> bool:
        if not self._packets:
            return False
        self._waited += 1
        if len(self._packets) < self._depth and self._waited <= self._depth:
            return False
        self._playing = True
        self._next = min(self._packets)
        self._least = LIMIT
        self._taken = 0
        return True

    def _pass_empty_packets(self) -> None:
        while self._packets.get(self._next) == NOTHING:
            del self._packets[self._next]
            self._next += 1

    def _missing(self) -> bytes | None:
        if not self._packets:
            self._run_dry()
            return None
        following = min(self._packets)
        hole = following - self._next
        if hole > self._owed:
            self.lost += 1
            self._next += 1
            return None
        self.lost += hole
        self._next = following
        self._owed = 0
        return self.take()

    def _run_dry(self) -> None:
        """Nothing waits. What the ticks filled in by themselves is owed to packets that turn out lost."""
        self._owed += 1
        if self._owed > LIMIT:
            self._playing = False
            self._waited = 0
            self._owed = 0

    def _watch_surplus(self) -> None:
        self._least = min(self._least, len(self._packets))
        self._taken += 1
        if self._taken < SURPLUS_TICKS:
            return
        if self._least > self._depth:
            self._packets.pop(self._next, None)
            self._next += 1
        self._taken = 0
        self._least = LIMIT

    def _skip_to_depth(self) -> None:
        for number in sorted(self._packets)[: -self._depth]:
            del self._packets[number]
        self._next = min(self._packets)
