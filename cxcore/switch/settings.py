"""What the adapter must know of a site's switch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SwitchSettings:
    """Where the Event Socket is, and what the switch calls its ways out.

    `sip_profile` is the SIP profile that reaches devices, `gateway` the trunk for phone numbers (None: no trunk,
    dialling a number is refused), `hold_music` what a waiting caller hears, as the switch plays it
    (`local_stream://NAME`).
    """

    host: str = "127.0.0.1"
    port: int = 8021
    password: str = ""
    sip_profile: str = "cx"
    gateway: str | None = None
    sbc: str | None = None
    """Host and port of the SBC, by which softphones and Teams are reached."""
    hold_music: str = "local_stream://wachtmuziek"
    codecs: tuple[str, ...] = ("G722", "PCMA", "PCMU")
    """What the switch speaks, the preferred one first."""

    def __repr__(self) -> str:
        """Without the password, which must not reach a log."""
        return f"SwitchSettings({self.address}, profile {self.sip_profile}, gateway {self.gateway})"

    @property
    def address(self) -> str:
        """Host and port for messages; an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
