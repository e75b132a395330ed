"""What the media engine makes of the packets of a real network: late, twice, foreign, none."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator

import pytest

from softswitch.media import (
    Codec,
    MediaEngine,
    MediaSettings,
    NoMediaPortLeft,
    Port,
    RemoteMedia,
    UnusableAddress,
)
from softswitch.media.rtp import RtpPacket
from tests.ports import PortBlock
from tests.system.media_listener import RecordingListener, wait_until
from tests.system.rtp_peer import DIGITS_PAYLOAD_TYPE, RtpPeer, peers, share_of_tone

pytestmark = [pytest.mark.system, pytest.mark.alone]


@pytest.fixture
def engine() -> Iterator[MediaEngine]:
    engine = MediaEngine(MediaSettings(rtcp_interval_seconds=0.2), on_stall=lambda seconds: None)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def listener() -> RecordingListener:
    return RecordingListener()


@pytest.fixture
def bridge(engine: MediaEngine, listener: RecordingListener) -> Iterator[tuple[RtpPeer, RtpPeer, Port, Port]]:
    with peers(Codec.PCMA, Codec.PCMA) as (anna, bram):
        first, second = engine.open_port(listener), engine.open_port(listener)
        anna.join(first)
        bram.join(second)
        first.hear(frozenset([second]))
        second.hear(frozenset([first]))
        yield anna, bram, first, second


Bridge = tuple[RtpPeer, RtpPeer, Port, Port]


def test_given_keys_are_pressed_then_they_are_told_once_each(bridge: Bridge, listener: RecordingListener) -> None:
    anna = bridge[0]
    anna.say_tone(425)
    for code in (1, 1, 10, 11):
        anna.press(code)
        time.sleep(0.05)
    wait_until(lambda: len(listener.digits) == 4)
    assert listener.digits == [("1", 100), ("1", 100), ("*", 100), ("#", 100)]


def test_given_a_digit_relay_then_keys_reach_the_other_party_as_events(
    bridge: Bridge, listener: RecordingListener
) -> None:
    anna, bram, first, second = bridge
    first.set_digit_relay(second)
    anna.press(5)
    wait_until(lambda: [packet for packet in bram.received if packet.payload_type == DIGITS_PAYLOAD_TYPE])
    events = [packet for packet in bram.received if packet.payload_type == DIGITS_PAYLOAD_TYPE]
    assert events[0].payload[0] == 5
    assert events[0].marker


def test_given_digits_are_sent_then_the_party_gets_each_with_three_ends(bridge: Bridge) -> None:
    anna, _, first, _ = bridge
    first.send_digits("19", duration_ms=60)
    time.sleep(0.6)
    events = [packet for packet in anna.received if packet.payload_type == DIGITS_PAYLOAD_TYPE]
    ends = [packet.payload[0] for packet in events if packet.payload[1] & 0x80]
    assert ends == [1, 1, 1, 9, 9, 9]
    numbers = [packet.sequence for packet in anna.received]
    assert all((after - before) % 65536 == 1 for before, after in zip(numbers, numbers[1:], strict=False))


def test_given_a_party_without_events_when_digits_are_sent_then_it_hears_the_tones(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA) as [anna]:
        port = engine.open_port(listener)
        anna.join(port, digits=False)
        wait_until(lambda: len(anna.received) > 2)
        port.send_digits("1", duration_ms=500)
        time.sleep(0.5)
        heard = anna.heard(0.3)
        assert share_of_tone(heard, 697) > 0.3
        assert share_of_tone(heard, 1209) > 0.3


def test_given_packets_that_changed_places_then_nothing_is_lost(bridge: Bridge) -> None:
    anna, bram, first, _ = bridge
    anna.say_tone(425)
    says, anna.says = anna.says, None
    time.sleep(0.05)
    anna.says = says
    held = [anna.packet().pack() for _ in range(40)]
    anna.says = None
    for pair in range(0, 40, 2):
        anna.send(held[pair + 1])
        anna.send(held[pair])
        time.sleep(0.04)
    time.sleep(0.1)
    assert first.quality().reordered >= 15
    assert first.quality().lost <= 3
    assert share_of_tone(bram.heard(0.6)[:3200], 425) > 0.8


def test_given_a_new_ssrc_in_mid_call_then_the_sound_goes_on(bridge: Bridge) -> None:
    anna, bram, _, _ = bridge
    anna.say_tone(425)
    time.sleep(0.3)
    anna.ssrc, anna.sequence, anna.timestamp = 0x2000, 7, 99
    time.sleep(0.6)
    wait_until(lambda: share_of_tone(bram.heard(0.4), 425) > 0.9)


def test_given_a_stranger_who_sends_into_a_call_then_nobody_hears_it(bridge: Bridge) -> None:
    anna, bram, first, _ = bridge
    anna.say_tone(425)
    time.sleep(0.2)
    with peers(Codec.PCMA) as [stranger]:
        stranger.ssrc = 0x6666
        stranger.to = anna.to
        stranger.say_tone(1000)
        time.sleep(0.7)
        assert share_of_tone(bram.heard(0.4), 1000) < 0.02
        wait_until(lambda: share_of_tone(bram.heard(0.4), 425) > 0.9)
        assert not stranger.received
    assert first.quality().ignored >= 20


def test_given_a_party_behind_an_address_translator_then_sound_goes_where_its_packets_come_from(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA) as [anna]:
        port = engine.open_port(listener)
        port.set_remote(RemoteMedia("127.0.0.9", 4000, Codec.PCMA))
        anna.to = (port.local_host, port.local_port)
        anna.say_tone(425)
        wait_until(lambda: len(anna.received) > 5)


def test_given_garbage_then_it_is_ignored_and_the_call_goes_on(bridge: Bridge) -> None:
    anna, bram, first, _ = bridge
    anna.say_tone(425)
    for _ in range(40):
        anna.send(os.urandom(7))
        anna.send(b"OPTIONS sip:ping SIP/2.0\r\n\r\n")
        anna.send(os.urandom(1400))
        anna.send(RtpPacket(33, 1, 1, 1, bytes(160)).pack())
        time.sleep(0.015)
    time.sleep(0.2)
    assert first.quality().ignored >= 150
    wait_until(lambda: share_of_tone(bram.heard(0.3), 425) > 0.9)


def test_given_packets_are_lost_then_they_are_counted_and_the_score_falls(bridge: Bridge) -> None:
    anna, _, first, _ = bridge
    anna.say_tone(425)
    for _ in range(10):
        time.sleep(0.06)
        anna.packet()
    time.sleep(0.1)
    quality = first.quality()
    assert 5 <= quality.lost <= 14
    assert quality.mos < 4.45


def test_given_no_rtp_then_the_time_out_is_told_once(engine: MediaEngine, listener: RecordingListener) -> None:
    with peers(Codec.PCMA) as [anna]:
        port = engine.open_port(listener)
        port.set_media_timeout(0.4)
        anna.join(port)
        anna.say_tone(425)
        time.sleep(0.7)
        assert listener.timed_out == []
        anna.says = None
        wait_until(lambda: listener.timed_out == [port])
        time.sleep(0.5)
        assert len(listener.timed_out) == 1


def test_given_a_party_on_hold_then_its_own_time_out_counts(engine: MediaEngine, listener: RecordingListener) -> None:
    with peers(Codec.PCMA) as [anna]:
        port = engine.open_port(listener)
        port.set_media_timeout(0.2, on_hold=0.8)
        port.set_remote(anna.remote(receives=False))
        time.sleep(0.5)
        assert listener.timed_out == []
        wait_until(lambda: listener.timed_out == [port])


def test_given_a_party_that_only_listens_then_no_time_out_is_told(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA) as [anna]:
        port = engine.open_port(listener)
        port.set_media_timeout(0.2, on_hold=0.2)
        port.set_remote(anna.remote(sends=False))
        time.sleep(0.6)
        assert listener.timed_out == []


def test_given_a_party_on_hold_without_a_time_then_no_time_out_is_told(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    with peers(Codec.PCMA) as [anna]:
        port = engine.open_port(listener)
        port.set_media_timeout(0.2)
        port.set_remote(anna.remote(receives=False))
        time.sleep(0.6)
        assert listener.timed_out == []


def test_given_a_party_that_reports_by_rtcp_then_reports_go_back_and_loss_is_known(
    engine: MediaEngine, listener: RecordingListener
) -> None:
    first, second = engine.open_port(listener), engine.open_port(listener)
    first.set_remote(RemoteMedia(second.local_host, second.local_port, Codec.PCMA, 101))
    second.set_remote(RemoteMedia(first.local_host, first.local_port, Codec.PCMA, 101))
    wait_until(lambda: first.quality().round_trip_ms is not None)
    assert first.quality().remote_lost == 0
    assert (first.quality().round_trip_ms or 0) < 500


def test_given_a_full_range_then_the_refusal_names_it(listener: RecordingListener) -> None:
    block = PortBlock(4)
    engine = MediaEngine(MediaSettings(port_min=block.first, port_max=block.last), on_stall=lambda seconds: None)
    engine.start()
    ports: list[Port] = []
    with pytest.raises(NoMediaPortLeft, match=f"{block.first} and {block.last}"):
        for _ in range(3):
            ports.append(engine.open_port(listener))
    assert all(port.local_port % 2 == 0 for port in ports)
    engine.stop()


def test_given_a_closed_port_then_its_address_is_free_again(engine: MediaEngine, listener: RecordingListener) -> None:
    port = engine.open_port(listener)
    port.close()
    wait_until(lambda: _can_bind(port.local_port))


def _can_bind(number: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        try:
            udp.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


@pytest.mark.parametrize("host", ["phone.example", "::1", ""])
def test_given_an_address_of_no_use_then_it_is_refused_by_name(
    engine: MediaEngine, listener: RecordingListener, host: str
) -> None:
    port = engine.open_port(listener)
    with pytest.raises(UnusableAddress, match=repr(host)):
        port.set_remote(RemoteMedia(host, 4000, Codec.PCMA))


def test_given_a_party_that_says_it_sends_nothing_and_does_then_it_is_heard_all_the_same(
    bridge: Bridge, listener: RecordingListener
) -> None:
    anna, bram, first, _ = bridge
    first.set_remote(anna.remote(sends=False, receives=False))
    anna.say_tone(425)
    anna.press(5)
    wait_until(lambda: listener.digits == [("5", 100)])
    wait_until(lambda: share_of_tone(bram.heard(0.2), 425) > 0.9)
