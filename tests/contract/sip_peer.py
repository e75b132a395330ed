"""A SIP party for tests, written by hand: it calls, is called, holds, cancels, and can be told to misbehave.

UDP only (RFC 3261), offer and answer with one audio stream (RFC 3264, RFC 4566). Written for the tests alone; it
shares nothing with the engines, so that a mistake of theirs is not repeated here. On loopback nothing is lost, so it
never sends a request twice; a request that comes twice is answered twice.
"""

from __future__ import annotations

import queue
import re
import socket
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.contract.sound import G722, PCMA, PCMU, RtpStream

LONGEST_WAIT_SECONDS = 15.0
NAMES = {PCMA: "PCMA/8000", PCMU: "PCMU/8000", G722: "G722/8000"}
OPPOSITE = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}


class NothingCame(AssertionError):
    """The SIP message that was waited for did not come."""


@dataclass(frozen=True, slots=True)
class Message:
    """One SIP message. Header values are text in which each byte above 127 stands for itself (latin-1)."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @classmethod
    def parse(cls, raw: bytes) -> Message:
        head, _, body = raw.partition(b"\r\n\r\n")
        start, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":")[::2] for line in lines if ":" in line)
        return cls(start, tuple((name.strip(), value.strip()) for name, value in pairs), body)

    @property
    def status(self) -> int:
        """The status of a response, 0 for a request."""
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return self.get("CSeq").split()[-1] if self.status else self.start.split()[0]

    @property
    def cseq(self) -> int:
        return int(self.get("CSeq").split()[0])

    @property
    def call_id(self) -> str:
        return self.get("Call-ID")

    @property
    def branch(self) -> str:
        found = re.search(r"branch=([^;,\s]+)", self.get("Via"))
        return found[1] if found else ""

    def get(self, name: str, default: str = "") -> str:
        return next((value for header, value in self.headers if header.lower() == name.lower()), default)

    def all(self, name: str) -> list[str]:
        return [value for header, value in self.headers if header.lower() == name.lower()]

    def tag(self, name: str) -> str:
        found = re.search(r";tag=([^;\s]+)", self.get(name))
        return found[1] if found else ""

    @property
    def contact(self) -> str:
        found = re.search(r"<([^>]+)>", self.get("Contact"))
        return found[1] if found else self.get("Contact").split(";")[0]

    @property
    def sdp(self) -> Sdp | None:
        return Sdp.parse(self.body.decode("latin-1")) if self.body else None


@dataclass(frozen=True, slots=True)
class Sdp:
    """What a test needs of a session description."""

    host: str
    port: int
    payload_types: tuple[int, ...]
    digits_payload_type: int | None
    direction: str
    text: str

    @classmethod
    def parse(cls, text: str) -> Sdp:
        media = re.search(r"^m=audio (\d+) \S+ ([\d ]+)", text, re.M)
        hosts = re.findall(r"^c=IN IP[46] (\S+)", text, re.M)
        digits = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", text, re.M)
        direction = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)", text, re.M)
        assert media and hosts, f"no audio in {text!r}"
        types = tuple(int(number) for number in media[2].split())
        digits_type = int(digits[1]) if digits else None
        return cls(hosts[-1], int(media[1]), types, digits_type, direction[1] if direction else "sendrecv", text)


def describe(rtp: RtpStream, codecs: Sequence[int], direction: str = "sendrecv", version: int = 1) -> str:
    """A session description for this stream."""
    family = "IP6" if ":" in rtp.host else "IP4"
    types = [*codecs, rtp.digits_payload_type]
    lines = [
        "v=0",
        f"o=peer 7 {version} IN {family} {rtp.host}",
        "s=-",
        f"c=IN {family} {rtp.host}",
        "t=0 0",
        f"m=audio {rtp.port} RTP/AVP {' '.join(map(str, types))}",
        *(f"a=rtpmap:{codec} {NAMES[codec]}" for codec in codecs if codec in NAMES),
        f"a=rtpmap:{rtp.digits_payload_type} telephone-event/8000",
        f"a=fmtp:{rtp.digits_payload_type} 0-15",
        "a=ptime:20",
        f"a={direction}",
    ]
    return "".join(f"{line}\r\n" for line in lines)


@dataclass(slots=True)
class Call:
    """One call of a party, made or received. `messages` holds all that came for it, in order."""

    party: SipParty
    call_id: str
    outgoing: bool
    local: str
    remote: str
    target: str
    codecs: tuple[int, ...] = (PCMA, PCMU)
    routes: Sequence[str] = ()
    """The proxies between, as each request within the call must name them (RFC 3261, 12.1)."""
    rtp: RtpStream = field(default_factory=RtpStream)
    messages: list[Message] = field(default_factory=list)
    invite: Message | None = None
    cseq: int = 1
    ended: threading.Event = field(default_factory=threading.Event)
    acknowledged: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)
    answers_reinvites: bool = True
    answers_offers: bool = True
    """Whether the ACK answers the offer in the 200 to an INVITE without one."""
    _arrived: threading.Condition = field(default_factory=threading.Condition)
    _version: int = 1
    _invite_branch: str = ""
    _last_response: bytes = b""

    # -- waiting

    def wait(self, what: str, test: Callable[[Message], bool], timeout: float = LONGEST_WAIT_SECONDS) -> Message:
        with self._arrived:
            self._arrived.wait_for(lambda: any(map(test, self.messages)), timeout)
            found = next(filter(test, self.messages), None)
        if found is None:
            raise NothingCame(f"no {what} in {[message.start for message in self.messages]}")
        return found

    def wait_status(self, status: int, method: str = "INVITE", timeout: float = LONGEST_WAIT_SECONDS) -> Message:
        """The first response with this status to a request of ours."""
        return self.wait(f"{status} {method}", lambda m: m.status == status and m.method == method, timeout)

    def wait_final(self, timeout: float = LONGEST_WAIT_SECONDS) -> Message:
        """The final response to our INVITE."""
        return self.wait("final response", lambda m: m.status >= 200 and m.method == "INVITE", timeout)

    def wait_request(self, method: str, timeout: float = LONGEST_WAIT_SECONDS) -> Message:
        return self.wait(method, lambda m: not m.status and m.method == method, timeout)

    def wait_answered(self, timeout: float = LONGEST_WAIT_SECONDS) -> Message:
        return self.wait_status(200, timeout=timeout)

    def wait_ended(self, timeout: float = LONGEST_WAIT_SECONDS) -> bool:
        """True once a BYE came or, for a call that we received, a CANCEL."""
        return self.ended.wait(timeout)

    def statuses(self) -> list[int]:
        """The statuses that our INVITE got, without 100 and repetitions."""
        kept = (message.status for message in self.messages if message.status > 100 and message.method == "INVITE")
        return list(dict.fromkeys(kept))

    def reinvites(self) -> list[Sdp]:
        """The offers of the re-INVITEs that came."""
        requests = [message for message in self.messages if not message.status and message.method == "INVITE"]
        later = requests if self.outgoing else requests[1:]
        return [message.sdp for message in later if message.sdp]

    # -- what a caller does

    def bye(self) -> None:
        self._request("BYE")
        self.ended.set()

    def cancel(self) -> None:
        assert self.invite
        self.party.send(_request_text("CANCEL", self, self._invite_branch, self.invite.cseq, {}, ""))

    def refer(self, target: str) -> None:
        self._request("REFER", headers={"Refer-To": f"<{target}>"})

    def reinvite(self, direction: str, codecs: Sequence[int] = ()) -> Message:
        """Offer another direction (`sendonly` is hold) and acknowledge; the answer. `codecs`: else the first alone."""
        self._version += 1
        self.rtp.sending = direction in ("sendrecv", "sendonly")
        before = len(self.messages)
        number = self._request("INVITE", describe(self.rtp, codecs or self.codecs[:1], direction, self._version))
        answer = self.wait(
            "answer to the re-INVITE",
            lambda m: m.status >= 200 and m.method == "INVITE" and m.cseq == number and m in self.messages[before:],
        )
        if answer.sdp:
            self.learn(answer.sdp)
        return answer

    def _request(self, method: str, body: str = "", headers: Mapping[str, str] | None = None) -> int:
        self.cseq += 1
        self.party.send(_request_text(method, self, _branch(), self.cseq, headers or {}, body))
        return self.cseq

    # -- what a called party does

    def ring(self) -> None:
        self._respond(180, "Ringing")

    def progress(self) -> None:
        """183 with a session description: early media."""
        self._respond(183, "Session Progress", self._answer_offer())

    def answer(self) -> None:
        self._respond(200, "OK", self._answer_offer())

    def reject(self, status: int, reason: str = "Refused", headers: Mapping[str, str] | None = None) -> None:
        self._respond(status, reason, headers=headers)
        self.ended.set()

    def _respond(self, status: int, reason: str, body: str = "", headers: Mapping[str, str] | None = None) -> None:
        assert self.invite
        self._last_response = _response_text(self.invite, status, reason, self, body, headers or {})
        self.party.send_raw(self._last_response, self.party.engine)

    def _answer_offer(self) -> str:
        assert self.invite and self.invite.sdp, "the INVITE has no session description"
        self.learn(self.invite.sdp)
        return describe(self.rtp, self._agreed(self.invite.sdp))

    def learn(self, sdp: Sdp) -> None:
        """Send sound to where the other side wants it, in the first codec it names."""
        known = [number for number in sdp.payload_types if number in self.codecs]
        self.rtp.payload_type = known[0] if known else self.rtp.payload_type
        if sdp.digits_payload_type is not None:
            self.rtp.digits_payload_type = sdp.digits_payload_type
        self.rtp.remote = (sdp.host, sdp.port)

    def close(self) -> None:
        self.rtp.close()

    # -- the receiving thread calls these

    def arrive(self, message: Message) -> None:
        self._react(message)
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()

    def _react(self, message: Message) -> None:
        if message.status:
            self._react_to_response(message)
        elif message.method == "INVITE":
            self._react_to_invite(message)
        else:
            self._react_to_request(message)

    def _react_to_response(self, message: Message) -> None:
        if message.method != "INVITE" or message.status < 180:
            return
        if message.tag("To") and self.outgoing:
            self.remote = message.get("To")
        if message.status < 300 and message.get("Contact"):
            self.target = message.contact
            first = self.outgoing and message.cseq == 1
            self.routes = message.all("Record-Route")[::-1] if first else self.routes
        if message.sdp and message.status < 300:
            self.learn(message.sdp)
        if message.status >= 200:
            self._acknowledge(message)

    def _acknowledge(self, message: Message) -> None:
        accepted = message.status < 300
        branch = _branch() if accepted else message.branch
        answers_offer = self.answers_offers and accepted and message.cseq == 1 and self.invite and not self.invite.body
        body = describe(self.rtp, self.codecs[:1]) if answers_offer else ""
        self.party.send(_request_text("ACK", self, branch, message.cseq, {}, body))
        if not accepted and message.cseq == 1:
            self.ended.set()

    def _react_to_invite(self, message: Message) -> None:
        assert self.invite
        if message.branch == self.invite.branch:
            self._repeat_response()
        elif self.answers_reinvites:
            self._answer_reinvite(message)

    def _repeat_response(self) -> None:
        if self._last_response:
            self.party.send_raw(self._last_response, self.party.engine)

    def _answer_reinvite(self, message: Message) -> None:
        self._version += 1
        direction = OPPOSITE[message.sdp.direction] if message.sdp else "sendrecv"
        if message.sdp:
            self.learn(message.sdp)
        body = describe(self.rtp, self._agreed(message.sdp), direction, self._version)
        self.party.send_raw(_response_text(message, 200, "OK", self, body, {}), self.party.engine)

    def _agreed(self, offer: Sdp | None) -> Sequence[int]:
        """The first codec of an offer that the party speaks; without an offer its own first."""
        spoken = [number for number in offer.payload_types if number in self.codecs] if offer else []
        return spoken[:1] or self.codecs[:1]

    def _react_to_request(self, message: Message) -> None:
        if message.method == "ACK":
            self.acknowledged.set()
            return
        self.party.send_raw(_response_text(message, 200, "OK", self, "", {}), self.party.engine)
        if message.method == "CANCEL" and self.invite and not self.ended.is_set():
            self.cancelled.set()
            self._respond(487, "Request Terminated")
        if message.method in ("CANCEL", "BYE"):
            self.ended.set()


def _branch() -> str:
    return f"z9hG4bK{uuid.uuid4().hex}"


def _request_text(method: str, call: Call, branch: str, cseq: int, headers: Mapping[str, str], body: str) -> bytes:
    remote = call.remote if method not in ("CANCEL",) else (call.invite.get("To") if call.invite else call.remote)
    fields = [
        ("Via", f"SIP/2.0/UDP {call.party.address};branch={branch};rport"),
        ("Max-Forwards", "70"),
        *(("Route", route) for route in call.routes),
        ("From", call.local),
        ("To", remote),
        ("Call-ID", call.call_id),
        ("CSeq", f"{cseq} {method}"),
        ("Contact", f"<sip:peer@{call.party.address}>"),
        *headers.items(),
    ]
    return _text(f"{method} {call.target} SIP/2.0", fields, body)


def _response_text(
    request: Message, status: int, reason: str, call: Call, body: str, headers: Mapping[str, str]
) -> bytes:
    local_tag = re.search(r";tag=([^;]+)", call.local)
    to = request.get("To")
    if "tag=" not in to and local_tag:
        to = f"{to};tag={local_tag[1]}"
    fields = [
        *(("Via", value) for value in request.all("Via")),
        *(("Record-Route", value) for value in request.all("Record-Route")),
        ("From", request.get("From")),
        ("To", to),
        ("Call-ID", request.call_id),
        ("CSeq", request.get("CSeq")),
        ("Contact", f"<sip:peer@{call.party.address}>"),
        *headers.items(),
    ]
    return _text(f"SIP/2.0 {status} {reason}", fields, body)


def _text(start: str, fields: Sequence[tuple[str, str]], body: str) -> bytes:
    content = [("Content-Type", "application/sdp")] if body else []
    length = ("Content-Length", str(len(body.encode("latin-1"))))
    lines = [f"{name}: {value}" for name, value in [*fields, *content, length]]
    return ("\r\n".join([start, *lines]) + "\r\n\r\n" + body).encode("latin-1")


@dataclass(slots=True)
class SipParty:
    """A SIP address on this machine that talks to one engine."""

    engine: tuple[str, int]
    host: str = "127.0.0.1"
    calls: dict[str, Call] = field(default_factory=dict)
    returned: dict[str, Call] = field(default_factory=dict)
    """Calls of this party's own that somebody sent back to it: the same Call-ID, another dialog."""
    strays: list[Message] = field(default_factory=list)
    _incoming: queue.Queue[Call] = field(default_factory=lambda: queue.Queue(64))
    _socket: socket.socket = field(init=False)
    _closing: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.bind((self.host, 0))
        self._socket.settimeout(0.1)
        self._thread = threading.Thread(target=self._run, name="sip", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """HOST:PORT as it stands in a SIP URI."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self._socket.getsockname()[1]}"

    def uri(self, user: str) -> str:
        return f"{user}@{self.address}"

    def call(
        self,
        number: str,
        *,
        caller: str = "+31612345678",
        display: str = "",
        headers: Mapping[str, str] | None = None,
        codecs: tuple[int, ...] = (PCMA, PCMU),
        body: str | None = None,
        from_parameters: str = "",
        uri_parameters: str = "",
        place: str = "",
        rtp: RtpStream | None = None,
    ) -> Call:
        """Send an INVITE for this number, at the engine or at the HOST:PORT of `place` with the engine as next hop.

        `body` replaces the session description; empty: none at all. `rtp` is the sound, else a plain stream.
        """
        host, port = self.engine
        domain = place or (f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        named = f'"{display}" ' if display else ""
        call = Call(
            party=self,
            call_id=f"{uuid.uuid4().hex}@peer",
            outgoing=True,
            local=f"{named}<sip:{caller}@{self.address}{from_parameters}>;tag={uuid.uuid4().hex[:10]}",
            remote=f"<sip:{number}@{domain}>",
            target=f"sip:{number}@{domain}{uri_parameters}",
            codecs=codecs,
            rtp=rtp or RtpStream(self.host, codecs[0]),
        )
        self.calls[call.call_id] = call
        offer = describe(call.rtp, codecs) if body is None else body
        call._invite_branch = _branch()
        raw = _request_text("INVITE", call, call._invite_branch, 1, headers or {}, offer)
        call.invite = Message.parse(raw)
        self.send(raw)
        return call

    def expect_call(self, timeout: float = LONGEST_WAIT_SECONDS) -> Call:
        """The next INVITE that comes here, as yet unanswered (100 was sent)."""
        try:
            return self._incoming.get(timeout=timeout)
        except queue.Empty:
            raise NothingCame(f"no INVITE within {timeout} s; strays: {[m.start for m in self.strays]}") from None

    def expect_no_call(self, seconds: float) -> bool:
        try:
            self._incoming.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def send(self, raw: bytes) -> None:
        self.send_raw(raw, self.engine)

    def send_raw(self, raw: bytes, address: tuple[str, int]) -> None:
        self._socket.sendto(raw, address)

    def close(self) -> None:
        self._closing.set()
        self._socket.sendto(b"\r\n\r\n", self._socket.getsockname()[:2])
        self._thread.join(1)
        self._socket.close()
        every = [*self.calls.values(), *self.returned.values()]
        for call in every:
            call.rtp.stop()
        for call in every:
            call.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                raw = self._socket.recv(65536)
            except (TimeoutError, ConnectionError):
                continue
            if raw.strip():
                self._take(Message.parse(raw))

    def _take(self, message: Message) -> None:
        call = self._call_of(message)
        if call is None and message.method == "INVITE" and not message.status:
            call = self._receive_call(message)
        elif call is None:
            self._take_stray(message)
            return
        assert call
        call.arrive(message)

    def _call_of(self, message: Message) -> Call | None:
        call, back = self.calls.get(message.call_id), self.returned.get(message.call_id)
        if call is None or not call.outgoing:
            return call
        if message.method == "INVITE" and not message.status and "tag=" not in message.get("To"):
            return back
        ours = message.get("From" if message.status else "To")
        return call if back is None or call.local.rpartition("tag=")[2] in ours else back

    def _take_stray(self, message: Message) -> None:
        """A question whether we are there is answered to whoever asked first; the rest is kept for messages."""
        self.strays.append(message)
        if message.method == "OPTIONS" and not message.status:
            names = ("Via", "From", "To", "Call-ID", "CSeq")
            fields = [(name, value) for name in names for value in message.all(name)]
            self.send_raw(_text("SIP/2.0 200 OK", fields, ""), self.engine)

    def _receive_call(self, message: Message) -> Call:
        call = Call(
            party=self,
            call_id=message.call_id,
            outgoing=False,
            local=f"{message.get('To')};tag={uuid.uuid4().hex[:10]}",
            remote=message.get("From"),
            target=message.contact,
            routes=message.all("Record-Route"),
            rtp=RtpStream(self.host),
        )
        (self.returned if call.call_id in self.calls else self.calls)[call.call_id] = call
        call.invite = message
        self.send_raw(_response_text(message, 100, "Trying", call, "", {}), self.engine)
        self._incoming.put(call, timeout=1)
        return call


def wait_until(test: Callable[[], bool], timeout: float = LONGEST_WAIT_SECONDS) -> bool:
    """Whether the test came true within the time."""
    deadline = time.monotonic() + timeout
    while not test():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.01)
    return True
