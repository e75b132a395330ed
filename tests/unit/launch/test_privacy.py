"""`cx privacy find | erase NUMBER` and `cx recordings purge | rotate-key`, on a real database and disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cxcore.config import Settings, load
from cxcore.domain.contact import Channel, ContactId, Outcome
from cxcore.domain.events import ContactEnded, ContactOpened
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.recording import RecordingId
from cxcore.launch.privacy import erase, find
from cxcore.launch.recordings import purge, rotate_key
from cxcore.ports.recordings import Peaks, StoredRecording
from cxcore.runner.clock import SystemClock
from cxcore.storage import open_storage

NUMBER, OTHER = "+31612345678", "+31687654321"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A site with two recordings of one caller, of which one is kept back, and one of another caller."""
    plain = load()
    settings = replace(plain, site=replace(plain.site, state=tmp_path))
    storage, now = open_storage(settings.database_url, tmp_path / "held"), SystemClock().now()
    for name, number in (("a", NUMBER), ("b", NUMBER), ("c", OTHER)):
        opened = ContactOpened(now, ContactId(name), Channel.TELEPHONY, "+31715550100", number, "")
        ended = ContactEnded(now, ContactId(name), Outcome.ANSWERED, HangUpCause.NORMAL, HungUpBy.PARTY)
        storage.contact_log.record([opened, ended])
        until = now - timedelta(days=1) if name == "c" else now + timedelta(days=30)
        recording = RecordingId(f"{name}.1")
        kept = StoredRecording(recording, ContactId(name), None, None, now, 12.0, until, "ab" * 32)
        storage.recordings.add(kept, Peaks(b"", b""))
    storage.recordings.hold(RecordingId("b.1"), "sofie", "klacht")
    storage.close()
    return settings


def left(settings: Settings) -> list[RecordingId]:
    storage = open_storage(settings.database_url, settings.site.state / "held")
    found = [each.recording_id for number in (NUMBER, OTHER) for each in storage.recordings.of_number(number)]
    storage.close()
    return found


def test_what_is_kept_of_a_number_is_found_as_people_write_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert find(settings, "06 12345678") == 0
    printed = capsys.readouterr().out
    assert "2 recordings" in printed
    assert "a.1" in printed and "b.1" in printed and "c.1" not in printed
    assert left(settings) == ["a.1", "b.1", "c.1"]


def test_what_is_kept_of_a_number_is_erased_but_what_is_kept_back(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert erase(settings, NUMBER) == 0
    printed = capsys.readouterr().out
    assert "1 recordings" in printed
    assert "NOT erased" in printed and "klacht" in printed
    assert left(settings) == ["b.1", "c.1"]
    assert "held" in printed


def test_what_is_no_number_is_refused(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert erase(settings, "iedereen") == 2
    assert "no phone number" in capsys.readouterr().err
    assert len(left(settings)) == 3


def test_purge_deletes_what_was_kept_long_enough(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert purge(settings) == 0
    assert "1 recordings deleted" in capsys.readouterr().out
    assert left(settings) == ["a.1", "b.1"]


def test_key_is_renewed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate_key(settings) == 0
    assert "the key is" in capsys.readouterr().out
    assert len(list(settings.recording_keys_directory.glob("*.key"))) == 1
