"""Encrypts voice messages a little after they were spoken.

The plain file goes last, and some seconds later: an order to play it may have been given just before.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cxcore.domain.contact import ContactId
from cxcore.ports.clock import Clock
from cxcore.ports.recordings import RecordingIndex, RecordingUnreadable
from cxcore.recordings import sealing
from cxcore.recordings.intake import FORSAKEN_SECONDS, QUIET_SECONDS
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.voice_messages import KEPT, mended_seconds

GRACE_SECONDS = 5.0
BLOCK_OCTETS = 65_536

log = logging.getLogger(__name__)


@dataclass(slots=True)
class MessageIntake:
    """`folder` is where the switch writes; what is encrypted stands in its subfolder `kept`."""

    index: RecordingIndex
    folder: Path
    keys: KeyRing
    clock: Clock
    _refused: set[str] = field(default_factory=set)
    """Files that cannot be encrypted; each is told once."""

    @property
    def kept(self) -> Path:
        """Where encrypted messages stand."""
        return self.folder / KEPT

    def look(self) -> int:
        """Encrypt what was spoken, remove what is encrypted; how many were encrypted. Raises `LogUnavailable`."""
        self.kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        return sum(self._take_up(path) for path in sorted(self.folder.glob("*.wav")))

    def _take_up(self, path: Path) -> bool:
        if sealing.is_sealed(self.kept, path.name):
            self._remove_plain(path)
            return False
        if path.name in self._refused or not self._is_over(path):
            return False
        milliseconds = round(mended_seconds(path) * 1000)
        if not milliseconds:
            log.error("voice message %s holds no sound and stays as it is", path.name)
            self._refused.add(path.name)
            return False
        self._seal(path, milliseconds)
        return True

    def _is_over(self, path: Path) -> bool:
        quiet = (self.clock.now() - _written_at(path)).total_seconds()
        over = self.index.knows_contact(ContactId(path.stem))
        return quiet >= FORSAKEN_SECONDS or (quiet >= QUIET_SECONDS and over)

    def _seal(self, path: Path, milliseconds: int) -> None:
        digest = hashlib.sha256()
        sealing.seal(self.kept, path.name, _passing(path, digest), {"milliseconds": milliseconds}, self.keys)
        sealed, read = sealing.SealedFile(self.kept, path.name, self.keys), hashlib.sha256()
        for piece in sealed.read(0, sealed.size):
            read.update(piece)
        if read.hexdigest() != digest.hexdigest():
            sealing.remove(self.kept, path.name)
            raise RecordingUnreadable("what was encrypted does not read as what was spoken")

    def _remove_plain(self, path: Path) -> None:
        sealed_at = _written_at(self.kept / f"{path.name}{sealing.KEY}")
        if (self.clock.now() - sealed_at).total_seconds() >= GRACE_SECONDS:
            path.unlink()


def _passing(path: Path, digest: hashlib._Hash) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_OCTETS):
            digest.update(block)
            yield block


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
