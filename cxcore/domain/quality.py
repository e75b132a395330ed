"""How a call sounded: the E-model of ITU-T G.107 over what RTCP tells of a side's packets [112].

Everything that RTCP does not measure (loudness, noise, echo) stands at the default of G.107, table 2. `MOS_GOAL` is
what a conversation must reach.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MOS_GOAL = 4.0
_RO, _IS = 94.77, 1.41
"""Basic signal-to-noise ratio and simultaneous impairment at the defaults of G.107."""
_NOISE, _RLR, _TELR, _WEPL = -61.14, 2.0, 65.0, 110.0
_PACKET_MS = 20.0
_BUFFERED_JITTERS = 2.0
"""A jitter buffer of about two mean deviations loses no packet to lateness."""


class MeasuredBy(StrEnum):
    """Whose measure a score is."""

    SWITCH = "switch"
    BORDER = "border"
    """RTCP, as rtpengine saw it go by."""


class Line(StrEnum):
    """By what a party of a conversation is connected with us."""

    TRUNK = "trunk"
    TEAMS = "teams"
    SOFTPHONE = "softphone"
    PHONE = "phone"
    """A device with a SIP address."""


class Codec(StrEnum):
    """What was spoken on the wire."""

    PCMA = "PCMA"
    PCMU = "PCMU"
    G722 = "G722"
    G729 = "G729"
    OPUS = "opus"


@dataclass(frozen=True, slots=True)
class Impairment:
    """Of a codec: its own (Ie), and how well it bears loss (Bpl), with concealment (G.113, appendix I)."""

    own: float
    robustness: float


IMPAIRMENTS: Mapping[Codec, Impairment] = {
    Codec.PCMA: Impairment(0.0, 25.1),
    Codec.PCMU: Impairment(0.0, 25.1),
    Codec.G722: Impairment(0.0, 25.1),
    Codec.G729: Impairment(11.0, 19.0),
    Codec.OPUS: Impairment(0.0, 25.1),
}
"""G.722 and Opus are put at G.711's: the narrow-band scale has no better value for them (G.107.1 has its own scale)."""


@dataclass(frozen=True, slots=True)
class Reception:
    """What one side received. Times in ms; `loss` is the share of its packets that never came, 0 to 1."""

    loss: float
    jitter: float
    round_trip: float
    codec: Codec = Codec.PCMA

    @property
    def one_way(self) -> float:
        """From mouth to ear: half the round trip, one packet, and the buffer that jitter makes necessary."""
        return self.round_trip / 2 + _PACKET_MS + _BUFFERED_JITTERS * self.jitter


def mos_of(reception: Reception) -> float:
    """The mean opinion score, 1 to 4.5, of what this side heard."""
    return mos(rating(reception.loss, reception.one_way, reception.codec))


def rating(loss: float, one_way: float, codec: Codec = Codec.PCMA) -> float:
    """The rating R of G.107 (7-1), for random loss and a delay in ms."""
    return _RO - _IS - _delay_impairment(one_way) - _equipment_impairment(loss, codec)


def mos(rated: float) -> float:
    """MOS of a rating R (G.107, B-4)."""
    if rated <= 0:
        return 1.0
    if rated >= 100:
        return 4.5
    return 1 + 0.035 * rated + rated * (rated - 60) * (100 - rated) * 7e-6


def _equipment_impairment(loss: float, codec: Codec) -> float:
    """Ie,eff (G.107, 7-29) at random loss."""
    impairment, percent = IMPAIRMENTS[codec], 100 * min(max(loss, 0.0), 1.0)
    return impairment.own + (95 - impairment.own) * percent / (percent + impairment.robustness)


def _delay_impairment(one_way: float) -> float:
    """Id (G.107, 7-19 to 7-27): echo at the talker, echo at the listener, and delay itself."""
    return _talker_echo(one_way) + _listener_echo(2 * one_way) + _long_delay(one_way)


def _talker_echo(delay: float) -> float:
    if delay < 1:
        return 0.0
    masked = 40 * math.log10((1 + delay / 10) / (1 + delay / 150)) - 6 * math.exp(-0.3 * delay * delay)
    echo = -1.5 * (_NOISE - _RLR) - (80 + 2.5 * (_TELR - masked - 14))
    return (echo / 2 + math.sqrt(echo * echo / 4 + 100) - 1) * (1 - math.exp(-delay))


def _listener_echo(round_trip: float) -> float:
    echo = _RO - 10.5 * (_WEPL + 7) / math.sqrt(math.sqrt(round_trip + 1))
    return echo / 2 + math.sqrt(echo * echo / 4 + 169)


def _long_delay(delay: float) -> float:
    if delay <= 100:
        return 0.0
    doublings = math.log2(delay / 100)
    return 25 * (math.pow(1 + doublings**6, 1 / 6) - 3 * math.pow(1 + (doublings / 3) ** 6, 1 / 6) + 2)
