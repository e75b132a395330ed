"""What a party sends."""

from softswitch.media.codec import Codec
from softswitch.media.inbound import InboundStream
from softswitch.media.rtp import RtpPacket

PARTY = b"party"


def stream() -> InboundStream:
    inbound = InboundStream()
    inbound.expect(PARTY, 101)
    return inbound


def receive(inbound: InboundStream, payload_type: int, sequence: int, payload: bytes, arrived: float = 0.0) -> None:
    inbound.receive(RtpPacket(payload_type, sequence, sequence * 160, 1, payload), PARTY, arrived, sequence)


def test_packets_before_the_sdp_are_ignored() -> None:
    inbound = InboundStream()
    receive(inbound, 8, 1, bytes(160))
    assert (inbound.packets, inbound.ignored) == (0, 1)


def test_payload_types_that_were_not_agreed_are_ignored() -> None:
    inbound = stream()
    for payload_type in (3, 18, 96, 100):
        receive(inbound, payload_type, payload_type, bytes(160))
    assert (inbound.packets, inbound.ignored) == (0, 4)


def test_empty_and_oversized_packets_are_ignored() -> None:
    inbound = stream()
    receive(inbound, 8, 1, b"")
    receive(inbound, 8, 2, bytes(481))
    assert inbound.ignored == 2


def test_the_codec_follows_the_party() -> None:
    inbound = stream()
    receive(inbound, 0, 1, bytes(160))
    assert inbound.codec is Codec.PCMU


def test_after_a_change_of_codec_nothing_of_the_one_before_is_taken_for_the_other() -> None:
    inbound = stream()
    for number in (1, 2, 4):
        receive(inbound, 8, number, bytes([number]) * 160)
    receive(inbound, 9, 5, b"\5" * 160)
    receive(inbound, 8, 3, b"\3" * 160)
    receive(inbound, 9, 6, b"\6" * 160)
    assert inbound.codec is Codec.G722
    assert [inbound.take(), inbound.take(), inbound.take()] == [b"\5" * 160, b"\6" * 160, None]


def test_a_change_of_codec_with_other_numbers_is_believed() -> None:
    inbound = stream()
    receive(inbound, 8, 5000, bytes(160))
    receive(inbound, 9, 1, bytes(160))
    assert inbound.codec is Codec.G722


def test_packets_of_thirty_milliseconds_are_cut_into_ticks() -> None:
    inbound = stream()
    for number in range(4):
        receive(inbound, 8, number, bytes([number]) * 240)
    ticks = [inbound.take() for _ in range(6)]
    assert b"".join(tick or b"" for tick in ticks) == b"".join(bytes([number]) * 240 for number in range(4))
    assert {len(tick or b"") for tick in ticks} == {160}


def test_packets_of_ten_milliseconds_are_put_together() -> None:
    inbound = stream()
    for number in range(4):
        receive(inbound, 8, number, bytes([number]) * 80)
    assert [inbound.take(), inbound.take()] == [b"\0" * 80 + b"\1" * 80, b"\2" * 80 + b"\3" * 80]


def test_while_a_key_is_down_there_is_silence_and_nothing_is_made_up() -> None:
    inbound = stream()
    receive(inbound, 8, 1, bytes(160))
    receive(inbound, 8, 2, bytes(160))
    receive(inbound, 101, 3, b"\1\x0a\0\xa0")
    assert [inbound.take() for _ in range(3)] == [bytes(160), bytes(160), Codec.PCMA.silence]


def test_even_packets_have_no_jitter_and_uneven_ones_do() -> None:
    even, uneven = stream(), stream()
    for number in range(50):
        receive(even, 8, number, bytes(160), number * 0.02)
        receive(uneven, 8, number, bytes(160), number * 0.02 + (number % 2) * 0.01)
    assert even.jitter_samples < 0.01
    assert 60 < uneven.jitter_samples < 90
