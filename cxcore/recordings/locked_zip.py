"""A ZIP that opens with a password only: each file encrypted with AES-256, as WinZip's AE-2 describes.

Archivers that people have (7-Zip, WinZip, Keka, Linux's file managers) open it; the encryption that ZIP itself knows
is broken. Source: https://www.winzip.com/en/support/aes-encryption/. A file is `salt, two octets by which a wrong
password is seen, content in AES-CTR with a little-endian counter from 1, ten octets of HMAC-SHA1`. The format makes
the keys with a thousand rounds of PBKDF2 only, so the password has to be long. Names and sizes stay readable.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from cxcore.ports.recordings import PackedFile

SALT_OCTETS, KEY_OCTETS, CHECK_OCTETS, MAC_OCTETS, BLOCK_OCTETS = 16, 32, 2, 10, 16
ROUNDS = 1000
VERSION, ENCRYPTED_UTF8, METHOD = 51, 0x0801, 99
AES_EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)
"""AE-2, AES-256, stored without compression."""
LARGEST = 0xFFFFFFFF - 1024
"""Of the whole, since it is written without ZIP64: 37 hours of a call."""


def locked_zip(files: Sequence[PackedFile], password: str, at: datetime) -> Iterator[bytes]:
    """The archive in pieces; it never stands whole in memory. Raises `ValueError` for more than `LARGEST` octets."""
    if sum(file.size for file in files) > LARGEST:
        raise ValueError("too large for a ZIP without ZIP64")
    offset, directory = 0, b""
    for file in files:
        entry = _entry(file, at)
        directory += _in_directory(entry, file, offset)
        offset += len(entry) + 4 + len(file.name.encode()) + len(AES_EXTRA) + _locked_size(file)
        yield b"PK\x03\x04" + entry + file.name.encode() + AES_EXTRA
        yield from _locked(file.pieces, password)
    ends = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(files), len(files), len(directory), offset, 0)
    yield directory + ends


def _locked_size(file: PackedFile) -> int:
    return file.size + SALT_OCTETS + CHECK_OCTETS + MAC_OCTETS


def _entry(file: PackedFile, at: datetime) -> bytes:
    """What the head of a file and its line in the directory have in common. AE-2 leaves the CRC out."""
    day = (at.year - 1980) << 9 | at.month << 5 | at.day
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    sizes = (0, _locked_size(file), file.size, len(file.name.encode()), len(AES_EXTRA))
    return struct.pack("<5H3I2H", VERSION, ENCRYPTED_UTF8, METHOD, time, day, *sizes)


def _in_directory(entry: bytes, file: PackedFile, offset: int) -> bytes:
    rest = struct.pack("<3H2I", 0, 0, 0, 0, offset)
    return b"PK\x01\x02" + struct.pack("<H", VERSION) + entry + rest + file.name.encode() + AES_EXTRA


def _locked(pieces: Iterable[bytes], password: str) -> Iterator[bytes]:
    salt = secrets.token_bytes(SALT_OCTETS)
    length = 2 * KEY_OCTETS + CHECK_OCTETS
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, ROUNDS, length)
    yield salt + keys[2 * KEY_OCTETS :]
    mac = hmac.new(keys[KEY_OCTETS : 2 * KEY_OCTETS], digestmod=hashlib.sha1)
    for piece in _encrypted(pieces, keys[:KEY_OCTETS]):
        mac.update(piece)
        yield piece
    yield mac.digest()[:MAC_OCTETS]


def _encrypted(pieces: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """The pieces under one stream of the cipher, whatever their lengths."""
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  it encrypts the counter only
    block, left = 0, b""
    for piece in pieces:
        lacking = max(len(piece) - len(left), 0)
        blocks = -(-lacking // BLOCK_OCTETS)
        counters = b"".join(number.to_bytes(BLOCK_OCTETS, "little") for number in range(block + 1, block + blocks + 1))
        block, stream = block + blocks, left + cipher.update(counters)
        yield _either(piece, stream[: len(piece)])
        left = stream[len(piece) :]


def _either(one: bytes, other: bytes) -> bytes:
    mixed = int.from_bytes(one, "little") ^ int.from_bytes(other, "little")
    return mixed.to_bytes(len(one), "little")
