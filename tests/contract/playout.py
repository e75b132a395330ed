"""What a telephone plays of an RTP stream: each packet as it comes, and silence for as long as nothing has come.

Two clocks are read: when packets arrived, and their RTP timestamps (RFC 3550, 5.1), which tell of sound that was left
out by a sender that went on without a pause. A marker or another source begins anew and leaves nothing out.
"""

from __future__ import annotations

import bisect
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from tests.contract.sound import RATE, Heard, Packet, Samples

LONGEST_BUFFER_SECONDS = 0.2
"""What a telephone keeps of packets that come too early; it plays no further ahead."""
LONGEST_SKIP_SECONDS = 10.0
"""A timestamp further on is that of a sender that began anew."""
SAMPLE_SECONDS = 0.1

HeldUp = Callable[[float, float], float]
"""For how many seconds between two moments the machine kept the senders from running."""


def never(_begun: float, _ended: float) -> float:
    """A machine that holds nobody up."""
    return 0.0


def played(packets: Sequence[Packet], moment: float, end: float, held_up: HeldUp = never) -> Heard:
    """What is played of the packets between two moments of `time.monotonic()`.

    A pause is as long as the later of both clocks says, less what the machine held the senders up meanwhile.
    """
    parts: list[Samples] = []
    ends_at, previous = moment, None
    for packet in (each for each in packets if moment <= each.arrived <= end and each.samples.size):
        pause = max(packet.arrived - ends_at, _skipped(previous, packet))
        parts += [_silence(pause - _excused(pause, packet.arrived, held_up)), packet.samples]
        ends_at = min(max(packet.arrived, ends_at), packet.arrived + LONGEST_BUFFER_SECONDS)
        ends_at += packet.samples.size / RATE
        previous = packet
    pause = end - ends_at
    samples = np.concatenate([*parts, _silence(pause - _excused(pause, end, held_up))])
    return Heard(samples, len(parts) // 2, end - moment)


def _skipped(previous: Packet | None, packet: Packet) -> float:
    """Seconds of sound that the sender left out before a packet, by its timestamps."""
    if previous is None or packet.marker or packet.ssrc != previous.ssrc:
        return 0.0
    ahead = (packet.timestamp - previous.timestamp - previous.samples.size) % 2**32 / RATE
    return ahead if ahead <= LONGEST_SKIP_SECONDS else 0.0


def _excused(pause: float, ended: float, held_up: HeldUp) -> float:
    """Only a pause that could be heard is worth the question."""
    return held_up(ended - pause, ended) if pause >= SAMPLE_SECONDS else 0.0


def _silence(seconds: float) -> Samples:
    return np.zeros(max(round(seconds * RATE), 0), np.int16)


class ProcessorWaits:
    """For how long the threads of some processes were ready to run and got no processor, as Linux counts it."""

    def __init__(self, *processes: int) -> None:
        self._processes = processes
        self._moments: list[float] = []
        self._waits: list[dict[int, dict[str, int]]] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="processor waits", daemon=True)

    def __enter__(self) -> Self:
        self._note()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()

    def held_up(self, begun: float, ended: float) -> float:
        """Seconds between two moments for which the slowest thread of each process had to wait, at most all of it."""
        self._note()
        first = max(bisect.bisect_right(self._moments, begun) - 1, 0)
        last = min(bisect.bisect_left(self._moments, ended), len(self._moments) - 1)
        waited = sum(self._longest(process, first, last) for process in self._processes)
        return min(waited, ended - begun)

    def _longest(self, process: int, first: int, last: int) -> float:
        before, after = self._waits[first][process], self._waits[last][process]
        return max((after[thread] - before[thread] for thread in before.keys() & after), default=0) / 1e9

    def _run(self) -> None:
        while not self._closing.wait(SAMPLE_SECONDS):
            self._note()

    def _note(self) -> None:
        waits = {process: _waited(process) for process in self._processes}
        self._waits.append(waits)
        self._moments.append(time.monotonic())


def _waited(process: int) -> dict[str, int]:
    """Nanoseconds that each thread of a process has waited for a processor, by its id (`sched-stats` of Linux)."""
    waits = {}
    for thread in Path(f"/proc/{process}/task").glob("*"):
        try:
            waits[thread.name] = int((thread / "schedstat").read_text(encoding="ascii").split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return waits
