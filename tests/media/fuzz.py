"""Broken RTP, RTCP, SRTP, STUN and SDP. The same seed makes the same in the same order."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator

SOUND = (
    "v=0",
    "o=peer 7 1 IN IP4 127.0.0.9",
    "s=-",
    "c=IN IP4 127.0.0.9",
    "t=0 0",
    "m=audio 40000 RTP/AVP 8 0 101",
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-15",
    "a=ptime:20",
    "a=sendrecv",
)
"""An SDP without fault."""
ODD_LINES = (
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA",
    "a=crypto:99999999999 NOPE inline:|2^99|1:999999",
    "a=candidate:1 1 UDP 99999999999 256.256.256.256 99999 typ host",
    "a=fingerprint:sha-256 00:11",
    "a=ice-ufrag:" + "u" * 3000,
    "a=rtpmap:999 PCMA/0",
    "a=rtpmap:8 PCMA/-1/-1",
    "a=fmtp:101 0-99999999",
    "a=ptime:0",
    "a=ptime:-20",
    "a=rtcp:70000 IN IP4 nowhere",
    "a=rtcp-mux",
    "a=setup:actpass",
    "a=inactive",
    "c=IN IP6 ::::::",
    "c=IN IP4 0.0.0.0",
    "b=AS:-1",
    "m=video 9 RTP/AVP 96",
    "m=audio 0 RTP/SAVPF",
    "m=audio 99999 TCP/MSRP *",
    "m=audio",
    "%n%s%x",
    "=",
    "",
)


def sound_packets(seed: int) -> Iterator[bytes]:
    """Datagrams for a port where RTP, RTCP, SRTP or STUN is awaited; without end."""
    dice = random.Random(seed)
    makers: tuple[Callable[[random.Random], bytes], ...] = (_rtp, _rtcp, _srtp, _stun, _noise, _bare)
    while True:
        yield _mutated(dice, dice.choice(makers)(dice))


def descriptions(seed: int) -> Iterator[bytes]:
    """SDPs with something wrong, and some with nothing left; without end."""
    dice = random.Random(seed)
    while True:
        lines = list(SOUND)
        for _ in range(dice.randrange(1, 5)):
            lines = _with_fault(dice, lines)
        end = dice.choice(("\r\n", "\r\n", "\r\n", "\n", "\r", ""))
        octets = end.join([*lines, ""]).encode("latin-1", "replace")
        yield _mutated(dice, octets) if dice.random() < 0.3 else octets


def _with_fault(dice: random.Random, lines: list[str]) -> list[str]:
    at = dice.randrange(len(lines) + 1)
    match dice.randrange(6):
        case 0:
            return lines[:at] + lines[at + 1 :] or ["v=0"]
        case 1:
            return lines[:at] + [dice.choice(ODD_LINES)] + lines[at:]
        case 2:
            return lines[:at] + lines[at : at + 1] * dice.randrange(2, 40) + lines[at:]
        case 3:
            dice.shuffle(lines)
            return lines
        case 4:
            number = str(dice.choice((-1, 0, 65536, 2**31, 2**64)))
            return [line.replace(dice.choice("80124"), number) for line in lines]
        case _:
            return [line + "x" * dice.choice((1, 70, 900)) if dice.random() < 0.2 else line for line in lines]


def _rtp(dice: random.Random) -> bytes:
    """A header that may say anything, above all of lengths; the payload is what a tone is not."""
    first = dice.choice((0x80, 0x8F, 0x90, 0xA0, 0xBF, 0x00, 0x40, 0xC0))
    kind = dice.choice((8, 0, 101, 13, 127, 72, 200))
    head = struct.pack("!BBHII", first, kind, dice.randrange(65536), dice.randrange(2**32), dice.randrange(2**32))
    return head + dice.randbytes(dice.choice((0, 1, 4, 160, 1400)))


def _rtcp(dice: random.Random) -> bytes:
    """Counts of blocks and lengths that are not there; also the end of somebody else's stream (BYE)."""
    parts = [
        struct.pack("!BBHI", 0x80 | dice.randrange(32), dice.randrange(192, 210), length, dice.randrange(2**32))
        + dice.randbytes(dice.randrange(0, 60))
        for length in dice.choices((0, 1, 6, 7, 12, 65535), k=dice.randrange(1, 5))
    ]
    return b"".join(parts)


def _srtp(dice: random.Random) -> bytes:
    """As long as a packet of 20 ms with its tag, which fits no key."""
    return struct.pack("!BBHII", 0x80, 8, dice.randrange(65536), dice.randrange(2**32), 77) + dice.randbytes(170)


def _stun(dice: random.Random) -> bytes:
    """A binding request (RFC 8489) with attributes whose lengths are wrong."""
    kinds, lengths = (6, 8, 0x20, 0x24, 0x25, 0x802A, 0x8028, 0xFFFF), (0, 3, 4, 20, 65535)
    attributes = b"".join(
        struct.pack("!HH", dice.choice(kinds), dice.choice(lengths)) + dice.randbytes(dice.randrange(24))
        for _ in range(dice.randrange(6))
    )
    length = dice.choice((len(attributes), 0, 65535))
    return struct.pack("!HHI", dice.choice((1, 0x101, 0x111, 3)), length, 0x2112A442) + dice.randbytes(12) + attributes


def _noise(dice: random.Random) -> bytes:
    return dice.randbytes(dice.choice((1, 2, 11, 12, 13, 64, 1472)))


def _bare(dice: random.Random) -> bytes:
    """DTLS as it begins (RFC 6347), or nothing but a first octet."""
    return dice.choice((b"\x16\xfe\xfd", b"\x80", b"\x16", b"\x15\xfe\xfd")) + bytes(dice.randrange(20))


def _mutated(dice: random.Random, octets: bytes) -> bytes:
    """Cut short, or with some octets changed; now and then as it is."""
    if dice.random() < 0.3:
        octets = octets[: dice.randrange(len(octets) + 1)]
    changed = bytearray(octets)
    for _ in range(dice.randrange(4) if changed else 0):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)
