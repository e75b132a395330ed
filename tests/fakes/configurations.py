"""Versions in memory (port `cxcore.ports.configurations`). What is to count at once counts as soon as it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cxcore.ports.configurations import Draft, NoSuchVersion, Overtaken, Version


class FakeConfigurations:
    """Keeps versions and texts in lists."""

    def __init__(self, text: str, at: datetime) -> None:
        self.kept: list[Version] = []
        self.texts: list[str] = []
        self.add(Draft(at, "", "", text, None, at, "digest"))

    def head(self) -> Version | None:
        """The version that counts."""
        active = [version for version in self.kept if version.activated_at is not None]
        return max(active, key=lambda version: (version.activated_at, version.number), default=None)

    def active(self) -> Version | None:
        """The version that counts."""
        return self.head()

    def version(self, number: int) -> Version:
        """One version; raises `NoSuchVersion`."""
        if not 1 <= number <= len(self.kept):
            raise NoSuchVersion(str(number))
        return self.kept[number - 1]

    def text(self, number: int) -> str:
        """The text of a version; raises `NoSuchVersion`."""
        self.version(number)
        return self.texts[number - 1]

    def versions(self, limit: int = 100) -> Sequence[Version]:
        """The latest, newest first."""
        return self.kept[::-1][:limit]

    def scheduled(self) -> Sequence[Version]:
        """Those that do not count yet."""
        waiting = [each for each in self.kept if each.activated_at is None and each.taken_back_at is None]
        return sorted(waiting, key=lambda version: (version.activate_at, version.number))

    def last_import(self) -> Version | None:
        """The latest that was read from the file."""
        return next((version for version in reversed(self.kept) if version.file_digest), None)

    def add(self, draft: Draft, head: int | None = None) -> Version:
        """Store a version; raises `Overtaken`."""
        latest = self.head()
        if latest is not None and latest.number != head:
            raise Overtaken(latest)
        activated = draft.at if draft.activate_at <= draft.at else None
        version = Version(
            len(self.kept) + 1, draft.at, draft.by, draft.summary, draft.base, draft.activate_at, activated, None,
            draft.file_digest,
        )  # fmt: skip
        self.kept.append(version)
        self.texts.append(draft.text)
        return version

    def note_activated(self, number: int, at: datetime) -> None:
        """The core put it into use."""
        self.kept[number - 1] = replace(self.version(number), activated_at=at)

    def take_back(self, number: int, at: datetime) -> bool:
        """It shall never count."""
        version = self.version(number)
        if version.activated_at is not None or version.taken_back_at is not None:
            return False
        self.kept[number - 1] = replace(version, taken_back_at=at)
        return True
