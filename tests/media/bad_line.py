"""A line between two network namespaces that loses packets and delays them unevenly, where the kernel has no netem.

Each end is a TUN device; this process carries packets from one to the other. What comes from `far` meets the weather,
what comes from `near` passes at once.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import random
import select
import struct
import threading
import time

_TUNSETIFF = 0x400454CA
_TUN_WITHOUT_HEAD = 0x1001
_LARGEST = 65_535


def tun(name: str) -> int:
    """A new device of the namespace that this thread is in, as a descriptor. Raises OSError where it may make none."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    try:
        fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH", name.encode(), _TUN_WITHOUT_HEAD))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


class BadLine:
    """Carries packets until it is closed. `loss` is a share; each packet is late by one to three times `jitter` (s)."""

    def __init__(self, near: int, far: int, loss: float, jitter: float) -> None:
        self._near, self._far, self._loss, self._jitter = near, far, loss, jitter
        self.passed = self.lost = 0
        self._dice = random.Random(112)
        self._late: list[tuple[float, int, bytes]] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Both devices are gone afterwards."""
        self._closing.set()
        self._thread.join(2)
        os.close(self._near)
        os.close(self._far)

    def _carry(self) -> None:
        while not self._closing.is_set():
            ready, _, _ = select.select([self._near, self._far], [], [], self._patience())
            if self._near in ready:
                os.write(self._far, os.read(self._near, _LARGEST))
            if self._far in ready:
                self._meet_weather(os.read(self._far, _LARGEST))
            self._deliver()

    def _patience(self) -> float:
        return max(self._late[0][0] - time.monotonic(), 0.0) if self._late else 0.1

    def _meet_weather(self, packet: bytes) -> None:
        if self._dice.random() < self._loss:
            self.lost += 1
            return
        self.passed += 1
        due = time.monotonic() + self._dice.uniform(self._jitter, 3 * self._jitter)
        heapq.heappush(self._late, (due, self.passed, packet))

    def _deliver(self) -> None:
        while self._late and self._late[0][0] <= time.monotonic():
            os.write(self._near, heapq.heappop(self._late)[2])
