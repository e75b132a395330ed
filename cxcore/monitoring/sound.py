"""How calls sounded, as rtpengine knows it from the RTCP that went by (port `cxcore.ports.sound_meter`).

rtpengine (10.5) still answers `query` for 30 seconds after the call was deleted, so the core asks once a leg is gone
and holds nothing up. The SBC labels both sides of each call (`sbc/sound.cfg`). What rtpengine counts per SSRC is what
the sender of that SSRC *received*, by its own receiver reports. Its MOS is no E-model and its percentages are cut off
to whole ones (`mos_calc`, `ssrc_receiver_report` in ssrc.c), so the loss is the cumulative number of the last report
over the packets that the other side had sent by then. Of a call that it transcodes only the percentage is right: there
it keeps another count in the same place.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import gevent
import gevent.queue
from gevent import socket

from cxcore.domain.leg import LegId
from cxcore.domain.quality import Codec, Line, Reception
from cxcore.domain.tidings import SoundMeasured, Tiding
from cxcore.monitoring import bencode
from cxcore.ports.clock import Clock

log = logging.getLogger(__name__)

SWITCH = b"switch"
"""The label of the switch's side of a call."""
LINES = {b"trunk": Line.TRUNK, b"teams": Line.TEAMS, b"browser": Line.SOFTPHONE, b"phone": Line.PHONE}
"""By the label of the other side."""
MOST_WAITING = 500
PATIENCE_SECONDS = 0.5
TRIES = 2
REST_SECONDS = 3.0
"""For so long nobody is asked who did not answer."""
LARGEST_ANSWER = 65535
PACKETS_PER_SECOND = 50
"""Of 20 ms, as nearly every telephone sends."""
MOST_UNREPORTED_SECONDS = 8
"""Reports come each five seconds, give or take a half (RFC 3550, 6.2 and 6.3.1)."""
_WRAPPED = 1 << 23
"""The cumulative number lost has 24 bits and a sign (RFC 3550, 6.4.1); rtpengine tells it without."""

Told = tuple[Line | None, Reception | None, Reception | None]
"""The line of the party, what it sent, and what it heard."""
NOTHING_TOLD: Told = (None, None, None)


@dataclass(frozen=True, slots=True)
class Side:
    """What rtpengine knows of one side of a call."""

    packets: int
    """Of sound, that it sent and that reached rtpengine."""
    last_packet: int
    """When the last of them came, in seconds of rtpengine's clock."""
    report: Mapping[str, Any] | None
    """On what it received; None when it never told."""
    codec: Codec
    transcoded: bool


class RtpengineMeter:
    """`run` is the body of a greenlet of its own. rtpengine is asked over UDP at `control`."""

    def __init__(self, control: tuple[str, int], clock: Clock, tell: Callable[[Tiding], None]) -> None:
        self._control, self._clock, self._tell = control, clock, tell
        self._waiting: gevent.queue.Queue[tuple[LegId, str]] = gevent.queue.Queue(MOST_WAITING)
        self._answers = True

    def measure(self, leg_id: LegId, call_id: str) -> bool:
        """See `SoundMeter`."""
        try:
            self._waiting.put_nowait((leg_id, call_id))
        except gevent.queue.Full:
            return False
        return True

    def run(self) -> None:
        """Ask for one call after another until the greenlet is killed."""
        rested_at = 0.0
        while True:
            leg_id, call_id = self._waiting.get()
            asks = self._answers or monotonic() - rested_at >= REST_SECONDS
            line, sent, heard = self._find_out(call_id) if asks else NOTHING_TOLD
            if asks and not self._answers:
                rested_at = monotonic()
            self._tell(SoundMeasured(self._clock.now(), leg_id, sent, heard, line))

    def _find_out(self, call_id: str) -> Told:
        try:
            answer = ask(self._control, {"command": "query", "call-id": call_id})
            found = (line_of(answer), *receptions(answer))
        except OSError as fault:
            if self._answers:
                log.warning("rtpengine does not say how calls sounded, the switch's own measure counts: %s", fault)
            self._answers = False
            return NOTHING_TOLD
        except (bencode.Unreadable, LookupError, TypeError, ValueError, AttributeError) as fault:
            log.warning("rtpengine's word on a call makes no sense: %r", fault)
            found = NOTHING_TOLD
        self._answers = True
        return found


def ask(control: tuple[str, int], question: Mapping[str, Any]) -> Mapping[str, Any]:
    """rtpengine's answer to a command of its ng protocol. Raises OSError when none comes, `bencode.Unreadable`."""
    cookie = secrets.token_hex(8).encode()
    with socket.socket(socket.AF_INET6 if ":" in control[0] else socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.connect(control)
        for _ in range(TRIES):
            asker.send(cookie + b" " + bencode.encode(question))
            answer = _answer(asker, cookie)
            if answer is not None:
                told: Mapping[str, Any] = bencode.decode(answer)
                return told
    raise TimeoutError(f"no answer from {control[0]}:{control[1]}")


def _answer(asker: socket.socket, cookie: bytes) -> bytes | None:
    """What came for this cookie; None when nothing did."""
    deadline = monotonic() + PATIENCE_SECONDS
    while (left := deadline - monotonic()) > 0:
        asker.settimeout(left)
        try:
            told, _, answer = asker.recv(LARGEST_ANSWER).partition(b" ")
        except TimeoutError:
            return None
        if told == cookie:
            return bytes(answer)
    return None


def line_of(told: Mapping[str, Any]) -> Line | None:
    """By what the party was connected, as the SBC labelled its side. Raises as `receptions` does."""
    labels = [tag.get("label") for tag in told["tags"].values()] if told.get("result") == b"ok" else []
    return next((LINES[label] for label in labels if label in LINES), None)


def receptions(told: Mapping[str, Any]) -> tuple[Reception | None, Reception | None]:
    """What the switch received of the party, and the party of the switch; None where no report told.

    Raises LookupError, TypeError, ValueError or AttributeError when the answer has another shape than is known.
    """
    if told.get("result") != b"ok":
        return None, None
    sides = list(told["tags"].values())
    party = _side([each for each in sides if each.get("label") != SWITCH], told["SSRC"])
    switch = _side([each for each in sides if each.get("label") == SWITCH], told["SSRC"])
    if party is None or switch is None:
        return None, None
    return _reception(party, switch), _reception(switch, party)


def _side(tags: Sequence[Mapping[str, Any]], reports: Mapping[str, Any]) -> Side | None:
    """The one that sent most, where several places were tried; None where there is none."""
    found = [
        _side_of(media, stream, reports)
        for tag in tags
        for media in tag["medias"]
        for stream in media["streams"]
        if b"RTP" in stream["flags"]
    ]
    return max(found, key=lambda side: side.packets, default=None)


def _side_of(media: Mapping[str, Any], stream: Mapping[str, Any], reports: Mapping[str, Any]) -> Side:
    name = media.get("codec", b"").partition(b"/")[0].decode()
    codec = Codec(name) if name in set(Codec) else Codec.PCMA
    report = reports.get(str(stream.get("SSRC", "")))
    return Side(stream["stats"]["packets"], stream["last packet"], report, codec, b"transcoding" in media["flags"])


def _reception(sender: Side, receiver: Side) -> Reception | None:
    """How what the one sent reached the other, by the other's reports."""
    report = receiver.report
    if report is None or not sender.packets:
        return None
    transcoded = sender.transcoded or receiver.transcoded
    loss = report["average MOS"]["packet loss"] / 100 if transcoded else _loss(sender, report)
    round_trip = round(_mean_told(report, "round-trip time") / 1000, 1)
    return Reception(loss, round(_mean_told(report, "jitter"), 1), round_trip, sender.codec)


def _loss(sender: Side, report: Mapping[str, Any]) -> float:
    """Of what was sent: what came to rtpengine, and what never did. Most is lost in front of it or behind it, not both;
    which, makes a difference of the square of the loss."""
    lost = report["cumulative loss"]
    lost = 0 if lost >= _WRAPPED else lost
    return float(lost / (_reported_packets(sender, report) + lost)) if lost else 0.0


def _reported_packets(sender: Side, report: Mapping[str, Any]) -> int:
    """How many had come when the last report was made, which knows nothing of those that came after it."""
    since: int = sender.last_packet - report["MOS progression"]["entries"][-1]["reported at"]
    later = PACKETS_PER_SECOND * min(max(since, 0), MOST_UNREPORTED_SECONDS)
    return max(sender.packets - later, sender.packets // 2)


def _mean_told(report: Mapping[str, Any], name: str) -> float:
    """The mean of one figure over the reports. One that came too early says 0, and is left out: before both sides had
    told theirs there is no round trip, and jitter counts from 0 with the first packet (RFC 3550, 6.4.1)."""
    told = [each[name] for each in report["MOS progression"]["entries"] if each[name]]
    return sum(told) / len(told) if told else 0.0
