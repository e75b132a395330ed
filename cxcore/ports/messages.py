"""Messages that administrators make: their sounds, their versions, and what speaks a text [46, 47, 48, 88]."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from cxcore.domain.emergency_groups import EmergencyGroup
from cxcore.domain.service_line import ServiceLine


class Origin(StrEnum):
    """How a version was made."""

    UPLOADED = "uploaded"
    RECORDED = "recorded"
    """With the microphone, in the browser."""
    SPOKEN = "spoken"
    """From text, by a voice."""
    PHONED = "phoned"
    """By telephone."""


@dataclass(frozen=True, slots=True)
class LibrarySound:
    """A sound that the library keeps for good under the name `sound`. `peaks` is its waveform: bars from 0 to 100."""

    sound: str
    digest: str
    seconds: float
    peaks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MessageVersion:
    """A version of a message. Versions count from 1; 0 is what was shipped, and is not kept here."""

    message: str
    version: int
    sound: LibrarySound
    origin: Origin
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A message that a site may say: its text where known, and the flows and queues in which callers hear it."""

    name: str
    text: str
    flows: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    """Their names."""
    shipped: bool = True
    """Whether it has a version 0."""
    translations: Mapping[str, str] = field(default_factory=dict)
    """Another language → its text there, as it was shipped. Versions in it stand under a name of their own
    (`domain.languages`)."""
    timetables: tuple[str, ...] = ()
    """Those that say it on a day on which they are closed."""


@dataclass(frozen=True, slots=True)
class UsedVersion:
    """The version that callers hear, and who chose it when."""

    version: int
    by: str
    at: datetime


class SoundRefused(Exception):
    """Nothing was kept. `code` names why, for screens, which have a text for each; the message is for logs.

    `too-big`, `too-long`, `empty`, `silent`, `no-sound`, `video`, `broken`, `too-slow`, `disk-full`, `cannot-write`,
    `no-voice`, `text-too-long`, `no-text`, `no-name`, `no-converter`. `limit` is what may not be exceeded: bytes where
    it was `too-big`, seconds where it was `too-long`; None where that is not told.
    """

    def __init__(self, code: str, message: str, limit: int | None = None) -> None:
        super().__init__(message)
        self.code, self.limit = code, limit


class MessageCatalogue(Protocol):
    """What of the site's configuration messages and emergency messages refer to."""

    def messages(self) -> Sequence[KnownMessage]:
        """Every message, by name."""

    def numbers(self) -> Sequence[str]:
        """The numbers that callers dial."""

    def queues(self) -> Sequence[tuple[str, str]]:
        """The queues: id and name."""

    def flows(self) -> Sequence[str]:
        """The flows."""

    def languages(self) -> Sequence[str]:
        """The languages beside that of the site in which messages can be heard: `en`."""

    def emergency_groups(self) -> Mapping[str, EmergencyGroup]:
        """The groups of places that are put on emergency together, in the order of the site."""

    def service_line(self) -> ServiceLine | None:
        """The service number and what its keys stand for; None when the site has none."""


class SoundLibrary(Protocol):
    """Makes sounds fit for the line and keeps them; a sound that is kept is never changed."""

    def take(self, message: str, file: BinaryIO) -> LibrarySound:
        """Keep what somebody recorded: wav, mp3, m4a, ogg, webm or flac. Waits; raises `SoundRefused`."""

    def speak(self, message: str, text: str) -> LibrarySound:
        """Keep the text as a voice speaks it, in the language of the name. Waits; raises `SoundRefused`."""

    def path(self, sound: str, wide: bool = False) -> Path | None:
        """The WAV file of a sound, 8 kHz or (`wide`) 16 kHz; None when there is none of that name."""

    def shipped(self, message: str) -> LibrarySound | None:
        """Version 0 of a message, if it has one; `path` knows its name."""

    def forget(self, keep: Collection[str], before: datetime) -> Sequence[str]:
        """Remove what was kept last before an instant, except the sounds of these names; the names that are gone.

        What was shipped stays. Waits; raises `OSError`.
        """


class MessageVersions(Protocol):
    """Remembers the versions of every message. Raises `LogUnavailable` when the database does not answer."""

    def add(
        self, message: str, sound: LibrarySound, origin: Origin, text: str, by: str, at: datetime
    ) -> MessageVersion:
        """Keep another version; it is heard by nobody before it is chosen."""

    def all(self) -> Sequence[MessageVersion]:
        """Every version, by message, the latest first."""

    def of(self, message: str) -> Sequence[MessageVersion]:
        """The versions of one message, the latest first."""

    def find(self, message: str, version: int) -> MessageVersion | None:
        """One version, or None."""

    def used(self) -> Mapping[str, UsedVersion]:
        """Of each message that was ever changed, the version that callers hear."""


class SpeechFailed(Exception):
    """The voice did not speak; the message says why and what to do."""


class Speech(Protocol):
    """A voice."""

    def speak(self, text: str, language: str) -> bytes:
        """The text in a language (`nl`, `en`) as a sound file of a kind that the library takes. Waits; raises
        `SpeechFailed`, also where it does not speak the language."""
