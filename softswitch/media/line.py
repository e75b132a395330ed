"""What the media thread knows of a port. Everything here is called by that thread, unless it says otherwise."""

from __future__ import annotations

import ctypes
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from softswitch.media.codec import TICK_SECONDS, Codec, Samples
from softswitch.media.digits import Digit, DigitSender
from softswitch.media.inbound import InboundStream
from softswitch.media.quality import PortQuality, mean_opinion_score
from softswitch.media.recorder import Recording, RecordingWriter
from softswitch.media.reports import ReportSession
from softswitch.media.rtp import RtpPacket
from softswitch.media.sources import Source, StreamSource

if TYPE_CHECKING:
    from softswitch.media.port import Port, PortListener, RemoteMedia

ADDRESS_OCTETS: Final = 28
_log = logging.getLogger(__name__)


@dataclass
class Playback:
    """What a line plays."""

    source: Source
    number: int


class Line:
    """The state of one port. `changed` is called whenever what a tick has to do for this line changes."""

    port: Port

    def __init__(
        self,
        row: int,
        ssrc: int,
        sockets: tuple[socket.socket, socket.socket],
        listener: PortListener,
        changed: Callable[[], None],
        writer: RecordingWriter,
    ) -> None:
        self.row = row
        self.rtp, self.rtcp = sockets
        self.descriptor = self.rtp.fileno()
        self.open = True
        self.remote: RemoteMedia | None = None
        self.address = ctypes.create_string_buffer(ADDRESS_OCTETS)
        self.address_octets = 0
        self.target: bytes | None = None
        self.inbound = InboundStream()
        self.reports = ReportSession(ssrc)
        self.playback: Playback | None = None
        self.hears: frozenset[Line] = frozenset()
        self.digit_sender = DigitSender()
        self.recordings: dict[str, Recording] = {}
        self.ear: Callable[[Samples], None] | None = None
        self.packets_out = 0
        self.announced_codec: Codec | None = None
        """What the packets say of themselves at present; None while none are sent."""
        self.timeout_ticks: int | None = None
        self.hold_timeout_ticks: int | None = None
        self.waiting_since_tick = 0
        self.timed_out = False
        self._relay: Line | None = None
        self._listener = listener
        self._changed = changed
        self._writer = writer

    @property
    def codec(self) -> Codec:
        """What the line sends."""
        return self.remote.codec if self.remote else Codec.PCMA

    @property
    def sends(self) -> bool:
        """Whether packets leave at each tick."""
        return self.remote is not None and self.remote.reachable and self.address_octets > 0

    @property
    def dials_events(self) -> bool:
        """Whether digits go out as events; else they are tones."""
        return self.remote is not None and self.remote.digits_payload_type is not None

    def set_remote(self, remote: RemoteMedia, address: bytes) -> None:
        """The SDP says where the party is and what it does."""
        self.remote = remote
        self.inbound.expect(address, remote.digits_payload_type)
        self.aim(self.inbound.latch.source or address)
        self.timed_out = False
        self.waiting_since_tick = -1
        self._changed()

    def aim(self, address: bytes) -> None:
        """Send to this socket address from now on."""
        self.target = address
        ctypes.memmove(self.address, address, len(address))
        had, self.address_octets = self.address_octets, len(address)
        if had != len(address):
            self._changed()

    def receive(self, packet: RtpPacket, source: bytes, arrived: float, tick: int) -> None:
        """A packet came."""
        for digit in self.inbound.receive(packet, source, arrived, tick):
            self._digit(digit)
        followed = self.inbound.latch.source
        if followed is not None and followed is not self.target:
            self.aim(followed)

    def end_lost_digits(self) -> None:
        """Once a tick: a key whose end was lost counts as let go."""
        for digit in self.inbound.digits.tick():
            self._digit(digit)

    def play(self, source: Source, number: int) -> None:
        """Begin to play."""
        self._end_playback(completed=False)
        self.playback = Playback(source, number)
        if not self.open:
            self._end_playback(completed=False)
        self._changed()

    def stop_playing(self) -> None:
        """Cut short what plays."""
        self._end_playback(completed=False)

    def read_source(self) -> Samples | None:
        """The next tick of what plays; its end is told."""
        if self.playback is None:
            return None
        try:
            frame = self.playback.source.read()
        except Exception:  # noqa: BLE001 - a source is foreign code; it may fail its port, not the tick of all ports
            _log.exception("a source failed while playing")
            self._end_playback(completed=False)
            return None
        if frame is None:
            self._end_playback(completed=True)
        return frame

    def hear(self, lines: frozenset[Line]) -> None:
        """Hear the speech of these lines."""
        self.hears = lines
        self._changed()

    def record(self, path: str, stereo: bool, said_only: bool = False) -> None:
        """Begin a recording; one that runs into the same file is ended first."""
        self.stop_recording(path, "stopped")
        self.recordings[path] = Recording(path, stereo, self._recording_ended, said_only)
        if not self.open:
            self.stop_recording(path, "port-closed")
        self._changed()

    def follow(self, ear: Callable[[Samples], None] | None) -> None:
        """Give what the party says to `ear` at each tick."""
        self.ear = ear
        self._changed()

    def mask(self, path: str, masked: bool) -> None:
        """Write silence, or sound again."""
        if path in self.recordings:
            self.recordings[path].masked = masked

    def stop_recording(self, path: str, reason: str) -> None:
        """End a recording, if there is one."""
        recording = self.recordings.pop(path, None)
        if recording is None:
            return
        if not self._writer.close(recording, reason):
            recording.close(reason)
        self._changed()

    def keep(self, said: Samples, heard: Samples) -> None:
        """Take this tick into every recording, ending one that failed, and let the ear hear it."""
        ear = self.ear
        if ear is not None:
            self._tell(lambda: ear(said))
        for recording in list(self.recordings.values()):
            block = recording.add(said, heard)
            if block is not None:
                self._writer.write(recording, block)
            if recording.failure is not None:
                self.stop_recording(recording.path, recording.failure)

    def send_digits(self, digits: str, duration_ms: int) -> None:
        """Send keys when it is their turn."""
        self.digit_sender.add(digits, duration_ms)
        self._changed()

    def relay_digits_to(self, line: Line | None) -> None:
        """Pass digits on."""
        self._relay = line

    def set_media_timeout(self, seconds: float | None, on_hold: float | None) -> None:
        """Watch for a party that falls silent; `on_hold` counts while it has put us on hold."""
        self.timeout_ticks, self.hold_timeout_ticks = _ticks(seconds), _ticks(on_hold)
        self.waiting_since_tick = -1
        self.timed_out = False

    def check_timeout(self, tick: int) -> None:
        """Tell of a party from whom nothing came for too long."""
        allowed = self._silence_allowed()
        if allowed is None:
            self.waiting_since_tick = tick
            return
        if self.waiting_since_tick < 0:
            self.waiting_since_tick = tick
        silent = tick - max(self.inbound.heard_at_tick, self.waiting_since_tick)
        if silent < allowed:
            self.timed_out = False
        elif not self.timed_out:
            self.timed_out = True
            self._tell(lambda: self._listener.media_timed_out(self.port))

    def _silence_allowed(self) -> int | None:
        """Ticks; None where there is no limit. Who only listens (`a=recvonly`) has nothing to send."""
        if self.remote is None:
            return None
        if not self.remote.reachable:
            return self.hold_timeout_ticks
        return self.timeout_ticks if self.remote.sends else None

    def close(self) -> None:
        """End everything and let go of the sockets."""
        self.open = False
        self._end_playback(completed=False)
        for path in list(self.recordings):
            self.stop_recording(path, "port-closed")
        self.rtp.close()
        self.rtcp.close()
        self._changed()

    def quality(self) -> PortQuality:
        """Counts so far; may be asked from any thread."""
        inbound, queue = self.inbound, self.inbound.queue
        return PortQuality(
            packets_in=inbound.packets,
            packets_out=self.packets_out,
            ignored=inbound.ignored,
            lost=queue.lost,
            late=queue.late,
            duplicates=queue.duplicates,
            reordered=queue.reordered,
            jitter_ms=round(inbound.jitter_samples / 8, 2),
            mos=mean_opinion_score(inbound.packets, queue.lost + queue.late),
            remote_lost=self.reports.remote_lost,
            remote_jitter_ms=self.reports.remote_jitter_ms,
            round_trip_ms=self.reports.round_trip_ms,
        )

    def _digit(self, digit: Digit) -> None:
        if self._relay is not None and self._relay.open:
            self._relay.send_digits(digit.key, digit.duration_ms)
        self._tell(lambda: self._listener.digit(self.port, digit.key, digit.duration_ms))

    def _end_playback(self, completed: bool) -> None:
        ended, self.playback = self.playback, None
        if ended is None:
            return
        self._changed()
        self._tell(lambda: self._listener.playback_ended(self.port, ended.number, completed))

    def _recording_ended(self, path: str, reason: str) -> None:
        self._tell(lambda: self._listener.recording_ended(self.port, path, reason))

    @staticmethod
    def _tell(news: Callable[[], None]) -> None:
        try:
            news()
        except Exception:  # noqa: BLE001 - a listener is foreign code; it may not end the media of all calls
            _log.exception("a port's listener failed")


def _ticks(seconds: float | None) -> int | None:
    return None if seconds is None else max(round(seconds / TICK_SECONDS), 1)


def stream_of(line: Line) -> StreamSource | None:
    """The shared stream that a line plays, if it plays one."""
    playback = line.playback
    if playback is None or not isinstance(playback.source, StreamSource):
        return None
    return playback.source
