"""The pure parts of the lab."""

import argparse

import numpy as np
import pytest

from lab.hearing import HalfSecond, Hearing
from lab.tcp import MessageCutter
from lab.terminal import bars, read_address
from softswitch.media.codec import Samples
from softswitch.media.sources import tone

REQUEST = b"BYE sip:anna@127.0.0.1 SIP/2.0\r\nContent-Length: 0\r\n\r\n"
WITH_BODY = b"INFO sip:anna@127.0.0.1 SIP/2.0\r\nl : 9\r\n\r\nSignal=1\n"


def listen(hearing: Hearing, sound: Samples) -> None:
    for start in range(0, len(sound), 160):
        hearing.listen(sound[start : start + 160])


@pytest.mark.parametrize("size", [1, 7, 60, 500])
def test_messages_are_cut_from_the_stream_wherever_it_breaks(size: int) -> None:
    stream = REQUEST + b"\r\n\r\n" + WITH_BODY + REQUEST
    cutter = MessageCutter()
    messages = [message for at in range(0, len(stream), size) for message in cutter.feed(stream[at : at + size])]
    assert messages == [REQUEST, WITH_BODY, REQUEST]


def test_a_message_without_end_is_refused() -> None:
    cutter = MessageCutter()
    with pytest.raises(ValueError, match="64 kB"):
        for _ in range(70):
            cutter.feed(b"x" * 1000)


def test_silence_is_counted_and_the_first_sound_is_noted() -> None:
    hearing = Hearing(began_at=0.0)
    listen(hearing, np.zeros(8000, np.int16))
    assert hearing.sound_began_at is None
    listen(hearing, tone([440], 0.5))
    listen(hearing, np.zeros(4000, np.int16))
    assert [half.silence for half in hearing.halves] == [True, True, False, True]
    assert hearing.longest_silence() == 1.0
    assert hearing.sound_began_at is not None


def test_a_tone_is_told_from_another_and_from_silence() -> None:
    hearing = Hearing(began_at=0.0)
    assert hearing.tone_share(440) == 0
    listen(hearing, tone([440], 0.5, -20))
    assert hearing.tone_share(440) > 0.95
    assert hearing.tone_share(620) < 0.01
    hearing.forget_sound()
    assert hearing.tone_share(440) == 0


def test_bars_show_silence_as_dots_and_loudness_as_height() -> None:
    levels = (-91.0, -45.0, -27.0, -3.0)
    assert bars([HalfSecond(0.0, level, level < -50) for level in levels]) == "·▁▅█"


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:5060", ("127.0.0.1", 5060)), ("[::1]:5070", ("[::1]", 5070)), ("[::1]", ("[::1]", 5060)),
     ("sbc.example", ("sbc.example", 5060))],
)  # fmt: skip
def test_addresses_are_read(text: str, address: tuple[str, int]) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize("text", ["", ":5060", "host:0", "host:x", "host:70000"])
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"write for instance 127\.0\.0\.1:5060"):
        read_address(text)
