"""Runs a program on sound, within limits: it may neither grow, nor run for ever, nor write much."""

from __future__ import annotations

import resource
from dataclasses import dataclass

from gevent import subprocess

MEGABYTE = 1024 * 1024
MEMORY_BYTES = 2048 * MEGABYTE
CPU_SECONDS = 60
FILE_BYTES = 256 * MEGABYTE
OPEN_FILES = 64


class ProgramFailed(Exception):
    """The program said no; the message is the last line that it said."""


class ProgramMissing(ProgramFailed):
    """The program is not installed."""


class ProgramTooSlow(ProgramFailed):
    """The program was stopped because it took too long."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program with its arguments. Other greenlets run on while it works."""

    arguments: tuple[str, ...]
    seconds: float = 30.0

    def run(self, given: bytes = b"") -> bytes:
        """What it writes when it is given this. Raises `ProgramFailed`."""
        try:
            done = subprocess.run(
                self.arguments, input=given, capture_output=True, timeout=self.seconds, preexec_fn=_limit, check=False
            )
        except FileNotFoundError as error:
            raise ProgramMissing(f"{self.arguments[0]} is not installed; run make setup") from error
        except subprocess.TimeoutExpired as error:
            raise ProgramTooSlow(f"{self.arguments[0]} took longer than {self.seconds:g} s") from error
        if done.returncode != 0:
            raise ProgramFailed(_last_line(done.stderr) or f"{self.arguments[0]} ended with {done.returncode}")
        output: bytes = done.stdout
        return output


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
