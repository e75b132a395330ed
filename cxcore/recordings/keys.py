"""The keys that recordings are encrypted under, each in a file of its own outside the database.

A recording has a key of its own, which is kept encrypted ("wrapped") under one of these. So for a new key only the
small ones are wrapped anew, and a database or disk that is lost without this folder tells nothing.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cxcore.ports.recordings import RecordingUnreadable

KEY_OCTETS = 32
NONCE_OCTETS = 12
CURRENT = "current"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """The key of one file, encrypted under the key `key_id`."""

    key_id: str
    nonce: bytes
    octets: bytes


class KeyRing:
    """The folder of keys: one file a key, readable by its owner only, and one that names the current key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self, today: date) -> None:
        """Make the folder and the first key, where they lack."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (self._folder / CURRENT).exists():
            self.make_new(today)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time: a file that is being sealed must not come between a new key and the end of the old."""
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def make_new(self, today: date) -> str:
        """Make another key and let new recordings be encrypted under it; its name."""
        key_id = f"{today.isoformat()}-{secrets.token_hex(4)}"
        write_private(self._folder / f"{key_id}.key", secrets.token_hex(KEY_OCTETS).encode())
        write_private(self._folder / CURRENT, key_id.encode())
        return key_id

    def current(self) -> str:
        """The name of the key that new recordings are encrypted under. Raises `RecordingUnreadable`."""
        return self._read(CURRENT)

    def names(self) -> list[str]:
        """Every key, oldest first."""
        return sorted(path.stem for path in self._folder.glob("*.key"))

    def wrap(self, key: bytes, about: bytes) -> WrappedKey:
        """Encrypt the key of a file; `about` is bound to it."""
        key_id, nonce = self.current(), secrets.token_bytes(NONCE_OCTETS)
        return WrappedKey(key_id, nonce, self._cipher(key_id).encrypt(nonce, key, about))

    def unwrap(self, wrapped: WrappedKey, about: bytes) -> bytes:
        """The key of a file. Raises `RecordingUnreadable`."""
        try:
            return self._cipher(wrapped.key_id).decrypt(wrapped.nonce, wrapped.octets, about)
        except InvalidTag:
            raise RecordingUnreadable(f"its key was changed, or is not of key {wrapped.key_id}") from None

    def remove(self, key_id: str) -> None:
        """Destroy a key that nothing is encrypted under any more."""
        (self._folder / f"{key_id}.key").unlink(missing_ok=True)

    def _cipher(self, key_id: str) -> AESGCM:
        return AESGCM(bytes.fromhex(self._read(f"{key_id}.key")))

    def _read(self, name: str) -> str:
        try:
            return (self._folder / name).read_text(encoding="ascii").strip()
        except OSError as error:
            raise RecordingUnreadable(f"there is no key: {self._folder / name}: {error.strerror}") from error


def write_private(path: Path, octets: bytes) -> None:
    """Write a file whole or not at all, for its owner's eyes only."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
