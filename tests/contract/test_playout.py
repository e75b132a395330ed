"""The measure of silence itself: it sees a pause without packets, and does not blame a sender for its machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.contract.playout import ProcessorWaits, played
from tests.contract.sound import FRAME, PCMA, RATE, TICK_SECONDS, Packet, RtpStream, encode, tone

SOUND = encode(tone(630, TICK_SECONDS), PCMA)


def stream(pause: float, at: int = 50, skipped: float | None = None, marker: bool = False) -> list[Packet]:
    """Two seconds of sound with a pause after so many packets; `skipped`: what the timestamps say of it."""
    packets = []
    for number in range(100):
        late = number >= at
        arrived = number * TICK_SECONDS + pause * late
        stamp = number * FRAME + round((pause if skipped is None else skipped) * RATE) * late
        packets.append(Packet(arrived, PCMA, number, stamp, 77, SOUND, marker and number == at))
    return packets


def silent(packets: list[Packet], end: float, **options: object) -> int:
    return sum(each.silent for each in played(packets, 0.0, end, **options).half_seconds(0.1))  # type: ignore[arg-type]


def test_sound_without_a_pause_is_nowhere_silent() -> None:
    assert silent(stream(0.0), 2.0) == 0


@pytest.mark.parametrize("skipped", [0.6, 0.0], ids=["timestamps go on", "timestamps stand still"])
def test_a_pause_of_more_than_half_a_second_is_silent(skipped: float) -> None:
    assert silent(stream(0.6, skipped=skipped), 2.6) > 0


def test_a_pause_of_less_is_not() -> None:
    assert silent(stream(0.45), 2.45) == 0


def test_sound_that_is_left_out_is_silent_though_packets_go_on_coming() -> None:
    assert silent(stream(0.0, skipped=0.7), 2.0) > 0


def test_a_marker_begins_anew() -> None:
    assert silent(stream(0.0, skipped=0.7, marker=True), 2.0) == 0


def test_a_pause_at_the_end_is_silent() -> None:
    assert silent(stream(0.0), 2.8) > 0


def test_a_pause_before_the_first_packet_is_silent() -> None:
    assert silent([packet for packet in stream(0.0) if packet.arrived > 0.7], 2.0) > 0


def test_packets_that_come_in_one_go_after_the_pause_do_not_fill_it() -> None:
    packets = [Packet(max(each.arrived, 1.5), *_rest(each)) if each.arrived > 0.7 else each for each in stream(0.0)]
    assert silent(packets, 2.0) > 0


def test_a_pause_in_which_the_machine_held_the_sender_up_is_the_machines() -> None:
    assert silent(stream(0.6), 2.6, held_up=lambda begun, ended: ended - begun) == 0
    assert silent(stream(0.6), 2.6, held_up=lambda *_: 0.05) > 0


def test_a_process_that_sleeps_is_not_held_up() -> None:
    with ProcessorWaits(os.getpid()) as machine:
        begun = time.monotonic()
        time.sleep(0.3)
        assert machine.held_up(begun, time.monotonic()) < 0.3


@pytest.fixture
def listener() -> Iterator[RtpStream]:
    stream = RtpStream()
    yield stream
    stream.close()


def test_a_sender_that_falls_silent_is_heard_to_do_so(listener: RtpStream) -> None:
    sender = RtpStream(remote=("127.0.0.1", listener.port))
    sender.say(630)
    begun = time.monotonic()
    time.sleep(0.3)
    sender.sending = False
    time.sleep(0.8)
    sender.sending = True
    time.sleep(0.3)
    sender.close()
    assert any(each.silent for each in played(listener.packets, begun, time.monotonic()).half_seconds(0.1))


def _rest(packet: Packet) -> tuple[int, int, int, int, bytes, bool]:
    return packet.payload_type, packet.sequence, packet.timestamp, packet.ssrc, packet.payload, packet.marker
