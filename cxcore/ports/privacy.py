"""What is kept of a person, by phone number or mail address: found for access, and erased (GDPR 15 and 17).

A person is known by these alone, so whoever asks must have shown that the number or address is theirs. Figures of the
reports name nobody and stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cxcore.domain.contact import ContactId
from cxcore.domain.recording import RecordingId


class KeptBecause(StrEnum):
    """Why something was not erased."""

    RUNNING = "running"
    """The contact has not ended: a call, a message that nobody heard yet, a call-back that is owed."""
    HELD = "held"
    """A recording of it is kept back, for instance for a complaint (legal hold)."""


class CoreMemory(StrEnum):
    """Whether the running core has forgotten who spoke the person last."""

    NOT_ASKED = "not-asked"
    """Nothing was erased."""
    FORGOTTEN = "forgotten"
    NOT_TOLD = "not-told"
    """No core answered. One that starts later does not know the number; one that runs unreached keeps it for at most
    the longest `sticky_seconds`."""


class Place(StrEnum):
    """Where something is that is not erased here."""

    CONFIGURATION = "configuration"
    """A list of callers, the phone book or a user: an administrator takes it out."""
    AUDIT = "audit"
    """Who searched for the number: kept as proof, and never changed (BIO2 8.15)."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A line of a chat. Of one that was not opened yet, or cannot be any more, `text` is what is stored."""

    number: int
    at: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class PersonContact:
    """A contact in which the number plays a part. Instants are aware UTC."""

    contact_id: ContactId
    opened_at: datetime
    channel: str
    direction: str
    caller_number: str | None
    dialled_number: str
    name: str = ""
    """The name that the caller's telephone sent."""
    is_party: bool = True
    """Whether the person called or was called; otherwise the call was passed on to the number."""
    ended: bool = True
    notes: tuple[str, ...] = ()
    """What agents wrote."""
    topics: tuple[str, ...] = ()
    chat: tuple[PersonLine, ...] = ()
    """What was written, where the person was a party and the text can still be read."""
    facts: int = 0
    """How many facts are kept of it."""


@dataclass(frozen=True, slots=True)
class PersonRecording:
    """A recording of one of the contacts."""

    recording_id: RecordingId
    contact_id: ContactId
    started_at: datetime
    seconds: float
    keep_until: datetime
    held_by: str = ""
    hold_reason: str = ""


@dataclass(frozen=True, slots=True)
class PersonReport:
    """Everything that is kept of a number. After an erasure: what was erased, and in `kept` what was not, with why."""

    number: str
    contacts: tuple[PersonContact, ...] = ()
    recordings: tuple[PersonRecording, ...] = ()
    messages: tuple[str, ...] = ()
    """The voice messages, by contact."""
    kept: dict[ContactId, KeptBecause] = field(default_factory=dict)
    held: tuple[PersonRecording, ...] = ()
    """The recordings that are kept back, each with who keeps it and why."""
    elsewhere: frozenset[Place] = frozenset()
    core: CoreMemory = CoreMemory.NOT_ASKED

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept, or nothing was erased."""
        return not (self.contacts or self.recordings or self.messages)


class Privacy(Protocol):
    """Each raises `LogUnavailable` when the database does not answer, OSError for a disk; each is audited."""

    def find(self, number: str, by: str, origin: str) -> PersonReport:
        """What there is, and what of it could not be erased now."""

    def erase(self, number: str, by: str, origin: str) -> PersonReport:
        """Erase it, but what has to be kept; what is broken off is finished by the next call."""


class PersonIndex(Protocol):
    """What the database knows of a number."""

    def contacts_of(self, number: str) -> Sequence[PersonContact]:
        """The contacts, oldest first: those that the number called, that called it, or of which a fact names it. Who
        called the number of the site is nothing about that number."""

    def forget(self, contact: PersonContact, number: str) -> None:
        """Take number, name and notes out of everything that is kept of a contact that has ended."""

    def is_in_configuration(self, number: str) -> bool:
        """Whether the active configuration names it."""

    def is_in_audit(self, number: str) -> bool:
        """Whether the audit names it."""
