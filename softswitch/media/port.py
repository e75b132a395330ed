"""A port: one party's end of a call in the media engine, as control code sees it.

Every method but the questions returns at once and takes effect at the next tick.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from softswitch.media.codec import Codec, Samples
from softswitch.media.datagrams import socket_address
from softswitch.media.quality import PortQuality
from softswitch.media.sources import Source

if TYPE_CHECKING:
    from softswitch.media.engine import MediaEngine
    from softswitch.media.line import Line

Ear = Callable[[Samples], None]
"""Gets the speech of each tick and must not wait."""

UNSPECIFIED = ("0.0.0.0", "::")  # noqa: S104 - hold in the manner of RFC 2543, not an address to bind


@dataclass(frozen=True, slots=True)
class RemoteMedia:
    """Where the party receives and what it agreed to. `sends` and `receives` are the party's: hold is not receiving."""

    host: str
    port: int
    codec: Codec
    digits_payload_type: int | None = None
    sends: bool = True
    receives: bool = True

    @property
    def reachable(self) -> bool:
        """Whether sound may be sent there; 0.0.0.0 means hold (RFC 3264 section 8.4)."""
        return self.receives and self.host not in UNSPECIFIED and self.port > 0


class PortListener(Protocol):
    """Is told what happens at a port. Calls come from the media engine's threads and must return at once."""

    def digit(self, port: Port, digit: str, duration_ms: int) -> None:
        """The party pressed a key and let it go."""

    def playback_ended(self, port: Port, playback: int, completed: bool) -> None:
        """A playback came to its end, or was stopped, replaced or failed: then `completed` is False."""

    def recording_ended(self, port: Port, path: str, reason: str) -> None:
        """A recording is closed on disk: `stopped`, `port-closed` or `disk-error: …`."""

    def media_timed_out(self, port: Port) -> None:
        """No RTP came for as long as the time-out allows; told once until RTP comes again."""


class Port:
    """Made by `MediaEngine.open_port`."""

    def __init__(self, engine: MediaEngine, line: Line, rtp: socket.socket) -> None:
        self._engine = engine
        self._line = line
        self._ipv6 = rtp.family == socket.AF_INET6
        self.local_host: str = rtp.getsockname()[0]
        self.local_port: int = rtp.getsockname()[1]

    def __repr__(self) -> str:
        return f"Port({self.local_host}, {self.local_port})"

    def set_remote(self, remote: RemoteMedia) -> None:
        """Send to and expect sound from the party. Raises `UnusableAddress`."""
        address = socket_address(remote.host, remote.port, self._ipv6) if remote.port else b""
        self._engine.order(lambda: self._line.set_remote(remote, address))

    def play(self, source: Source) -> int:
        """Play a source in place of what the party hears else, and of what it plays; returns its number."""
        playback = self._engine.next_playback()
        self._engine.order(lambda: self._line.play(source, playback))
        return playback

    def stop_playing(self) -> None:
        """Stop what plays, if anything does."""
        self._engine.order(self._line.stop_playing)

    def hear(self, ports: frozenset[Port]) -> None:
        """Let the party hear the speech of those ports from now on, and of no others; its own is an echo."""
        lines = frozenset(port._line for port in ports)
        self._engine.order(lambda: self._line.hear(lines))

    def record(self, path: str, stereo: bool, said_only: bool = False) -> None:
        """Record into a WAV file: left what the party says, right what it hears; both mixed when not stereo.

        With `said_only` what it hears is left out.
        """
        self._engine.order(lambda: self._line.record(path, stereo, said_only))

    def mask(self, path: str, masked: bool) -> None:
        """Let silence be written to a recording, or sound again."""
        self._engine.order(lambda: self._line.mask(path, masked))

    def stop_recording(self, path: str) -> None:
        """End a recording."""
        self._engine.order(lambda: self._line.stop_recording(path, "stopped"))

    def follow(self, ear: Ear | None) -> None:
        """Let `ear` have what the party says, 160 samples at each tick, from the media thread; None ends it."""
        self._engine.order(lambda: self._line.follow(ear))

    def send_digits(self, digits: str, duration_ms: int = 100) -> None:
        """Send keys to the party: RFC 4733 events, or tones if it agreed to none."""
        self._engine.order(lambda: self._line.send_digits(digits, duration_ms))

    def set_digit_relay(self, port: Port | None) -> None:
        """Send the digits that come from the party on to another port too."""
        target = port._line if port else None
        self._engine.order(lambda: self._line.relay_digits_to(target))

    def set_media_timeout(self, seconds: float | None, on_hold: float | None = None) -> None:
        """Tell the listener when no RTP came for so long while the party is to send, or has us on hold; None: never."""
        self._engine.order(lambda: self._line.set_media_timeout(seconds, on_hold))

    def quality(self) -> PortQuality:
        """Counts and estimates so far."""
        return self._line.quality()

    def speech_level(self) -> float:
        """dBov of what the party said in the last half second; −91 is silence."""
        return self._engine.speech_level(self._line)

    def close(self) -> None:
        """End everything at this port and free its address. Closing twice does nothing."""
        self._engine.order(lambda: self._engine.close_line(self._line))
