"""The sound of one tick, of all ports at once: matrices with one row per port."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from softswitch.media.codec import TICK_SAMPLES, Codec, Octets, Samples, decode
from softswitch.media.g722 import WideCoder
from softswitch.media.rtp import MARKER

Rows = NDArray[np.intp]
"""Numbers of rows."""

LEVEL_TICKS: Final = 25
"""Ticks over which the level of speech is taken: half a second."""
QUIETEST_DBOV: Final = -91.0
SEAM_TICKS: Final = 5
"""Ticks after which G.722 of another party passes unchanged: 3 are enough for speech and music (tried on prompts)."""

_DECAY: Final = np.array([0.9, 0.75, 0.5, 0.3, 0.0], dtype=np.float32)
"""What each further missing packet makes of the last sound: after 0.1 s it is silence."""
_PACKET: Final = np.dtype(
    [
        ("first", "u1"),
        ("second", "u1"),
        ("sequence", ">u2"),
        ("timestamp", ">u4"),
        ("ssrc", ">u4"),
        ("payload", "u1", (TICK_SAMPLES,)),
    ]
)
PACKET_OCTETS: Final = _PACKET.itemsize


class Frames:
    """Rows are given out by `take_row`. A matrix may move in memory when rows are added."""

    def __init__(self) -> None:
        self._free: list[int] = []
        self._coders: dict[int, WideCoder] = {}
        self._wide: dict[int, bytes] = {}
        """The G.722 of this tick by the row of who said it."""
        self._passing: dict[int, tuple[int | None, int]] = {}
        """Whom a row that sends G.722 hears alone, and for how many ticks."""
        self.speech: Samples = np.zeros((0, TICK_SAMPLES), np.int16)
        self.heard: Samples = np.zeros((0, TICK_SAMPLES), np.int16)
        self.packets: NDArray[np.void] = np.zeros(0, _PACKET)
        self._sequence = np.zeros(0, np.uint16)
        self._timestamp = np.zeros(0, np.uint32)
        self._missing = np.zeros(0, np.intp)
        self._energy = np.zeros((LEVEL_TICKS, 0), np.float32)
        self._resize(64)

    def take_row(self, ssrc: int, sequence: int, timestamp: int) -> int:
        """A free row, silent, whose packets begin with these numbers."""
        if not self._free:
            self._resize(2 * len(self.speech))
        row = self._free.pop()
        self._sequence[row] = sequence
        self._timestamp[row] = timestamp
        self.packets[row] = np.zeros((), _PACKET)
        self.packets["first"][row] = 0x80
        self.packets["sequence"][row] = sequence
        self.packets["timestamp"][row] = timestamp
        self.packets["ssrc"][row] = ssrc
        return row

    def give_back(self, row: int) -> None:
        """The row is free again."""
        self.speech[row] = 0
        self.heard[row] = 0
        self._energy[:, row] = 0
        self._missing[row] = len(_DECAY)
        self._coders.pop(row, None)
        self._passing.pop(row, None)
        self._free.append(row)

    def set_codec(self, row: int, codec: Codec, mark: bool) -> None:
        """What the row's packets say of themselves; `mark` begins a talk spurt (RFC 3551 4.1)."""
        self.packets["second"][row] = codec.payload_type | (MARKER if mark else 0)

    def timestamp(self, row: int) -> int:
        """The RTP time of the row's present tick."""
        return int(self._timestamp[row])

    def sequence(self, row: int) -> int:
        """The sequence number of the row's present packet."""
        return int(self._sequence[row])

    def advance(self, rows: Rows, ticks: int) -> None:
        """Go on to the next packet of `rows`, and by `ticks` in the time of all rows."""
        self._sequence[rows] += 1
        self.packets["second"][rows] &= 0x7F
        self._timestamp += np.uint32(ticks * TICK_SAMPLES)
        self.packets["sequence"] = self._sequence
        self.packets["timestamp"] = self._timestamp

    def hear_packets(self, codec: Codec, rows: list[int], payloads: list[bytes]) -> None:
        """Put the sound of packets into `speech`."""
        if codec is Codec.G722:
            self._hear_wide(rows, payloads)
            return
        octets = np.frombuffer(b"".join(payloads), np.uint8).reshape(-1, TICK_SAMPLES)
        self.speech[rows] = decode(codec, octets)
        self._missing[rows] = 0

    def _hear_wide(self, rows: list[int], payloads: list[bytes]) -> None:
        for row, payload in zip(rows, payloads, strict=True):
            self._wide[row] = payload
            self.speech[row] = self._coder(row).decode(payload)
        self._missing[rows] = 0

    def say_wide(self, row: int, heard_row: int | None) -> None:
        """Put what a row hears into its packet as G.722: unchanged where the one who is heard said it so.

        A decoder that suddenly gets the octets of another encoder can bang at full scale for some milliseconds. So a
        row's encoder hears what passes unchanged, for the tick that is missing, and what passes was encoded by it for
        the first ticks: by then the decoder there is where the speaker's own encoder is.
        """
        octets = self._coder(row).encode(self.heard[row])
        heard_before, ticks = self._passing.get(row, (None, 0))
        ticks = min(ticks + 1, SEAM_TICKS) if heard_row == heard_before else 0
        self._passing[row] = (heard_row, ticks)
        if heard_row is not None and ticks == SEAM_TICKS:
            octets = self._wide.get(heard_row, octets)
        self.packets["payload"][row] = np.frombuffer(octets, np.uint8)

    def forget_wide(self) -> None:
        """Another tick begins."""
        self._wide.clear()

    def _coder(self, row: int) -> WideCoder:
        coder = self._coders.get(row)
        if coder is None:
            coder = self._coders[row] = WideCoder()
        return coder

    def conceal(self, rows: list[int]) -> None:
        """Fill in for packets that are not there: the last sound again, fading out."""
        missing = self._missing[rows]
        gain = _DECAY[np.minimum(missing, len(_DECAY) - 1)]
        self.speech[rows] = (self.speech[rows] * gain[:, None]).astype(np.int16)
        self._missing[rows] = np.minimum(missing + 1, len(_DECAY))

    def measure_speech(self, tick: int) -> None:
        """Keep the energy of this tick's speech."""
        linear = self.speech.astype(np.float32)
        self._energy[tick % LEVEL_TICKS] = np.einsum("ij,ij->i", linear, linear)

    def speech_level(self, row: int) -> float:
        """dBov of the last half second, not below −91. May be asked from any thread."""
        power = float(self._energy[:, row].mean()) / TICK_SAMPLES
        return dbov(power)

    def _resize(self, capacity: int) -> None:
        old = len(self.speech)
        more = capacity - old
        self.speech = np.pad(self.speech, ((0, more), (0, 0)))
        self.heard = np.pad(self.heard, ((0, more), (0, 0)))
        self.packets = _longer(self.packets, capacity)
        self._sequence = np.pad(self._sequence, (0, more))
        self._timestamp = np.pad(self._timestamp, (0, more))
        self._missing = np.pad(self._missing, (0, more), constant_values=len(_DECAY))
        self._energy = np.pad(self._energy, ((0, 0), (0, more)))
        self._free += range(capacity - 1, old - 1, -1)


def _longer(packets: NDArray[np.void], capacity: int) -> NDArray[np.void]:
    """A longer copy. (np.pad and np.concatenate would turn the octets of the headers round.)"""
    longer: NDArray[np.void] = np.zeros(capacity, _PACKET)
    longer[: len(packets)] = packets
    return longer


def dbov(power: float) -> float:
    """The level of a mean square of samples against a full-scale square wave (ITU-T G.100.1), not below −91."""
    if power <= 0:
        return QUIETEST_DBOV
    return max(10 * float(np.log10(power / 32768**2)), QUIETEST_DBOV)


def level_of(sound: Samples | Octets) -> float:
    """dBov of samples."""
    linear = sound.astype(np.float64)
    return dbov(float(np.mean(linear**2)) if len(linear) else 0.0)
