"""A place behind a bad line: a network namespace that is joined to this machine, with bad weather on the way from it.

netem makes the weather where the kernel has it, and `BadLine` elsewhere.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.media.bad_line import BadLine, tun

_libc = ctypes.CDLL(None, use_errno=True)
_NEW_NETWORK = 0x40000000
NETWORKS = range(130, 250)
"""Second octets of the addresses: suites that run side by side seldom meet."""
_numbers = itertools.count(1)


class NotPermitted(Exception):
    """This machine lets us make no such place; the message says what it refused."""


class Namespace:
    """`here` is the address of this machine as the place sees it, `there` is the place's own."""

    def __init__(self, loss_percent: float, jitter_ms: int) -> None:
        number = next(_numbers)
        network = f"10.{NETWORKS[os.getpid() % len(NETWORKS)]}.{number}"
        self.here, self.there = f"{network}.1", f"{network}.2"
        self._name = f"cx{os.getpid()}-{number}"
        self._holder = _holder()
        self._line: BadLine | None = None
        try:
            self._join(loss_percent, jitter_ms)
        except NotPermitted:
            self.close()
            raise

    def _join(self, loss_percent: float, jitter_ms: int) -> None:
        if self._has_netem():
            self._join_by_netem(loss_percent, jitter_ms)
        else:
            self._line = self._join_by_line(loss_percent, jitter_ms)

    def _has_netem(self) -> bool:
        tried = [*self._inside, "tc", "qdisc", "add", "dev", "lo", "root", "netem"]
        return subprocess.run(tried, capture_output=True, check=False).returncode == 0

    def _join_by_netem(self, loss_percent: float, jitter_ms: int) -> None:
        peer = f"{self._name}p"
        _run("ip", "link", "add", self._name, "type", "veth", "peer", "name", peer, "netns", str(self._holder.pid))
        _run("ip", "addr", "add", f"{self.here}/24", "dev", self._name)
        _run("ip", "link", "set", self._name, "up")
        _run(*self._inside, "ip", "addr", "add", f"{self.there}/24", "dev", peer)
        _run(*self._inside, "ip", "link", "set", peer, "up")
        _run(*self._inside, "ip", "route", "add", "default", "via", self.here)
        weather = ["delay", f"{2 * jitter_ms}ms", f"{jitter_ms}ms", "loss", f"{loss_percent}%"]
        _run(*self._inside, "tc", "qdisc", "add", "dev", peer, "root", "netem", *weather)

    def _join_by_line(self, loss_percent: float, jitter_ms: int) -> BadLine:
        try:
            near = tun(self._name)
            with self.entered():
                far = tun(self._name)
        except OSError as refusal:
            raise NotPermitted(f"neither netem nor TUN can be had here: {refusal}") from refusal
        for inside, own, other in (((), self.here, self.there), (self._inside, self.there, self.here)):
            _run(*inside, "ip", "addr", "add", own, "peer", other, "dev", self._name)
            _run(*inside, "ip", "link", "set", self._name, "up")
        _run(*self._inside, "ip", "route", "add", "default", "via", self.here)
        return BadLine(near, far, loss_percent / 100, jitter_ms / 1000)

    @property
    def _inside(self) -> tuple[str, ...]:
        return ("nsenter", "-t", str(self._holder.pid), "-n")

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Sockets that this thread makes meanwhile belong to the place."""
        with open(f"/proc/{threading.get_native_id()}/ns/net") as home, open(self._place) as place:
            _enter(place.fileno())
            try:
                yield
            finally:
                _enter(home.fileno())

    @property
    def _place(self) -> str:
        return f"/proc/{self._holder.pid}/ns/net"

    def socket(self) -> socket.socket:
        """A UDP socket of the place, as yet unbound."""
        with self.entered():
            return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def loss(self) -> float:
        """The share of packets that were lost on the way from it so far."""
        if self._line is not None:
            return self._line.lost / (self._line.lost + self._line.passed)
        told = _run(*self._inside, "tc", "-s", "qdisc", "show", "dev", f"{self._name}p")
        found = re.search(r"(\d+) pkt \(dropped (\d+)", told)
        assert found, told
        sent, dropped = map(int, found.groups())
        return dropped / (sent + dropped)

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
        subprocess.run(["ip", "link", "del", self._name], capture_output=True, check=False)
        _end(self._holder)


def _holder() -> subprocess.Popen[bytes]:
    """A process that keeps the place."""
    process = subprocess.Popen(
        ["unshare", "-n", "sh", "-c", "echo; exec sleep 600"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    if not process.stdout.readline():
        refusal = process.stderr.read().decode().strip()
        _end(process)
        raise NotPermitted(f"no network namespace here: {refusal}")
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    with process:
        process.terminate()


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotPermitted(f"`{' '.join(command)}` is refused here: {done.stderr.strip()}")
    return done.stdout


def _enter(descriptor: int) -> None:
    if _libc.setns(descriptor, _NEW_NETWORK) != 0:
        raise NotPermitted(f"no network namespace can be entered here: {os.strerror(ctypes.get_errno())}")
