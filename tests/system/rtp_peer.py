"""The other side of a call in media tests: one socket that sends sound each 20 ms and keeps what comes."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from G722 import G722

from softswitch.media import Codec, Port, RemoteMedia
from softswitch.media.codec import Samples, decode, encode
from softswitch.media.rtp import RtpPacket, parse
from softswitch.media.sources import tone

DIGITS_PAYLOAD_TYPE = 101


class RtpPeer:
    """Sends what `says` holds, over and over; `received` are the packets in the order in which they came."""

    def __init__(self, codec: Codec = Codec.PCMA, ipv6: bool = False) -> None:
        self.host = "::1" if ipv6 else "127.0.0.1"
        self.udp = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((self.host, 0))
        self.udp.settimeout(0.02)
        self.codec = codec
        self.ssrc = 0x1000
        self.sequence = 65000
        self.timestamp = 1000
        self.says: Samples | None = None
        self.to: tuple[str, int] | None = None
        self.loses_every: int | None = None
        """Of so many packets of sound one is never sent."""
        self.received: list[RtpPacket] = []
        self._position = 0
        self._encoder = G722(8000, 64000)
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._send), threading.Thread(target=self._receive)]

    def remote(self, *, digits: bool = True, sends: bool = True, receives: bool = True) -> RemoteMedia:
        """This peer as its SDP would describe it."""
        kind = DIGITS_PAYLOAD_TYPE if digits else None
        return RemoteMedia(self.host, self.udp.getsockname()[1], self.codec, kind, sends, receives)

    def join(self, port: Port, *, digits: bool = True) -> None:
        """Talk with a port."""
        port.set_remote(self.remote(digits=digits))
        self.to = (port.local_host, port.local_port)

    def say_tone(self, hz: float) -> None:
        """From now on say a tone."""
        self._position = 0
        self.says = tone([hz], 1.0, -15)

    def packet(self, payload: bytes | None = None) -> RtpPacket:
        """The next packet, of a tick of what the peer says."""
        if payload is None:
            payload = self._next_payload()
        packet = RtpPacket(self.codec.payload_type, self.sequence, self.timestamp, self.ssrc, payload)
        self.sequence = (self.sequence + 1) % 65536
        self.timestamp += 160
        return packet

    def send(self, datagram: bytes) -> None:
        """Send anything at all."""
        assert self.to is not None
        self.udp.sendto(datagram, self.to)

    def press(self, code: int) -> None:
        """Send a key as three packets, the last with its end."""
        for duration, end in ((160, 0), (320, 0), (800, 0x80)):
            payload = struct.pack("!BBH", code, end | 10, duration)
            self.send(RtpPacket(DIGITS_PAYLOAD_TYPE, self.sequence, self.timestamp, self.ssrc, payload).pack())
            self.sequence = (self.sequence + 1) % 65536
        self.timestamp += 800

    def heard(self, last_seconds: float | None = None) -> Samples:
        """What was heard, all of it or the end."""
        octets = b"".join(packet.payload for packet in self.received if packet.payload_type == self.codec.payload_type)
        samples = self._decode(octets)
        return samples if last_seconds is None else samples[-int(last_seconds * 8000) :]

    def close(self) -> None:
        """End the threads and the socket."""
        self._done.set()
        for thread in self._threads:
            thread.join(2)
        self.udp.close()

    def start(self) -> None:
        """Begin to send and to receive."""
        for thread in self._threads:
            thread.start()

    def _next_payload(self) -> bytes:
        assert self.says is not None
        start, self._position = self._position, (self._position + 160) % (len(self.says) // 160 * 160)
        tick = self.says[start : start + 160]
        wide = self.codec is Codec.G722
        payload: bytes = self._encoder.encode(tick) if wide else encode(self.codec, tick).tobytes()
        return payload

    def _decode(self, octets: bytes) -> Samples:
        if self.codec is Codec.G722:
            return np.array(G722(8000, 64000, use_numpy=False).decode(octets), np.int16)
        return decode(self.codec, np.frombuffer(octets, np.uint8))

    def _send(self) -> None:
        due = time.monotonic()
        while not self._done.wait(max(due - time.monotonic(), 0)):
            due += 0.02
            if self.to is not None and self.says is not None:
                packet = self.packet()
                if self.loses_every is None or packet.sequence % self.loses_every:
                    self.send(packet.pack())

    def _receive(self) -> None:
        while not self._done.is_set():
            try:
                packet = parse(self.udp.recv(2048))
            except TimeoutError:
                continue
            if packet is not None:
                self.received.append(packet)


@contextmanager
def peers(*codecs: Codec, ipv6: bool = False) -> Iterator[list[RtpPeer]]:
    """Peers that are closed at the end."""
    opened = [RtpPeer(codec, ipv6) for codec in codecs]
    for peer in opened:
        peer.start()
    try:
        yield opened
    finally:
        for peer in opened:
            peer.close()


def share_of_tone(samples: Samples, hz: float) -> float:
    """The share of the sound's energy that lies within 15 Hz of a pitch; 0 for silence."""
    if not len(samples):
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    pitches = np.fft.rfftfreq(len(samples), 1 / 8000)
    total = float(spectrum.sum())
    return float(spectrum[np.abs(pitches - hz) < 15].sum()) / total if total > 1e6 else 0.0
