"""A meter that keeps what it is asked; the test tells the outcomes (port `cxcore.ports.sound_meter`)."""

from __future__ import annotations

from collections.abc import Callable

from cxcore.domain.leg import LegId
from cxcore.domain.quality import Line, Reception
from cxcore.domain.tidings import SoundMeasured, Tiding
from cxcore.ports.clock import Clock


class FakeSoundMeter:
    """Implements `SoundMeter`. `asked` holds legs and the calls that they were."""

    def __init__(self, tell: Callable[[Tiding], None], clock: Clock) -> None:
        self._tell, self._clock = tell, clock
        self.asked: list[tuple[LegId, str]] = []

    def measure(self, leg_id: LegId, call_id: str) -> bool:
        """See `SoundMeter`; `tells` gives the outcome."""
        self.asked.append((leg_id, call_id))
        return True

    def tells(self, sent: Reception | None = None, heard: Reception | None = None, line: Line | None = None) -> None:
        """The oldest of what was asked has this outcome."""
        leg_id, _ = self.asked.pop(0)
        self._tell(SoundMeasured(self._clock.now(), leg_id, sent, heard, line))
