"""The sound of many legs in one thread: every leg says a tone and keeps what it hears, with the kernel's time stamps.

Instants are seconds of the real-time clock. An arrival is when the kernel got the packet, so a busy thread delays
nothing that is measured.
"""

from __future__ import annotations

import selectors
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from softswitch.media import Codec
from softswitch.media.codec import Samples, decode, encode
from softswitch.media.datagrams import ask_for_arrival_times
from softswitch.media.frames import level_of
from softswitch.media.rtp import RtpPacket, parse
from softswitch.media.sources import tone

FRAME, TICK_SECONDS = 160, 0.02
DIGITS_PAYLOAD_TYPE = 101
LOUD_DBOV = -40.0
DIGIT_PACKETS, LAST_PACKETS = 5, 3
"""A key of 100 ms, whose last packet is sent three times: RFC 4733, 2.5."""
CONTROL_OCTETS = 64


def now() -> float:
    """The clock that the kernel stamps packets with."""
    return time.clock_gettime(time.CLOCK_REALTIME)


def arrival_of(control: Sequence[tuple[int, int, bytes]]) -> float:
    """When the kernel got a datagram (SO_TIMESTAMPNS, socket(7))."""
    seconds, nanoseconds = struct.unpack("qq", control[0][2][:16])
    return float(seconds + nanoseconds * 1e-9)


def speech(hertz: int) -> bytes:
    """20 ms of a tone; a multiple of 50 Hz goes on without a seam in the next packet."""
    return encode(Codec.PCMA, tone([hertz], TICK_SECONDS, -15)).tobytes()


def samples_of(payloads: Sequence[bytes]) -> Samples:
    """The linear samples of packets of G.711."""
    return decode(Codec.PCMA, np.frombuffer(b"".join(payloads), np.uint8))


def is_loud(payload: bytes) -> bool:
    """Whether a packet is more than silence."""
    return bool(level_of(samples_of([payload])) > LOUD_DBOV)


def is_tone(payload: bytes, hertz: int) -> bool:
    """Whether most of the power of one loud packet lies in this tone, a multiple of 50 Hz."""
    samples = samples_of([payload]).astype(np.float64)
    wave = np.exp(-2j * np.pi * hertz / 8000 * np.arange(samples.size))
    power = float(np.sum(samples**2)) * samples.size
    return is_loud(payload) and 2 * abs(complex(samples @ wave)) ** 2 > power / 2


@dataclass(eq=False, slots=True)
class Voice:
    """One leg's sound: `heard` is arrival and payload of each packet of sound that came."""

    payload: bytes
    ssrc: int
    udp: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    remote: tuple[str, int] | None = None
    heard: list[tuple[float, bytes]] = field(default_factory=list)
    _sequence: int = 0
    _timestamp: int = 0
    _digit: Iterator[RtpPacket] = field(default_factory=lambda: iter(()))

    def __post_init__(self) -> None:
        self.udp.bind(("127.0.0.1", 0))
        self.udp.setblocking(False)
        ask_for_arrival_times(self.udp)

    @property
    def port(self) -> int:
        """Where it hears."""
        return int(self.udp.getsockname()[1])

    def press(self, key: int) -> None:
        """Send a key from the next packet on."""
        self._digit = self._digit_packets(key)

    def first(self, hertz: int | None = None, since: float = 0.0) -> float | None:
        """When the first loud packet came, or the first with this tone; None when none has come yet."""
        for arrived, payload in list(self.heard):
            if arrived >= since and (is_loud(payload) if hertz is None else is_tone(payload, hertz)):
                return arrived
        return None

    def tick(self) -> None:
        """Send one packet."""
        if self.remote is None:
            return
        self._timestamp += FRAME
        packet = next(self._digit, None) or RtpPacket(8, 0, self._timestamp, self.ssrc, self.payload)
        self._sequence = (self._sequence + 1) % 65536
        packet.sequence = self._sequence
        self.udp.sendto(packet.pack(), self.remote)

    def receive(self) -> None:
        """Take one packet."""
        try:
            datagram, control, _, _ = self.udp.recvmsg(2048, CONTROL_OCTETS)
        except OSError:  # the voice was dropped since its packet was seen
            return
        packet = parse(datagram)
        if packet is not None and len(packet.payload) == FRAME:
            self.heard.append((arrival_of(control), packet.payload))

    def _digit_packets(self, key: int) -> Iterator[RtpPacket]:
        began = self._timestamp + FRAME
        for step in (*range(1, DIGIT_PACKETS + 1), *[DIGIT_PACKETS] * LAST_PACKETS):
            last = step == DIGIT_PACKETS
            payload = struct.pack("!BBH", key, 0x8A if last else 0x0A, step * FRAME)
            yield RtpPacket(DIGITS_PAYLOAD_TYPE, 0, began, self.ssrc, payload, marker=step == 1)


class SoundRoom:
    """The thread of all voices."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._voices: list[Voice] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def voice(self, hertz: int) -> Voice:
        """A voice that says this tone as soon as it knows where to."""
        voice = Voice(speech(hertz), len(self._voices) + 1)
        with self._lock:
            self._voices.append(voice)
            self._selector.register(voice.udp, selectors.EVENT_READ, voice)
        return voice

    def drop(self, voice: Voice) -> None:
        """The call is over."""
        with self._lock:
            if voice in self._voices:
                self._voices.remove(voice)
                self._selector.unregister(voice.udp)
                voice.udp.close()

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        self._thread.join(2)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._closing.is_set():
            due = max(due + TICK_SECONDS, time.monotonic() - 5 * TICK_SECONDS)
            with self._lock:
                for voice in self._voices:
                    voice.tick()
            self._listen(due)

    def _listen(self, until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            ready = self._selector.select(left)
            with self._lock:
                for key, _ in ready:
                    key.data.receive()
