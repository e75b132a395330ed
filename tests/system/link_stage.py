"""Starts core processes for the tests of the link, and waits for what should happen."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import gevent

ROOT = Path(__file__).parent.parent.parent


class CoreProcess:
    """A real second process that serves the link."""

    def __init__(self, folder: Path, agents: int = 4) -> None:
        self._arguments = [sys.executable, "-m", "tests.system.link_core", str(folder), str(agents)]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "serving\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(5)
        assert self.process.stdout is not None
        self.process.stdout.close()


def becomes_true(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Whether the condition holds within the time; other greenlets run meanwhile."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        gevent.sleep(0.005)
    return True
