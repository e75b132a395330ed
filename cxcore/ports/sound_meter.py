"""What the core asks of whoever relays the sound of calls: how well it came over [112]."""

from __future__ import annotations

from typing import Protocol

from cxcore.domain.leg import LegId


class SoundMeter(Protocol):
    """Never waited for: the outcome comes into the inbox."""

    def measure(self, leg_id: LegId, call_id: str) -> bool:
        """Find out how a call that has ended sounded; `SoundMeasured` follows, always and within seconds.

        False when nothing follows, because nobody relays sound or too many wait.
        """


class NoSoundMeter:
    """Where no sound goes by the border."""

    def measure(self, leg_id: LegId, call_id: str) -> bool:
        """Nothing follows."""
        return False


NO_SOUND_METER = NoSoundMeter()
