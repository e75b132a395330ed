"""Files that are encrypted piece by piece, so that any part of one can be read by itself.

A sealed file is two: `NAME.sealed` holds the pieces, `NAME.key` what is needed to read them: the file's own key wrapped
under one of the key ring's, the beginning of the nonces, and the size of what is inside. Each piece is encrypted with
AES-256-GCM (NIST SP 800-38D); its nonce holds its number and whether it is the last one, and the name of the file is
bound to it. So a piece that was changed, moved, taken from another file or cut off is found (the STREAM construction,
Hoang, Reyhanitabar, Rogaway and Vizár 2015).
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cxcore.ports.recordings import RecordingUnreadable
from cxcore.recordings.keys import KEY_OCTETS, KeyRing, WrappedKey, write_private

PIECE_OCTETS = 65_536
TAG_OCTETS = 16
PREFIX_OCTETS = 7
SEALED, KEY = ".sealed", ".key"


@dataclass(frozen=True, slots=True)
class Seal:
    """What stands in `NAME.key`. `head` is the owner's own note on the content, bound to the key."""

    prefix: bytes
    size: int
    head: dict[str, int]
    wrapped: WrappedKey

    def to_json(self) -> bytes:
        """The content of the file."""
        written = {
            "key_id": self.wrapped.key_id,
            "nonce": self.wrapped.nonce.hex(),
            "key": self.wrapped.octets.hex(),
            "prefix": self.prefix.hex(),
            "size": self.size,
            "head": self.head,
        }
        return json.dumps(written, sort_keys=True).encode()


def seal(folder: Path, name: str, pieces: Iterable[bytes], head: dict[str, int], keys: KeyRing) -> None:
    """Encrypt the pieces, of any lengths, into the folder. Whole or not at all; one that is there is replaced."""
    key, prefix = secrets.token_bytes(KEY_OCTETS), secrets.token_bytes(PREFIX_OCTETS)
    draft = folder / f"{name}{SEALED}.part"
    with draft.open("wb") as file:
        size = _write_pieces(file, AESGCM(key), prefix, name, pieces)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(0o600)
    draft.replace(folder / f"{name}{SEALED}")
    with keys.locked():
        wrapped = keys.wrap(key, _about(name, prefix, size, head))
        write_private(folder / f"{name}{KEY}", Seal(prefix, size, head, wrapped).to_json())


def _write_pieces(file: BinaryIO, cipher: AESGCM, prefix: bytes, name: str, pieces: Iterable[bytes]) -> int:
    size = number = 0
    held: bytes | None = None
    for piece in _even(pieces):
        if held is not None:
            file.write(cipher.encrypt(_nonce(prefix, number, last=False), held, name.encode()))
            number += 1
        held = piece
        size += len(piece)
    file.write(cipher.encrypt(_nonce(prefix, number, last=True), held or b"", name.encode()))
    return size


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same octets in pieces of one length."""
    rest = bytearray()
    for piece in pieces:
        rest += piece
        while len(rest) >= PIECE_OCTETS:
            yield bytes(rest[:PIECE_OCTETS])
            del rest[:PIECE_OCTETS]
    if rest:
        yield bytes(rest)


class SealedFile:
    """Reads a sealed file. Raises `RecordingUnreadable` where it is not what was written."""

    def __init__(self, folder: Path, name: str, keys: KeyRing) -> None:
        self._path, self._name = folder / f"{name}{SEALED}", name
        read = read_seal(folder, name)
        self.size, self.head, self.key_id = read.size, read.head, read.wrapped.key_id
        about = _about(name, read.prefix, read.size, read.head)
        self._cipher, self._prefix = AESGCM(keys.unwrap(read.wrapped, about)), read.prefix
        self._last = max(read.size - 1, 0) // PIECE_OCTETS

    def read(self, offset: int, length: int) -> Iterator[bytes]:
        """The octets from `offset` on, in pieces; fewer where the content ends."""
        end = min(offset + length, self.size)
        if offset >= end:
            return
        try:
            with self._path.open("rb") as file:
                for number in range(offset // PIECE_OCTETS, (end - 1) // PIECE_OCTETS + 1):
                    begin = number * PIECE_OCTETS
                    yield self._piece(file, number)[max(offset - begin, 0) : end - begin]
        except OSError as error:
            raise RecordingUnreadable(f"{self._path}: {error.strerror}") from error

    def _piece(self, file: BinaryIO, number: int) -> bytes:
        file.seek(number * (PIECE_OCTETS + TAG_OCTETS))
        octets = file.read(PIECE_OCTETS + TAG_OCTETS)
        try:
            nonce = _nonce(self._prefix, number, last=number == self._last)
            return self._cipher.decrypt(nonce, octets, self._name.encode())
        except InvalidTag:
            raise RecordingUnreadable(f"{self._path}: piece {number} is not what was written") from None


def is_sealed(folder: Path, name: str) -> bool:
    """Whether the file is there whole: its key is written last."""
    return (folder / f"{name}{KEY}").exists()


def read_seal(folder: Path, name: str) -> Seal:
    """What stands in `NAME.key`. Raises `RecordingUnreadable`."""
    path = folder / f"{name}{KEY}"
    try:
        read = json.loads(path.read_bytes())
        wrapped = WrappedKey(str(read["key_id"]), bytes.fromhex(read["nonce"]), bytes.fromhex(read["key"]))
        return Seal(bytes.fromhex(read["prefix"]), int(read["size"]), dict(read["head"]), wrapped)
    except OSError as error:
        raise RecordingUnreadable(f"{path}: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise RecordingUnreadable(f"{path} is not what was written") from error


def reseal(folder: Path, name: str, keys: KeyRing) -> bool:
    """Wrap the key of a file under the current key; whether it was under another."""
    read = read_seal(folder, name)
    if read.wrapped.key_id == keys.current():
        return False
    about = _about(name, read.prefix, read.size, read.head)
    wrapped = keys.wrap(keys.unwrap(read.wrapped, about), about)
    write_private(folder / f"{name}{KEY}", Seal(read.prefix, read.size, read.head, wrapped).to_json())
    return True


def remove(folder: Path, name: str) -> None:
    """Destroy a sealed file: its key first, without which the rest is noise. One that is not there is no error."""
    (folder / f"{name}{KEY}").unlink(missing_ok=True)
    (folder / f"{name}{SEALED}").unlink(missing_ok=True)


def _about(name: str, prefix: bytes, size: int, head: dict[str, int]) -> bytes:
    return json.dumps([name, prefix.hex(), size, head], sort_keys=True).encode()


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
