"""Digits as named telephone events (RFC 4733), and as tones for parties that know no events (ITU-T Q.23)."""

from __future__ import annotations

import struct
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from softswitch.media.codec import SAMPLE_RATE, TICK_SAMPLES, Samples

DIGITS: Final = "0123456789*#ABCD"
"""The digits in the order of their event codes 0 to 15."""
END_REPEATS: Final = 3
"""An event's last packet is sent this often, because it alone tells that the key was let go (RFC 4733, 2.5.1.4)."""
GAP_TICKS: Final = 3
LONGEST_QUEUE: Final = 256
SILENT_TICKS: Final = 10
"""An event of which nothing was heard for so many ticks is over, though its end was lost."""

_EVENT: Final = struct.Struct("!BBH")
_END: Final = 0x80
_VOLUME: Final = 10
_LONGEST_EVENT: Final = 0xFFFF
_ROWS: Final = (697, 770, 852, 941)
_COLUMNS: Final = (1209, 1336, 1477, 1633)
_KEYS: Final = "123A456B789C*0#D"


@dataclass(frozen=True, slots=True)
class Digit:
    """A key that a party pressed, and for how long."""

    key: str
    duration_ms: int


class DigitReceiver:
    """Makes one `Digit` of the many packets of an event."""

    def __init__(self) -> None:
        self._timestamp: int | None = None
        self._key = ""
        self._duration = 0
        self._ended = True
        self._quiet_ticks = 0

    @property
    def pressed(self) -> bool:
        """Whether a key is down at this moment."""
        return not self._ended

    def receive(self, timestamp: int, payload: bytes) -> list[Digit]:
        """The digits that this packet completes; malformed and unknown events give none."""
        if len(payload) < _EVENT.size:
            return []
        code, flags, duration = _EVENT.unpack_from(payload)
        if code >= len(DIGITS):
            return []
        return self._follow(timestamp, DIGITS[code], duration, bool(flags & _END))

    def tick(self) -> list[Digit]:
        """To be called once a tick: ends an event whose last packets were all lost."""
        if self._ended:
            return []
        self._quiet_ticks += 1
        return self._finish() if self._quiet_ticks > SILENT_TICKS else []

    def _follow(self, timestamp: int, key: str, duration: int, end: bool) -> list[Digit]:
        digits: list[Digit] = []
        if timestamp != self._timestamp:
            if self._timestamp is not None and (timestamp - self._timestamp) % 2**32 >= 2**31:
                return []
            digits += self._finish()
            self._timestamp, self._key, self._ended, self._duration = timestamp, key, False, 0
        self._quiet_ticks = 0
        self._duration = max(self._duration, duration)
        return digits + self._finish() if end else digits

    def _finish(self) -> list[Digit]:
        if self._ended:
            return []
        self._ended = True
        return [Digit(self._key, self._duration * 1000 // SAMPLE_RATE)]


@dataclass(frozen=True, slots=True)
class EventPacket:
    """The payload to send in place of sound, with the timestamp at which its event began."""

    payload: bytes
    timestamp: int
    marker: bool


class DigitSender:
    """Says tick by tick what is to be sent for the digits that wait."""

    def __init__(self) -> None:
        self._waiting: deque[Digit] = deque()
        self._digit: Digit | None = None
        self._started_at = 0
        self._age_ticks = 0
        self._pause_ticks = 0

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is being sent."""
        return self._digit is None and not self._waiting and not self._pause_ticks

    def add(self, digits: str, duration_ms: int) -> None:
        """Let digits wait for their turn; characters that are no digits, and more than 256 waiting, are left out."""
        for key in digits.upper():
            if key in DIGITS and len(self._waiting) < LONGEST_QUEUE:
                self._waiting.append(Digit(key, max(duration_ms, 40)))

    def event(self, timestamp: int) -> EventPacket | None:
        """The event packet of the tick with this RTP timestamp, None in the pause between digits."""
        if self._pausing() or not self._begin(timestamp):
            return None
        self._age_ticks += 1
        digit = self._digit
        if digit is None:
            return None
        ticks = max(-(-digit.duration_ms // 20), 2)
        sending_end = self._age_ticks >= ticks
        packet = self._packet(digit, min(self._age_ticks, ticks), sending_end)
        if self._age_ticks >= ticks + END_REPEATS - 1:
            self._let_go()
        return packet

    def tone(self) -> Samples | None:
        """The sound of this tick for a party that knows no events, None in the pause between digits."""
        if self._pausing() or not self._begin(0):
            return None
        digit = self._digit
        if digit is None:
            return None
        frame = tone_of(digit.key, self._age_ticks * TICK_SAMPLES)
        self._age_ticks += 1
        if self._age_ticks * 20 >= digit.duration_ms:
            self._let_go()
        return frame

    def _pausing(self) -> bool:
        if not self._pause_ticks:
            return False
        self._pause_ticks -= 1
        return True

    def _begin(self, timestamp: int) -> bool:
        if self._digit is None and self._waiting:
            self._digit = self._waiting.popleft()
            self._started_at = timestamp
            self._age_ticks = 0
        return self._digit is not None

    def _packet(self, digit: Digit, ticks: int, end: bool) -> EventPacket:
        duration = min(ticks * TICK_SAMPLES, _LONGEST_EVENT)
        payload = _EVENT.pack(DIGITS.index(digit.key), _VOLUME | (_END if end else 0), duration)
        return EventPacket(payload, self._started_at, marker=self._age_ticks == 1)

    def _let_go(self) -> None:
        self._digit = None
        self._pause_ticks = GAP_TICKS


def tone_of(key: str, offset: int) -> Samples:
    """One tick of the two tones of a key, beginning `offset` samples after it was pressed."""
    place = _KEYS.index(key)
    seconds = (offset + np.arange(TICK_SAMPLES)) / SAMPLE_RATE
    low, high = _ROWS[place // 4], _COLUMNS[place % 4]
    wave = np.sin(2 * np.pi * low * seconds) + np.sin(2 * np.pi * high * seconds)
    return (wave * 6000).astype(np.int16)
