"""Where the media engine listens and how patient it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Addresses to bind, the port range (even ports carry RTP, the next one RTCP) and time limits in seconds.

    `ipv6` None switches IPv6 off. `rtp_timeout_seconds` is what a new port starts with; None waits for ever.
    """

    ipv4: str = "127.0.0.1"
    ipv6: str | None = "::1"
    port_min: int = 20000
    port_max: int = 29998
    rtp_timeout_seconds: float | None = None
    stall_seconds: float = 2.0
    rtcp_interval_seconds: float = 5.0
