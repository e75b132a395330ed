"""Starts the web process of `floor_process` and moves its floor."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

START_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Floor:
    """`pages` is the address for browsers."""

    pages: str
    orders: str

    def __call__(self, name: str, *arguments: object) -> None:
        """Call a method of the process's `FakeController`."""
        self._post(name, list(arguments))

    def submitted(self) -> list[str]:
        """The names of the commands that the core was given."""
        names: list[str] = json.loads(self._post("submitted", []))
        return names

    def _post(self, path: str, body: object) -> bytes:
        request = urllib.request.Request(  # noqa: S310
            f"{self.orders}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            content: bytes = answer.read()
        return content

    def call(self, contact_id: str, queue_id: str = "burgerzaken", number: str | None = "+31612345678") -> None:
        """A caller waits."""
        self("arrives", contact_id, queue_id, number)


@contextmanager
def running_floor(*options: str) -> Iterator[Floor]:
    """A process of its own, ended afterwards."""
    command = [sys.executable, "-m", "tests.browser.floor_process", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            pages, orders = json.loads(process.stdout.readline())
            yield Floor(f"http://127.0.0.1:{pages}", f"http://127.0.0.1:{orders}")
        finally:
            process.stdin.close()
            try:
                process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
