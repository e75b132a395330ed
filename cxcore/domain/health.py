"""How the system is: its parts, what their state means for callers, and the shape that /healthz shows.

A part is healthy or not, since an instant, for a reason. Without a vital part no call is handled: then the system is
down. Without another one calls go on, but something is missing or will be soon: then it is degraded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cxcore.domain.quality import MOS_GOAL

LEAST_FREE_SHARE = 0.05
LEAST_FREE_BYTES = 500_000_000
LONGEST_UNENCRYPTED_SECONDS = 900.0
DEEPEST_INBOX_SHARE = 0.25
"""A quarter of the inbox's size: at 20,000 events per second it is worked off in moments, so more means it is stuck."""

CERTIFICATE_NOTICE = timedelta(days=10)
"""Public ones last 200 days in 2026 and 47 in 2029 (CA/Browser Forum SC-081v3); a program has renewed them by then."""


class PartName(StrEnum):
    """What is watched."""

    SWITCH = "switch"
    CORE = "core"
    """The link of a web process to the core."""
    DATABASE = "database"
    DISK = "disk"
    INBOX = "inbox"
    RECORDINGS = "recordings"
    ALERTS = "alerts"
    """Mail and webhook about alarms."""
    SBC = "sbc"
    TRUNK = "trunk"
    """The provider's line."""
    TEAMS = "teams"
    RELAY = "relay"
    """rtpengine."""
    CERTIFICATE = "certificate"
    """Of the SBC or the pages."""
    SOUND = "sound"
    """How the conversations of the last half hour sounded."""


VITAL = frozenset({PartName.SWITCH.value, PartName.CORE.value})


class HealthStatus(StrEnum):
    """From best to worst."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a part was found to be just now; `reason` is empty when all is well."""

    part: str
    healthy: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part, and since when it is as it is (aware UTC)."""

    name: str
    healthy: bool
    since: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """All parts, as they were `at` that instant (aware UTC)."""

    at: datetime
    parts: tuple[Part, ...] = ()

    @property
    def status(self) -> HealthStatus:
        """What the parts mean together."""
        ailing = {part.name for part in self.parts if not part.healthy}
        if ailing & VITAL:
            return HealthStatus.DOWN
        return HealthStatus.DEGRADED if ailing else HealthStatus.HEALTHY

    @property
    def http_status(self) -> int:
        """503 tells a load balancer to look elsewhere; a degraded system is still the best there is."""
        return 503 if self.status is HealthStatus.DOWN else 200

    def to_json(self) -> dict[str, Any]:
        """The body of /healthz: `status`, `at` and per part `healthy`, `since`, `reason`; instants as ISO 8601."""
        return {
            "status": self.status.value,
            "at": self.at.isoformat(timespec="seconds"),
            "parts": {part.name: _part_json(part) for part in self.parts},
        }


def take_stock(previous: Health | None, readings: Iterable[Reading], now: datetime) -> Health:
    """The health after the readings. A part as healthy as before keeps its `since`; reasons are the new ones."""
    before = {part.name: part for part in previous.parts} if previous else {}
    return Health(now, tuple(_part(before.get(reading.part), reading, now) for reading in readings))


def read_switch(connected: bool, reason: str = "") -> Reading:
    """Whether the core holds a connection to the switch; `reason` is the adapter's."""
    return _reading(PartName.SWITCH, connected, reason or "the switch is not connected")


def read_core(connected: bool) -> Reading:
    """Whether a web process hears from the core."""
    return _reading(PartName.CORE, connected, "the core is not heard from")


def read_database(writing: bool) -> Reading:
    """Whether facts are being written (`ContactLog.healthy`)."""
    return _reading(PartName.DATABASE, writing, "facts are held back, because the database does not take them")


def read_disk(free_bytes: int, total_bytes: int) -> Reading:
    """Whether the disk that holds database and recordings has room for what comes."""
    share = free_bytes / total_bytes if total_bytes else 0.0
    enough = share >= LEAST_FREE_SHARE and free_bytes >= LEAST_FREE_BYTES
    return _reading(PartName.DISK, enough, f"{free_bytes // 1_000_000} MB ({share:.0%}) free; make room")


def read_inbox(depth: int, size: int) -> Reading:
    """Whether the core keeps up with what happens; `size` is what the inbox can hold."""
    keeps_up = depth <= size * DEEPEST_INBOX_SHARE
    return _reading(PartName.INBOX, keeps_up, f"{depth} of {size} places taken: the core does not keep up")


def read_recordings(missed: str, oldest_seconds: float) -> Reading:
    """Whether calls are recorded, and encrypted soon. `missed` says why one was not, of late; `oldest_seconds` is how
    long a recording that is over waits to be encrypted."""
    if missed:
        return _reading(PartName.RECORDINGS, False, f"calls are not recorded: {missed}")
    behind = oldest_seconds > LONGEST_UNENCRYPTED_SECONDS
    reason = f"recordings wait for {oldest_seconds / 60:.0f} minutes to be encrypted; see recorder.log"
    return _reading(PartName.RECORDINGS, not behind, reason)


def read_alerts(fault: str, lines: str = "") -> Reading:
    """Whether people are told of alarms elsewhere than on the screens, and what is written in chats by a messaging
    service leaves; `fault` and `lines` say why one could not be told, or sent."""
    if lines and not fault:
        return _reading(PartName.ALERTS, False, f"chats by WhatsApp are not sent: {lines}")
    return _reading(PartName.ALERTS, not fault, f"alarms are not told by mail or webhook: {fault}")


def read_sbc(answers: bool) -> Reading:
    """Whether the SBC says how trunk and Teams are."""
    return _reading(PartName.SBC, answers, "the SBC does not answer: no call comes in or goes out")


def read_places(part: PartName, states: Mapping[str, str]) -> Reading:
    """Whether the addresses of the trunk, or of Teams, answer; `states` gives `away` for those that do not."""
    away = sorted(address for address, state in states.items() if state == "away")
    if len(away) < len(states):
        return _reading(part, not away, f"{', '.join(away)} does not answer; calls go by the others")
    return _reading(part, not states, "none of its addresses answers")


def read_relay(answers: bool) -> Reading:
    """Whether rtpengine relays sound."""
    return _reading(PartName.RELAY, answers, "rtpengine does not answer: softphones and Teams have no sound")


def read_certificate(ends: Mapping[str, datetime], now: datetime) -> Reading:
    """Whether certificates last a while; `ends` says by whose until when (aware UTC), and is not empty."""
    whose, end = min(ends.items(), key=lambda each: each[1])
    reason = f"the certificate of {whose} {'ends' if end > now else 'ended'} on {end:%Y-%m-%d}; renew it"
    return _reading(PartName.CERTIFICATE, end - now >= CERTIFICATE_NOTICE, reason)


def read_sound(mean: float | None) -> Reading:
    """Whether conversations sounded well of late [112]; `mean` is of the last half hour, None when too little was."""
    well = mean is None or mean >= MOS_GOAL
    return _reading(PartName.SOUND, well, f"conversations have a MOS of {mean or 0:.1f}, {MOS_GOAL} is the goal")


def _reading(part: PartName, healthy: bool, reason: str) -> Reading:
    return Reading(part.value, healthy, "" if healthy else reason)


def _part(before: Part | None, reading: Reading, now: datetime) -> Part:
    since = before.since if before and before.healthy is reading.healthy else now
    return Part(reading.part, reading.healthy, since, reading.reason)


def _part_json(part: Part) -> dict[str, Any]:
    return {"healthy": part.healthy, "since": part.since.isoformat(timespec="seconds"), "reason": part.reason}
