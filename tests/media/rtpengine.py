"""rtpengine in user space, as `cx run` starts it, on ports of its own."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import psutil

from cxcore.monitoring.sound import ask
from tests.contract.engines import free_port

RTPENGINE = shutil.which("rtpengine", path="/usr/sbin:/usr/bin:/usr/local/bin")
PORTS = 250
"""Few, so that those of suites that run side by side seldom meet: rtpengine binds a port that another one has."""


class Rtpengine:
    """A running rtpengine that takes sound at `host` and orders at `control`."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", first: int = 0, ports: int = PORTS) -> None:
        self.host, self._count = host, ports
        self.port = free_port()
        self.first = first or 40_000 + self.port % 80 * PORTS
        self._log = folder / "rtpengine.out"
        self.start()

    @property
    def control(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def ports(self) -> range:
        return range(self.first, self.first + self._count)

    @property
    def memory(self) -> int:
        """Octets that it holds."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def start(self) -> None:
        command = [str(RTPENGINE), f"--interface={self.host}", f"--listen-ng={self.control}", "--mos=LQ"]
        command += ["--endpoint-learning=heuristic"]
        command += [f"--port-min={self.first}", f"--port-max={self.first + self._count - 1}", "--log-level=4"]
        command += ["--foreground", "--log-stderr", "--config-file=none", "--table=-1"]
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        for _ in range(100):
            assert self.process.poll() is None, self.log
            try:
                if self.asked({"command": "ping"})["result"] == b"pong":
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"rtpengine takes no orders: {self.log}")

    def asked(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """What it says to a command."""
        return ask(("127.0.0.1", self.port), question)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(10)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, _fault: object, _trace: object) -> None:
        self.close()
