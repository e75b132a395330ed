"""A telephone for tests: SIP over UDP, G.711A and RFC 4733 digits, on gevent sockets.

It calls and is called, says a tone, and keeps what it hears, so that a test can ask for music, a prompt or silence.
"""

from __future__ import annotations

import itertools
import re
import struct
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import gevent
import numpy as np
from gevent import socket

PACKET_SECONDS = 0.02
SOURCES = itertools.count(0x5EED0001)
SAMPLES = 160
WAIT_SECONDS = 15.0


def _alaw_table() -> np.ndarray:
    """G.711 A-law octets → 16-bit samples (ITU-T G.711 table 1a)."""
    octets = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (octets & 0x70) >> 4, octets & 0x0F
    size = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(octets & 0x80, size, -size).astype(np.int16)


DECODE = _alaw_table()
ENCODE_ORDER = np.argsort(DECODE, kind="stable")
ENCODE_VALUES = DECODE[ENCODE_ORDER].astype(np.int32)


def alaw(samples: np.ndarray) -> bytes:
    """16-bit samples → A-law octets, each the nearest."""
    places = np.clip(np.searchsorted(ENCODE_VALUES, samples), 0, 255)
    return ENCODE_ORDER[places].astype(np.uint8).tobytes()


@dataclass
class Message:
    """A SIP message: first line, headers (the first of a name; Via all), body."""

    first: str
    headers: dict[str, str]
    vias: list[str]
    body: str

    @property
    def method(self) -> str:
        return "" if self.first.startswith("SIP/2.0") else self.first.split(" ", 1)[0]

    @property
    def status(self) -> int:
        return int(self.first.split(" ", 2)[1]) if self.first.startswith("SIP/2.0") else 0

    @classmethod
    def parse(cls, data: bytes) -> Self:
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        headers: dict[str, str] = {}
        vias = []
        for line in lines:
            name, _, value = line.partition(":")
            if name.lower() in ("via", "v"):
                vias.append(value.strip())
            headers.setdefault(name.strip().lower(), value.strip())
        return cls(first, headers, vias, body)


@dataclass
class Call:
    """One call of a phone. `heard` holds the samples of each packet with the instant it came."""

    call_id: str
    local: str
    remote: str
    target: str
    invite: Message | None = None
    statuses: list[int] = field(default_factory=list)
    answered: bool = False
    ended: bool = False
    end_status: int = 0
    branch: str = ""
    media: tuple[str, int] | None = None
    heard: list[tuple[float, np.ndarray]] = field(default_factory=list)
    digits: str = ""
    says_hertz: float = 0.0
    cseq: int = 1


class Phone:
    """One address, one call at a time. `on_invite` is the status to answer with: 180 rings until `pick_up`."""

    def __init__(self, name: str, on_invite: int = 180) -> None:
        self.name, self.on_invite = name, on_invite
        self.sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sip.bind(("127.0.0.1", 0))
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind(("127.0.0.1", 0))
        self.call: Call | None = None
        self.says_hertz = 0.0
        self._peer: tuple[str, int] = ("127.0.0.1", 5060)
        self._last_event = b""
        self._sequence, self._timestamp, self._ssrc = 0, 0, next(SOURCES)
        self._greenlets = [gevent.spawn(self._read_sip), gevent.spawn(self._read_rtp), gevent.spawn(self._speak)]

    @property
    def port(self) -> int:
        return int(self.sip.getsockname()[1])

    @property
    def address(self) -> str:
        return f"sip:{self.name}@127.0.0.1:{self.port}"

    def close(self) -> None:
        gevent.killall(self._greenlets, timeout=2)
        self.sip.close()
        self.rtp.close()

    # --- What a person does ------------------------------------------------------------------------------------------

    def dial(self, number: str, at: tuple[str, int], display: str = "Karel", headers: str = "") -> Call:
        """Send the INVITE; returns at once."""
        self._peer = at
        target = f"sip:{number}@{at[0]}:{at[1]}"
        local = f'"{display}" <sip:{self.name}@127.0.0.1:{self.port}>;tag={uuid.uuid4().hex[:8]}'
        self.call = Call(uuid.uuid4().hex, local, f"<{target}>", target, branch=uuid.uuid4().hex)
        self._request("INVITE", self.call, body=self._sdp(), extra=headers)
        return self.call

    def pick_up(self) -> None:
        """Answer the call that rings."""
        call = self._call()
        assert call.invite is not None
        self._respond(call.invite, 200, "OK", self._sdp())
        call.answered = True

    def refuse(self, status: int) -> None:
        call = self._call()
        assert call.invite is not None
        self._respond(call.invite, status, "No")
        call.ended = True

    def hang_up(self) -> None:
        """BYE, or CANCEL before the answer."""
        call = self._call()
        if call.answered:
            call.cseq += 1
            self._request("BYE", call)
            call.ended = True
        else:
            self._request("CANCEL", call)

    def press(self, digits: str) -> None:
        """Send keys as RFC 4733 events of 100 ms, 100 ms apart."""
        for digit in digits:
            self._press(digit)
            gevent.sleep(0.1)

    def say(self, hertz: float) -> None:
        """Say a tone from now on; 0 is silence."""
        self._call().says_hertz = hertz

    # --- What a test asks --------------------------------------------------------------------------------------------

    def await_call(self, seconds: float = WAIT_SECONDS) -> Call:
        """Wait until the phone is called."""
        _until(lambda: self.call is not None and self.call.invite is not None, seconds, f"no call reached {self.name}")
        return self._call()

    def await_answer(self, seconds: float = WAIT_SECONDS) -> None:
        _until(lambda: self._call().answered, seconds, f"{self.name} was not answered: {self.call}")

    def await_end(self, seconds: float = WAIT_SECONDS) -> None:
        _until(lambda: self._call().ended, seconds, f"the call of {self.name} did not end")

    def await_status(self, status: int, seconds: float = WAIT_SECONDS) -> None:
        _until(lambda: status in self._call().statuses, seconds, f"{self.name} saw no {status}: {self.call}")

    def await_tone(self, hertz: float, seconds: float = WAIT_SECONDS) -> float:
        """Wait until the last 200 ms are that tone; the instant (monotonic) at which they were."""
        _until(lambda: self.hears(hertz), seconds, f"{self.name} does not hear {hertz} Hz but {self.level():.0f}")
        return time.monotonic()

    def hears(self, hertz: float, seconds: float = 0.2) -> bool:
        """Whether the last moments were that tone, loud, and nothing else to speak of."""
        samples = self.samples(seconds)
        if len(samples) < 8000 * seconds * 0.6:
            return False
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
        peak = int(np.argmax(spectrum)) * 8000 / len(samples)
        return bool(abs(peak - hertz) < 15 and self.level(seconds) > 500)

    def level(self, seconds: float = 0.2) -> float:
        """The root mean square of the last moments; nothing received is silence."""
        samples = self.samples(seconds)
        return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if len(samples) else 0.0

    def samples(self, seconds: float) -> np.ndarray:
        since = time.monotonic() - seconds
        packets = [samples for at, samples in self._call().heard if at >= since]
        return np.concatenate(packets) if packets else np.zeros(0, np.int16)

    def longest_silence(self, since: float) -> float:
        """The longest stretch, in seconds, without sound since that instant (monotonic)."""
        loud = [at for at, samples in self._call().heard if at >= since and np.abs(samples).max() > 300]
        instants = [since, *loud, time.monotonic()]
        return max(later - earlier for earlier, later in zip(instants, instants[1:], strict=False))

    # --- SIP ---------------------------------------------------------------------------------------------------------

    def _call(self) -> Call:
        assert self.call is not None, f"{self.name} has no call"
        return self.call

    def _sdp(self) -> str:
        return "\r\n".join(
            [
                "v=0",
                f"o={self.name} 1 1 IN IP4 127.0.0.1",
                "s=-",
                "c=IN IP4 127.0.0.1",
                "t=0 0",
                f"m=audio {self.rtp.getsockname()[1]} RTP/AVP 8 101",
                "a=rtpmap:8 PCMA/8000",
                "a=rtpmap:101 telephone-event/8000",
                "a=fmtp:101 0-15",
                "a=ptime:20",
                "a=sendrecv",
                "",
            ]
        )

    def _request(self, method: str, call: Call, body: str = "", extra: str = "") -> None:
        if method not in ("CANCEL", "ACK", "INVITE"):
            call.branch = uuid.uuid4().hex
        lines = [
            f"{method} {call.target} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};rport;branch=z9hG4bK{call.branch}",
            "Max-Forwards: 70",
            f"From: {call.local}",
            f"To: {call.remote}",
            f"Call-ID: {call.call_id}",
            f"CSeq: {call.cseq} {method}",
            f"Contact: <sip:{self.name}@127.0.0.1:{self.port}>",
            *(line for line in extra.split("\r\n") if line),
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self.sip.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), self._peer)

    def _respond(self, request: Message, status: int, phrase: str, body: str = "") -> None:
        to = request.headers["to"]
        if status > 100 and "tag=" not in to:
            to += f";tag={self.port}"
        lines = [
            f"SIP/2.0 {status} {phrase}",
            *(f"Via: {via}" for via in request.vias),
            f"From: {request.headers['from']}",
            f"To: {to}",
            f"Call-ID: {request.headers['call-id']}",
            f"CSeq: {request.headers['cseq']}",
            f"Contact: <sip:{self.name}@127.0.0.1:{self.port}>",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self.sip.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), self._peer)

    def _read_sip(self) -> None:
        while True:
            data, peer = self.sip.recvfrom(65536)
            if len(data) > 10:
                self._on_message(Message.parse(data), peer)

    def _on_message(self, message: Message, peer: tuple[str, int]) -> None:
        if message.method:
            self._peer = peer
            self._on_request(message)
        elif self.call is not None and message.headers.get("call-id") == self.call.call_id:
            self._on_response(message, self.call)

    def _on_request(self, request: Message) -> None:
        if request.method == "INVITE":
            self._on_invite(request)
        elif request.method in ("BYE", "CANCEL"):
            self._on_end(request)
        elif request.method != "ACK":
            self._respond(request, 200, "OK")

    def _on_invite(self, request: Message) -> None:
        call_id = request.headers["call-id"]
        if self.call is not None and self.call.call_id == call_id:
            if self.call.answered:
                self._respond(request, 200, "OK", self._sdp())
            return
        to = request.headers["to"] + f";tag={self.port}"
        target = re.findall(r"<([^>]*)>", request.headers.get("contact", request.headers["from"]))[0]
        self.call = Call(call_id, to, request.headers["from"], target, invite=request, media=_media(request.body))
        self.call.says_hertz = self.says_hertz
        if self.on_invite == 180:
            self._respond(request, 180, "Ringing")
        elif self.on_invite == 200:
            self.pick_up()
        elif self.on_invite:
            self.refuse(self.on_invite)

    def _on_end(self, request: Message) -> None:
        self._respond(request, 200, "OK")
        call = self.call
        if call is None or request.headers["call-id"] != call.call_id:
            return
        if request.method == "CANCEL" and call.invite is not None and not call.answered:
            self._respond(call.invite, 487, "Request Terminated")
        call.ended = True

    def _on_response(self, response: Message, call: Call) -> None:
        call.statuses.append(response.status)
        if "INVITE" not in response.headers["cseq"]:
            return
        if response.body:
            call.media = _media(response.body)
        if response.status >= 200:
            call.remote = response.headers["to"]
            self._acknowledge(response, call)

    def _acknowledge(self, response: Message, call: Call) -> None:
        if response.status < 300:
            call.target = re.findall(r"<([^>]*)>", response.headers["contact"])[0]
            call.answered = True
        else:
            call.ended, call.end_status = True, response.status
        self._request("ACK", call)

    # --- RTP ---------------------------------------------------------------------------------------------------------

    def _read_rtp(self) -> None:
        while True:
            data = self.rtp.recv(2048)
            call = self.call
            if call is None or len(data) < 12:
                continue
            kind = data[1] & 0x7F
            if kind == 8:
                call.heard.append((time.monotonic(), DECODE[np.frombuffer(data[12:], np.uint8)]))
            elif kind == 101:
                self._on_key(data, call)

    def _on_key(self, data: bytes, call: Call) -> None:
        stamp = data[4:8]
        if stamp != self._last_event and data[13] & 0x80:
            self._last_event = stamp
            call.digits += "0123456789*#ABCD"[data[12]]

    def _speak(self) -> None:
        due = time.monotonic()
        while True:
            due += PACKET_SECONDS
            gevent.sleep(max(0.0, due - time.monotonic()))
            call = self.call
            if call is not None and call.answered and call.media and not call.ended:
                self._send_packet(call)

    def _send_packet(self, call: Call) -> None:
        instants = (self._timestamp + np.arange(SAMPLES)) / 8000
        samples = 8000 * np.sin(2 * np.pi * call.says_hertz * instants) if call.says_hertz else np.zeros(SAMPLES)
        self._send_rtp(call, 8, alaw(samples.astype(np.int32)), self._timestamp)
        self._timestamp += SAMPLES

    def _send_rtp(self, call: Call, kind: int, payload: bytes, stamp: int, mark: bool = False) -> None:
        self._sequence = (self._sequence + 1) & 0xFFFF
        head = struct.pack("!BBHII", 0x80, kind | (0x80 if mark else 0), self._sequence, stamp, self._ssrc)
        if call.media is not None:
            self.rtp.sendto(head + payload, call.media)

    def _press(self, digit: str) -> None:
        call, stamp = self._call(), self._timestamp
        code = "0123456789*#ABCD".index(digit)
        for step in range(1, 9):
            ends = step > 5
            duration = min(step, 5) * SAMPLES
            self._send_rtp(call, 101, struct.pack("!BBH", code, 10 | (0x80 if ends else 0), duration), stamp, step == 1)
            gevent.sleep(PACKET_SECONDS)


def _media(sdp: str) -> tuple[str, int] | None:
    host = re.search(r"^c=IN IP4 (\S+)", sdp, re.M)
    port = re.search(r"^m=audio (\d+)", sdp, re.M)
    return (host.group(1), int(port.group(1))) if host and port else None


def _until(condition: Callable[[], bool], seconds: float, failure: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, failure
        gevent.sleep(0.01)
