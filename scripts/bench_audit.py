"""How long the privacy officer waits for a mention in a large audit: `python -m scripts.bench_audit [--events N]`.

Fills an audit of its own, four events a minute, in SQLite, in the database of `--database`, or with `--postgresql` in a
cluster of its own from Debian's packages, and searches it for a text and for an action that stand in none of them: the
slowest questions there are. Prints CPU of this process and wall time.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from cxcore.ports.audit import AuditQuestion
from cxcore.storage.audit import SqlAudit
from cxcore.storage.engine import open_engine
from cxcore.storage.models import AuditEvent
from tests.databases import PostgreSQL

BEGAN, EVERY, PORTION = datetime(2026, 1, 1, tzinfo=UTC), timedelta(seconds=15), 50_000


def main(arguments: Sequence[str]) -> int:
    """Print one line per question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--database", default="", help="URL of an empty one; without, SQLite in a new folder")
    parser.add_argument("--postgresql", action="store_true", help="a PostgreSQL of this run's own")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        url = options.database or stack.enter_context(_own(options.postgresql))
        engine = open_engine(url)
        stack.callback(engine.dispose)
        _fill(engine, options.events)
        _ask(SqlAudit(engine), options.events)
    return 0


@contextmanager
def _own(postgresql: bool) -> Iterator[str]:
    """The URL of an empty database that ends with this run."""
    with TemporaryDirectory(prefix="cx-pg-") as name:
        if not postgresql:
            yield f"sqlite:///{Path(name) / 'audit.db'}"
            return
        server = PostgreSQL(max(Path("/usr/lib/postgresql").glob("*/bin")), Path(name))
        server.start()
        try:
            yield server.url(server.new_database("template0"))
        finally:
            server.stop()


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
        for what, asked in (("a mention", {"object": "nowhere"}), ("an action", {"action": "nothing"})):
            question = AuditQuestion(since, until, **asked)  # type: ignore[arg-type]
            _tell(f"{events} events, {what} in {name}", lambda question=question: audit.entries(question))  # type: ignore[misc]
    _tell(f"{events} events, the list of actions", audit.actions)


def _tell(what: str, ask: Callable[[], Sequence[object]]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    found = ask()
    lasted = f"{1000 * (time.process_time() - cpu):.1f} ms CPU, {1000 * (time.perf_counter() - wall):.1f} ms wall"
    print(f"{what}: {lasted}, {len(found)} found")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
