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
from tests.ports import PortBlock, free_port

RTPENGINE = shutil.which("rtpengine", path="/usr/sbin:/usr/bin:/usr/local/bin")
PORTS = 250


class Rtpengine:
    """A running rtpengine that takes sound at the hosts and orders at `control`."""

    def __init__(self, folder: Path, *hosts: str, ports: int = PORTS) -> None:
        self._hosts, self._block = hosts or ("127.0.0.1",), PortBlock(ports)
        self.port = free_port()
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
        return range(self._block.first, self._block.last + 1)

    @property
    def memory(self) -> int:
        """Octets that it holds."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def start(self) -> None:
        command = [str(RTPENGINE), *(f"--interface={host}" for host in self._hosts)]
        command += [f"--listen-ng={self.control}", "--mos=LQ", "--endpoint-learning=heuristic"]
        command += [f"--port-min={self._block.first}", f"--port-max={self._block.last}", "--log-level=4"]
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
