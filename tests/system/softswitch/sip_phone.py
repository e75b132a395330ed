"""A telephone for tests: raw SIP over UDP and, when asked, RTP. Every message can be seen and made by hand."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

LIMIT_SECONDS = 15.0
SILENCE = b"\xd5" * 160


class NothingCame(AssertionError):
    """A wait ended without what was waited for."""


class Message:
    """A SIP message taken apart, no more than a test needs."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        head, _, body = octets.decode("utf-8", "surrogateescape").partition("\r\n\r\n")
        self.first, *lines = head.split("\r\n")
        self.lines = lines
        self.body = body

    @property
    def status(self) -> int:
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return "" if self.status else self.first.split()[0]

    def all(self, name: str) -> list[str]:
        return [line.partition(":")[2].strip() for line in self.lines if line.partition(":")[0].lower() == name.lower()]

    def get(self, name: str) -> str:
        return (self.all(name) or [""])[0]

    @property
    def cseq_method(self) -> str:
        return self.get("CSeq").split()[1]


class Phone:
    """One address; place and take calls with it, one at a time."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.ipv6 = ":" in host
        family = socket.AF_INET6 if self.ipv6 else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.port: int = self.socket.getsockname()[1]
        self.rtp = socket.socket(family, socket.SOCK_DGRAM)
        self.rtp.bind((host, 0))
        self.rtp_port: int = self.rtp.getsockname()[1]
        self.switch: tuple[str, int] = ("", 0)
        self.call_id = ""
        self.tag = token_hex(4)
        self.cseq = 1
        self.local = self.remote = self.target = ""
        self.invite: Message | None = None
        self.branch = ""
        self.request_uri = ""

    @property
    def bracketed(self) -> str:
        return f"[{self.host}]" if self.ipv6 else self.host

    @property
    def address(self) -> str:
        return f"{self.bracketed}:{self.port}"

    def close(self) -> None:
        self.socket.close()
        self.rtp.close()

    def __enter__(self) -> Phone:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Sending

    def send(self, text: str | bytes, to: tuple[str, int] | None = None) -> None:
        octets = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        self.socket.sendto(octets, to or self.switch)

    def sdp(self, direction: str = "sendrecv", codecs: str = "8 0 101", host: str | None = None) -> str:
        family = "IP6" if self.ipv6 else "IP4"
        return (
            f"v=0\r\no=phone 1 1 IN {family} {self.host}\r\ns=-\r\nc=IN {family} {host or self.host}\r\nt=0 0\r\n"
            f"m=audio {self.rtp_port} RTP/AVP {codecs}\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n"
        )

    def call(
        self,
        switch: tuple[str, int],
        number: str = "100",
        caller: str = '"Anna" <sip:+31612345678@example.org>',
        sdp: str | None = "",
        headers: str = "",
    ) -> None:
        """Send an INVITE. `sdp` empty: the usual one; None: none."""
        self.switch = switch
        host = f"[{switch[0]}]" if ":" in switch[0] else switch[0]
        self.request_uri = f"sip:{number}@{host}:{switch[1]}"
        self.call_id = token_hex(8)
        self.local = f"{caller};tag={self.tag}"
        self.remote = f"<{self.request_uri}>"
        self.target = self.request_uri
        self.branch = f"z9hG4bK{token_hex(8)}"
        self.request("INVITE", self.sdp() if sdp == "" else sdp, headers, branch=self.branch, cseq=self.cseq)

    def request(
        self, method: str, body: str | None = None, headers: str = "", branch: str = "", cseq: int | None = None
    ) -> None:
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        uri = self.request_uri if method == "CANCEL" else self.target
        branch = branch or f"z9hG4bK{token_hex(8)}"
        text = (
            f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {self.address};branch={branch};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: {self.local}\r\nTo: {self.remote}\r\nCall-ID: {self.call_id}\r\n"
            f"CSeq: {cseq} {method}\r\nContact: <sip:phone@{self.address}>\r\n{headers}"
        )
        content = "" if body is None else body
        kind = "Content-Type: application/sdp\r\n" if body is not None and "Content-Type" not in headers else ""
        self.send(f"{text}{kind}Content-Length: {len(content)}\r\n\r\n{content}")

    def ack(self, response: Message, body: str | None = None) -> None:
        self.remote = response.get("To")
        contact = re.search(r"<([^>]+)>", response.get("Contact"))
        if contact:
            self.target = contact.group(1)
        branch = self.branch if response.status >= 300 else ""
        self.request("ACK", body, branch=branch, cseq=int(response.get("CSeq").split()[0]))

    def cancel(self) -> None:
        self.request("CANCEL", branch=self.branch, cseq=self.cseq)

    def bye(self) -> None:
        self.request("BYE")

    # Receiving

    def receive(self, limit: float = LIMIT_SECONDS) -> Message:
        self.socket.settimeout(limit)
        try:
            octets, source = self.socket.recvfrom(65535)
        except TimeoutError as error:
            raise NothingCame("no SIP message in time") from error
        self.switch = source[:2]
        return Message(octets)

    def expect(self, *statuses: int, method: str = "", limit: float = LIMIT_SECONDS) -> Message:
        """The next answer with one of these statuses (to `method`, if given); provisional others are passed over."""
        deadline = time.monotonic() + limit
        while (left := deadline - time.monotonic()) > 0:
            message = self.receive(left)
            if message.status in statuses and (not method or message.cseq_method == method):
                return message
            if message.status >= 200 and not method:
                raise AssertionError(f"expected {statuses}, got {message.first}")
        raise NothingCame(f"no answer {statuses}")

    def expect_request(self, method: str, limit: float = LIMIT_SECONDS) -> Message:
        deadline = time.monotonic() + limit
        while (left := deadline - time.monotonic()) > 0:
            message = self.receive(left)
            if message.method == method:
                return message
        raise NothingCame(f"no {method}")

    def respond(self, request: Message, status: int, phrase: str, body: str | None = None, headers: str = "") -> None:
        to = request.get("To")
        if "tag=" not in to and status > 100:
            to += f";tag={self.tag}"
        lines = [f"SIP/2.0 {status} {phrase}"]
        lines += [f"Via: {via}" for via in request.all("Via")]
        lines += [f"From: {request.get('From')}", f"To: {to}", f"Call-ID: {request.get('Call-ID')}"]
        lines += [f"CSeq: {request.get('CSeq')}", f"Contact: <sip:phone@{self.address}>"]
        if body is not None:
            lines.append("Content-Type: application/sdp")
        content = "" if body is None else body
        self.send("\r\n".join(lines) + f"\r\n{headers}Content-Length: {len(content)}\r\n\r\n{content}")

    def take_call(self, limit: float = LIMIT_SECONDS) -> Message:
        """Wait for an INVITE and remember its dialog."""
        invite = self.expect_request("INVITE", limit)
        self.invite = invite
        self.call_id = invite.get("Call-ID")
        self.local = f"{invite.get('To')};tag={self.tag}" if "tag=" not in invite.get("To") else invite.get("To")
        self.remote = invite.get("From")
        contact = re.search(r"<([^>]+)>", invite.get("Contact"))
        self.target = contact.group(1) if contact else ""
        return invite

    def answer(self, invite: Message, sdp: str | None = "") -> None:
        self.respond(invite, 200, "OK", self.sdp() if sdp == "" else sdp)
        self.expect_request("ACK")

    # Sound

    @contextmanager
    def talking(self, description: str) -> Iterator[None]:
        """Send silence to the other side of `description` for as long as the block runs."""
        stop = threading.Event()
        target = media_target(description)

        def run() -> None:
            for number in range(100000):
                packet = bytes([0x80, 8]) + (number & 0xFFFF).to_bytes(2) + (number * 160).to_bytes(4) + b"\0\0\0\7"
                self.rtp.sendto(packet + SILENCE, target)
                if stop.wait(0.02):
                    return

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(1)

    def press(self, description: str, digit: str) -> None:
        """A key as RFC 4733 event packets with payload type 101."""
        target = media_target(description)
        event = "0123456789*#ABCD".index(digit)
        base = int(time.monotonic() * 8000) & 0xFFFFFFFF
        for step in range(1, 8):
            ended = step >= 5
            duration = min(step, 5) * 160
            header = bytes([0x80, 101 | (0x80 if step == 1 else 0)])
            sequence = (int(time.monotonic() * 1000) & 0xFFF8) + step & 0xFFFF
            packet = header + sequence.to_bytes(2) + base.to_bytes(4) + b"\0\0\0\7"
            self.rtp.sendto(packet + bytes([event, (0x80 if ended else 0) | 10]) + duration.to_bytes(2), target)
            time.sleep(0.02)

    def hears(self, seconds: float = 1.0) -> bool:
        """Whether sound that is not silence comes in within so many seconds."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.rtp.settimeout(left)
            try:
                packet = self.rtp.recv(2048)
            except TimeoutError:
                return False
            if packet[1] & 0x7F in (0, 8) and len(set(packet[12:])) > 4:
                return True
        return False


def media_target(description: str) -> tuple[str, int]:
    host = re.search(r"c=IN IP\d (\S+)", description)
    port = re.search(r"m=audio (\d+)", description)
    assert host and port
    return host.group(1), int(port.group(1))
