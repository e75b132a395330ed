"""G.722 (ITU-T), wide-band sound in 64 kbit/s. What an octet means depends on those before it: a coder for each party.

RTP counts its time in 8000 ticks a second although 16000 samples were taken (RFC 3551, 4.5.2): an octet is a tick. The
engine's own sound has 8000 samples a second; of G.722 it uses what lies in the telephone band. Between two parties that
both speak G.722 the octets pass unchanged, the whole band with them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from G722 import G722

from softswitch.media.codec import SAMPLE_RATE, Samples

BIT_RATE: Final = 64000


class WideCoder:
    """Both ways of one party."""

    def __init__(self) -> None:
        self._decoder = G722(SAMPLE_RATE, BIT_RATE, use_numpy=False)
        self._encoder = G722(SAMPLE_RATE, BIT_RATE, use_numpy=False)

    def decode(self, octets: bytes) -> Samples:
        """The samples that follow those given out last, one an octet."""
        return np.frombuffer(self._decoder.decode(octets), np.int16)

    def encode(self, samples: Samples) -> bytes:
        """The octets that follow those given out last, one a sample."""
        octets: bytes = self._encoder.encode(samples)
        return octets
