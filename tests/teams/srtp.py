"""The sound of Teams: SRTP with keys in the SDP (RFC 3711, RFC 4568), one suite, between a plain party and the SBC."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import select
import socket
import struct
import threading
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.contract.sound import RtpStream

TAG_BYTES, KEY_BYTES = 10, 16


def _stream(key: bytes, start: int, length: int) -> bytes:
    """AES in counter mode (RFC 3711, 4.1.1)."""
    cipher = Cipher(algorithms.AES(key), modes.CTR(start.to_bytes(16, "big"))).encryptor()
    return cipher.update(bytes(length))


class Context:
    """AES_CM_128_HMAC_SHA1_80 for one direction; `inline` is the key and salt of the SDP."""

    def __init__(self, inline: str) -> None:
        master = base64.b64decode(inline)
        key, salt = master[:KEY_BYTES], int.from_bytes(master[KEY_BYTES:30], "big")
        self._key, self._auth, session_salt = (
            _stream(key, (salt ^ (label << 48)) << 16, length) for label, length in ((0, 16), (1, 20), (2, 14))
        )
        self._salt = int.from_bytes(session_salt, "big")

    def protect(self, packet: bytes) -> bytes:
        encrypted = packet[:12] + self._apply(packet)
        return encrypted + self._tag(encrypted)

    def open(self, packet: bytes) -> bytes | None:
        """The plain packet; None for one whose tag is wrong."""
        encrypted, tag = packet[:-TAG_BYTES], packet[-TAG_BYTES:]
        return encrypted[:12] + self._apply(encrypted) if hmac.compare_digest(tag, self._tag(encrypted)) else None

    def _apply(self, packet: bytes) -> bytes:
        sequence, source = struct.unpack("!H", packet[2:4])[0], struct.unpack("!I", packet[8:12])[0]
        start = (self._salt << 16) ^ (source << 64) ^ (sequence << 16)
        key_stream = _stream(self._key, start, len(packet) - 12)
        return bytes(one ^ other for one, other in zip(packet[12:], key_stream, strict=True))

    def _tag(self, encrypted: bytes) -> bytes:
        """No call of a test lasts for 65,536 packets, so the roll-over counter is 0."""
        return hmac.new(self._auth, encrypted + bytes(4), hashlib.sha1).digest()[:TAG_BYTES]


class SecureLine:
    """A plain RtpStream whose packets go to the SBC encrypted and come back decrypted."""

    def __init__(self, our_inline: str) -> None:
        self.rtp = RtpStream()
        self._outside, self._inside = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for each in (self._outside, self._inside):
            each.bind(("127.0.0.1", 0))
        self.rtp.remote = self._inside.getsockname()
        self._ours, self._theirs = Context(our_inline), Context(our_inline)
        self._remote: tuple[str, int] | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._outside.getsockname()[1])

    def learn(self, sdp: str) -> None:
        """Take the SBC's address and key from its SDP."""
        inline, port = re.search(r"inline:([A-Za-z0-9+/=]+)", sdp), re.search(r"m=audio (\d+)", sdp)
        assert inline and port, sdp
        self._theirs, self._remote = Context(inline[1]), ("127.0.0.1", int(port[1]))

    def _run(self) -> None:
        while not self._closing.is_set():
            for ready in select.select([self._outside, self._inside], [], [], 0.1)[0]:
                self._pass_on(ready)

    def _pass_on(self, ready: socket.socket) -> None:
        packet = ready.recv(2048)
        if ready is self._inside and self._remote is not None:
            self._outside.sendto(self._ours.protect(packet), self._remote)
        elif ready is self._outside and len(packet) > 12 + TAG_BYTES and not 200 <= packet[1] <= 207:
            self._deliver(packet, self._theirs.open)

    def _deliver(self, packet: bytes, opened: Callable[[bytes], bytes | None]) -> None:
        if (plain := opened(packet)) is not None:
            self._inside.sendto(plain, ("127.0.0.1", self.rtp.port))

    def close(self) -> None:
        self._closing.set()
        self._thread.join(2)
        self.rtp.stop()
        self.rtp.close()
        for each in (self._outside, self._inside):
            each.close()
