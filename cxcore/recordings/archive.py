"""The recordings that are kept (port `cxcore.ports.recordings`): files here, what is known of them in the index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from cxcore.domain.contact import ContactId
from cxcore.domain.recording import RecordingId
from cxcore.ports.recordings import PackedFile, Peaks, RecordingIndex, RecordingQuestion, Sound, StoredRecording, Track
from cxcore.recordings.keys import KeyRing
from cxcore.recordings.locked_zip import locked_zip
from cxcore.recordings.sealing import SealedFile
from cxcore.recordings.wave import HEAD_OCTETS, SAMPLE_OCTETS, one_channel, wave_head


class RecordingArchive:
    """Implements `Recordings`."""

    def __init__(self, index: RecordingIndex, folder: Path, keys: KeyRing) -> None:
        self._index, self._folder, self._keys = index, folder, keys

    def search(self, question: RecordingQuestion) -> Sequence[StoredRecording]:
        return self._index.search(question)

    def of_contact(self, contact_id: ContactId) -> Sequence[StoredRecording]:
        return self._index.of_contact(contact_id)

    def find(self, recording_id: RecordingId) -> StoredRecording:
        return self._index.find(recording_id)

    def peaks(self, recording_id: RecordingId) -> Peaks:
        return self._index.peaks(recording_id)

    def sound(self, recording_id: RecordingId, track: Track) -> Sound:
        self._index.find(recording_id)
        sealed = SealedFile(self._folder, recording_id, self._keys)
        return _Whole(sealed) if track is Track.BOTH or sealed.head["channels"] == 1 else _OneTrack(sealed, track)

    def locked(self, files: Sequence[PackedFile], password: str, at: datetime) -> Iterator[bytes]:
        return locked_zip(files, password, at)

    def hold(self, recording_id: RecordingId, by: str, reason: str) -> None:
        self._index.hold(recording_id, by, reason)

    def release(self, recording_id: RecordingId) -> None:
        self._index.hold(recording_id, None, "")


class _Whole:
    """All channels as they were recorded, with a head before them."""

    def __init__(self, sealed: SealedFile) -> None:
        self._sealed = sealed
        self._head = wave_head(sealed.head["channels"], sealed.head["rate"], sealed.size)
        self.size = HEAD_OCTETS + sealed.size

    def read(self, offset: int, length: int) -> Iterator[bytes]:
        yield from _head_part(self._head, offset, length)
        begin = max(offset - HEAD_OCTETS, 0)
        yield from self._sealed.read(begin, max(offset + length - HEAD_OCTETS - begin, 0))


class _OneTrack:
    """The left or the right channel alone: a file of half the size."""

    def __init__(self, sealed: SealedFile, track: Track) -> None:
        self._sealed, self._channel = sealed, 0 if track is Track.CALLER else 1
        octets = sealed.size // 2
        self._head = wave_head(1, sealed.head["rate"], octets)
        self.size = HEAD_OCTETS + octets

    def read(self, offset: int, length: int) -> Iterator[bytes]:
        yield from _head_part(self._head, offset, length)
        begin = max(offset - HEAD_OCTETS, 0)
        end = min(max(offset + length - HEAD_OCTETS, begin), self.size - HEAD_OCTETS)
        yield from self._samples(begin, end)

    def _samples(self, begin: int, end: int) -> Iterator[bytes]:
        """From a whole sample on: a request may begin or end in the middle of one."""
        first, last = begin - begin % SAMPLE_OCTETS, end + end % SAMPLE_OCTETS
        left, skip = end - begin, begin - first
        for piece in self._sealed.read(first * 2, (last - first) * 2):
            octets = one_channel(piece, self._channel)[skip : skip + left]
            skip, left = 0, left - len(octets)
            yield octets


def _head_part(head: bytes, offset: int, length: int) -> Iterator[bytes]:
    if offset < HEAD_OCTETS:
        yield head[offset : offset + length]
