"""A leg's sound: its RTP port, what was agreed about it, and who hears whom."""

from __future__ import annotations

import logging
import random
import weakref
from collections.abc import Callable
from secrets import randbelow
from typing import TYPE_CHECKING

from softswitch.media import Codec, NoMediaPortLeft, Port, PortQuality, RemoteMedia, Source, UnusableAddress
from softswitch.sip.causes import Cause
from softswitch.sip.sdp import Description, Direction, OurSide, SdpError, agreed_codec, choose_codec, read_description
from softswitch.sip.transactions import is_ip_address

if TYPE_CHECKING:
    from softswitch.leg import Leg

log = logging.getLogger(__name__)

Choose = Callable[[Description, tuple[str, ...]], str]
"""Their description and our codecs → the codec. Raises `SdpError`."""

BIT_RATE = "64000"
SAMPLE_RATES = {"G722": "16000"}
"""Where it is not 8000. RTP counts in 8000 for G.722, too."""

GLARE_SECONDS = 0.5
"""The least that we wait after both sides sent a re-INVITE at once."""


class LegMedia:
    """All session descriptions of one dialog, and the port they talk about."""

    def __init__(self, leg: Leg) -> None:
        self._leg_of = weakref.ref(leg)  # the leg owns this: see `Leg.dialog` in leg_run
        self.port: Port | None = None
        self.codec: str | None = None
        self.codecs = leg.board.settings.codecs
        """What this leg may speak, the preferred one first."""
        self._to_offer: tuple[str, ...] = ()
        """What our next re-INVITE offers; empty: what holds now."""
        self.wants_ipv6 = False
        self.theirs: Description | None = None
        self._ours: OurSide | None = None
        self._described: str | None = None
        self.we_hold = False
        self._their_hold = False
        self._reoffer_wanted = False
        self.whisperers: set[Port] = set()
        self.suspended = False
        self.playing: int | None = None
        self.last_ended: int | None = None
        self.recordings: dict[str, int] = {}

    @property
    def _leg(self) -> Leg:
        leg = self._leg_of()
        if leg is None:
            raise RuntimeError("the leg of this sound is gone")
        return leg

    @property
    def sample_rate(self) -> str:
        """Samples a second, as the variables of a leg have it."""
        return SAMPLE_RATES.get(self.codec or "", "8000")

    # Descriptions

    def read_offer(self, description: str | None) -> bool:
        """Their INVITE. False when there is nothing in it that we speak; no description means that we offer."""
        if description is None:
            return True
        read = self._read(description, choose_codec)
        if read is None:
            return False
        self.theirs, self.codec = read
        self._set_sdp_variable("switch_r_sdp", description)
        self._tell_codec(*read)
        return True

    def _read(self, description: str, choose: Choose) -> tuple[Description, str] | None:
        """Their description and the codec that follows, or None when we cannot speak to them."""
        try:
            theirs = read_description(description)
            codec = choose(theirs, self._in_order())
        except SdpError as error:
            log.info("leg %s: description refused: %s", self._leg.uuid, error)
            return None
        if not is_ip_address(theirs.host) or (":" in theirs.host) != self.wants_ipv6:
            log.info("leg %s: description refused: no address of the leg's own family", self._leg.uuid)
            return None
        return theirs, codec

    def _in_order(self) -> tuple[str, ...]:
        """What holds stays where they offer it again."""
        return (self.codec, *self.codecs) if self.codec is not None else self.codecs

    def offer_description(self, codecs: tuple[str, ...]) -> str | None:
        """Our offer; None when there is no port left."""
        if not self._open_port() or self._ours is None:
            return None
        self.codecs = codecs
        return self._ours.offer(codecs, self._direction())

    def answer_description(self) -> str | None:
        """Our answer to their INVITE, or our offer when they made none; None when there is no port left."""
        if self._described is not None:
            return self._described
        if not self._open_port() or self._ours is None:
            self._leg.hang_up(Cause.NORMAL_TEMPORARY_FAILURE)
            return None
        if self.theirs is None or self.codec is None:
            self._described = self._ours.offer(self.codecs)
        else:
            self._described = self._ours.answer(self.theirs, self.codec)
            self._apply(self.theirs, self.codec)
        self._set_sdp_variable("rtp_local_sdp_str", self._described)
        return self._described

    def take_answer(self, description: str) -> bool:
        """Their answer to our offer."""
        read = self._read(description, agreed_codec)
        if read is None:
            return False
        self._set_sdp_variable("switch_r_sdp", description)
        return self._apply(*read)

    def reoffered(self, description: str | None) -> str | None:
        """Their re-INVITE or UPDATE: hold, resume, another codec or address, or just a refresh."""
        if self._ours is None:
            return None
        if description is None:
            return self._ours.offer(self._offered(), self._direction())
        read = self._read(description, choose_codec)
        if read is None or not self._apply(*read):
            return None
        theirs, codec = read
        self._notice_hold(theirs.holds_us)
        return self._ours.answer(theirs, codec, self._direction())

    def hold(self, held: bool) -> None:
        """Put the party on hold by re-INVITE, or take it off."""
        self.we_hold = held
        self._send_reoffer()

    def offer_anew(self, codecs: tuple[str, ...] = ()) -> bool:
        """Offer what holds now once more, or these codecs. False for a leg that has no description to offer."""
        if self._ours is None or self._leg.dialog is None or self._leg.answer_state != "answered":
            return False
        if codecs:
            self.codecs = self._to_offer = codecs
        self._send_reoffer()
        return True

    def offer_settled(self, status: int, description: str | None) -> None:
        """What became of our re-INVITE; RFC 3261, 12.2.1.2 and 14.1 for the refusals."""
        if status in (408, 481):
            self._leg.hang_up(Cause.NORMAL_TEMPORARY_FAILURE)
            return
        if status < 300 and description is not None:
            self.take_answer(description)
        if status != 491 and not self._reoffer_wanted:
            self._to_offer = ()
        if status == 491:
            self._leg.board.schedule.add(GLARE_SECONDS + random.random(), self._leg.uuid, self._send_reoffer)  # noqa: S311
        elif self._reoffer_wanted:
            self._send_reoffer()

    def acknowledged(self) -> None:
        """The other side has our 200: what had to wait for that can be offered."""
        if self._reoffer_wanted:
            self._send_reoffer()

    def _send_reoffer(self) -> None:
        dialog = self._leg.dialog
        if self._ours is None or dialog is None:
            return
        description = self._ours.offer(self._offered(), self._direction())
        self._reoffer_wanted = not dialog.reoffer(description)

    def _offered(self) -> tuple[str, ...]:
        return self._to_offer or (self.codec or self.codecs[0],)

    def _direction(self) -> Direction:
        return Direction.SENDONLY if self.we_hold else Direction.SENDRECV

    def _notice_hold(self, held: bool) -> None:
        if held != self._their_hold:
            self._their_hold = held
            self._leg.mark_hold(held)
            behaviour = self._leg.board.behaviour
            if behaviour is not None:
                behaviour.partner_held(self._leg, held)

    # The port

    def _open_port(self) -> bool:
        if self.port is not None:
            return True
        try:
            self.port = self._leg.board.open_port(self._leg, self.wants_ipv6)
        except NoMediaPortLeft as error:
            log.error("leg %s: %s", self._leg.uuid, error)  # noqa: TRY400  the message says all
            return False
        self._ours = OurSide(self.port.local_host, self.port.local_port, randbelow(1 << 31))
        self._leg.variables.set("local_media_ip", self.port.local_host)
        self._leg.variables.set("local_media_port", str(self.port.local_port))
        return True

    def _apply(self, theirs: Description, codec: str) -> bool:
        if self.port is None:
            return False
        self.theirs, self.codec = theirs, codec
        remote = RemoteMedia(
            host=theirs.host,
            port=theirs.port,
            codec=Codec(codec),
            digits_payload_type=theirs.digits_type,
            sends=theirs.direction in (Direction.SENDRECV, Direction.SENDONLY),
            receives=not theirs.holds_us,
        )
        try:
            self.port.set_remote(remote)
        except UnusableAddress as error:
            log.info("leg %s: %s", self._leg.uuid, error)
            return False
        self._tell_codec(theirs, codec)
        return True

    def _tell_codec(self, theirs: Description, codec: str) -> None:
        for name, value in (
            ("rtp_use_codec_string", ",".join(self.codecs)),
            ("remote_audio_media_flow", str(theirs.direction)),
            ("remote_media_ip", theirs.host),
            ("remote_media_port", str(theirs.port)),
            ("rtp_use_codec_name", codec),
            ("rtp_use_codec_rate", "8000"),
            ("rtp_use_codec_ptime", "20"),
            ("read_codec", codec),
            ("read_rate", self.sample_rate),
            ("write_codec", codec),
            ("write_rate", self.sample_rate),
            ("dtmf_type", "rfc2833"),
        ):
            self._leg.variables.set(name, value)

    def _set_sdp_variable(self, name: str, description: str) -> None:
        self._leg.variables.set(name, description)

    def codec_headers(self) -> dict[str, str]:
        if self.codec is None:
            return {}
        return {
            f"Channel-{way}-Codec-{fact}": value
            for way in ("Read", "Write")
            for fact, value in (("Name", self.codec), ("Rate", self.sample_rate), ("Bit-Rate", BIT_RATE))
        }

    def answered(self) -> None:
        """Start to watch that the party sends."""
        if self.port is not None:
            settings = self._leg.board.settings
            talking = self._seconds("rtp_timeout_sec", settings.media_timeout_seconds)
            on_hold = self._seconds("rtp_hold_timeout_sec", settings.media_hold_timeout_seconds)
            self.port.set_media_timeout(talking, on_hold)

    def _seconds(self, variable: str, otherwise: float) -> float | None:
        """What the leg's variable says, or the site; 0 is never."""
        value = self._leg.variables.get(variable)
        seconds = float(value) if value and value.isdigit() else otherwise
        return seconds or None

    # Who hears whom

    def refresh_hearing(self) -> None:
        """Work out anew whom this party hears: the bridge's other side and those who whisper to it."""
        if self.port is None:
            return
        heard = {port for port in self.whisperers if port is not self.port}
        peer = self._leg.bridge_peer
        if peer is not None and peer.media.port is not None and not self._silenced(peer):
            heard.add(peer.media.port)
        self.port.hear(frozenset(heard))

    def _silenced(self, peer: Leg) -> bool:
        return self.suspended or peer.media.suspended

    def hear_only(self, ports: frozenset[Port]) -> None:
        if self.port is not None:
            self.port.hear(ports)

    def play(self, source: Source) -> int:
        """Raises nothing: a leg without a port hears nothing and the number never ends."""
        if self.port is None:
            return -1
        self.playing = self.port.play(source)
        return self.playing

    def stop_playing(self) -> None:
        self.playing = None
        if self.port is not None:
            self.port.stop_playing()

    def playback_ended(self, number: int) -> None:
        self.last_ended = number

    def quality(self) -> PortQuality | None:
        return None if self.port is None else self.port.quality()

    def close(self) -> None:
        if self.port is not None:
            self.port.close()
            self.port = None
