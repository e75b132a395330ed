"""Keeps the sounds of messages as files (port `cxcore.ports.messages.SoundLibrary`).

FOLDER/MESSAGE/DIGEST.wav is the sound at 8 kHz, DIGEST.wide.wav the same at 16 kHz. A name is the digest of what is in
the file, so a file that is there is never written again, and whoever hears one hears it to its end.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import wave
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final, TypeVar

import gevent
import numpy as np

from cxcore.domain.languages import parted
from cxcore.ports.inspection import SITE_LANGUAGE
from cxcore.ports.messages import LibrarySound, SoundRefused, Speech, SpeechFailed
from cxcore.sound.decoding import decoded
from cxcore.sound.fitting import WIDE_RATE, Fitted, NothingHeard, fit_for_both, peaks
from cxcore.sound.telephone import FULL_SCALE, Sound, write_wav

LONGEST_TEXT: Final = 2000
DIGEST_LETTERS: Final = 20
CHUNK: Final = 64 * 1024
_SOUND = re.compile(r"(?P<message>[a-z0-9][a-z0-9-]{0,79}(\.[a-z]{2})?)/(?P<digest>[0-9a-f]{20})")
_MESSAGE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}(\.[a-z]{2})?")
SHIPPED: Final = "shipped:"
"""How the names of sounds begin that were shipped, or set up from texts and recordings."""
T = TypeVar("T")


class FileLibrary:
    """Sounds in a folder. `largest_bytes` is of an upload, `longest_seconds` of what may be heard."""

    def __init__(
        self, folder: Path, voice: Speech, largest_bytes: int, longest_seconds: int, shipped: Path | None = None
    ) -> None:
        self._folder, self._voice, self._shipped = folder, voice, shipped
        self._largest_bytes, self._longest_seconds = largest_bytes, longest_seconds

    def take(self, message: str, file: BinaryIO) -> LibrarySound:
        """See `SoundLibrary`."""
        return self._keep(message, decoded(self._content(file), self._longest_seconds))

    def speak(self, message: str, text: str) -> LibrarySound:
        """See `SoundLibrary`."""
        if not text.strip():
            raise SoundRefused("no-text", "there is no text to speak")
        if len(text) > LONGEST_TEXT:
            raise SoundRefused("text-too-long", f"the text is longer than {LONGEST_TEXT} characters")
        try:
            language = parted(message)[1] or SITE_LANGUAGE
            spoken = self._voice.speak("".join(letter if letter.isprintable() else " " for letter in text), language)
        except SpeechFailed as error:
            raise SoundRefused("no-voice", str(error)) from error
        return self._keep(message, decoded(spoken, self._longest_seconds))

    def path(self, sound: str, wide: bool = False) -> Path | None:
        """See `SoundLibrary`."""
        if self._shipped is not None and sound.startswith(SHIPPED):
            name, language = parted(sound.removeprefix(SHIPPED))
            folder = self._shipped.parent / language if language else self._shipped
            path = folder / f"{name}.wav"
            return path.absolute() if _MESSAGE.fullmatch(name) and path.is_file() else None
        return library_path(self._folder)(sound, wide)

    def shipped(self, message: str) -> LibrarySound | None:
        """See `SoundLibrary`."""
        path = self.path(f"{SHIPPED}{message}")
        return None if path is None else _examined(f"{SHIPPED}{message}", path, path.stat().st_mtime_ns)

    def forget(self, keep: Collection[str], before: datetime) -> Sequence[str]:
        """See `SoundLibrary`."""
        forgotten: set[str] = set()
        for path in self._folder.glob("*/*.wav"):
            sound = f"{path.parent.name}/{path.name.partition('.')[0]}"
            if sound in keep or not _SOUND.fullmatch(sound) or path.stat().st_mtime >= before.timestamp():
                continue
            path.unlink(missing_ok=True)
            forgotten.add(sound)
        return sorted(forgotten)

    def _content(self, file: BinaryIO) -> bytes:
        content = bytearray()
        while chunk := file.read(CHUNK):
            content += chunk
            if len(content) > self._largest_bytes:
                largest = self._largest_bytes
                raise SoundRefused("too-big", f"the file is larger than {largest} bytes", largest)
        return bytes(content)

    def _keep(self, message: str, sound: Sound) -> LibrarySound:
        if not _MESSAGE.fullmatch(message):
            raise SoundRefused("no-name", f"{message!r} is no name of a message")
        try:
            fitted, narrow, wide = _beside(lambda: _made(sound))
        except NothingHeard as error:
            raise SoundRefused("silent", str(error)) from error
        digest = hashlib.sha256(narrow).hexdigest()
        name = f"{message}/{digest[:DIGEST_LETTERS]}"
        try:
            self._write(f"{name}.wide.wav", wide)
            self._write(f"{name}.wav", narrow)
        except OSError as error:
            code = "disk-full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else "cannot-write"
            raise SoundRefused(code, f"{self._folder}: {error.strerror}") from error
        return LibrarySound(name, digest, round(fitted.seconds, 3), peaks(fitted.narrow))

    def _write(self, name: str, content: bytes) -> None:
        """Whole or not at all, and on the disk before anybody hears of it."""
        path = self._folder / name
        if path.is_file():
            path.touch()  # its age counts from now, so that `forget` leaves it to whoever makes a version of it
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
            try:
                draft.write(content)
                draft.flush()
                os.fsync(draft.fileno())
                os.chmod(draft.name, 0o644)
                os.replace(draft.name, path)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise


def library_path(folder: Path) -> Callable[..., Path | None]:
    """Where the sounds of a library stand, for whoever only reads it: the file of a sound, 8 kHz or (`wide`) 16 kHz."""

    def path_of(sound: str, wide: bool = False) -> Path | None:
        path = folder / f"{sound}{'.wide' if wide else ''}.wav"
        return path.absolute() if _SOUND.fullmatch(sound) and path.is_file() else None

    return path_of


@lru_cache(maxsize=512)
def _examined(name: str, path: Path, _changed_at: int) -> LibrarySound | None:
    content = path.read_bytes()
    try:
        with wave.open(io.BytesIO(content)) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), "<i2") / FULL_SCALE
            seconds = file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, ValueError):
        return None
    return LibrarySound(name, hashlib.sha256(content).hexdigest(), round(seconds, 3), peaks(sound))


def _made(sound: Sound) -> tuple[Fitted, bytes, bytes]:
    fitted = fit_for_both(sound)
    return fitted, _wav(fitted.narrow, WIDE_RATE // 2), _wav(fitted.wide, WIDE_RATE)


def _wav(sound: Sound, rate: int) -> bytes:
    file = io.BytesIO()
    write_wav(file, sound, rate)
    return file.getvalue()


def _beside(work: Callable[[], T]) -> T:
    """Work of a second or so, in a thread, so that live pages go on."""
    result: T = gevent.get_hub().threadpool.apply(work)
    return result
