"""Who calls whom, and when what happened: the `Caller-…` and `Other-Leg-…` headers (switch_caller.c)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import uuid4


@dataclass(slots=True)
class Times:
    """Microseconds since the epoch; 0 for what did not happen."""

    profile_created: int = 0
    created: int = 0
    answered: int = 0
    progress: int = 0
    progress_media: int = 0
    hungup: int = 0
    transferred: int = 0
    resurrected: int = 0
    bridged: int = 0
    last_hold: int = 0
    hold_accum: int = 0


@dataclass(slots=True)
class CallerProfile:
    """Empty fields make no header."""

    direction: str
    uuid: str
    caller_id_name: str = ""
    caller_id_number: str = ""
    destination_number: str = ""
    logical_direction: str = ""
    username: str = ""
    dialplan: str = "XML"
    context: str = ""
    orig_caller_id_name: str = ""
    orig_caller_id_number: str = ""
    callee_id_name: str = ""
    callee_id_number: str = ""
    network_addr: str = ""
    ani: str = ""
    rdnis: str = ""
    source: str = "mod_sofia"
    channel_name: str = ""
    transfer_source: str = ""
    profile_index: str = "1"
    hidden: bool = False
    """The caller does not want name and number to be shown (`Privacy: id`, RFC 3325)."""
    uuid_str: str = field(default_factory=lambda: str(uuid4()))
    times: Times = field(default_factory=Times)

    def next(self, now: int) -> CallerProfile:
        """The profile after a transfer or a bridge: a fresh index and creation time."""
        times = replace(self.times, profile_created=now)
        return replace(self, profile_index=str(int(self.profile_index) + 1), uuid_str=str(uuid4()), times=times)

    def as_other_leg(self, logical_direction: str) -> CallerProfile:
        """A copy for the leg on the other side, as `switch_caller_profile_clone` makes it: without an index."""
        times = replace(self.times)
        return replace(self, profile_index="", times=times, logical_direction=logical_direction)

    def headers(self, prefix: str) -> dict[str, str]:
        """In FreeSWITCH's order (`switch_caller_profile_event_set_data`)."""
        named = {
            "Username": self.username,
            "Dialplan": self.dialplan,
            "Caller-ID-Name": self.caller_id_name,
            "Caller-ID-Number": self.caller_id_number,
            "Orig-Caller-ID-Name": self.orig_caller_id_name if self.caller_id_name else "",
            "Orig-Caller-ID-Number": self.orig_caller_id_number if self.caller_id_number else "",
            "Callee-ID-Name": self.callee_id_name,
            "Callee-ID-Number": self.callee_id_number,
            "Network-Addr": self.network_addr,
            "ANI": self.ani,
            "Destination-Number": self.destination_number,
            "Unique-ID": self.uuid,
            "Source": self.source,
            "Transfer-Source": self.transfer_source,
            "Context": self.context,
            "RDNIS": self.rdnis,
            "Channel-Name": self.channel_name,
            "Profile-Index": self.profile_index,
        }
        headers = {
            f"{prefix}-Direction": self.direction,
            f"{prefix}-Logical-Direction": self.logical_direction or self.direction,
        }
        headers.update({f"{prefix}-{name}": value for name, value in named.items() if value})
        headers.update(self._instants(prefix))
        headers[f"{prefix}-Screen-Bit"] = "true"
        for flag in ("Privacy-Hide-Name", "Privacy-Hide-Number"):
            headers[f"{prefix}-{flag}"] = "true" if self.hidden else "false"
        return headers

    def _instants(self, prefix: str) -> dict[str, str]:
        times = self.times
        return {
            f"{prefix}-Profile-Created-Time": str(times.profile_created),
            f"{prefix}-Channel-Created-Time": str(times.created),
            f"{prefix}-Channel-Answered-Time": str(times.answered),
            f"{prefix}-Channel-Progress-Time": str(times.progress),
            f"{prefix}-Channel-Progress-Media-Time": str(times.progress_media),
            f"{prefix}-Channel-Hangup-Time": str(times.hungup),
            f"{prefix}-Channel-Transfer-Time": str(times.transferred),
            f"{prefix}-Channel-Resurrect-Time": str(times.resurrected),
            f"{prefix}-Channel-Bridged-Time": str(times.bridged),
            f"{prefix}-Channel-Last-Hold": str(times.last_hold),
            f"{prefix}-Channel-Hold-Accum": str(times.hold_accum),
        }
