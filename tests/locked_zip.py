"""Reads an encrypted ZIP as an archiver does, by the description of the format and without the code that wrote it."""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import zipfile

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


class WrongPassword(Exception):
    """The two octets that tell are others."""


def unlocked(archive: bytes, name: str, password: str) -> bytes:
    """The content of a file of the archive. Raises `WrongPassword`; asserts that nothing was changed."""
    info = zipfile.ZipFile(io.BytesIO(archive)).getinfo(name)
    assert (info.compress_type, info.extra[:2], info.CRC) == (99, b"\x01\x99", 0)
    name_length, extra_length = struct.unpack_from("<2H", archive, info.header_offset + 26)
    begin = info.header_offset + 30 + name_length + extra_length
    whole = archive[begin : begin + info.compress_size]
    salt, check, locked, mac = whole[:16], whole[16:18], whole[18:-10], whole[-10:]
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 66)
    if keys[64:] != check:
        raise WrongPassword
    assert hmac.new(keys[32:64], locked, hashlib.sha1).digest()[:10] == mac
    content = b"".join(_block(keys[:32], number, locked) for number in range(-(-len(locked) // 16)))
    assert len(content) == info.file_size
    return content


def _block(key: bytes, number: int, locked: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
    stream = cipher.update((number + 1).to_bytes(16, "little"))
    return bytes(one ^ other for one, other in zip(locked[16 * number : 16 * number + 16], stream, strict=False))
