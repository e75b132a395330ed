"""How the text of chats is kept: encrypted, under a key of its own for each chat.

Without its key a transcript is noise, in the database, its backups and the journal. So erasing a chat is destroying its
key (NIST SP 800-88 Rev. 1, 2.6, cryptographic erase).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from cxcore.domain.contact import ContactId


class TranscriptUnreadable(Exception):
    """The key is gone, or the text is not what was written."""


class Transcripts(Protocol):
    """Seals and opens the lines of chats. Waits for nothing but the local disk."""

    def seal(self, contact_id: ContactId, number: int, text: str) -> str:
        """The line, encrypted. Raises OSError when the key of a new chat cannot be kept."""

    def open(self, contact_id: ContactId, number: int, sealed: str) -> str:
        """The text of a line. Raises `TranscriptUnreadable`."""

    def is_kept(self, contact_id: ContactId) -> bool:
        """Whether the text of the chat can be read."""

    def erase(self, contact_id: ContactId) -> None:
        """Destroy the key of a chat; that there is none is no error."""

    def forget(self, before: datetime, keep: Collection[ContactId]) -> int:
        """Destroy the keys that were made before an instant, except those to keep; how many."""


class NoTranscripts:
    """For a core that keeps no text: a simulation, a benchmark."""

    def seal(self, contact_id: ContactId, number: int, text: str) -> str:
        """Nothing is kept."""
        return ""

    def open(self, contact_id: ContactId, number: int, sealed: str) -> str:
        """Nothing was."""
        raise TranscriptUnreadable("no text is kept")

    def is_kept(self, contact_id: ContactId) -> bool:
        """Never."""
        return False

    def erase(self, contact_id: ContactId) -> None:
        """There is none."""

    def forget(self, before: datetime, keep: Collection[ContactId]) -> int:
        """None."""
        return 0


NO_TRANSCRIPTS = NoTranscripts()
