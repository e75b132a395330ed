"""Whether rtpengine relays sound, and whether it began anew and so forgot its calls."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from cxcore.domain.events import RelayRestarted, Tiding
from cxcore.domain.health import Reading, read_relay
from cxcore.monitoring import bencode
from cxcore.ports.clock import Clock

log = logging.getLogger(__name__)

Ask = Callable[[], Mapping[str, Any]]


class RelayWatch:
    """`ask` is for `statistics` of rtpengine's ng protocol. Of one that never answered nothing is told: a site may have
    none."""

    def __init__(self, ask: Ask, clock: Clock, tell: Callable[[Tiding], None]) -> None:
        self._ask, self._clock, self._tell = ask, clock, tell
        self._uptime: int | None = None
        self._answers = True

    def look(self) -> None:
        """Ask once."""
        uptime = self._found_uptime()
        if self._uptime is None and uptime is None:
            return
        began_anew = uptime is not None and self._uptime is not None and (not self._answers or uptime < self._uptime)
        if uptime is None and self._answers:
            log.error("rtpengine does not answer: calls that go by it are silent")
        self._answers = uptime is not None
        self._uptime = self._uptime if uptime is None else uptime
        if began_anew:
            log.warning("rtpengine answers again and knows no call: every call is offered its sound anew")
            self._tell(RelayRestarted(self._clock.now()))

    def reading(self) -> Reading:
        """How it is."""
        return read_relay(self._answers)

    def _found_uptime(self) -> int | None:
        """In seconds; None when it did not say."""
        try:
            return int(self._ask()["statistics"]["totalstatistics"]["uptime"])
        except (OSError, bencode.Unreadable, KeyError, TypeError, ValueError):
            return None
