"""Any number of SIP parties on one UDP socket: callers who call and devices that are called. UDP only (RFC 3261).

With a `SoundRoom` each leg has sound of its own; without, all legs name one port at which nobody listens, and the
engine sends its packets there all the same. Instants are seconds of the real-time clock: a request's when it was
handed to the kernel or, for what arrives, when the kernel got it.
"""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import gevent
import gevent.socket
from gevent.event import Event

from scripts.benchmarks.sound import CONTROL_OCTETS, DIGITS_PAYLOAD_TYPE, SoundRoom, Voice, arrival_of, now
from softswitch.media.datagrams import ask_for_arrival_times
from tests.contract.sip_peer import Message

RECEIVE_OCTETS = 4 * 1024 * 1024


class NothingCame(Exception):
    """What was waited for did not come."""


@dataclass(eq=False, slots=True)
class Leg:
    """One call, made or received. `number` is the caller's number in both cases."""

    parties: Parties
    call_id: str
    number: str
    local: str
    remote: str
    target: str
    began_at: float
    voice: Voice | None
    user: str = ""
    """Whom an incoming call is for."""
    answered_at: float = 0.0
    answered: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    invite: Message | None = None
    outgoing: bool = False
    _cseq: int = 1
    _last_response: bytes = b""

    def wait_answered(self, seconds: float = 10.0) -> None:
        """Wait for the 200."""
        if not self.answered.wait(seconds):
            raise NothingCame(f"no 200 for {self.number} in {seconds} s")

    def answer(self) -> None:
        """Send 200."""
        self._learn(self.invite)
        self.answered_at = now()
        self.respond(200, "OK", self._description())
        self.answered.set()

    def bye(self) -> None:
        """End the call."""
        self._cseq += 1
        self.parties.send(self._request("BYE", self._cseq))
        self.end()

    def end(self) -> None:
        """The call is over, whoever ended it."""
        self.ended.set()
        self.parties.forget(self)

    def respond(self, status: int, reason: str, body: str = "") -> None:
        """Answer the INVITE."""
        if self.invite is not None:
            self._last_response = self._response(self.invite, status, reason, body)
            self.parties.send(self._last_response)

    # -- what arrives

    def take_response(self, message: Message, arrived: float) -> None:
        """A response to a request of ours."""
        if message.method != "INVITE" or message.status < 200:
            return
        self.remote = message.get("To")
        self.target = message.contact or self.target
        self.parties.send(self._request("ACK", message.cseq, message.branch if message.status >= 300 else ""))
        if message.status >= 300:
            raise NothingCame(f"the call of {self.number} got {message.start}")
        if not self.answered.is_set():
            self._learn(message)
            self.answered_at = arrived
            self.answered.set()

    def take_request(self, message: Message) -> None:
        """A request within the call."""
        match message.method:
            case "INVITE" if self.invite is not None and message.branch == self.invite.branch:
                self.parties.send(self._last_response)
            case "INVITE":
                self._learn(message)
                self.parties.send(self._response(message, 200, "OK", self._description()))
            case "ACK":
                return
            case method:
                self.parties.send(self._response(message, 200, "OK"))
                self._finish(method)

    def _finish(self, method: str) -> None:
        if method == "CANCEL":
            self.respond(487, "Request Terminated")
        if method in ("BYE", "CANCEL"):
            self.end()

    def _learn(self, message: Message | None) -> None:
        if self.voice is not None and message is not None and message.sdp is not None:
            self.voice.remote = (message.sdp.host, message.sdp.port)

    # -- text

    def _description(self) -> str:
        return self.parties.description(self.voice)

    def invitation(self) -> bytes:
        """The INVITE of a call that we make."""
        return self._request("INVITE", 1, body=self._description())

    def _request(self, method: str, cseq: int, branch: str = "", body: str = "") -> bytes:
        branch = branch or f"z9hG4bK{uuid.uuid4().hex}"
        lines = [
            f"{method} {self.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.parties.address};branch={branch};rport",
            "Max-Forwards: 70",
            f"From: {self.local}",
            f"To: {self.remote}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {cseq} {method}",
        ]
        return self._text(lines, body)

    def _response(self, request: Message, status: int, reason: str, body: str = "") -> bytes:
        to = request.get("To")
        lines = [
            f"SIP/2.0 {status} {reason}",
            *(f"Via: {value}" for value in request.all("Via")),
            *(f"Record-Route: {value}" for value in request.all("Record-Route")),
            f"From: {request.get('From')}",
            f"To: {to if 'tag=' in to else self.local}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {request.get('CSeq')}",
        ]
        return self._text(lines, body)

    def _text(self, lines: list[str], body: str) -> bytes:
        lines = [*lines, f"Contact: <sip:peer@{self.parties.address}>", f"Content-Length: {len(body)}"]
        lines += ["Content-Type: application/sdp"] if body else []
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


class Parties:
    """Speaks with one engine. `on_call` is told of each INVITE, after 180 was sent."""

    def __init__(self, engine: tuple[str, int], room: SoundRoom | None = None, hears: bool = True) -> None:
        """`hears`: whether the engine is to send sound, which costs most of its time where many wait."""
        self.engine, self.room, self.hears = engine, room, hears
        self.on_call: Callable[[Leg], None] = lambda leg: None
        self.legs: dict[str, Leg] = {}
        self._socket = gevent.socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_OCTETS)
        self._socket.bind(("127.0.0.1", 0))
        ask_for_arrival_times(self._socket)
        self._deaf = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
        self._deaf.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._greenlet = gevent.spawn(self._run)

    def call(self, dialled: str, number: str, hertz: int = 0) -> Leg:
        """Send an INVITE for `dialled` from `number`; with a `SoundRoom` it says this tone."""
        domain = f"{self.engine[0]}:{self.engine[1]}"
        leg = Leg(
            self,
            uuid.uuid4().hex,
            number,
            f"<sip:{number}@{self.address}>;tag={uuid.uuid4().hex[:10]}",
            f"<sip:{dialled}@{domain}>",
            f"sip:{dialled}@{domain}",
            0.0,
            self.room.voice(hertz) if self.room else None,
            outgoing=True,
        )
        self.legs[leg.call_id] = leg
        raw = leg.invitation()
        leg.began_at = now()
        self.send(raw)
        return leg

    def send(self, raw: bytes) -> None:
        """Send to the engine."""
        self._socket.sendto(raw, self.engine)

    def forget(self, leg: Leg) -> None:
        """A call is over; it is remembered for late repetitions until the end."""
        if self.room is not None and leg.voice is not None:
            self.room.drop(leg.voice)

    def description(self, voice: Voice | None) -> str:
        """The session description of a leg."""
        port = voice.port if voice else self._deaf.getsockname()[1]
        lines = [
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=-",
            "c=IN IP4 127.0.0.1",
            "t=0 0",
            f"m=audio {port} RTP/AVP 8 {DIGITS_PAYLOAD_TYPE}",
            "a=rtpmap:8 PCMA/8000",
            f"a=rtpmap:{DIGITS_PAYLOAD_TYPE} telephone-event/8000",
            "a=ptime:20",
            "a=sendrecv" if self.hears else "a=inactive",
        ]
        return "".join(f"{line}\r\n" for line in lines)

    def close(self) -> None:
        """Hang up what is left and let go of the socket."""
        for leg in self.legs.values():
            if leg.answered.is_set() and not leg.ended.is_set():
                leg.bye()
                gevent.sleep(0.002)
        self._greenlet.kill()
        self._socket.close()
        self._deaf.close()

    def _run(self) -> None:
        while True:
            raw, control, _, _ = self._socket.recvmsg(65535, CONTROL_OCTETS)
            if raw.strip():
                self._take(Message.parse(raw), arrival_of(control))

    def _take(self, message: Message, arrived: float) -> None:
        leg = self.legs.get(message.call_id)
        if message.status and leg is not None:
            leg.take_response(message, arrived)
        elif message.status == 0 and leg is not None:
            leg.take_request(message)
        elif message.method == "INVITE":
            self._take_call(message, arrived)

    def _take_call(self, message: Message, arrived: float) -> None:
        to = message.get("To")
        leg = Leg(
            self,
            message.call_id,
            _user(message.get("From")),
            f"{to};tag={uuid.uuid4().hex[:10]}",
            message.get("From"),
            message.contact,
            arrived,
            self.room.voice(self.hertz) if self.room else None,
            user=_user(message.start.split()[1]),
            invite=message,
        )
        self.legs[leg.call_id] = leg
        leg.respond(180, "Ringing")
        self.on_call(leg)

    hertz = 1000
    """What those who are called say."""


def _user(uri: str) -> str:
    return uri.rpartition("sip:")[2].partition("@")[0]
