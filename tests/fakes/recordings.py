"""Recordings in memory (port `cxcore.ports.recordings`): each sounds as the octets it was given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import RecordingId
from cxcore.ports.clock import Clock
from cxcore.ports.recordings import (
    NoSuchRecording,
    PackedFile,
    Peaks,
    RecordingQuestion,
    RecordingUnreadable,
    Sound,
    StoredRecording,
    Track,
)
from cxcore.recordings.locked_zip import locked_zip


class FakeSound:
    """Octets that are there already."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    @property
    def size(self) -> int:
        return len(self._octets)

    def read(self, offset: int, length: int) -> Iterator[bytes]:
        wanted = self._octets[offset : offset + length]
        for at in range(0, len(wanted), 1000):
            yield wanted[at : at + 1000]


class FakeRecordings:
    """Implements `Recordings`. A recording of which `unreadable` holds the name cannot be heard."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.kept: dict[str, StoredRecording] = {}
        self.sounds: dict[str, Sequence[bytes]] = {}
        self.unreadable: set[str] = set()

    def add(
        self, recording_id: str, contact_id: str, octets: bytes = b"RIFF", seconds: float = 83.0, **more: object
    ) -> StoredRecording:
        """Keep a recording that began an hour ago."""
        began = self._clock.now() - timedelta(hours=1)
        known = StoredRecording(
            RecordingId(recording_id), ContactId(contact_id), QueueId("burgerzaken"), AgentId("anna"), began, seconds,
            began + timedelta(days=30), "ab" * 32, None, "", "+31612345678", "+31715550101",
        )  # fmt: skip
        self.kept[recording_id] = replace(known, **more)  # type: ignore[arg-type]
        self.sounds[recording_id] = (octets,) * 3
        return self.kept[recording_id]

    def search(self, question: RecordingQuestion) -> Sequence[StoredRecording]:
        found = [each for each in self.kept.values() if question.since <= each.started_at < question.until]
        return [
            each
            for each in found
            if question.queue_id in ("", each.queue_id)
            and question.agent_id in ("", each.agent_id)
            and question.number in f"{each.caller_number} {each.dialled_number}"
        ]

    def of_contact(self, contact_id: ContactId) -> Sequence[StoredRecording]:
        return [each for each in self.kept.values() if each.contact_id == contact_id]

    def find(self, recording_id: RecordingId) -> StoredRecording:
        if recording_id not in self.kept:
            raise NoSuchRecording(recording_id)
        return self.kept[recording_id]

    def peaks(self, recording_id: RecordingId) -> Peaks:
        self.find(recording_id)
        turns = [(at // 90) % 2 for at in range(1000)]
        loud = [40 + at * 7919 % 150 for at in range(len(turns))]
        sides = (bytes(up if turn == who else 4 for up, turn in zip(loud, turns, strict=True)) for who in (0, 1))
        caller, agent = sides
        return Peaks(caller, agent)

    def sound(self, recording_id: RecordingId, track: Track) -> Sound:
        self.find(recording_id)
        if recording_id in self.unreadable:
            raise RecordingUnreadable("its key is gone")
        return FakeSound(self.sounds[recording_id][list(Track).index(track)])

    def locked(self, files: Sequence[PackedFile], password: str, at: datetime) -> Iterator[bytes]:
        return locked_zip(files, password, at)

    def hold(self, recording_id: RecordingId, by: str, reason: str) -> None:
        self.kept[recording_id] = replace(self.find(recording_id), held_by=by, hold_reason=reason)

    def release(self, recording_id: RecordingId) -> None:
        self.kept[recording_id] = replace(self.find(recording_id), held_by=None, hold_reason="")
