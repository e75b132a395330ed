"""What a step brought forth is on disk when the step ends, and gone from there when the database has it."""

from __future__ import annotations

import logging
import os
import resource
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cxcore.domain.events import CoreStarted, LeaseHealed
from cxcore.ports.contact_log import LogUnavailable
from cxcore.storage import journal as journal_module
from cxcore.storage.facts import HeldFact, from_line, to_line
from cxcore.storage.journal import Journal
from cxcore.storage.spill import Spill
from cxcore.storage.writer import Writer
from tests.storage.conftest import QUICK
from tests.storage.streams import MONDAY
from tests.storage.test_writer import Kept, numbered, wait_until, writer_of


@pytest.fixture
def kept() -> Kept:
    return Kept()


def held(*numbers: int, writer: str = "core-0") -> list[HeldFact]:
    return [HeldFact(writer, number, *numbered(number)) for number in numbers]


def journals(spill: Path) -> list[Path]:
    return sorted(spill.glob("journal-*"))


def on_disk(spill: Path) -> list[int]:
    lines = [line for path in journals(spill) for line in path.read_text().split("\n") if line]
    return sorted(from_line(line).number for line in lines)


def messages(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if words in record.getMessage()]


def left_by_a_killed_core(spill: Path, *numbers: int, torn: str = "", which: str = "a") -> Path:
    spill.mkdir(exist_ok=True)
    path = spill / f"journal-core-0-{which}.jsonl"
    path.write_text("".join(f"{to_line(fact)}\n" for fact in held(*numbers)) + torn)
    return path


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """No file may grow beyond so many octets."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


# --- As long as the core lives ---------------------------------------------------------------------------------------


def test_facts_are_on_disk_for_their_owner_when_they_are_handed_over_and_gone_when_the_database_has_them(
    kept: Kept, spill: Path
) -> None:
    writer = writer_of(kept, spill)
    kept.gate.clear()

    writer.hold(numbered(1, 2))
    writer.hold(numbered(3))

    assert on_disk(spill) == [1, 2, 3]
    assert {stat.S_IMODE(path.stat().st_mode) for path in journals(spill)} == {0o600}
    kept.gate.set()
    assert writer.flush(5)
    wait_until(lambda: on_disk(spill) == [])
    writer.close(5)
    assert list(spill.iterdir()) == []


def test_while_a_transaction_lasts_later_facts_are_kept_and_earlier_ones_go_when_it_ends(
    kept: Kept, spill: Path
) -> None:
    writer = writer_of(kept, spill)
    kept.gate.clear()
    writer.hold(numbered(1, 2))
    wait_until(lambda: kept.calls == 1)

    writer.hold(numbered(3))
    kept.fails_with = LogUnavailable("away")
    assert on_disk(spill) == [1, 2, 3]
    kept.gate.set()
    wait_until(lambda: not writer.healthy())

    wait_until(lambda: on_disk(spill) == [])
    kept.fails_with = None
    writer.close(5)
    assert kept.facts == [1, 2, 3]


def test_what_waits_on_disk_for_the_database_is_for_its_owner_only(kept: Kept, spill: Path) -> None:
    writer = writer_of(kept, spill)
    kept.fails_with = LogUnavailable("away")

    writer.hold(numbered(1))
    wait_until(lambda: list(spill.glob("facts-*.jsonl")) != [])

    assert {stat.S_IMODE(path.stat().st_mode) for path in spill.glob("facts-*.jsonl")} == {0o600}
    kept.fails_with = None
    writer.close(5)


# --- A core was killed -----------------------------------------------------------------------------------------------


def test_what_a_killed_core_left_is_written_before_anything_of_the_next_one(
    kept: Kept, spill: Path, caplog: pytest.LogCaptureFixture
) -> None:
    left_by_a_killed_core(spill, 14, 15, which="b")
    left_by_a_killed_core(spill, 11, 12, 13, which="a")
    writer = writer_of(kept, spill)

    writer.hold(numbered(1))
    writer.close(5)

    assert kept.facts == [11, 12, 13, 14, 15, 1]
    assert len(messages(caplog, "a killed core left facts")) == 2
    assert list(spill.iterdir()) == []


def test_a_line_that_a_core_was_killed_on_is_left_out_and_said(
    kept: Kept, spill: Path, caplog: pytest.LogCaptureFixture
) -> None:
    left_by_a_killed_core(spill, 11, 12, torn='{"writer": "core-0", "number": 13, "name": "é')
    writer = writer_of(kept, spill)

    assert writer.flush(5)
    writer.close(5)

    assert kept.facts == [11, 12]
    assert len(messages(caplog, "was killed while it wrote the last line")) == 1
    assert list(spill.iterdir()) == []


def test_what_lay_on_disk_already_is_written_before_the_journal_that_goes_on_after_it(kept: Kept, spill: Path) -> None:
    earlier = Spill(spill)
    earlier.save(held(1, 2, 3))
    earlier.save(held(4, 5, 6))
    left_by_a_killed_core(spill, 4, 5, 6, 7, 8)
    writer = writer_of(kept, spill)

    assert writer.flush(5)
    writer.close(5)

    assert sorted(set(kept.facts)) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert kept.facts[:3] == [1, 2, 3]
    assert kept.facts.index(7) > 3


def test_a_clock_that_goes_back_does_not_change_the_order_in_which_files_are_written(kept: Kept, spill: Path) -> None:
    early, late = held(1, 2), held(3)
    Spill(spill).save(early)
    Spill(spill).save([replace(late[0], fact=CoreStarted(MONDAY - timedelta(hours=1), 3))])
    writer = writer_of(kept, spill)

    assert writer.flush(5)
    writer.close(5)

    assert kept.facts == [1, 2, 3]


def test_a_text_with_the_line_ends_of_other_systems_is_one_line(kept: Kept, spill: Path) -> None:
    Spill(spill).save([HeldFact("core-0", 1, LeaseHealed(MONDAY, "contact", "a\u2028b\x85c", "d"))])
    writer = writer_of(kept, spill)

    assert writer.flush(5)
    writer.close(5)

    assert kept.facts == [1]
    assert list(spill.iterdir()) == []


# --- The disk --------------------------------------------------------------------------------------------------------


def test_given_a_full_disk_then_it_is_said_once_nothing_is_torn_and_all_is_there_when_it_has_room(
    kept: Kept, spill: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "RETRY_SECONDS", 0.0)
    caplog.set_level(logging.WARNING, "cxcore.storage")
    writer = writer_of(kept, spill)
    kept.gate.clear()
    writer.hold(numbered(1, 2))
    wait_until(lambda: kept.calls == 1)
    with full_disk(200):
        for number in (3, 4, 5):
            writer.hold(numbered(number))
    assert on_disk(spill) == [1, 2, 3]
    kept.gate.set()
    wait_until(lambda: kept.facts == [1, 2, 3, 4, 5])

    kept.gate.clear()
    writer.hold(numbered(6))
    wait_until(lambda: messages(caplog, "is written again") != [])
    writer.hold(numbered(7))

    assert on_disk(spill) == [6, 7]
    assert len(messages(caplog, "cannot be written")) == 1
    kept.gate.set()
    writer.close(5)
    assert kept.facts == [1, 2, 3, 4, 5, 6, 7]


def test_given_a_directory_that_cannot_be_made_then_it_is_said_once_and_facts_reach_the_database(
    kept: Kept, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("in the way")
    writer = writer_of(kept, in_the_way)

    for number in range(1, 20):
        writer.hold(numbered(number))
    writer.close(5)

    assert kept.facts == list(range(1, 20))
    (said,) = messages(caplog, "the journal in")
    assert str(in_the_way) in said


def test_given_files_that_somebody_removed_then_it_is_said_and_facts_that_wait_are_on_disk_again(
    kept: Kept, spill: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = writer_of(kept, spill)
    kept.fails_with = LogUnavailable("away")
    writer.hold(numbered(1))
    wait_until(lambda: not writer.healthy())

    for path in journals(spill):
        path.unlink()
    wait_until(lambda: messages(caplog, "somebody removed files") != [])
    writer.hold(numbered(2))
    wait_until(lambda: messages(caplog, "is written again") != [])

    assert len(messages(caplog, "somebody removed files")) == 1
    kept.fails_with = None
    writer.close(5)
    assert kept.facts == [1, 2]


def test_a_journal_that_missed_facts_begins_anew_so_that_none_is_taken_for_written(spill: Path) -> None:
    journal = Journal(spill, "core-0")
    journal.note(held(1, 2))
    journal._fail(OSError("no room"))
    journal._tried_at = -journal_module.RETRY_SECONDS

    journal.turn(held(5, 6))

    assert on_disk(spill) == [5, 6]
    journal.close()


# --- Two cores -------------------------------------------------------------------------------------------------------


def test_given_another_core_in_the_directory_then_it_is_said_and_each_keeps_its_own(
    kept: Kept, spill: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first_kept, later_kept = kept, Kept()
    first = writer_of(first_kept, spill)
    first_kept.gate.clear()
    first.hold(numbered(1))
    wait_until(lambda: first_kept.calls == 1)
    Spill(spill).save(held(1, 2, writer="core-1"))

    later = Writer("core-2", later_kept, Spill(spill), QUICK)
    later.hold(numbered(1, 2, 3))
    later.close(5)

    assert later_kept.facts == [1, 2, 3]
    assert len(messages(caplog, "another core that runs uses")) == 1
    assert on_disk(spill) == [1]
    assert len(list(spill.glob("facts-*"))) == 1
    first_kept.gate.set()
    first.close(5)


def test_one_write_and_some_microseconds_are_what_a_step_pays(spill: Path) -> None:
    journal = Journal(spill, "core-1")
    facts = held(*range(1, 11))
    journal.note(facts)
    began = time.thread_time()
    for _ in range(100):
        journal.note(facts)
    lasted = time.thread_time() - began
    octets = sum(path.stat().st_size for path in journals(spill))
    journal.close()

    assert octets == 101 * sum(len(to_line(fact)) + 1 for fact in facts)
    assert lasted / 1000 < 0.0005
    assert os.listdir(spill) == []
