"""Keeps reported faults (port `cxcore.ports.faults`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select

from cxcore.ports.faults import Fault, FaultReport, FaultStatus
from cxcore.storage.engine import reading, writing
from cxcore.storage.models import FaultRecord


class SqlFaults:
    """The reports in the database."""

    mailed_to: Sequence[str] = ()

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, fault: Fault) -> int:
        """Keep a new report; returns its number. Raises `LogUnavailable`."""
        with writing(self._engine) as session:
            record = FaultRecord(
                at=fault.at, by=fault.by, page=fault.page, text=fault.text, browser=fault.browser,
                attached={"contact_ids": list(fault.contact_ids), "log_lines": list(fault.log_lines)},
                status=FaultStatus.NEW.value, remark="", handled_by="", handled_at=None,
            )  # fmt: skip
            session.add(record)
            session.flush()
            return record.number

    def latest(self, most: int = 200) -> Sequence[FaultReport]:
        """The newest reports, those that are not solved first. Raises `LogUnavailable`."""
        solved = FaultRecord.status == FaultStatus.SOLVED.value
        with reading(self._engine) as session:
            query = select(FaultRecord).order_by(solved, FaultRecord.number.desc()).limit(most)
            return [_report(row) for row in session.scalars(query)]

    def find(self, number: int) -> FaultReport | None:
        """One report, or None. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            row = session.get(FaultRecord, number)
            return None if row is None else _report(row)

    def handle(self, number: int, status: FaultStatus, remark: str, by: str, at: datetime) -> bool:
        """Change what is said of the handling. Raises `LogUnavailable`."""
        with writing(self._engine) as session:
            row = session.get(FaultRecord, number)
            if row is None:
                return False
            row.status, row.remark, row.handled_by, row.handled_at = status.value, remark, by, at
            return True


def _report(row: FaultRecord) -> FaultReport:
    contacts, lines = tuple(row.attached["contact_ids"]), tuple(row.attached["log_lines"])
    fault = Fault(row.at, row.by, row.page, row.text, row.browser, contacts, lines)
    return FaultReport(row.number, fault, FaultStatus(row.status), row.remark, row.handled_by, row.handled_at)
