"""The files of voice messages. The switch writes and plays them; here is what the core asks of them beside that."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Protocol


class VoiceMessages(Protocol):
    """Voice messages by the name of their file. Nothing here waits for more than the local disk."""

    def path(self, recording: str) -> PurePath:
        """Where the switch writes and reads the file."""

    def seconds(self, recording: str) -> float:
        """How much sound is there; 0.0 without a file. A head that a broken-off recording left wrong is put right."""

    def remove(self, recording: str) -> None:
        """Remove one file; that there is none is no error."""

    def forget(self, before: datetime, keep: frozenset[str]) -> int:
        """Remove the files that were last written before an instant, except those to keep; how many they were."""


class NoVoiceMessages:
    """For a core whose switch records nothing: a simulation, a benchmark."""

    def path(self, recording: str) -> PurePath:
        """A place where nothing is."""
        return PurePath("/nowhere") / recording

    def seconds(self, recording: str) -> float:
        """No sound."""
        return 0.0

    def remove(self, recording: str) -> None:
        """There is none."""

    def forget(self, before: datetime, keep: frozenset[str]) -> int:
        """None."""
        return 0


NO_VOICE_MESSAGES = NoVoiceMessages()
