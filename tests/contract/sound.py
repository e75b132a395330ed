"""Sound for tests: G.711, G.722, tones, what was heard in each half second, and an RTP stream that sends and listens.

G.711 and G.722 after ITU-T, RTP after RFC 3550/3551, digits after RFC 4733. Level 0 dBov is a full-scale square wave
(RFC 6465), so a full-scale sine reads -3.
"""

from __future__ import annotations

import math
import select
import socket
import struct
import threading
import time
import wave
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import G722 as wideband
import numpy as np
from numpy.typing import NDArray

RATE = 8000
FRAME = 160
TICK_SECONDS = 0.02
SILENCE_DBOV = -50.0

Samples = NDArray[np.int16]

PCMU, PCMA, G722 = 0, 8, 9
SO_TIMESTAMPNS = 35
"""Of Linux, <asm-generic/socket.h>: the kernel says when each packet came."""
DIGITS = "0123456789*#ABCD"

TONES = (400, 425, 480, 550, 630, 700, 790, 880, 980, 1100, 1230, 1370, 1500, 1700, 1900, 2150, 2500)
"""Frequencies in Hz that tests tell apart; none is a multiple of another within the tolerance of 15 Hz."""


def _alaw_table() -> Samples:
    codes = np.arange(256) ^ 0x55
    segment, mantissa = (codes >> 4) & 7, codes & 15
    plain = np.where(segment == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(segment - 1, 0))
    return np.where(codes & 0x80, plain, -plain).astype(np.int16)


def _ulaw_table() -> Samples:
    codes = ~np.arange(256) & 0xFF
    plain = ((((codes & 15) << 3) + 0x84) << ((codes >> 4) & 7)) - 0x84
    return np.where(codes & 0x80, -plain, plain).astype(np.int16)


DECODE: dict[int, Samples] = {PCMA: _alaw_table(), PCMU: _ulaw_table()}


def _encode_table(payload_type: int) -> NDArray[np.uint8]:
    """Code of each 16-bit sample, indexed by the sample + 32768: the nearest value that the code can say."""
    values = DECODE[payload_type].astype(np.int32)
    order = np.argsort(values, kind="stable")
    middles = (values[order][1:] + values[order][:-1]) / 2
    return order[np.searchsorted(middles, np.arange(-32768, 32768))].astype(np.uint8)


SOUND = (PCMU, PCMA, G722)
ENCODE: dict[int, NDArray[np.uint8]] = {payload_type: _encode_table(payload_type) for payload_type in DECODE}


def encode(samples: Samples, payload_type: int) -> bytes:
    """Octets of G.711."""
    return ENCODE[payload_type][samples.astype(np.int32) + 32768].tobytes()


def tone(frequency: float, seconds: float, amplitude: float = 0.25, rate: int = RATE) -> Samples:
    time_axis = np.arange(round(seconds * rate)) / rate
    return (np.sin(2 * math.pi * frequency * time_axis) * amplitude * 32767).astype(np.int16)


def write_wav(path: Path, samples: Samples, rate: int = RATE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def read_wav(path: Path) -> tuple[int, list[Samples]]:
    """Rate and the channels of a WAV file."""
    with wave.open(str(path), "rb") as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)
        return file.getframerate(), [raw[channel :: file.getnchannels()] for channel in range(file.getnchannels())]


def level(samples: Samples) -> float:
    """Level in dBov; -120 for nothing at all."""
    if not samples.size:
        return -120.0
    power = float(np.mean(samples.astype(np.float64) ** 2)) / 32768**2
    return 10 * math.log10(max(power, 1e-12))


def tones_in(samples: Samples, rate: int = RATE, threshold_dbov: float = -40.0) -> set[int]:
    """Which of TONES are in there, each at least so loud."""
    if samples.size < rate // 20:
        return set()
    window = np.hanning(samples.size)
    spectrum = np.abs(np.fft.rfft(samples / 32768 * window)) ** 2
    power = spectrum * 2 / (float(np.sum(window**2)) * samples.size)
    width = rate / samples.size
    return {hertz for hertz in TONES if _band(power, width, hertz) >= threshold_dbov}


def pitch(samples: Samples, rate: int = RATE) -> float:
    """The loudest frequency in Hz; 0 for silence."""
    if level(samples) < SILENCE_DBOV:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(np.argmax(spectrum)) * rate / samples.size


def _band(power: NDArray[np.float64], width: float, hertz: int) -> float:
    reach = max(15.0, 2 * width)
    band = power[round((hertz - reach) / width) : round((hertz + reach) / width) + 1]
    return 10 * math.log10(max(float(np.sum(band)), 1e-12))


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in a stretch of time. Packets that did not come count as silence."""

    samples: Samples
    packets: int
    seconds: float

    @property
    def level(self) -> float:
        return level(self.samples)

    @property
    def tones(self) -> set[int]:
        return tones_in(self.samples)

    @property
    def silent(self) -> bool:
        return self.level < SILENCE_DBOV

    def half_seconds(self, every_seconds: float = 0.5) -> list[Heard]:
        """Each half second in it; they overlap when there is one `every_seconds`."""
        length, step = RATE // 2, round(RATE * every_seconds)
        starts = range(0, self.samples.size - length + 1, step)
        return [Heard(self.samples[start : start + length], 0, 0.5) for start in starts]


def _arrived(extras: Sequence[tuple[int, int, bytes]]) -> float:
    """The moment of `time.monotonic()` at which the kernel had the packet, however late it is read."""
    now = time.monotonic()
    for layer, kind, value in extras:
        if (layer, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = map(float, struct.unpack("@ll", value[:16]))
            return now - max(time.clock_gettime(time.CLOCK_REALTIME) - seconds - nanoseconds / 1e9, 0.0)
    return now


@dataclass(frozen=True, slots=True)
class Packet:
    """`arrived` is a moment of `time.monotonic()`, the rest is of RFC 3550."""

    arrived: float
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False

    @property
    def samples(self) -> Samples:
        """Its sound; none of keys."""
        return decode([self])


def decode(packets: Sequence[Packet]) -> Samples:
    """The sound of packets one after another; those of keys have none."""
    parts = [np.zeros(0, np.int16)]
    wide = wideband.G722(RATE, 64000, use_numpy=False)
    for packet in packets:
        if packet.payload_type == G722:
            parts.append(np.array(wide.decode(packet.payload), np.int16))
        elif packet.payload_type in DECODE:
            parts.append(DECODE[packet.payload_type][np.frombuffer(packet.payload, np.uint8)])
    return np.concatenate(parts)


@dataclass(slots=True)
class RtpStream:
    """One party's sound: sends what it is told (silence otherwise), keeps what it hears."""

    host: str = "127.0.0.1"
    payload_type: int = PCMA
    digits_payload_type: int = 101
    remote: tuple[str, int] | None = None
    sending: bool = True
    packets: list[Packet] = field(default_factory=list)
    digits: list[str] = field(default_factory=list)
    said: deque[bytes] = field(default_factory=lambda: deque(maxlen=500))
    """The payloads of the last ten seconds."""
    _wide: wideband.G722 = field(default_factory=lambda: wideband.G722(RATE, 64000))
    _socket: socket.socket = field(init=False)
    _closing: threading.Event = field(default_factory=threading.Event)
    _speech: Samples = field(default_factory=lambda: np.zeros(FRAME, np.int16))
    _position: int = 0
    _keys: list[tuple[str, int]] = field(default_factory=list)
    _sequence: int = 100
    _timestamp: int = 8000
    _last_digit_timestamp: int = -1
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._socket = self._bound_socket()
        self._thread = threading.Thread(target=self._run, name="rtp", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def say(self, frequency: float | None, amplitude: float = 0.25) -> None:
        """Send this tone from now on; None is silence."""
        whole_second = np.zeros(RATE, np.int16) if frequency is None else tone(frequency, 1.0, amplitude)
        self._speech = whole_second

    def press(self, digits: str, milliseconds: int = 100) -> None:
        """Send keys as RFC 4733 events, one after the other."""
        for digit in digits:
            self._keys.append((digit, milliseconds))

    def stop(self) -> None:
        """Let the thread come to its end; `close` waits for that."""
        self._closing.set()

    def close(self) -> None:
        self.stop()
        self._thread.join(1)
        self._socket.close()

    def _bound_socket(self) -> socket.socket:
        bound = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET, socket.SOCK_DGRAM)
        bound.bind((self.host, 0))
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        return bound

    # -- listening

    def hear(self, seconds: float) -> Heard:
        """Listen for so long, from now."""
        first = len(self.packets)
        time.sleep(seconds)
        return self._heard(self.packets[first:], seconds)

    def hear_tone(self, hertz: int, timeout: float = 10.0) -> Heard:
        """Listen until this tone is heard and no other; the last 200 ms then. Fails at the time-out."""
        return self._listen_until(f"{hertz} Hz", lambda heard: heard.tones == {hertz}, timeout)

    def hear_tones(self, hertz: set[int], timeout: float = 10.0) -> Heard:
        """Listen until just these tones are heard; the last 200 ms then. Fails at the time-out."""
        return self._listen_until(f"{sorted(hertz)} Hz", lambda heard: heard.tones == hertz, timeout)

    def hear_pitch(self, hertz: float, timeout: float = 10.0) -> Heard:
        """Wait until the loudest of what is heard has this pitch, which need not be one of TONES."""
        return self._listen_until(f"{hertz} Hz", lambda heard: abs(pitch(heard.samples) - hertz) <= 5, timeout)

    def hear_among(self, hertz: int, timeout: float = 10.0) -> Heard:
        """Listen until this tone is heard, whatever else is; the last 200 ms then. Fails at the time-out."""
        return self._listen_until(f"{hertz} Hz among others", lambda heard: hertz in heard.tones, timeout)

    def _listen_until(self, what: str, test: Callable[[Heard], bool], timeout: float) -> Heard:
        deadline = time.monotonic() + timeout
        while True:
            time.sleep(0.05)
            now = time.monotonic()
            recent = [packet for packet in self.packets[-20:] if packet.arrived >= now - 0.2]
            heard = self._heard(recent, 0.2)
            if len(recent) >= 9 and test(heard):
                return heard
            assert now < deadline, f"{what} not heard in {timeout} s; at the end {heard} in {len(recent)} packets"

    def wait_silence(self, timeout: float = 3.0) -> bool:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.hear(0.2).silent:
                return True
        return False

    def heard_since(self, moment: float) -> Heard:
        """All that came since a moment of `time.monotonic()`."""
        taken = [packet for packet in self.packets if packet.arrived >= moment]
        return self._heard(taken, time.monotonic() - moment)

    def longest_gap(self, moment: float) -> float:
        """Seconds between two packets at most, since a moment of `time.monotonic()`."""
        arrivals = [packet.arrived for packet in self.packets if packet.arrived >= moment] + [time.monotonic()]
        return max((later - earlier for earlier, later in zip(arrivals, arrivals[1:], strict=False)), default=1e9)

    def _heard(self, packets: Sequence[Packet], seconds: float) -> Heard:
        sound = [packet for packet in packets if packet.payload_type in SOUND]
        samples = decode(sound)
        missing = max(round((seconds - 0.1) * RATE) - samples.size, 0)
        return Heard(np.concatenate([samples, np.zeros(missing, np.int16)]), len(sound), seconds)

    # -- the thread

    def _run(self) -> None:
        following = time.monotonic()
        while not self._closing.is_set():
            readable, _, _ = select.select([self._socket], [], [], max(following - time.monotonic(), 0))
            if readable:
                self._receive()
            if time.monotonic() >= following:
                following += TICK_SECONDS
                self._send_tick()

    def _receive(self) -> None:
        try:
            raw, extras, _, _ = self._socket.recvmsg(2048, socket.CMSG_SPACE(16))
        except (BlockingIOError, ConnectionError):
            return
        if len(raw) < 12 or raw[0] >> 6 != 2:
            return
        start = 12 + 4 * (raw[0] & 15)
        sequence, timestamp, ssrc = struct.unpack("!HII", raw[2:12])
        marker = bool(raw[1] & 0x80)
        packet = Packet(_arrived(extras), raw[1] & 127, sequence, timestamp, ssrc, raw[start:], marker)
        self.packets.append(packet)
        if packet.payload_type == self.digits_payload_type:
            self._take_digit(packet)

    def _take_digit(self, packet: Packet) -> None:
        event, flags, _ = struct.unpack("!BBH", packet.payload[:4])
        if flags & 0x80 and packet.timestamp != self._last_digit_timestamp:
            self._last_digit_timestamp = packet.timestamp
            self.digits.append(DIGITS[event])

    def _send_tick(self) -> None:
        if self.remote is None or not self.sending:
            return
        if self._keys:
            digit, milliseconds = self._keys.pop(0)
            self._send_digit(digit, milliseconds)
            return
        self._send_packet(self.payload_type, self._encode(self._next_frame()))
        self._timestamp += FRAME

    def _encode(self, frame: Samples) -> bytes:
        payload: bytes = self._wide.encode(frame) if self.payload_type == G722 else encode(frame, self.payload_type)
        self.said.append(payload)
        return payload

    def _next_frame(self) -> Samples:
        speech, start = self._speech, self._position % self._speech.size
        self._position = start + FRAME
        return speech[start : start + FRAME]

    def _send_digit(self, digit: str, milliseconds: int) -> None:
        """The whole event at its own pace: a packet each 20 ms, then the end three times (RFC 4733, 2.5)."""
        steps = max(milliseconds // 20, 1)
        for step in range(1, steps + 1):
            payload = struct.pack("!BBH", DIGITS.index(digit), 10, step * FRAME)
            self._send_packet(self.digits_payload_type, payload, marker=step == 1)
            time.sleep(TICK_SECONDS)
        ended = struct.pack("!BBH", DIGITS.index(digit), 0x80 | 10, steps * FRAME)
        for _ in range(3):
            self._send_packet(self.digits_payload_type, ended)
        self._timestamp += (steps + 2) * FRAME

    def _send_packet(self, payload_type: int, payload: bytes, marker: bool = False) -> None:
        if self.remote is None:
            return
        head = struct.pack("!BBHII", 0x80, payload_type | (0x80 if marker else 0), self._sequence, self._timestamp, 77)
        self._sequence = (self._sequence + 1) & 0xFFFF
        try:
            self._socket.sendto(head + payload, self.remote)
        except OSError:
            return


