"""How well a port's sound travels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PortQuality:
    """Counts since the port was opened. `remote_…` is what the other side reported by RTCP, if it did."""

    packets_in: int = 0
    packets_out: int = 0
    ignored: int = 0
    """Datagrams that were no RTP of this call: garbage, a foreign source, an unknown payload type."""
    lost: int = 0
    late: int = 0
    duplicates: int = 0
    reordered: int = 0
    jitter_ms: float = 0.0
    mos: float = 4.5
    remote_lost: int | None = None
    remote_jitter_ms: float | None = None
    round_trip_ms: float | None = None


def mean_opinion_score(packets: int, flaws: int) -> float:
    """The estimate that FreeSWITCH makes from received and missing packets (switch_rtp.c, `do_mos`)."""
    expected = packets + flaws
    if expected <= 0:
        return 4.5
    r = 100 * packets // expected
    return round(1 + 0.035 * r + 0.000007 * r * (r - 60) * (100 - r), 2)
