"""Digits as events and as tones."""

import struct

import numpy as np

from softswitch.media.digits import Digit, DigitReceiver, DigitSender, tone_of


def event(code: int, duration: int, end: bool = False) -> bytes:
    return struct.pack("!BBH", code, (0x80 if end else 0) | 10, duration)


def test_the_many_packets_of_a_key_are_one_digit() -> None:
    receiver = DigitReceiver()
    packets = [event(1, 160), event(1, 320), event(1, 800, end=True), event(1, 800, end=True), event(1, 800, end=True)]
    digits = [digit for packet in packets for digit in receiver.receive(1000, packet)]
    assert digits == [Digit("1", 100)]


def test_the_same_key_pressed_twice_is_two_digits() -> None:
    receiver = DigitReceiver()
    digits = receiver.receive(1000, event(11, 800, end=True)) + receiver.receive(5000, event(11, 800, end=True))
    assert [digit.key for digit in digits] == ["#", "#"]


def test_a_key_whose_end_was_lost_counts_when_the_next_begins() -> None:
    receiver = DigitReceiver()
    assert receiver.receive(1000, event(4, 480)) == []
    assert receiver.receive(3000, event(5, 160)) == [Digit("4", 60)]


def test_a_key_whose_end_was_lost_counts_after_a_while() -> None:
    receiver = DigitReceiver()
    receiver.receive(1000, event(4, 480))
    digits = [digit for _ in range(20) for digit in receiver.tick()]
    assert digits == [Digit("4", 60)]


def test_a_late_packet_of_an_older_key_changes_nothing() -> None:
    receiver = DigitReceiver()
    receiver.receive(1000, event(4, 800, end=True))
    receiver.receive(3000, event(5, 160))
    assert receiver.receive(1000, event(4, 800, end=True)) == []
    assert receiver.receive(3000, event(5, 800, end=True)) == [Digit("5", 100)]


def test_malformed_and_unknown_events_are_no_digits() -> None:
    receiver = DigitReceiver()
    assert receiver.receive(1, b"\1") == []
    assert receiver.receive(1, event(16, 800, end=True)) == []


def test_what_is_sent_is_received_again() -> None:
    sender, receiver, timestamp = DigitSender(), DigitReceiver(), 2**32 - 3000
    sender.add("12#AD0", 100)
    digits: list[Digit] = []
    while not sender.idle:
        packet = sender.event(timestamp % 2**32)
        timestamp += 160
        if packet is not None:
            digits += receiver.receive(packet.timestamp, packet.payload)
    assert digits == [Digit(key, 100) for key in "12#AD0"]


def test_the_end_of_a_key_is_sent_three_times_and_the_first_packet_is_marked() -> None:
    sender = DigitSender()
    sender.add("1", 60)
    packets = [packet for tick in range(20) if (packet := sender.event(tick * 160)) is not None]
    assert [bool(packet.payload[1] & 0x80) for packet in packets] == [False, False, True, True, True]
    assert [packet.marker for packet in packets] == [True, False, False, False, False]
    assert {packet.timestamp for packet in packets} == {0}


def test_what_is_no_digit_is_not_sent() -> None:
    sender = DigitSender()
    sender.add("x ,!", 100)
    assert sender.idle


def test_a_party_without_events_gets_the_two_tones_of_the_key() -> None:
    sender = DigitSender()
    sender.add("5", 100)
    frames = [frame for _ in range(30) if (frame := sender.tone()) is not None]
    assert len(frames) == 5
    spectrum = np.abs(np.fft.rfft(np.concatenate(frames), 8000))
    assert sorted(np.argsort(spectrum)[-40:].tolist())[0] > 600
    assert spectrum[770] > 10 * spectrum[697]
    assert spectrum[1336] > 10 * spectrum[1209]


def test_tones_of_following_ticks_join_without_a_jump() -> None:
    joined = np.concatenate([tone_of("1", 0), tone_of("1", 160)]).astype(int)
    assert np.abs(np.diff(joined)).max() < 12000
