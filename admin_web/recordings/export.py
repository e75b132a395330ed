"""A recording to take along: the sound, and a manifest that says what it is and proves that it is what was recorded."""

from __future__ import annotations

import io
import json
import secrets
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime

from admin_web.presenters.recordings import PausedPart
from cxcore.ports.recordings import PackedFile, Sound, StoredRecording

PIECE = 1 << 20
READABLE = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without what is taken for something else when it is read out."""


class _Drain(io.RawIOBase):
    """What was written since it was last emptied: a ZIP is sent while it is made, and never stands whole in memory."""

    def __init__(self) -> None:
        self._octets = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, octets: object) -> int:
        written = bytes(octets)  # type: ignore[call-overload]
        self._octets += written
        return len(written)

    def emptied(self) -> bytes:
        """Take out what stands there."""
        octets = bytes(self._octets)
        self._octets.clear()
        return octets


def packed(manifest: str, sound: Sound) -> Iterator[bytes]:
    """A ZIP with `opname.wav` and `manifest.json`, in pieces."""
    drain = _Drain()
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("manifest.json", manifest)
        with archive.open("opname.wav", "w", force_zip64=True) as file:
            for piece in sound.read(0, sound.size):
                file.write(piece)
                yield drain.emptied()
    yield drain.emptied()


def files_of(manifest: str, sound: Sound) -> Sequence[PackedFile]:
    """The same files, to be packed by somebody else."""
    told = manifest.encode()
    whole = PackedFile("opname.wav", sound.size, sound.read(0, sound.size))
    return [PackedFile("manifest.json", len(told), [told]), whole]


def new_password() -> str:
    """One that cannot be guessed and can be read out: 20 letters and digits in groups of five, 100 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(4))


def manifest_of(recording: StoredRecording, pauses: Sequence[PausedPart], by: str, at: datetime) -> str:
    """JSON, in the words of the page. `sha256_samples` is that of the file without its first 44 octets; `pauses` say
    where nothing is heard on purpose, in seconds from the beginning, and why."""
    told = {
        "recording_id": recording.recording_id,
        "contact_id": recording.contact_id,
        "started_at": recording.started_at.isoformat(),
        "duration_seconds": recording.duration_seconds,
        "caller_number": recording.caller_number,
        "dialled_number": recording.dialled_number,
        "queue": recording.queue_id,
        "agent": recording.agent_id,
        "tracks": {"left": "caller", "right": "agent"},
        "sha256_samples": recording.digest,
        "pauses": [{"from": each.begins, "until": each.ends, "reason": each.why} for each in pauses],
        "exported_by": by,
        "exported_at": at.isoformat(),
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"
