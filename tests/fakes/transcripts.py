"""The text of chats, kept in memory and read backwards (port `cxcore.ports.transcripts`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cxcore.domain.contact import ContactId
from cxcore.ports.transcripts import TranscriptUnreadable


class FakeTranscripts:
    """The test says when a chat began (`made`)."""

    def __init__(self) -> None:
        self.kept: set[ContactId] = set()
        self.made: dict[ContactId, datetime] = {}

    def seal(self, contact_id: ContactId, number: int, text: str) -> str:
        """Backwards."""
        self.kept.add(contact_id)
        return text[::-1]

    def open(self, contact_id: ContactId, number: int, sealed: str) -> str:
        """Backwards again, while there is a key."""
        if contact_id not in self.kept:
            raise TranscriptUnreadable(f"chat {contact_id} has no key")
        return sealed[::-1]

    def is_kept(self, contact_id: ContactId) -> bool:
        """Whether there is a key."""
        return contact_id in self.kept

    def erase(self, contact_id: ContactId) -> None:
        """No key any more."""
        self.kept.discard(contact_id)

    def forget(self, before: datetime, keep: Collection[ContactId]) -> int:
        """Those that the test says are older."""
        old = {each for each, at in self.made.items() if at < before and each not in keep} & self.kept
        self.kept -= old
        return len(old)
