"""One child process: started so that it cannot outlive `cx run`, its output in a log file, stopped within a limit."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

LARGEST_LOG_BYTES = 10_000_000
STOP_SECONDS = 8.0
_PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a child gets when its parent dies, however it dies."""

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(slots=True)
class Child:
    """A process of the product. `name` is what logs and messages call it."""

    name: str
    command: Sequence[str]
    log_directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths_in_a_row: int = 0

    @property
    def log_file(self) -> Path:
        """Where its output goes."""
        return self.log_directory / f"{self.name}.log"

    def start(self) -> None:
        """Start it; raises `FileNotFoundError` when its program is not there."""
        self.turn_log_over()
        with self.log_file.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - the commands are our own
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self.started_at = monotonic()

    def turn_log_over(self) -> None:
        """Keep a log that grew large as `.log.1` and begin anew.

        The file is copied and emptied, not renamed, because the child goes on writing at the end of the same file.
        """
        if self.log_file.exists() and self.log_file.stat().st_size > LARGEST_LOG_BYTES:
            shutil.copyfile(self.log_file, self.log_file.with_suffix(".log.1"))
            os.truncate(self.log_file, 0)

    def exit_code(self) -> int | None:
        """None while it runs."""
        return None if self.process is None else self.process.poll()

    def last_lines(self, count: int = 5) -> str:
        """The end of its log."""
        if not self.log_file.exists():
            return ""
        return "\n".join(self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])

    def stop(self) -> None:
        """SIGTERM, and SIGKILL to its whole process group when it has not ended in time."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.end_remains()
            self.process.wait(STOP_SECONDS)
        self.end_remains()

    def end_remains(self) -> None:
        """SIGKILL to what is left of its process group: workers of a process that was killed would keep its ports."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
