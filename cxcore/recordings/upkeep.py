"""What is done to recordings that are kept: deleted when their time is over, encrypted under another key."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from cxcore.ports.audit import Audit, AuditResult
from cxcore.ports.clock import Clock
from cxcore.ports.recordings import RecordingIndex, StoredRecording
from cxcore.recordings import sealing
from cxcore.recordings.keys import KeyRing

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Upkeep:
    """Each deletion and each change of keys is proved in the audit."""

    index: RecordingIndex
    kept: Path
    keys: KeyRing
    audit: Audit
    clock: Clock
    messages: Path | None = None
    """Where encrypted voice messages stand; they are encrypted under the same keys."""

    def purge(self, by: str) -> int:
        """Delete what was kept long enough; how many. Raises `LogUnavailable`, OSError."""
        expired = self.index.expired(self.clock.now())
        for recording in expired:
            self.delete(recording, by, "expired")
        return len(expired)

    def delete(self, recording: StoredRecording, by: str, why: str) -> None:
        """Destroy a recording. What is broken off is done again: the index forgets it last."""
        sealing.remove(self.kept, recording.recording_id)
        told = (
            f"recording_id={recording.recording_id} contact_id={recording.contact_id} why={why} "
            f"started_at={recording.started_at.isoformat()} sha256={recording.digest}"
        )
        self.audit.record(by, "delete-recording", told, AuditResult.DONE, "", self.clock.now())
        self.index.forget(recording.recording_id)

    def rotate_key(self, by: str) -> tuple[str, int]:
        """Make another key, wrap the keys of all recordings under it, and destroy the earlier ones.

        Returns its name and how many recordings changed. What is broken off is finished by the next call.
        """
        with self.keys.locked():
            key_id = self.keys.make_new(self.clock.now().date())
            changed = self._reseal_all()
            for earlier in self.keys.names():
                if earlier != key_id:
                    self.keys.remove(earlier)
        told = f"key_id={key_id} recordings={changed}"
        self.audit.record(by, "rotate-recording-key", told, AuditResult.DONE, "", self.clock.now())
        return key_id, changed

    def _reseal_all(self) -> int:
        folders = [self.kept] if self.messages is None else [self.kept, self.messages]
        found = [(folder, path) for folder in folders for path in sorted(folder.glob(f"*{sealing.KEY}"))]
        return sum(sealing.reseal(folder, path.name.removesuffix(sealing.KEY), self.keys) for folder, path in found)
