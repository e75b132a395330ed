"""The text of chats on disk: sealed, each under its own key, and gone with it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cxcore.domain.contact import ContactId
from cxcore.ports.transcripts import TranscriptUnreadable
from cxcore.recordings.transcripts import TranscriptFolder

C1, C2 = ContactId("c1"), ContactId("c2")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def transcripts(tmp_path: Path) -> TranscriptFolder:
    return TranscriptFolder(tmp_path / "chats")


def test_line_is_read_back_by_another_process(transcripts: TranscriptFolder, tmp_path: Path) -> None:
    sealed = transcripts.seal(C1, 1, "Mag ik 🙂?")
    assert "Mag" not in sealed
    assert TranscriptFolder(tmp_path / "chats").open(C1, 1, sealed) == "Mag ik 🙂?"


def test_same_text_is_sealed_differently_each_time(transcripts: TranscriptFolder) -> None:
    assert transcripts.seal(C1, 1, "ja") != transcripts.seal(C1, 1, "ja")


@pytest.mark.parametrize(("contact_id", "number"), [(C2, 1), (C1, 2)])
def test_line_counts_only_in_its_own_place(transcripts: TranscriptFolder, contact_id: ContactId, number: int) -> None:
    transcripts.seal(C2, 1, "nee")
    sealed = transcripts.seal(C1, 1, "ja")
    with pytest.raises(TranscriptUnreadable):
        transcripts.open(contact_id, number, sealed)


@pytest.mark.parametrize("broken", ["", "x", "AAAA", "é", "A" * 40])
def test_what_was_not_sealed_is_unreadable(transcripts: TranscriptFolder, broken: str) -> None:
    transcripts.seal(C1, 1, "ja")
    with pytest.raises(TranscriptUnreadable):
        transcripts.open(C1, 1, broken)


def test_erased_chat_is_unreadable_also_for_a_process_that_read_it_before(
    transcripts: TranscriptFolder, tmp_path: Path
) -> None:
    other = TranscriptFolder(tmp_path / "chats")
    sealed, kept = transcripts.seal(C1, 1, "ja"), transcripts.seal(C2, 1, "nee")
    assert other.open(C1, 1, sealed) == "ja"
    transcripts.erase(C1)
    with pytest.raises(TranscriptUnreadable):
        other.open(C1, 1, sealed)
    assert other.open(C2, 1, kept) == "nee"


def test_keys_are_for_their_owner_only(transcripts: TranscriptFolder, tmp_path: Path) -> None:
    transcripts.seal(C1, 1, "ja")
    (key,) = (tmp_path / "chats").iterdir()
    assert key.stat().st_mode & 0o077 == 0
    assert (tmp_path / "chats").stat().st_mode & 0o077 == 0


def test_old_chats_are_forgotten_but_not_one_that_runs(transcripts: TranscriptFolder, tmp_path: Path) -> None:
    for each in (C1, C2):
        transcripts.seal(each, 1, "ja")
        old = (NOW - timedelta(days=91)).timestamp()
        os.utime(tmp_path / "chats" / f"{each}.key", (old, old))
    assert transcripts.forget(NOW - timedelta(days=90), {C1}) == 1
    assert (transcripts.is_kept(C1), transcripts.is_kept(C2)) == (True, False)


def test_name_that_leads_elsewhere_stays_in_the_folder(transcripts: TranscriptFolder, tmp_path: Path) -> None:
    transcripts.seal(ContactId("../../elders"), 1, "ja")
    assert [path.name for path in tmp_path.rglob("*.key")] == ["elders.key"]
    assert (tmp_path / "chats" / "elders.key").exists()
