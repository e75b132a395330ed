"""Reported faults in memory, and logs that a test writes (port `cxcore.ports.faults`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cxcore.ports.faults import Fault, FaultReport, FaultStatus


class FakeFaults:
    """Keeps the reports in a list."""

    def __init__(self) -> None:
        self.reports: list[FaultReport] = []
        self.mailed_to: Sequence[str] = ()

    def add(self, fault: Fault) -> int:
        """Keep a new report."""
        self.reports.append(FaultReport(len(self.reports) + 1, fault))
        return len(self.reports)

    def latest(self, most: int = 200) -> Sequence[FaultReport]:
        """Those that are not solved first, then the newest."""
        return sorted(self.reports, key=lambda each: (each.status is FaultStatus.SOLVED, -each.number))[:most]

    def find(self, number: int) -> FaultReport | None:
        """One report, or None."""
        return next((each for each in self.reports if each.number == number), None)

    def handle(self, number: int, status: FaultStatus, remark: str, by: str, at: datetime) -> bool:
        """Change what is said of the handling."""
        found = self.find(number)
        if found is None:
            return False
        changed = replace(found, status=status, remark=remark, handled_by=by, handled_at=at)
        self.reports[self.reports.index(found)] = changed
        return True


class FakeLogs:
    """Lines with the instant at which they were logged."""

    def __init__(self) -> None:
        self.lines: list[tuple[datetime, str]] = []

    def since(self, start: datetime) -> Sequence[str]:
        """What was logged after an instant."""
        return [line for at, line in self.lines if at >= start]
