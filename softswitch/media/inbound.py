"""What a party sends: packets in, one tick of sound out, digits on the side."""

from __future__ import annotations

from typing import Final

from softswitch.media.codec import SAMPLE_RATE, TICK_SAMPLES, Codec
from softswitch.media.digits import Digit, DigitReceiver
from softswitch.media.latch import SourceLatch, Verdict
from softswitch.media.reorder import JUMP, NOTHING, ReorderQueue
from softswitch.media.rtp import COMFORT_NOISE, RtpPacket

LONGEST_PAYLOAD: Final = 480
_CODECS: Final = {codec.payload_type: codec for codec in Codec}


class InboundStream:
    """The stream from one party. Payload types other than our codecs', the digits' and comfort noise are ignored."""

    def __init__(self) -> None:
        self.latch = SourceLatch()
        self.queue = ReorderQueue()
        self.digits = DigitReceiver()
        self.codec = Codec.PCMA
        self.packets = 0
        self.ignored = 0
        self.jitter_samples = 0.0
        self.heard_at_tick = 0
        self.highest_sequence = 0
        self._digits_payload_type: int | None = None
        self._transit: float | None = None
        self._rest = b""
        self._expecting = False

    def expect(self, address: bytes, digits_payload_type: int | None) -> None:
        """From now on the party is the one that the SDP names."""
        self._expecting = True
        self._digits_payload_type = digits_payload_type
        self.latch.announce(address)

    def receive(self, packet: RtpPacket, source: bytes, arrived: float, tick: int) -> list[Digit]:
        """Take a packet in that came from a socket address at a time in seconds; returns the digits it completed."""
        if not self._acceptable(packet):
            self.ignored += 1
            return []
        verdict = self.latch.check(source, packet.ssrc, packet.sequence, tick)
        if verdict is Verdict.IGNORE:
            self.ignored += 1
            return []
        if verdict is Verdict.NEW_STREAM:
            self._begin_stream()
        self.packets += 1
        self.heard_at_tick = tick
        self._count_highest(packet.sequence)
        return self._sort(packet, arrived)

    def _measure_jitter(self, timestamp: int, arrived: float) -> None:
        """The interarrival jitter of RFC 3550 A.8."""
        transit = arrived * SAMPLE_RATE - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < SAMPLE_RATE:
                self.jitter_samples += (difference - self.jitter_samples) / 16
        self._transit = transit

    def take(self) -> bytes | None:
        """The sound of this tick in `codec`: 160 octets, or None where there is none."""
        if len(self._rest) >= TICK_SAMPLES:
            return self._reframe(b"")
        payload = self.queue.take()
        if payload is None:
            return self._without_packet()
        if len(payload) == TICK_SAMPLES and not self._rest:
            return payload
        return self._reframe(payload)

    def _acceptable(self, packet: RtpPacket) -> bool:
        if not self._expecting:
            return False
        if packet.payload_type in _CODECS:
            return 0 < len(packet.payload) <= LONGEST_PAYLOAD
        return packet.payload_type in (self._digits_payload_type, COMFORT_NOISE)

    def _begin_stream(self) -> None:
        self.queue.restart()
        self._transit = None
        self._rest = b""
        self.highest_sequence = 0

    def _count_highest(self, sequence: int) -> None:
        """The extended highest sequence number of RFC 3550 6.4.1."""
        if not self.highest_sequence:
            self.highest_sequence = sequence
        step = (sequence - self.highest_sequence + 32768) % 65536 - 32768
        self.highest_sequence += max(step, 0)

    def _sort(self, packet: RtpPacket, arrived: float) -> list[Digit]:
        codec = _CODECS.get(packet.payload_type)
        if codec is not None:
            if codec is not self.codec and not self._change_to(codec, packet.sequence):
                return []
            self.queue.push(packet.sequence, packet.payload)
            self._measure_jitter(packet.timestamp, arrived)
            return []
        self.queue.push(packet.sequence, NOTHING)
        if packet.payload_type == self._digits_payload_type:
            return self.digits.receive(packet.timestamp, packet.payload)
        return []

    def _change_to(self, codec: Codec, sequence: int) -> bool:
        """What waits is of another codec and goes; False for a packet that comes late, of the codec of before."""
        if 0 < (self.highest_sequence - sequence) % 65536 <= JUMP:
            return False
        self.codec = codec
        self.queue.restart()
        self._rest = b""
        return True

    def _without_packet(self) -> bytes | None:
        if self._rest:
            rest, self._rest = self._rest, b""
            return rest.ljust(TICK_SAMPLES, self.codec.silence[:1])[:TICK_SAMPLES]
        return self.codec.silence if self.digits.pressed else None

    def _reframe(self, payload: bytes) -> bytes:
        """Ticks from packets of another length than 20 ms."""
        sound = self._rest + payload
        while len(sound) < TICK_SAMPLES and (more := self.queue.take()) is not None:
            sound += more
        self._rest = sound[TICK_SAMPLES:]
        return sound[:TICK_SAMPLES].ljust(TICK_SAMPLES, self.codec.silence[:1])
