"""Recordings are taken up from the switch, encrypted, found, heard and deleted [39]."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Outcome
from cxcore.domain.events import ContactEnded, ContactOpened, Fact, RecordingStarted, RecordingStopped
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import RecordingId
from cxcore.ports.audit import AuditQuestion
from cxcore.ports.recordings import NoSuchRecording, RecordingQuestion, RecordingUnreadable, Track
from cxcore.recordings.archive import RecordingArchive
from cxcore.recordings.intake import Intake
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.sealing import PIECE_OCTETS, SealedFile, seal
from cxcore.recordings.upkeep import Upkeep
from cxcore.storage import Storage
from tests.fakes.clock import FakeClock
from tests.sounds import stereo, tone, write_wav

CONTACT, RECORDING = ContactId("contact-1"), RecordingId("contact-1.abcd")
BALIE, ANNA, CALLER = QueueId("balie"), AgentId("anna"), "+31612345678"
SAMPLES = stereo(tone(440, 3), tone(660, 3, loudness=0.1))


@dataclass
class Place:
    """Everything that recordings need, on a database and a disk."""

    storage: Storage
    clock: FakeClock
    incoming: Path
    kept: Path
    keys: KeyRing

    @property
    def intake(self) -> Intake:
        return Intake(self.storage.recordings, self.incoming, self.kept, self.keys, self.clock)

    @property
    def upkeep(self) -> Upkeep:
        return Upkeep(self.storage.recordings, self.kept, self.keys, self.storage.audit, self.clock)

    @property
    def archive(self) -> RecordingArchive:
        return RecordingArchive(self.storage.recordings, self.kept, self.keys)

    def tell(self, *facts: Fact) -> None:
        self.storage.contact_log.record(facts)
        self.storage.contact_log.flush()

    def began(self) -> None:
        now = self.clock.now()
        self.tell(
            ContactOpened(now, CONTACT, Channel.TELEPHONY, "+31715550101", CALLER, "Zoë"),
            RecordingStarted(now, CONTACT, RECORDING, ANNA, BALIE, days=30),
        )

    def stopped(self) -> None:
        self.tell(RecordingStopped(self.clock.now(), CONTACT, RECORDING, "ended"))

    def written(self, samples: bytes = SAMPLES, told: int | None = None, name: str = RECORDING) -> Path:
        """A file that the switch just wrote to."""
        path = self.incoming / f"{name}.wav"
        write_wav(path, samples, told=told)
        at = self.clock.now().timestamp()
        os.utime(path, (at, at))
        return path

    def is_kept(self) -> None:
        """A recording was made and taken up."""
        self.began()
        self.written()
        self.stopped()
        self.clock.advance(3)
        assert self.intake.look() == 1

    def heard(self, track: Track = Track.BOTH) -> bytes:
        sound = self.archive.sound(RECORDING, track)
        octets = b"".join(sound.read(0, sound.size))
        assert len(octets) == sound.size
        return octets


@pytest.fixture
def place(storage: Storage, tmp_path: Path) -> Iterator[Place]:
    clock, keys = FakeClock(), KeyRing(tmp_path / "secrets")
    keys.prepare(clock.now().date())
    for name in ("incoming", "kept"):
        (tmp_path / name).mkdir()
    yield Place(storage, clock, tmp_path / "incoming", tmp_path / "kept", keys)


def everything() -> RecordingQuestion:
    return RecordingQuestion(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


# --- Taken up --------------------------------------------------------------------------------------------------------


def test_recording_that_is_over_is_encrypted_and_its_plain_file_removed(place: Place) -> None:
    place.is_kept()
    assert list(place.incoming.iterdir()) == []
    (sealed,) = place.kept.glob("*.sealed")
    assert SAMPLES[:64] not in sealed.read_bytes()
    assert place.heard()[44:] == SAMPLES
    (found,) = place.archive.search(everything())
    assert (found.contact_id, found.queue_id, found.agent_id, found.duration_seconds) == (CONTACT, BALIE, ANNA, 3.0)
    assert found.keep_until == found.started_at + timedelta(days=30)
    assert found.digest == hashlib.sha256(SAMPLES).hexdigest()
    assert (found.caller_number, found.dialled_number) == (CALLER, "+31715550101")


def test_recording_that_goes_on_is_left_alone(place: Place) -> None:
    place.began()
    place.written()
    place.clock.advance(60)
    assert place.intake.look() == 0
    assert len(list(place.incoming.iterdir())) == 1


def test_recording_of_a_killed_core_is_taken_up_by_the_end_of_its_contact(place: Place) -> None:
    place.began()
    place.written()
    place.tell(ContactEnded(place.clock.now(), CONTACT, Outcome.LOST, HangUpCause.OTHER, HungUpBy.PARTY))
    place.clock.advance(3)
    assert place.intake.look() == 1


def test_recording_that_nobody_knows_is_taken_up_after_a_while(place: Place) -> None:
    place.written()
    place.clock.advance(500)
    assert place.intake.look() == 0
    place.clock.advance(101)
    assert place.intake.look() == 1
    (found,) = place.archive.search(everything())
    assert (found.contact_id, found.queue_id) == (CONTACT, None)
    assert found.started_at == place.clock.now() - timedelta(seconds=604)


@pytest.mark.parametrize("told", [0, 1600, 0xFFFFFFFF])
def test_all_that_was_written_is_heard_although_the_switch_was_killed(place: Place, told: int) -> None:
    place.began()
    place.written(told=told)
    place.stopped()
    place.clock.advance(3)
    place.intake.look()
    assert place.heard()[44:] == SAMPLES


def test_recording_that_was_broken_off_while_it_was_taken_up_is_taken_up_anew(place: Place) -> None:
    place.is_kept()
    place.written()
    place.clock.advance(3)
    assert place.intake.look() == 1
    assert place.heard()[44:] == SAMPLES
    assert len(place.archive.search(everything())) == 1


def test_empty_recording_leaves_nothing(place: Place) -> None:
    place.began()
    place.written(b"")
    place.stopped()
    place.clock.advance(3)
    place.intake.look()
    assert list(place.incoming.iterdir()) == list(place.kept.iterdir()) == []


def test_file_that_is_no_recording_is_set_apart_and_holds_nobody_up(place: Place) -> None:
    (place.incoming / "contact-0.zz.wav").write_bytes(b"not sound at all")
    os.utime(place.incoming / "contact-0.zz.wav", (0, 0))
    place.is_kept()
    assert [path.name for path in place.incoming.iterdir()] == ["contact-0.zz.wav.refused"]


# --- Heard -----------------------------------------------------------------------------------------------------------


def test_each_track_is_heard_alone(place: Place) -> None:
    place.is_kept()
    assert place.heard(Track.CALLER)[44:] == tone(440, 3).tobytes()
    assert place.heard(Track.AGENT)[44:] == tone(660, 3, loudness=0.1).tobytes()


def test_any_part_is_read_by_itself(place: Place) -> None:
    place.is_kept()
    for track in Track:
        whole, sound = place.heard(track), place.archive.sound(RECORDING, track)
        for offset, length in ((0, 10), (40, 9), (44, 1), (65_579, 3), (30_001, 40_000), (48_000, 10**9), (10**9, 1)):
            assert b"".join(sound.read(offset, length)) == whole[offset : offset + length]


def test_picture_shows_who_spoke_how_loudly(place: Place) -> None:
    place.is_kept()
    peaks = place.archive.peaks(RECORDING)
    assert 900 <= len(peaks.caller) == len(peaks.agent) <= 1100
    assert max(peaks.caller) > max(peaks.agent) > 50


def test_search_finds_by_queue_agent_and_number(place: Place) -> None:
    place.is_kept()
    since, until = place.clock.now() - timedelta(days=1), place.clock.now() + timedelta(days=1)
    for words in ({"queue_id": "balie"}, {"agent_id": "anna"}, {"number": "345678"}, {"number": "555010"}):
        assert len(place.archive.search(RecordingQuestion(since, until, **words))) == 1
    for words in ({"queue_id": "receptie"}, {"agent_id": "bram"}, {"number": "999"}, {"number": "%"}):
        assert not place.archive.search(RecordingQuestion(since, until, **words))
    assert len(place.archive.of_contact(CONTACT)) == 1


# --- Tampered with ---------------------------------------------------------------------------------------------------


def sealed_path(place: Place) -> Path:
    return place.kept / f"{RECORDING}.sealed"


def test_octet_that_was_changed_is_found(place: Place) -> None:
    place.is_kept()
    octets = bytearray(sealed_path(place).read_bytes())
    octets[70_000] ^= 1
    sealed_path(place).write_bytes(octets)
    with pytest.raises(RecordingUnreadable, match="piece 1"):
        place.heard()


def test_piece_that_was_cut_off_or_moved_is_found(place: Place) -> None:
    place.is_kept()
    whole, piece = sealed_path(place).read_bytes(), PIECE_OCTETS + 16
    for tampered in (whole[:piece], whole[piece:] + whole[:piece]):
        sealed_path(place).write_bytes(tampered)
        with pytest.raises(RecordingUnreadable):
            place.heard()


def test_file_under_another_name_is_found(place: Place) -> None:
    place.is_kept()
    for end in ("sealed", "key"):
        (place.kept / f"{RECORDING}.{end}").rename(place.kept / f"contact-2.ef.{end}")
    with pytest.raises(RecordingUnreadable, match="key"):
        SealedFile(place.kept, "contact-2.ef", place.keys)


def test_any_size_is_sealed_and_read(tmp_path: Path) -> None:
    keys = KeyRing(tmp_path / "secrets")
    keys.prepare(FakeClock().now().date())
    for size in (0, 1, PIECE_OCTETS - 1, PIECE_OCTETS, PIECE_OCTETS + 1, 2 * PIECE_OCTETS):
        octets = os.urandom(size)
        seal(tmp_path, "any", [octets[:100], octets[100:]], {}, keys)
        assert b"".join(SealedFile(tmp_path, "any", keys).read(0, size + 10)) == octets


# --- Keys ------------------------------------------------------------------------------------------------------------


def test_new_key_opens_what_the_old_one_locked_and_the_old_one_is_gone(place: Place) -> None:
    place.is_kept()
    before = place.keys.names()
    name, changed = place.upkeep.rotate_key("operator")
    assert (changed, place.keys.names()) == (1, [name])
    assert before != [name]
    assert place.heard()[44:] == SAMPLES
    assert "rotate-recording-key" in place.storage.audit.actions()


def test_without_its_key_nothing_is_heard(place: Place, tmp_path: Path) -> None:
    place.is_kept()
    (only,) = (tmp_path / "secrets").glob("*.key")
    only.unlink()
    with pytest.raises(RecordingUnreadable, match="no key"):
        place.heard()


def test_keys_are_for_their_owner_only(tmp_path: Path, place: Place) -> None:
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "secrets").glob("*.key")} == {0}


# --- Deleted ---------------------------------------------------------------------------------------------------------


def test_recording_is_deleted_when_its_time_is_over_with_proof(place: Place) -> None:
    place.is_kept()
    place.clock.advance(29 * 86_400)
    assert place.upkeep.purge("recorder") == 0
    place.clock.advance(86_400)
    assert place.upkeep.purge("recorder") == 1
    assert list(place.kept.iterdir()) == []
    with pytest.raises(NoSuchRecording):
        place.archive.sound(RECORDING, Track.BOTH)
    now = place.clock.now()
    (entry,) = place.storage.audit.entries(AuditQuestion(now, now + timedelta(seconds=1), action="delete-recording"))
    assert hashlib.sha256(SAMPLES).hexdigest() in entry.object
    assert entry.actor == "recorder"
    assert place.storage.audit.verify().broken_at is None


def test_recording_that_is_kept_back_outlives_its_time(place: Place) -> None:
    place.is_kept()
    place.archive.hold(RECORDING, "sofie", "klacht 2026-17")
    place.clock.advance(90 * 86_400)
    assert place.upkeep.purge("recorder") == 0
    assert place.archive.find(RECORDING).hold_reason == "klacht 2026-17"
    place.archive.release(RECORDING)
    assert place.upkeep.purge("recorder") == 1


def test_deletion_that_was_broken_off_is_finished(place: Place) -> None:
    place.is_kept()
    for path in place.kept.iterdir():
        path.unlink()
    place.clock.advance(30 * 86_400)
    assert place.upkeep.purge("recorder") == 1
