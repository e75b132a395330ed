"""How long the privacy officer waits for a mention in a large audit: `python -m scripts.bench_audit [--events N]`.

Fills an audit of its own, four events a minute, in SQLite or in the database of `--database`, and searches it for a
text that stands in none of them: the slowest question there is. Prints CPU and wall time of this process.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from cxcore.ports.audit import AuditQuestion
from cxcore.storage.audit import SqlAudit
from cxcore.storage.engine import open_engine
from cxcore.storage.models import AuditEvent

BEGAN, EVERY, PORTION = datetime(2026, 1, 1, tzinfo=UTC), timedelta(seconds=15), 50_000


def main(arguments: Sequence[str]) -> int:
    """Print one line per question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--database", default="", help="URL of an empty one; without, SQLite in a new folder")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        engine = open_engine(options.database or f"sqlite:///{Path(folder) / 'audit.db'}")
        _fill(engine, options.events)
        _ask(SqlAudit(engine), options.events)
        engine.dispose()
    return 0


def _fill(engine: Engine, events: int) -> None:
    AuditEvent.__table__.create(engine)  # type: ignore[attr-defined]
    for first in range(0, events, PORTION):
        with engine.begin() as connection:
            rows = [_row(number) for number in range(first, min(first + PORTION, events))]
            connection.execute(AuditEvent.__table__.insert(), rows)  # type: ignore[attr-defined]


def _row(number: int) -> dict[str, object]:
    return {
        "id": number + 1,
        "at": BEGAN + number * EVERY,
        "actor": f"user-{number % 40}",
        "action": f"action-{number % 30}",
        "object": f"contact_id={number:032x} number=+316{number % 100_000_000:08d}",
        "result": "done",
        "origin": "192.0.2.1",
        "digest": f"{number:064x}",
    }


def _ask(audit: SqlAudit, events: int) -> None:
    until = BEGAN + events * EVERY
    for name, since in (("all of it", BEGAN), ("the last week", until - timedelta(days=7))):
        wall, cpu = time.perf_counter(), time.process_time()
        found = audit.entries(AuditQuestion(since, until, object="nowhere"))
        lasted = f"{1000 * (time.process_time() - cpu):.0f} ms CPU, {1000 * (time.perf_counter() - wall):.0f} ms wall"
        print(f"{events} events, {name}: {lasted}, {len(found)} found")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
