"""The codecs, and G.711 by table look-up, whole ticks at a time (ITU-T G.711; payload types of RFC 3551 table 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
"""Linear sound, 8000 samples a second."""
Octets = NDArray[np.uint8]

SAMPLE_RATE: Final = 8000
TICK_SECONDS: Final = 0.02
TICK_SAMPLES: Final = 160

_MU_BIAS: Final = 132
_MU_CLIP: Final = 32635


class Codec(StrEnum):
    """The codecs the engine speaks."""

    PCMA = "PCMA"
    PCMU = "PCMU"
    G722 = "G722"
    """Not decoded here: see `media.g722`."""

    @property
    def payload_type(self) -> int:
        """The static RTP payload type."""
        return _PAYLOAD_TYPES[self]

    @property
    def silence(self) -> bytes:
        """One tick of silence."""
        return _SILENCE[self]


G711: Final = (Codec.PCMA, Codec.PCMU)


def decode(codec: Codec, octets: Octets) -> Samples:
    """The linear samples of G.711 octets, of the same shape."""
    return _DECODING[codec][octets]


def encode(codec: Codec, samples: Samples) -> Octets:
    """The G.711 octets of linear samples, of the same shape."""
    return _ENCODING[codec][samples.view(np.uint16)]


def _decode_a_law() -> Samples:
    octets = np.arange(256, dtype=np.int32) ^ 0x55
    segment = (octets & 0x70) >> 4
    magnitude = ((octets & 0x0F) << 4) + np.where(segment == 0, 8, 0x108)
    magnitude <<= np.maximum(segment - 1, 0)
    return np.where(octets & 0x80, magnitude, -magnitude).astype(np.int16)


def _decode_mu_law() -> Samples:
    octets = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = ((((octets & 0x0F) << 3) + _MU_BIAS) << ((octets & 0x70) >> 4)) - _MU_BIAS
    return np.where(octets & 0x80, -magnitude, magnitude).astype(np.int16)


def _every_sample() -> NDArray[np.int32]:
    """All 65536 values, placed where their bit pattern as an unsigned number says."""
    return np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)


def _encode_a_law() -> Octets:
    linear = _every_sample() >> 3
    magnitude = np.where(linear >= 0, linear, -linear - 1)
    segment = np.searchsorted(np.array([0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800]), magnitude, side="right")
    mantissa = (magnitude >> np.maximum(segment, 1)) & 0x0F
    mask = np.where(linear >= 0, 0xD5, 0x55)
    return (((segment << 4) | mantissa) ^ mask).astype(np.uint8)


def _encode_mu_law() -> Octets:
    linear = _every_sample()
    magnitude = np.minimum(np.abs(linear), _MU_CLIP) + _MU_BIAS
    segment = np.searchsorted(_MU_BIAS_STEPS, magnitude, side="right")
    mantissa = (magnitude >> (segment + 3)) & 0x0F
    sign = np.where(linear < 0, 0x80, 0)
    octets: Octets = (~(sign | (segment << 4) | mantissa) & 0xFF).astype(np.uint8)
    return octets


_MU_BIAS_STEPS: Final = np.array([1 << (exponent + 8) for exponent in range(7)])
_PAYLOAD_TYPES: Final = {Codec.PCMU: 0, Codec.PCMA: 8, Codec.G722: 9}
_DECODING: Final = {Codec.PCMA: _decode_a_law(), Codec.PCMU: _decode_mu_law()}
_ENCODING: Final = {Codec.PCMA: _encode_a_law(), Codec.PCMU: _encode_mu_law()}
_SILENCE: Final = {codec: bytes([int(_ENCODING[codec][0])]) * TICK_SAMPLES for codec in G711} | {
    Codec.G722: b"\xfa\xfa\xde\xde" * (TICK_SAMPLES // 4)
}
