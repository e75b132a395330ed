"""Ports for what the tests start: one at a time, or a block of them that no other test has meanwhile.

All lie outside those that the kernel gives to whoever names none (`net.ipv4.ip_local_port_range`, 32768 to 60999).
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import socket
import struct
import tempfile
import weakref
from collections import deque
from pathlib import Path

SINGLE_PORTS = range(61_000, 65_536)
BLOCKS = range(10_000, 32_000)
STEP = 50
"""Blocks begin at a multiple of it."""
TRIES = 1000
KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
LOCK_FILE = Path(tempfile.gettempdir(), "cx-test-ports.lock")
SET_LOCK = 37
"""F_OFD_SETLK of fcntl(2): a lock of the open file, not of the process; it ends when the file is closed."""
_given: deque[int] = deque(maxlen=500)


class NoPortsLeft(Exception):
    """No block of the size is free."""


def free_port() -> int:
    """A port that nobody uses, over UDP or TCP, on either loopback address, and that was not given lately."""
    while (port := secrets.choice(SINGLE_PORTS)) in _given or not _is_free(port):
        pass
    _given.append(port)
    return port


class PortBlock:
    """So many ports in a row, from an even one on, of this holder alone for as long as it is referred to.

    rtpengine binds a port that another rtpengine has, so it is not enough to look whether one can be bound. Raises
    NoPortsLeft.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        descriptor = os.open(LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o666)
        weakref.finalize(self, os.close, descriptor)
        self.first = _locked(descriptor, count)

    @property
    def last(self) -> int:
        return self.first + self.count - 1


def _locked(descriptor: int, count: int) -> int:
    """The first of so many ports that are locked now. Each octet of the file stands for a port."""
    for _ in range(TRIES):
        first = secrets.choice(range(BLOCKS.start, BLOCKS.stop - count, STEP))
        try:
            fcntl.fcntl(descriptor, SET_LOCK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, first, count, 0))
        except OSError:
            continue
        return first
    raise NoPortsLeft(f"no {count} ports in a row are left of {BLOCKS}")


def _is_free(port: int) -> bool:
    """Whether all of it can be had; without IPv6 there is nothing to be had there."""
    doors = [(socket.AF_INET, "127.0.0.1"), *([(socket.AF_INET6, "::1")] if socket.has_ipv6 else [])]
    return all(_can_bind(family, kind, host, port) for family, host in doors for kind in KINDS)


def _can_bind(family: socket.AddressFamily, kind: socket.SocketKind, host: str, port: int) -> bool:
    with socket.socket(family, kind) as probe:
        try:
            probe.bind((host, port))
        except OSError as fault:
            return fault.errno == errno.EADDRNOTAVAIL
    return True
