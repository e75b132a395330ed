"""The keys of chats in a folder (port `cxcore.ports.transcripts`), and what is sealed under them.

Each chat has a key of 256 bits in a file of its own, readable by its owner only, outside the database. A line is
encrypted with AES-256-GCM (NIST SP 800-38D) under a random nonce; chat and number of the line are bound to it. A file
is not flushed to disk: that would hold the core up for as long as the disk takes, and what a power cut takes is one
new key.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cxcore.domain.contact import ContactId
from cxcore.ports.transcripts import TranscriptUnreadable
from cxcore.recordings.keys import KEY_OCTETS, NONCE_OCTETS

KEY = ".key"
KEYS_AT_HAND = 512


class TranscriptFolder:
    """Implements `Transcripts`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cipher = lru_cache(maxsize=KEYS_AT_HAND)(self._read)

    def seal(self, contact_id: ContactId, number: int, text: str) -> str:
        nonce = secrets.token_bytes(NONCE_OCTETS)
        octets = self._cipher_to_write(contact_id).encrypt(nonce, text.encode(), _about(contact_id, number))
        return base64.urlsafe_b64encode(nonce + octets).decode("ascii")

    def open(self, contact_id: ContactId, number: int, sealed: str) -> str:
        if not self._path(contact_id).exists():
            self._cipher.cache_clear()
        try:
            octets = base64.urlsafe_b64decode(sealed)
            cipher = self._cipher(contact_id)
            return cipher.decrypt(octets[:NONCE_OCTETS], octets[NONCE_OCTETS:], _about(contact_id, number)).decode()
        except (OSError, ValueError, binascii.Error, InvalidTag) as error:
            raise TranscriptUnreadable(f"chat {contact_id}, line {number}: {type(error).__name__}") from error

    def is_kept(self, contact_id: ContactId) -> bool:
        return self._path(contact_id).exists()

    def erase(self, contact_id: ContactId) -> None:
        self._path(contact_id).unlink(missing_ok=True)
        self._cipher.cache_clear()

    def forget(self, before: datetime, keep: Collection[ContactId]) -> int:
        old = [path for path in self._folder.glob(f"*{KEY}") if path.stem not in keep and _made_at(path) < before]
        for path in old:
            path.unlink(missing_ok=True)
        self._cipher.cache_clear()
        return len(old)

    def _cipher_to_write(self, contact_id: ContactId) -> AESGCM:
        path = self._path(contact_id)
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(KEY_OCTETS))
            draft.replace(path)
            self._cipher.cache_clear()
        return self._cipher(contact_id)

    def _read(self, contact_id: ContactId) -> AESGCM:
        return AESGCM(self._path(contact_id).read_bytes())

    def _path(self, contact_id: ContactId) -> Path:
        """A name that leads out of the folder names no chat."""
        return self._folder / f"{Path(contact_id).name}{KEY}"


def _about(contact_id: ContactId, number: int) -> bytes:
    return f"{contact_id} {number}".encode()


def _made_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)
