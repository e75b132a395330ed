"""RTP packets."""

import struct

import pytest

from softswitch.media.rtp import RtpPacket, parse


def test_a_packet_survives_packing_and_parsing() -> None:
    packet = RtpPacket(8, 65535, 2**32 - 1, 0xDEADBEEF, b"sound", marker=True)
    assert parse(packet.pack()) == packet


def test_contributing_sources_extension_and_padding_are_not_sound() -> None:
    head = struct.pack("!BBHII", 0x80 | 0x20 | 0x10 | 2, 8, 1, 2, 3)
    datagram = head + bytes(8) + struct.pack("!HH", 0xBEDE, 1) + bytes(4) + b"sound" + b"\0\0\3"
    packet = parse(datagram)
    assert packet is not None
    assert packet.payload == b"sound"


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\x80\x08",
        b"OPTIONS sip:x SIP/2.0\r\n",
        struct.pack("!BBHII", 0x40, 8, 1, 2, 3) + b"sound",
        struct.pack("!BBHII", 0x8F, 8, 1, 2, 3) + b"sound",
        struct.pack("!BBHII", 0x90, 8, 1, 2, 3) + b"\0\0\xff\xff",
        struct.pack("!BBHII", 0xA0, 8, 1, 2, 3) + b"sound\xff",
        struct.pack("!BBHII", 0xA0, 8, 1, 2, 3) + b"sound\0",
    ],
)
def test_what_is_no_rtp_gives_nothing(garbage: bytes) -> None:
    assert parse(garbage) is None
