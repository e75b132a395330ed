"""G.711 tables."""

import numpy as np
import pytest

from softswitch.media.codec import Codec, decode, encode


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


@pytest.mark.parametrize("codec", list(Codec))
def test_every_octet_survives_decoding_and_encoding(codec: Codec) -> None:
    octets = np.arange(256, dtype=np.uint8)
    if codec is Codec.PCMU:
        octets = octets[octets != 0x7F]  # µ-law has two zeros
    assert (encode(codec, decode(codec, octets)) == octets).all()


@pytest.mark.parametrize("codec", list(Codec))
def test_every_sample_comes_back_within_a_twentieth(codec: Codec) -> None:
    samples = np.arange(-32000, 32000, dtype=np.int16)
    error = np.abs(decode(codec, encode(codec, samples)).astype(int) - samples)
    assert (error <= np.maximum(np.abs(samples.astype(int)) / 20, 8)).all()


def test_payload_types_are_those_of_rfc_3551() -> None:
    assert (Codec.PCMU.payload_type, Codec.PCMA.payload_type) == (0, 8)
