"""Whether rtpengine relays sound, and whether it began anew and so forgot its calls."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cxcore.domain.health import Reading, read_relay
from cxcore.domain.tidings import RelayRestarted, Tiding
from cxcore.monitoring import bencode
from cxcore.ports.clock import Clock

log = logging.getLogger(__name__)

Ask = Callable[[], Mapping[str, Any]]
DOUBT = timedelta(seconds=3)
"""It tells whole seconds, and may take two to answer."""


class RelayWatch:
    """`ask` is for `statistics` of rtpengine's ng protocol. Of one that never answered nothing is told: a site may have
    none."""

    def __init__(self, ask: Ask, clock: Clock, tell: Callable[[Tiding], None]) -> None:
        self._ask, self._clock, self._tell = ask, clock, tell
        self._started_at: datetime | None = None
        self._answers = True

    def look(self) -> None:
        """Ask once."""
        uptime = self._found_uptime()
        if uptime is not None:
            self._answers = True
            self._compare(self._clock.now() - timedelta(seconds=uptime))
        elif self._started_at is not None and self._answers:
            self._answers = False
            log.error("rtpengine does not answer: calls that go by it are silent")

    def _compare(self, started_at: datetime) -> None:
        """One that was only slow to answer still knows its calls."""
        known, self._started_at = self._started_at, started_at
        if known is not None and started_at - known > DOUBT:
            log.warning("rtpengine was started anew and knows no call: every call is offered its sound anew")
            self._tell(RelayRestarted(self._clock.now()))
        elif known is not None:
            self._started_at = known

    def reading(self) -> Reading:
        """How it is."""
        return read_relay(self._answers)

    def _found_uptime(self) -> int | None:
        """In seconds; None when it did not say."""
        try:
            return int(self._ask()["statistics"]["totalstatistics"]["uptime"])
        except (OSError, bencode.Unreadable, KeyError, TypeError, ValueError):
            return None
