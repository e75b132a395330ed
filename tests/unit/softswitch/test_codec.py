"""G.711 tables and G.722."""

import numpy as np
import pytest

from softswitch.media.codec import G711, Codec, decode, encode
from softswitch.media.frames import SEAM_TICKS, Frames, level_of
from softswitch.media.g722 import WideCoder
from softswitch.media.sources import tone


@pytest.mark.parametrize(("codec", "silence"), [(Codec.PCMA, 0xD5), (Codec.PCMU, 0xFF)])
def test_silence_has_the_octet_of_the_standard(codec: Codec, silence: int) -> None:
    assert codec.silence == bytes([silence]) * 160


@pytest.mark.parametrize(
    ("codec", "octet", "sample"),
    [
        (Codec.PCMA, 0xAA, 32256),
        (Codec.PCMA, 0x2A, -32256),
        (Codec.PCMA, 0xD5, 8),
        (Codec.PCMA, 0x55, -8),
        (Codec.PCMU, 0x80, 32124),
        (Codec.PCMU, 0x00, -32124),
        (Codec.PCMU, 0xFF, 0),
    ],
)
def test_octets_decode_to_the_values_of_the_standard(codec: Codec, octet: int, sample: int) -> None:
    assert decode(codec, np.array([octet], np.uint8))[0] == sample


@pytest.mark.parametrize("codec", G711)
def test_every_octet_survives_decoding_and_encoding(codec: Codec) -> None:
    octets = np.arange(256, dtype=np.uint8)
    if codec is Codec.PCMU:
        octets = octets[octets != 0x7F]  # µ-law has two zeros
    assert (encode(codec, decode(codec, octets)) == octets).all()


@pytest.mark.parametrize("codec", G711)
def test_every_sample_comes_back_within_a_twentieth(codec: Codec) -> None:
    samples = np.arange(-32000, 32000, dtype=np.int16)
    error = np.abs(decode(codec, encode(codec, samples)).astype(int) - samples)
    assert (error <= np.maximum(np.abs(samples.astype(int)) / 20, 8)).all()


def test_payload_types_are_those_of_rfc_3551() -> None:
    assert (Codec.PCMU.payload_type, Codec.PCMA.payload_type, Codec.G722.payload_type) == (0, 8, 9)


def test_g722_takes_an_octet_for_a_sample_and_keeps_the_level() -> None:
    there, back = WideCoder(), WideCoder()
    sound = tone([1000], 1.0, -15)
    octets = there.encode(sound)
    assert len(octets) == len(sound)
    assert abs(level_of(back.decode(octets)[800:]) - level_of(sound[800:])) < 0.1


def test_silence_of_g722_is_silent_whatever_was_said_before() -> None:
    ears = WideCoder()
    ears.decode(WideCoder().encode(tone([425], 1.0, -15)))
    assert level_of(ears.decode(Codec.G722.silence * 50)[160:]) < -50


def test_g722_of_one_party_goes_to_another_unchanged_once_their_coders_have_met() -> None:
    frames, speaker = Frames(), WideCoder()
    passed = []
    for _ in range(SEAM_TICKS + 2):
        said = speaker.encode(tone([425], 0.02, -15))
        frames.forget_wide()
        frames.hear_packets(Codec.G722, [3], [said])
        frames.heard[5] = frames.speech[3]
        frames.say_wide(5, 3)
        passed.append(frames.packets["payload"][5].tobytes() == said)
    assert passed[SEAM_TICKS:] == [True, True]


def test_tick_that_is_missing_is_not_said_again() -> None:
    frames = Frames()
    said = WideCoder().encode(tone([1000], 0.02, -15))
    frames.hear_packets(Codec.G722, [3], [said])
    for _ in range(SEAM_TICKS + 1):
        frames.say_wide(5, 3)
    assert frames.packets["payload"][5].tobytes() == said
    frames.forget_wide()
    frames.say_wide(5, 3)
    assert frames.packets["payload"][5].tobytes() != said


def test_music_after_speech_and_speech_after_music_have_no_bang() -> None:
    frames, speaker, ears = Frames(), WideCoder(), WideCoder()
    heard = []
    for tick in range(60):
        speech, music = tone([425], 0.02, -15), tone([700, 880], 0.02, -18)
        frames.forget_wide()
        frames.hear_packets(Codec.G722, [3], [speaker.encode(speech)])
        plays = 20 <= tick < 40
        frames.heard[5] = music if plays else frames.speech[3]
        frames.say_wide(5, None if plays else 3)
        heard.append(ears.decode(frames.packets["payload"][5].tobytes()))
    loudest = max(int(np.abs(tick.astype(int)).max()) for tick in heard[5:])
    assert loudest < 1.5 * int(np.abs(tone([700, 880], 0.02, -18).astype(int)).max())


def test_row_that_is_given_back_begins_anew() -> None:
    frames = Frames()
    row = frames.take_row(1, 2, 3)
    frames.heard[row] = tone([1000], 0.02, -15)
    frames.say_wide(row, None)
    first = frames.packets["payload"][row].tobytes()
    frames.give_back(row)
    assert frames.take_row(1, 2, 3) == row
    frames.heard[row] = tone([1000], 0.02, -15)
    frames.say_wide(row, None)
    assert frames.packets["payload"][row].tobytes() == first
