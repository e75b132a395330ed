"""No datagram, whatever is in it, may raise in the media thread: that would end the sound of every call."""

import random
from collections.abc import Iterator

import pytest

from softswitch.media import rtcp
from softswitch.media.inbound import InboundStream
from softswitch.media.reports import ReportSession
from softswitch.media.rtp import RtpPacket, parse

ROUNDS = 4000
PARTY = b"party"


def mutations(originals: list[bytes], seed: int) -> Iterator[bytes]:
    luck = random.Random(seed)
    for _ in range(ROUNDS):
        octets = bytearray(luck.choice(originals))
        for _ in range(luck.randrange(4)):
            octets[luck.randrange(len(octets))] = luck.randrange(256)
        yield bytes(octets[: luck.randrange(len(octets) + 1)] if luck.random() < 0.3 else octets)


@pytest.mark.parametrize("seed", range(3))
def test_mutated_rtp_raises_nothing_and_every_tick_is_whole(seed: int) -> None:
    inbound = InboundStream()
    inbound.expect(PARTY, 101)
    originals = [
        RtpPacket(kind, 7, 160, 1, bytes(size)).pack() for kind, size in ((8, 160), (0, 240), (101, 4), (13, 1))
    ]
    for tick, datagram in enumerate(mutations(originals, seed)):
        packet = parse(datagram)
        if packet is not None:
            inbound.receive(packet, PARTY, tick * 0.02, tick)
        inbound.digits.tick()
        sound = inbound.take()
        assert sound is None or len(sound) == 160


@pytest.mark.parametrize("seed", range(3))
def test_mutated_rtcp_raises_nothing_and_reports_can_still_be_made(seed: int) -> None:
    session, inbound = ReportSession(1), InboundStream()
    inbound.expect(PARTY, 101)
    inbound.receive(RtpPacket(8, 1, 1, 1, bytes(160)), PARTY, 0.0, 0)
    block = rtcp.ReportBlock(1, 1, 1, 1, 1, 1, 1)
    originals = [
        rtcp.Report(2, rtcp.SenderInfo(1, 2, 3, 4), (block,)).pack("x"),
        rtcp.Report(2, None, (block,)).pack("x"),
    ]
    for number, datagram in enumerate(mutations(originals, seed)):
        session.receive(datagram, 1000.0 + number)
        assert rtcp.parse(session.report(inbound, number, number, 1000.0 + number))
