"""Faults that users report, with what helps to find their cause [89]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class FaultStatus(StrEnum):
    """Where the handling of a report stands."""

    NEW = "new"
    IN_HAND = "in-hand"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a user reports. `contact_ids` are the last contacts of that user, newest first; `log_lines` are masked."""

    at: datetime
    by: str
    page: str
    """The path of the page that was open."""
    text: str
    browser: str
    contact_ids: tuple[str, ...]
    log_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultReport:
    """A fault as it is kept; `handled_by` and `handled_at` are of the last change of status or remark."""

    number: int
    fault: Fault
    status: FaultStatus = FaultStatus.NEW
    remark: str = ""
    handled_by: str = ""
    handled_at: datetime | None = None


class Faults(Protocol):
    """Keeps reports. Raises `LogUnavailable` when the database does not answer."""

    @property
    def mailed_to(self) -> Sequence[str]:
        """Whom each new report is mailed to; nobody where reports only stand in the list."""

    def add(self, fault: Fault) -> int:
        """Keep a new report; returns its number."""

    def latest(self, most: int = 200) -> Sequence[FaultReport]:
        """The newest reports, those that are not solved first."""

    def find(self, number: int) -> FaultReport | None:
        """One report, or None."""

    def handle(self, number: int, status: FaultStatus, remark: str, by: str, at: datetime) -> bool:
        """Change what is said of the handling; False for a number that does not exist."""


class LogExcerpts(Protocol):
    """The logs of the processes of this installation."""

    def since(self, start: datetime) -> Sequence[str]:
        """What was logged after an instant, without personal data; empty where the logs are kept elsewhere."""
