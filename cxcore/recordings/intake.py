"""Takes recordings up from where the switch wrote them: encrypts each, makes it known, and removes what was plain.

A recording is taken up once a fact says that it is over, or when nobody has written to it for long: then core or switch
was killed. The plain file goes last, so whatever breaks this off, the next look begins that recording anew.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cxcore.domain.contact import ContactId
from cxcore.domain.recording import LONGEST_KEPT_DAYS, RecordingId
from cxcore.ports.clock import Clock
from cxcore.ports.recordings import (
    BegunRecording,
    NoSuchRecording,
    RecordingIndex,
    RecordingUnreadable,
    StoredRecording,
)
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.sealing import SealedFile, seal
from cxcore.recordings.wave import NotARecording, Painter, WaveFile, open_wave

QUIET_SECONDS = 2.0
"""After its end a file is written to no longer than this."""
FORSAKEN_SECONDS = 600.0
"""A file that nobody wrote to for so long, and that no fact ends, was left behind."""
REFUSED = ".refused"
"""Behind the name of a file that cannot be taken up; a person must look at it."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Intake:
    """`incoming` is where the switch writes, `kept` where recordings are kept."""

    index: RecordingIndex
    incoming: Path
    kept: Path
    keys: KeyRing
    clock: Clock

    def look(self) -> int:
        """Take up what is over; how many recordings that were. Raises `LogUnavailable`, OSError."""
        return sum(self._take_up_over(path) for path in sorted(self.incoming.glob("*.wav")))

    def _take_up_over(self, path: Path) -> bool:
        recording_id = RecordingId(path.stem)
        if not self._is_over(path, recording_id):
            return False
        try:
            self._take_up(path, recording_id)
        except (NotARecording, RecordingUnreadable) as error:
            log.error(  # noqa: TRY400 - the reason says all
                "recording %s cannot be taken up: %s; it stays as %s%s", path.name, error, path.name, REFUSED
            )
            path.rename(path.with_name(path.name + REFUSED))
            return False
        return True

    def _is_over(self, path: Path, recording_id: RecordingId) -> bool:
        quiet = (self.clock.now() - _written_at(path)).total_seconds()
        if quiet < QUIET_SECONDS:
            return False
        return quiet >= FORSAKEN_SECONDS or self.index.is_over(recording_id, contact_of(recording_id))

    def _take_up(self, path: Path, recording_id: RecordingId) -> None:
        wave = open_wave(path)
        if wave.frames and not self._is_kept(recording_id):
            self._keep(wave, recording_id, self.index.begun(recording_id) or self._guess(path, wave, recording_id))
        path.unlink()

    def _is_kept(self, recording_id: RecordingId) -> bool:
        try:
            self.index.find(recording_id)
        except NoSuchRecording:
            return False
        return True

    def _keep(self, wave: WaveFile, recording_id: RecordingId, begun: BegunRecording) -> None:
        painter, digest = Painter(wave), hashlib.sha256()
        head = {"channels": wave.channels, "rate": wave.rate}
        seal(self.kept, recording_id, _passing(wave, painter, digest), head, self.keys)
        self._prove(recording_id, digest.hexdigest())
        kept = StoredRecording(
            recording_id, begun.contact_id, begun.queue_id, begun.agent_id, begun.started_at, wave.duration_seconds,
            begun.started_at + timedelta(days=begun.days), digest.hexdigest(),
        )  # fmt: skip
        self.index.add(kept, painter.picture())

    def _prove(self, recording_id: RecordingId, digest: str) -> None:
        """Read back what was written before the plain file is removed."""
        sealed, read = SealedFile(self.kept, recording_id, self.keys), hashlib.sha256()
        for piece in sealed.read(0, sealed.size):
            read.update(piece)
        if read.hexdigest() != digest:
            raise RecordingUnreadable("what was encrypted does not read as what was recorded")

    def _guess(self, path: Path, wave: WaveFile, recording_id: RecordingId) -> BegunRecording:
        """The facts were lost with the core that knew them; the file itself tells when it began."""
        began = _written_at(path) - timedelta(seconds=wave.duration_seconds)
        return BegunRecording(contact_of(recording_id), None, None, began, LONGEST_KEPT_DAYS)


def contact_of(recording_id: RecordingId) -> ContactId:
    """The contact that a recording is of; its name begins with it."""
    return ContactId(recording_id.rpartition(".")[0])


def _passing(wave: WaveFile, painter: Painter, digest: hashlib._Hash) -> Iterator[bytes]:
    for block in wave.blocks(painter.block_frames):
        painter.see(block)
        digest.update(block)
        yield block


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
