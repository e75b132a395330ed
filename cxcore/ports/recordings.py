"""Recordings of calls that were made: kept encrypted, found, heard, kept back and deleted [39].

The switch writes them; `cxcore.services.recording` says when. Instants are aware UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import RecordingId

MOST_RECORDINGS = 200
"""On one page of a search."""


class Track(StrEnum):
    """What of a recording is to be heard."""

    BOTH = "both"
    """The caller on the left, the agent on the right."""
    CALLER = "caller"
    AGENT = "agent"


class NoSuchRecording(LookupError):
    """There is no recording of this name, or it was deleted."""


class RecordingUnreadable(Exception):
    """The file of a recording is missing, was changed, or its key is not there; the message says which."""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording as it is kept. `digest` is the SHA-256 of its samples, hexadecimal; `key_id` names the key."""

    recording_id: RecordingId
    contact_id: ContactId
    queue_id: QueueId | None
    agent_id: AgentId | None
    """Who spoke when it began."""
    started_at: datetime
    duration_seconds: float
    keep_until: datetime
    digest: str
    held_by: str | None = None
    """Who said that it must be kept, whatever its time says."""
    hold_reason: str = ""
    caller_number: str | None = None
    dialled_number: str = ""


@dataclass(frozen=True, slots=True)
class BegunRecording:
    """What the facts say of a recording."""

    contact_id: ContactId
    queue_id: QueueId | None
    agent_id: AgentId | None
    started_at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class RecordingQuestion:
    """Which recordings to show: begun in the period (since ≤ t < until), and with each text that is given.

    `number` is any part of the caller's or the dialled number.
    """

    since: datetime
    until: datetime
    queue_id: str = ""
    agent_id: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Peaks:
    """How loud each part of a recording is, 0 to 255, for its picture. Both have the same length."""

    caller: bytes
    agent: bytes


class Sound(Protocol):
    """A WAV file (linear PCM, 16 bit) that is decrypted as it is read."""

    @property
    def size(self) -> int:
        """Octets of the whole file."""

    def read(self, offset: int, length: int) -> Iterator[bytes]:
        """The octets from `offset` on, in pieces. Raises `RecordingUnreadable`."""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file to be packed: its name, how many octets it has, and these in pieces."""

    name: str
    size: int
    pieces: Iterable[bytes]


class Recordings(Protocol):
    """What the pages ask. Each raises `LogUnavailable` when the database does not answer."""

    def search(self, question: RecordingQuestion) -> Sequence[StoredRecording]:
        """Those that are asked for, newest first, `MOST_RECORDINGS` at most."""

    def of_contact(self, contact_id: ContactId) -> Sequence[StoredRecording]:
        """Those of a contact, in order."""

    def find(self, recording_id: RecordingId) -> StoredRecording:
        """One; raises `NoSuchRecording`."""

    def peaks(self, recording_id: RecordingId) -> Peaks:
        """Its picture; raises `NoSuchRecording`."""

    def sound(self, recording_id: RecordingId, track: Track) -> Sound:
        """Its sound; raises `NoSuchRecording` or `RecordingUnreadable`."""

    def locked(self, files: Sequence[PackedFile], password: str, at: datetime) -> Iterator[bytes]:
        """A ZIP of the files, in pieces, that opens with the password only."""

    def hold(self, recording_id: RecordingId, by: str, reason: str) -> None:
        """Keep it whatever its time says; raises `NoSuchRecording`."""

    def release(self, recording_id: RecordingId) -> None:
        """Let its time count again; raises `NoSuchRecording`."""


class RecordingIndex(Protocol):
    """What the database knows of recordings. Each raises `LogUnavailable`."""

    def begun(self, recording_id: RecordingId) -> BegunRecording | None:
        """What the facts say of its beginning; None when they do not know it (yet)."""

    def is_over(self, recording_id: RecordingId, contact_id: ContactId) -> bool:
        """Whether a fact says that it was stopped, or that its contact has ended."""

    def knows_contact(self, contact_id: ContactId) -> bool:
        """Whether a fact was ever told of this contact."""

    def add(self, recording: StoredRecording, peaks: Peaks) -> None:
        """Keep what is known of a recording whose file is in its place; one that is known already stays as it is."""

    def search(self, question: RecordingQuestion, limit: int = MOST_RECORDINGS) -> Sequence[StoredRecording]:
        """Those that are asked for, newest first."""

    def of_contact(self, contact_id: ContactId) -> Sequence[StoredRecording]:
        """Those of a contact, in order."""

    def find(self, recording_id: RecordingId) -> StoredRecording:
        """One; raises `NoSuchRecording`."""

    def peaks(self, recording_id: RecordingId) -> Peaks:
        """Its picture; raises `NoSuchRecording`."""

    def hold(self, recording_id: RecordingId, by: str | None, reason: str) -> None:
        """Say who keeps it back and why; None: nobody any more. Raises `NoSuchRecording`."""

    def of_number(self, number: str) -> Sequence[StoredRecording]:
        """Those of calls from or to exactly this number, oldest first."""

    def expired(self, now: datetime) -> Sequence[StoredRecording]:
        """Those whose time is over and that nobody keeps back."""

    def forget(self, recording_id: RecordingId) -> None:
        """Remove what is known of it; one that is not known is no error."""
