"""Facts reach the database once and in order, whatever happens to it meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import gevent
import pytest
from sqlalchemy import select

from cxcore.domain.events import CoreStarted, Fact, LeaseHealed
from cxcore.ports.contact_log import LogUnavailable
from cxcore.storage import Storage
from cxcore.storage.contact_log import store
from cxcore.storage.engine import reading
from cxcore.storage.facts import HeldFact, to_line
from cxcore.storage.models import ContactEvent
from cxcore.storage.spill import Spill
from cxcore.storage.writer import Limits, Writer
from tests.storage.conftest import QUICK, Outage, opened
from tests.storage.streams import MONDAY


def numbered(*numbers: int) -> list[Fact]:
    return [CoreStarted(MONDAY + timedelta(seconds=number), number) for number in numbers]


def stored(storage: Storage) -> list[int]:
    with reading(storage.engine) as session:
        return [body["taken_up"] for body in session.scalars(select(ContactEvent.body).order_by(ContactEvent.id))]


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    ends_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends_at, "waited in vain"
        time.sleep(0.01)


class Kept:
    """A store in memory, which can be told to fail."""

    def __init__(self) -> None:
        self.facts: list[int] = []
        self.calls = 0
        self.fails_with: Exception | None = None
        self.refuses: int | None = None
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, facts: Sequence[HeldFact]) -> None:
        self.calls += 1
        assert self.gate.wait(10)
        if self.fails_with:
            raise self.fails_with
        if any(held.number == self.refuses for held in facts):
            raise ValueError("no such place")
        self.facts += [held.number for held in facts]


@pytest.fixture
def kept() -> Kept:
    return Kept()


def writer_of(kept: Kept, spill: Path, limits: Limits = QUICK) -> Writer:
    return Writer("core-1", kept, Spill(spill), limits)


# --- With a database -------------------------------------------------------------------------------------------------


def test_facts_are_stored_in_their_order(storage: Storage) -> None:
    for start in range(0, 700, 7):
        storage.contact_log.record(numbered(*range(start, start + 7)))
        if start % 70 == 0:
            storage.contact_log.flush()

    storage.contact_log.flush()

    assert stored(storage) == list(range(700))
    assert storage.contact_log.healthy()


def test_closing_writes_what_was_recorded_last(storage: Storage) -> None:
    storage.contact_log.record(numbered(1, 2, 3))

    storage.contact_log.close()

    assert stored(storage) == [1, 2, 3]
    assert not storage.contact_log.healthy()


def test_a_fact_whose_commit_was_in_doubt_is_not_written_twice(storage: Storage) -> None:
    held = [HeldFact("core-1", number, fact) for number, fact in enumerate(numbered(1, 2, 3), start=1)]
    store(storage.engine, held[:2])

    store(storage.engine, held)
    store(storage.engine, held)
    store(storage.engine, [HeldFact("core-2", 1, *numbered(4))])

    assert stored(storage) == [1, 2, 3, 4]


def test_while_the_database_is_away_facts_wait_and_then_all_are_stored(
    storage: Storage, outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cxcore.storage")
    storage.contact_log.record(numbered(1))
    storage.contact_log.flush()

    outage.begin()
    storage.contact_log.record(numbered(*range(2, 30)))
    wait_until(lambda: not storage.contact_log.healthy())
    time.sleep(0.3)
    outage.end()
    wait_until(storage.contact_log.healthy)
    storage.contact_log.flush()

    assert stored(storage) == list(range(1, 30))
    away, back = [record.getMessage() for record in caplog.records if record.name.startswith("cxcore.storage")]
    assert "facts are held back" in away
    assert "the database is back" in back


def test_beyond_the_bound_facts_wait_on_disk_and_keep_their_order(
    storage: Storage, outage: Outage, spill: Path
) -> None:
    outage.begin()
    for number in range(90):
        storage.contact_log.record(numbered(number))
    wait_until(lambda: len(list(spill.glob("facts-*"))) >= 2)
    storage.contact_log.record(numbered(90))
    outage.end()
    storage.contact_log.flush()

    assert stored(storage) == list(range(91))
    assert list(spill.glob("facts-*")) == []


def test_a_core_that_ends_during_an_outage_leaves_its_facts_to_the_next(
    database_url: str, outage: Outage, spill: Path
) -> None:
    first = opened(database_url, spill)
    outage.begin()
    first.contact_log.record(numbered(*range(75)))
    first.contact_log._close_seconds = 0.2
    first.close()
    outage.end()

    second = opened(database_url, spill)
    second.contact_log.record(numbered(75))
    second.contact_log.flush()

    assert stored(second) == list(range(76))
    second.close()


def test_a_core_that_is_killed_during_an_outage_leaves_its_facts_to_the_next(
    database_url: str, outage: Outage, spill: Path
) -> None:
    killed = opened(database_url, spill)
    outage.begin()
    killed.contact_log.record(numbered(1, 2, 3))
    wait_until(lambda: list(spill.glob("facts-*")) != [], 15)
    copied = [(path.name, path.read_bytes()) for path in spill.glob("facts-*")]
    outage.end()
    wait_until(lambda: stored(killed) == [1, 2, 3], 15)
    killed.close()
    for name, content in copied:  # the disk as it was when the core might have been killed
        (spill / name).write_bytes(content)

    following = opened(database_url, spill)
    following.contact_log.record(numbered(4))
    following.contact_log.flush()

    assert stored(following) == [1, 2, 3, 4]
    following.close()


def test_a_starting_core_reads_the_facts_that_wait_on_disk_before_it_answers(storage: Storage, spill: Path) -> None:
    Spill(spill).save([HeldFact("core-0", 1, *numbered(7))])

    assert storage.contact_log.open_contacts() == ()

    assert stored(storage) == [7]


def test_during_an_outage_questions_are_refused_with_the_reason(storage: Storage, outage: Outage) -> None:
    storage.contact_log._answer_seconds = 0.3
    outage.begin()
    storage.contact_log.record(numbered(1))

    with pytest.raises(LogUnavailable, match="not yet written"):
        storage.contact_log.known_agents()


def test_a_fact_with_bytes_that_are_no_text_is_stored(storage: Storage) -> None:
    storage.contact_log.record([LeaseHealed(MONDAY, "contact", "\0\udcff", "x" * 10_000)])

    storage.contact_log.flush()

    assert storage.contact_log.healthy()


def test_a_fact_that_the_database_refuses_does_not_keep_the_others_out(storage: Storage, spill: Path) -> None:
    storage.contact_log.record([*numbered(1, 2), CoreStarted(MONDAY, float("nan")), *numbered(4)])  # type: ignore[arg-type]

    storage.contact_log.flush()

    assert stored(storage) == [1, 2, 4]
    assert len(list(spill.glob("rejected-*"))) == 1


# --- With a store in memory ------------------------------------------------------------------------------------------


def test_recording_takes_microseconds_even_when_the_store_stands_still(kept: Kept, spill: Path) -> None:
    writer = writer_of(kept, spill, Limits())
    kept.gate.clear()
    began = time.perf_counter()
    for number in range(1000):
        writer.hold(numbered(number))
    lasted = time.perf_counter() - began
    kept.gate.set()
    writer.close(5)

    assert lasted / 1000 < 0.0005
    assert kept.facts == list(range(1, 1001))


def test_under_gevent_the_hub_goes_on_while_the_store_stands_still(kept: Kept, spill: Path) -> None:
    writer = writer_of(kept, spill)
    kept.gate.clear()
    ticks: list[float] = []

    def tick() -> None:
        while len(ticks) < 20:
            writer.hold(numbered(len(ticks)))
            ticks.append(time.monotonic())
            gevent.sleep(0.005)

    gevent.spawn(tick).join(5)
    assert len(ticks) == 20
    assert kept.facts == []

    kept.gate.set()
    writer.close(5)
    assert kept.facts == list(range(1, 21))


def test_facts_are_gathered_into_batches(kept: Kept, spill: Path) -> None:
    writer = writer_of(kept, spill, Limits(gather_seconds=0.2))
    for number in range(150):
        writer.hold(numbered(number))
    writer.close(5)

    assert kept.facts == list(range(1, 151))
    assert kept.calls <= 3


def test_a_refused_fact_is_set_aside_for_a_person(kept: Kept, spill: Path) -> None:
    writer = writer_of(kept, spill)
    kept.refuses = 3

    writer.hold(numbered(1, 2, 3, 4))
    writer.close(5)

    assert kept.facts == [1, 2, 4]
    (aside,) = spill.glob("rejected-*.jsonl")
    assert "taken_up=3" in aside.read_text()


def test_when_disk_and_memory_are_full_the_newest_facts_are_dropped_and_it_is_said(
    kept: Kept, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    no_directory = tmp_path / "file"
    no_directory.write_text("in the way")
    writer = writer_of(kept, no_directory)
    kept.fails_with = LogUnavailable("away")

    for number in range(1, 151):
        writer.hold(numbered(number))
    wait_until(lambda: not writer.healthy())
    kept.fails_with = None
    assert writer.flush(5)
    writer.close(1)

    assert kept.facts == list(range(1, 101))
    assert [record.getMessage() for record in caplog.records if "being lost" in record.getMessage()] != []
    assert "50 lost" in caplog.text


def test_broken_lines_on_disk_are_kept_apart_and_the_rest_is_written(kept: Kept, spill: Path) -> None:
    spill.mkdir()
    good = to_line(HeldFact("core-0", 5, *numbered(5)))
    (spill / "facts-20261123T000000000000-core-0-1.jsonl").write_text(f"{{broken\n{good}\n")
    writer = writer_of(kept, spill)

    assert writer.flush(5)
    writer.close(1)

    assert kept.facts == [5]
    assert [path.read_text() for path in spill.iterdir()] == ["{broken\n"]


def test_nothing_recorded_means_no_thread(kept: Kept, spill: Path) -> None:
    writer = writer_of(kept, spill)

    assert writer.healthy()
    assert "contact-log-writer" not in [thread.name for thread in threading.enumerate()]
    writer.close(1)


def test_facts_after_the_end_are_refused_aloud(kept: Kept, spill: Path, caplog: pytest.LogCaptureFixture) -> None:
    writer = writer_of(kept, spill)
    writer.close(1)

    writer.hold(numbered(1, 2))

    assert "2 facts came after its end" in caplog.text
    assert not writer.healthy()


def test_a_writer_that_died_is_not_healthy_and_the_next_fact_starts_another(kept: Kept, spill: Path) -> None:
    writer = writer_of(kept, spill)
    writer.hold(numbered(1))
    assert writer.flush(5)
    assert writer._thread is not None
    dead = threading.Thread()
    dead.start()
    dead.join()
    living, writer._thread = writer._thread, dead
    assert not writer.healthy()

    writer.hold(numbered(2))

    wait_until(writer.healthy)
    writer.close(5)
    living.join(5)
    assert sorted(set(kept.facts)) == [1, 2]


def test_more_than_memory_holds_goes_over_the_disk_also_when_the_database_is_only_slow(kept: Kept, spill: Path) -> None:
    writer = writer_of(kept, spill)
    kept.gate.clear()
    writer.hold(numbered(0))
    wait_until(lambda: kept.calls == 1)
    for number in range(1, 90):
        writer.hold(numbered(number))
    kept.gate.set()
    writer.close(5)

    assert kept.facts == list(range(1, 91))
    assert list(spill.glob("facts-*")) == []
