"""What a reader found wrong in a file: where, what, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from yaml.error import Mark
from yaml.nodes import Node


class Severity(StrEnum):
    """Errors stop the start; warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file; line and column count from 1."""

    path: Path
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong; `remedy` is an instruction that starts with a verb."""

    place: Place
    severity: Severity
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = self.place
        line = f"{place.path}:{place.line}:{place.column}: {self.severity}: {self.problem} → {self.remedy}"
        # What a file holds is shown on a terminal: no line breaks or control characters of its own.
        return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line)


class Findings:
    """Collects what is wrong in one file."""

    def __init__(self, path: Path, content: bytes | None = None, today: date | None = None) -> None:
        """`content` is read instead of the file, where it was taken from elsewhere. Without `today` nothing is found to
        be past."""
        self.path, self.content, self.today = path, content, today
        self._all: list[Finding] = []
        self._lines: list[str] | None = None

    def place(self, spot: Node | Mark | Place | None) -> Place:
        """Where a node starts; the head of the file for None."""
        if isinstance(spot, Place):
            return spot
        mark = spot.start_mark if isinstance(spot, Node) else spot
        return Place(self.path) if mark is None else Place(self.path, mark.line + 1, mark.column + 1)

    def lines_around(self, mark: Mark | None) -> list[str]:
        """All lines of the file that a mark stands in; split once, for a file may have thousands."""
        if self._lines is None and mark is not None and mark.buffer:
            self._lines = mark.buffer.splitlines()
        return self._lines or []

    def error(self, spot: Node | Mark | Place | None, problem: str, remedy: str) -> None:
        """Note something that stops the start."""
        self._all.append(Finding(self.place(spot), Severity.ERROR, problem, remedy))

    def warn(self, spot: Node | Mark | Place | None, problem: str, remedy: str) -> None:
        """Note something that works, but is probably not meant."""
        self._all.append(Finding(self.place(spot), Severity.WARNING, problem, remedy))

    def in_order(self) -> list[Finding]:
        """Everything found, each once, by place."""
        return sorted(set(self._all))

    @property
    def number(self) -> int:
        """How many findings there are so far."""
        return len(self._all)

    @property
    def any_errors(self) -> bool:
        """Whether something stops the start."""
        return any(finding.severity is Severity.ERROR for finding in self._all)


class ConfigurationRefused(Exception):
    """A file cannot be used. `findings` holds every error in it, and the message is their text, one a line."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))
