"""Voice messages without files (port `cxcore.ports.voice_messages`)."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath

FOLDER = PurePath("/messages")


class FakeVoiceMessages:
    """The test says how long each is (`lengths`) and when it was written (`written`)."""

    def __init__(self) -> None:
        self.lengths: dict[str, float] = {}
        self.written: dict[str, datetime] = {}
        self.removed: list[str] = []

    def path(self, recording: str) -> PurePath:
        """Its place."""
        return FOLDER / recording

    def seconds(self, recording: str) -> float:
        """Its length as the test said."""
        return self.lengths.get(recording, 0.0)

    def remove(self, recording: str) -> None:
        """Note that it is gone."""
        self.lengths.pop(recording, None)
        self.removed.append(recording)

    def forget(self, before: datetime, keep: frozenset[str]) -> int:
        """Let go of what is old."""
        old = [name for name, at in self.written.items() if at < before and name not in keep]
        for name in old:
            del self.written[name]
        return len(old)
