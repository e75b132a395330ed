"""Prints what it costs the core to keep what happened: facts to rows in the database, and facts in the journal.

The facts are those of some 400 acted contacts, on SQLite in a folder of its own. Rows: CPU of the writing thread for
one contact, for different numbers of facts in a transaction. Journal: the clock time of one step with two facts.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxcore.domain.events import ContactOpened
from cxcore.storage import open_storage
from cxcore.storage.contact_log import store
from cxcore.storage.facts import HeldFact
from cxcore.storage.journal import Journal
from tests.storage.streams import day

CONTACTS = 400
SIZES = (4, 14, 100)
STEP_FACTS = 2


def facts_of_a_day() -> list[HeldFact]:
    """Facts of one writer, in their order."""
    return [HeldFact("bench-0", number, fact) for number, fact in enumerate(day(1, CONTACTS), start=1)]


def split(facts: Sequence[HeldFact], size: int) -> Iterator[Sequence[HeldFact]]:
    """So many at a time."""
    for at in range(0, len(facts), size):
        yield facts[at : at + size]


def milliseconds_a_contact(folder: Path, size: int) -> float:
    """CPU of this thread to write the day with `size` facts in a transaction, for each contact."""
    facts = facts_of_a_day()
    contacts = sum(isinstance(each.fact, ContactOpened) for each in facts)
    storage = open_storage(f"sqlite:///{folder / f'rows-{size}.db'}", folder / f"held-{size}")
    started = time.thread_time()
    for some in split(facts, size):
        store(storage.engine, some, some[0].number - 1)
    spent = time.thread_time() - started
    storage.close()
    return spent * 1000 / contacts


def microseconds_a_step(folder: Path, steps: int) -> list[float]:
    """How long each of so many steps holds the core to note its facts."""
    facts, taken = facts_of_a_day(), []
    journal = Journal(folder, "bench-0")
    for number in range(steps):
        at = number * STEP_FACTS % (len(facts) - STEP_FACTS)
        started = time.perf_counter()
        journal.note(facts[at : at + STEP_FACTS])
        taken.append((time.perf_counter() - started) * 1e6)
    journal.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=4000, help="steps that are noted in the journal (4000)")
    steps = parser.parse_args().steps
    with TemporaryDirectory() as made:
        folder = Path(made)
        for size in SIZES:
            print(f"rows, {size} facts a transaction: {milliseconds_a_contact(folder, size):.1f} ms of CPU a contact")
        (folder / "journal").mkdir()
        shares = quantiles(microseconds_a_step(folder / "journal", steps), n=100)
        print(f"journal, a step of {STEP_FACTS} facts: p50 {shares[49]:.0f} µs, p99 {shares[98]:.0f} µs")


if __name__ == "__main__":
    main()
