#!/usr/bin/env python
"""Load contacts of one month and time the reports on them; print what facts cost to write.

    scripts/bench_reports.py                                     # 100,000 contacts, SQLite
    scripts/bench_reports.py --contacts 1500000 --url postgresql://cx:…@localhost/empty_database

The contacts are put straight into the derived tables, as the facts would have left them, because reports read nothing
else. The database must be empty; nothing is removed from it afterwards.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Outcome
from cxcore.domain.events import (
    ContactAnswered,
    ContactEnded,
    ContactOpened,
    ContactQueued,
    Fact,
    TalkEnded,
)
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.queue import QueueId
from cxcore.storage import Storage, open_storage
from cxcore.storage.contact_log import store
from cxcore.storage.engine import reading, writing
from cxcore.storage.facts import HeldFact
from cxcore.storage.models import Base, ContactRecord

MONTH = datetime(2026, 10, 1, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
QUEUES = tuple(QueueId(f"queue-{number:02d}") for number in range(50))
AGENTS = tuple(AgentId(f"agent-{number:03d}") for number in range(200))
BATCH = 200


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as directory:
        url = arguments.url or f"sqlite:///{directory}/bench.db"
        storage = open_storage(url, Path(directory) / "spill")
        try:
            _check_empty(storage)
            _bench(storage, arguments.contacts)
        finally:
            storage.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=100_000, help="how many contacts to load (default 100000)")
    parser.add_argument("--url", help="an empty database; default: SQLite in a temporary file")
    parsed = parser.parse_args()
    if parsed.contacts < 1:
        parser.error("--contacts must be at least 1")
    return parsed


def _check_empty(storage: Storage) -> None:
    with reading(storage.engine) as session:
        if session.scalar(select(func.count()).select_from(ContactRecord)):
            raise SystemExit(f"{storage.engine.url}: the database is not empty; name an empty one")


def _bench(storage: Storage, contacts: int) -> None:
    print(f"{storage.engine.dialect.name}: {contacts} contacts in one month, {len(QUEUES)} queues")
    _time("facts of 1000 contacts written (5000 facts)", lambda: _write_facts(storage, 1000))
    _time("contacts loaded", lambda: _load(storage, contacts))
    reports = storage.reports
    for what, ask in {
        "figures of all queues, the month": lambda: reports.queue_figures(MONTH, NEXT_MONTH),
        "figures of all queues, one day": lambda: reports.queue_figures(MONTH + DAY, MONTH + 2 * DAY),
        "intervals of one queue, the month": lambda: reports.intervals(QUEUES[0], MONTH, NEXT_MONTH),
        "latest 200 contacts": lambda: reports.contacts(MONTH, NEXT_MONTH),
        "200 contacts of a day in the middle": lambda: reports.contacts(MONTH + 9 * DAY, MONTH + 10 * DAY),
        "open contacts": storage.contact_log.open_contacts,
    }.items():
        _time(f"{what} (first time)", ask)
        _time(what, ask)


def _time(what: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    print(f"  {(time.perf_counter() - began) * 1000:10.1f} ms  {what}")


def _write_facts(storage: Storage, contacts: int) -> None:
    facts = [fact for number in range(contacts) for fact in _call(number)]
    held = [HeldFact("bench", number, fact) for number, fact in enumerate(facts, start=1)]
    for start in range(0, len(held), BATCH):
        store(storage.engine, held[start : start + BATCH])


def _call(number: int) -> Iterator[Fact]:
    contact, queue = ContactId(f"fact-{number}"), QUEUES[number % len(QUEUES)]
    agent, at = AGENTS[number % len(AGENTS)], MONTH - DAY + timedelta(seconds=number)
    yield ContactOpened(at, contact, Channel.TELEPHONY, "+31715550100", "+31612345678", "")
    yield ContactQueued(at, contact, queue)
    yield ContactAnswered(at + timedelta(seconds=9), contact, agent, queue, 9.0)
    yield TalkEnded(at + timedelta(seconds=99), contact, agent, queue, 90.0)
    yield ContactEnded(at + timedelta(seconds=99), contact, Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY)


def _load(storage: Storage, contacts: int) -> None:
    dice = random.Random(1)
    _insert(storage, "contact", (_contact(dice, number) for number in range(contacts)))
    _insert(storage, "interval", _intervals())
    with storage.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _insert(storage: Storage, table: str, rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, 20_000)):
        with writing(storage.engine) as session:
            session.execute(insert(Base.metadata.tables[table]), chunk)


def _contact(dice: random.Random, number: int) -> dict[str, Any]:
    opened = MONTH + timedelta(days=dice.randrange(31), hours=8, seconds=dice.randrange(9 * 3600))
    return {
        "contact_id": f"contact-{number:08d}",
        "channel": "telephony",
        "opened_at": opened,
        "dialled_number": "+31715550100",
        "caller_number": f"+316{number:08d}",
        "caller_name": "",
        "queue_id": dice.choice(QUEUES),
        "agent_id": dice.choice(AGENTS),
        "answered_at": opened + timedelta(seconds=9),
        "ended_at": opened + timedelta(seconds=99),
        "outcome": "answered",
        "cause": "normal",
        "ended_by": "party",
        "waited_ms": 9000,
        "talked_ms": 90_000,
        "held_ms": 0,
        "wrap_up_ms": 30_000,
    }


def _intervals() -> Iterator[dict[str, Any]]:
    counts = dict.fromkeys(("offered", "answered", "answered_in_time"), 28)
    nothing = dict.fromkeys(("abandoned", "quick_drops", "moved", "closed"), 0)
    lengths = {"wait_ms": 252_000, "longest_wait_ms": 30_000, "talk_ms": 2_520_000, "wrap_up_ms": 840_000}
    for day in range(31):
        for quarter in range(32, 68):
            at = MONTH + timedelta(days=day, minutes=15 * quarter)
            for queue in QUEUES:
                key = {"starts_at": at, "queue_id": queue, "channel": "telephony"}
                yield {**key, **counts, **nothing, **lengths}


if __name__ == "__main__":
    main()
