"""SRTP as Teams speaks it: AES_CM_128_HMAC_SHA1_80 (RFC 3711), keys by SDES (RFC 4568), no MKI, RTCP on the same port.

Written for the tests alone, on the ciphers of `cryptography`; held to the vectors of RFC 3711, appendix B.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import socket
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SUITE = "AES_CM_128_HMAC_SHA1_80"
TAG = 10
"""Octets of the authentication tag."""
_FIRST_RTCP, _LAST_RTCP = 192, 223
"""By the second octet RTP and RTCP on one port are told apart (RFC 5761, 4)."""
_ENCRYPTED = 1 << 31


class NotAuthentic(Exception):
    """The tag does not fit: another key, or a packet that was changed on its way."""


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """What RFC 3711, 4.3 derives for RTP (labels 0 to 2) or RTCP (labels 3 to 5)."""

    cipher: bytes
    authentication: bytes
    salt: bytes

    @classmethod
    def derive(cls, master: bytes, first_label: int) -> SessionKeys:
        """From the 16 octets of master key and 14 of master salt."""
        lengths = (16, 20, 14)
        parts = [_derived(master, first_label + label, length) for label, length in enumerate(lengths)]
        return cls(*parts)

    def keystream(self, ssrc: int, index: int, octets: bytes) -> bytes:
        """Encrypt or decrypt (RFC 3711, 4.1.1)."""
        salt = int.from_bytes(self.salt, "big") << 16
        start = salt ^ (ssrc << 64) ^ (index << 16)
        return _counter_mode(self.cipher, start.to_bytes(16, "big"), octets)

    def tag(self, octets: bytes) -> bytes:
        """The authentication tag."""
        return hmac.new(self.authentication, octets, hashlib.sha1).digest()[:TAG]


def _derived(master: bytes, label: int, length: int) -> bytes:
    start = (int.from_bytes(master[16:], "big") ^ (label << 48)) << 16
    return _counter_mode(master[:16], start.to_bytes(16, "big"), bytes(length))


def _counter_mode(key: bytes, start: bytes, octets: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CTR(start)).encryptor().update(octets)


@dataclass(slots=True)
class Direction:
    """One direction of a call under one master key."""

    master: bytes
    rtp: SessionKeys = field(init=False)
    rtcp: SessionKeys = field(init=False)
    _rollovers: dict[int, tuple[int, int]] = field(default_factory=dict)
    """SSRC → how often its sequence number began anew, and the highest of this round (RFC 3711, 3.3.1)."""
    _rtcp_index: int = 0

    def __post_init__(self) -> None:
        self.rtp, self.rtcp = SessionKeys.derive(self.master, 0), SessionKeys.derive(self.master, 3)

    def protect(self, packet: bytes) -> bytes:
        """RTP → SRTP."""
        ssrc, rollover, index = self._place(packet)
        head, payload = packet[: _head(packet)], packet[_head(packet) :]
        sealed = head + self.rtp.keystream(ssrc, index, payload)
        self._count(packet, rollover)
        return sealed + self.rtp.tag(sealed + struct.pack("!I", rollover))

    def unprotect(self, packet: bytes) -> bytes:
        """SRTP → RTP. Raises `NotAuthentic`."""
        sealed, tag = packet[:-TAG], packet[-TAG:]
        ssrc, rollover, index = self._place(sealed)
        if not hmac.compare_digest(tag, self.rtp.tag(sealed + struct.pack("!I", rollover))):
            raise NotAuthentic(packet[:12].hex())
        self._count(sealed, rollover)
        return sealed[: _head(sealed)] + self.rtp.keystream(ssrc, index, sealed[_head(sealed) :])

    def protect_report(self, packet: bytes) -> bytes:
        """RTCP → SRTCP (RFC 3711, 3.4)."""
        self._rtcp_index += 1
        sealed = packet[:8] + self.rtcp.keystream(_ssrc(packet, 4), self._rtcp_index, packet[8:])
        sealed += struct.pack("!I", _ENCRYPTED | self._rtcp_index)
        return sealed + self.rtcp.tag(sealed)

    def unprotect_report(self, packet: bytes) -> bytes:
        """SRTCP → RTCP. Raises `NotAuthentic`."""
        sealed, tag = packet[:-TAG], packet[-TAG:]
        if not hmac.compare_digest(tag, self.rtcp.tag(sealed)):
            raise NotAuthentic(packet[:8].hex())
        (index,) = struct.unpack("!I", sealed[-4:])
        body = sealed[8:-4]
        if index & _ENCRYPTED:
            body = self.rtcp.keystream(_ssrc(packet, 4), index & ~_ENCRYPTED, body)
        return sealed[:8] + body

    def _place(self, packet: bytes) -> tuple[int, int, int]:
        """SSRC, rollover counter and index of a packet."""
        ssrc, sequence = _ssrc(packet, 8), int.from_bytes(packet[2:4], "big")
        rollover, highest = self._rollovers.get(ssrc, (0, sequence))
        if highest - sequence > 0x8000:
            rollover += 1
        elif sequence - highest > 0x8000 and rollover:
            rollover -= 1
        return ssrc, rollover, rollover << 16 | sequence

    def _count(self, packet: bytes, rollover: int) -> None:
        ssrc, sequence = _ssrc(packet, 8), int.from_bytes(packet[2:4], "big")
        self._rollovers[ssrc] = max(self._rollovers.get(ssrc, (0, 0)), (rollover, sequence))


def _ssrc(packet: bytes, at: int) -> int:
    return int.from_bytes(packet[at : at + 4], "big")


def _head(packet: bytes) -> int:
    """Octets in front of the payload: header, contributing sources, extension."""
    start = 12 + 4 * (packet[0] & 15)
    return start + 4 + 4 * int.from_bytes(packet[start + 2 : start + 4], "big") if packet[0] & 16 else start


def new_key() -> str:
    """Master key and salt as SDES writes them."""
    return base64.b64encode(secrets.token_bytes(30)).decode()


def key_in(sdp: str) -> bytes:
    """Master key and salt of the crypto line, which must be of our suite and without MKI."""
    found = re.search(rf"^a=crypto:\d+ {SUITE} inline:([A-Za-z0-9+/=]+)(\|2\^\d+)?\s*$", sdp, re.M)
    assert found, sdp
    return base64.b64decode(found[1])


Extra = tuple[int, int, bytes]
"""What the kernel says beside a datagram: level, kind and content."""


class SrtpSocket:
    """A UDP socket whose owner sees RTP where SRTP is on the wire. What cannot be opened is counted, not handed on."""

    def __init__(self, plain: socket.socket, sending: Direction) -> None:
        self._plain, self._sending = plain, sending
        self.receiving: Direction | None = None
        """Known from the other side's SDP."""
        self.refused = 0
        self.reports: list[bytes] = []
        """RTCP that came, opened."""

    def recvmsg(self, size: int, extras_size: int) -> tuple[bytes, list[Extra], int, object]:
        """As that of a socket: the next RTP packet, opened. Raises BlockingIOError for everything else."""
        octets, extras, flags, source = self._plain.recvmsg(size + TAG, extras_size)
        try:
            return self._opened(octets), extras, flags, source
        except (NotAuthentic, IndexError, struct.error):
            self.refused += 1
            raise BlockingIOError from None

    def _opened(self, octets: bytes) -> bytes:
        if self.receiving is None:
            raise NotAuthentic("it came before the key")
        if _FIRST_RTCP <= octets[1] <= _LAST_RTCP:
            self.reports.append(self.receiving.unprotect_report(octets))
            raise BlockingIOError
        return self.receiving.unprotect(octets)

    def sendto(self, packet: bytes, address: tuple[str, int]) -> int:
        """Send one RTP or RTCP packet, sealed."""
        report = _FIRST_RTCP <= packet[1] <= _LAST_RTCP
        return self._plain.sendto((self._sending.protect_report if report else self._sending.protect)(packet), address)

    def send_plain(self, octets: bytes, address: tuple[str, int]) -> None:
        """Send anything, as it is."""
        self._plain.sendto(octets, address)

    def fileno(self) -> int:
        return self._plain.fileno()

    def getsockname(self) -> tuple[str, int]:
        host, port = self._plain.getsockname()
        return str(host), int(port)

    def close(self) -> None:
        self._plain.close()


