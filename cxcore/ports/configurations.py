"""Versions of a site's configuration: who made which when, what it says, since when it counts [88, 106]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Version:
    """One version, without its text. Instants are aware UTC."""

    number: int
    at: datetime
    by: str
    """User name of who made it; empty for the file on disk."""
    summary: str
    """What changed, in words, one change a line."""
    base: int | None
    """The version that its text was made from; None for the first."""
    activate_at: datetime
    """When it is to count; equal to `at` when that was at once."""
    activated_at: datetime | None = None
    """When the core last put it into use; None when it never did."""
    taken_back_at: datetime | None = None
    """When somebody decided that it shall never count; only of one that does not yet."""
    file_digest: str = ""
    """SHA-256 of the file on disk that it was read from; empty for one that was made in the browser."""

    @property
    def is_scheduled(self) -> bool:
        """Whether its time is still to come."""
        return self.activated_at is None and self.taken_back_at is None and self.activate_at > self.at


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that is to be stored."""

    at: datetime
    by: str
    summary: str
    text: str
    base: int | None
    activate_at: datetime
    file_digest: str = ""


class Overtaken(Exception):
    """Somebody else stored a version since the one that the draft was made from; `latest` is that version."""

    def __init__(self, latest: Version) -> None:
        super().__init__(f"version {latest.number} by {latest.by or 'the file'} came first")
        self.latest = latest


class NoSuchVersion(Exception):
    """No version has that number."""


class Configurations(Protocol):
    """Keeps every version for good. Each method raises `LogUnavailable` when the database does not answer."""

    def head(self) -> Version | None:
        """The version that changes are made from: the one that counts, or that was to count at once; None at first."""

    def active(self) -> Version | None:
        """The version that the core put into use last."""

    def version(self, number: int) -> Version:
        """One version. Raises `NoSuchVersion`."""

    def text(self, number: int) -> str:
        """The whole YAML text of a version. Raises `NoSuchVersion`."""

    def versions(self, limit: int = 100) -> Sequence[Version]:
        """The latest versions, newest first."""

    def scheduled(self) -> Sequence[Version]:
        """Those whose time is still to come, or that no core has put into use yet, the earliest first."""

    def last_import(self) -> Version | None:
        """The version that was read last from the file on disk."""

    def add(self, draft: Draft, head: int | None = None) -> Version:
        """Store a version, if the head is still this one. Raises `Overtaken`."""

    def note_activated(self, number: int, at: datetime) -> None:
        """The core puts the version into use. Raises `NoSuchVersion`."""

    def take_back(self, number: int, at: datetime) -> bool:
        """A version that does not count yet never will; False when it counts already, or was taken back before."""
