"""Excerpts of the log files of `cx run`, without personal data (port `cxcore.ports.faults.LogExcerpts`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

TAIL_BYTES = 200_000
MOST_LINES = 400
LONGEST_LINE = 400

_TIME = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}),\d{3} ")
_KEPT = r"(?P<kept>\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}[.,]?\d*|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
_PERSONAL = re.compile(
    _KEPT
    + r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    + r"|(?P<sip>sips?:)[^@\s>;]+@"
    + r"|(?P<address>\b\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}\b"
    + r"|(?P<number>\+?\d[\d ]{3,}\d)"
)


def masked(line: str) -> str:
    """The line without phone numbers, mail addresses, users of SIP addresses and whole IP addresses; ids stay."""
    return _PERSONAL.sub(_mask, line)


def _mask(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    if found["sip"]:
        return f"{found['sip']}…@"
    if found["address"]:
        return f"{found['address']}.x.x"
    return "[e-mail]" if found["mail"] else "[nummer]"


@dataclass(frozen=True, slots=True)
class LogFolder:
    """One file per process; production sites that log elsewhere have none."""

    directory: Path

    def since(self, start: datetime) -> Sequence[str]:
        """The lines after an instant, by process, each with the name of it. At most `MOST_LINES`, the last of them."""
        files = sorted(self.directory.glob("*.log")) if self.directory.is_dir() else []
        lines = [f"{file.stem}: {line}" for file in files for line in _after(_tail(file), start)]
        return [masked(line)[:LONGEST_LINE] for line in lines[-MOST_LINES:]]


def _tail(file: Path) -> list[str]:
    try:
        with file.open("rb") as stream:
            stream.seek(max(file.stat().st_size - TAIL_BYTES, 0))
            return stream.read(TAIL_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _after(lines: list[str], start: datetime) -> Iterator[str]:
    """A line without a time belongs to the one before it. Logs of other programs, which write other times, stay out."""
    local, taken = start.astimezone().strftime("%Y-%m-%d %H:%M:%S"), False
    for line in lines:
        found = _TIME.match(line)
        taken = found[1] >= local if found else taken
        if taken:
            yield line
