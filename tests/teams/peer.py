"""One entrance of Teams (sip.pstnhub.microsoft.com), acted out over TLS.

It behaves as documented (direct-routing-protocols-sip, -protocols-media, -plan): it presents a certificate and wants
one, answers OPTIONS, takes INVITEs with SDES-SRTP, and calls the SBC at its name. A test tells it what to answer.
"""

from __future__ import annotations

import queue
import re
import select
import socket
import ssl
import threading
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tests.contract.sip_peer import Message, NothingCame

WAIT_SECONDS = 10.0
KEY = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
"""The key of RFC 4568's example: 30 bytes in base64."""
AGENT = "Microsoft.PSTNHub.SIPProxy v.2026"


def offer(port: int = 49160, direction: str = "sendrecv", key: str = KEY) -> str:
    """What Teams offers without media bypass: SAVP, SDES with one suite and no MKI, rtcp-mux."""
    lines = [
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=session",
        "c=IN IP4 127.0.0.1",
        "t=0 0",
        f"m=audio {port} RTP/SAVP 104 9 103 111 18 0 8 97 101 13 118",
        "a=rtcp-mux",
        f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}|2^31",
        "a=rtpmap:104 SILK/16000",
        "a=rtpmap:9 G722/8000",
        "a=rtpmap:103 SILK/8000",
        "a=rtpmap:111 SIREN/16000",
        "a=fmtp:111 bitrate=16000",
        "a=rtpmap:18 G729/8000",
        "a=fmtp:18 annexb=no",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:97 RED/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-16",
        "a=rtpmap:13 CN/8000",
        "a=rtpmap:118 CN/16000",
        f"a={direction}",
        "a=ptime:20",
    ]
    return "".join(f"{line}\r\n" for line in lines)


class Connection:
    """One TLS connection, whoever opened it. Two threads may not use its stream at once, so a lock stands before it."""

    def __init__(self, stream: ssl.SSLSocket, take: Callable[[Connection, Message], None]) -> None:
        self.stream, self._take = stream, take
        self.closed = threading.Event()
        self._lock = threading.Lock()
        stream.settimeout(0.0)
        self.shown = stream.getpeercert(binary_form=True)
        """The certificate that the other side showed."""
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, text: str) -> None:
        octets = text.encode()
        while octets:
            with self._lock, suppress(ssl.SSLWantWriteError, ssl.SSLWantReadError):
                octets = octets[self.stream.send(octets) :]

    def _read(self) -> None:
        octets = b""
        while True:
            try:
                received = self._receive()
            except (OSError, ValueError):
                received = b""
            if received == b"":
                self.closed.set()
                return
            octets = (octets + (received or b"")).lstrip(b"\r\n")
            while (cut := _cut(octets)) is not None:
                message, octets = cut
                self._take(self, message)


    def _receive(self) -> bytes | None:
        """What came; empty when the other side closed; None when nothing came yet."""
        if not self.stream.pending():
            select.select([self.stream], [], [], 0.2)
        with self._lock, suppress(ssl.SSLWantReadError):
            return self.stream.recv(65536)
        return None


def _cut(octets: bytes) -> tuple[Message, bytes] | None:
    head, end, rest = octets.partition(b"\r\n\r\n")
    if not end:
        return None
    length = int(Message.parse(head + end).get("Content-Length", "0"))
    if len(rest) < length:
        return None
    return Message.parse(head + end + rest[:length]), rest[length:].lstrip(b"\r\n")


class TeamsPeer:
    """An entrance. `options` holds the questions that came, `messages` everything."""

    def __init__(self, host: str, folder: Path, certificate: str = "teams", answers_options: bool = True) -> None:
        self.host, self.folder, self.certificate = host, folder, certificate
        self.answers_options = answers_options
        self.messages: list[Message] = []
        self.connections: list[Connection] = []
        self._invites: queue.Queue[tuple[Connection, Message]] = queue.Queue()
        self._arrived = threading.Condition()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, 0), family=family)
        self._context = self._tls(ssl.PROTOCOL_TLS_SERVER)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._server = threading.Thread(target=self._serve, daemon=True)
        self._server.start()

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self._socket.getsockname()[1]}"

    @property
    def options(self) -> list[Message]:
        return [message for message in self.messages if message.start.startswith("OPTIONS ")]

    def _tls(self, side: ssl._SSLMethod) -> ssl.SSLContext:
        context = ssl.SSLContext(side)
        context.check_hostname = False
        context.load_verify_locations(str(self.folder / "authority.pem"))
        context.load_cert_chain(self.folder / f"{self.certificate}.pem", self.folder / f"{self.certificate}.key")
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            try:
                self.connections.append(Connection(self._context.wrap_socket(plain, server_side=True), self._take))
            except (ssl.SSLError, ConnectionError):
                plain.close()

    def dial_in(self, host: str, port: int) -> Connection:
        """A connection to the SBC from our address, with our certificate shown."""
        plain = socket.create_connection((host, port), WAIT_SECONDS, source_address=(self.host, 0))
        context = self._tls(ssl.PROTOCOL_TLS_CLIENT)
        context.verify_mode = ssl.CERT_REQUIRED
        stream = context.wrap_socket(plain)
        connection = Connection(stream, self._take)
        self.connections.append(connection)
        return connection

    def _take(self, connection: Connection, message: Message) -> None:
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()
        if message.start.startswith("OPTIONS ") and self.answers_options:
            connection.send(answer(message, 200, "OK"))
        elif message.start.startswith("INVITE "):
            connection.send(answer(message, 100, "Trying"))
            self._invites.put((connection, message))
        elif message.start.startswith(("BYE ", "CANCEL ")):
            connection.send(answer(message, 200, "OK"))

    def expect_invite(self, timeout: float = WAIT_SECONDS) -> tuple[Connection, Message]:
        try:
            return self._invites.get(timeout=timeout)
        except queue.Empty:
            open_ones = [not each.closed.is_set() for each in self.connections]
            starts = [message.start for message in self.messages]
            raise NothingCame(f"no INVITE at {self.address}; connections {open_ones}; {starts}") from None

    def expect_no_invite(self, seconds: float) -> bool:
        try:
            self._invites.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def wait(self, wanted: Callable[[Message], bool], timeout: float = WAIT_SECONDS) -> Message:
        with self._arrived:
            self._arrived.wait_for(lambda: any(map(wanted, self.messages)), timeout)
            found = next(filter(wanted, self.messages), None)
        if found is None:
            raise NothingCame(f"only {[message.start for message in self.messages]}")
        return found

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._server.join(WAIT_SECONDS)
        for connection in self.connections:
            connection.stream.close()


def answer(request: Message, status: int, reason: str, body: str = "", headers: Mapping[str, str] | None = None) -> str:
    """A response to this request, as Teams writes it."""
    to = request.get("To")
    if status > 100 and ";tag=" not in to:
        to += f";tag={uuid.uuid4().hex[:10]}"
    lines = [f"SIP/2.0 {status} {reason}"]
    lines += [f"{name}: {value}" for name in ("Via", "Record-Route") for value in request.all(name)]
    lines += [f"From: {request.get('From')}", f"To: {to}"]
    lines += [f"Call-ID: {request.call_id}", f"CSeq: {request.get('CSeq')}"]
    lines += ["Contact: <sip:api-du-b-euwe.pstnhub.microsoft.com:443;x-i=1;x-c=2>", f"Server: {AGENT}"]
    return _finished([*lines, *(f"{name}: {value}" for name, value in (headers or {}).items())], body)


def request(
    method: str,
    target: str,
    dialogue: Mapping[str, str],
    cseq: int = 1,
    headers: Mapping[str, str] | None = None,
    body: str = "",
) -> str:
    """A request as Teams writes it; `dialogue` gives From, To, Call-ID, and what else is the same within a call."""
    lines = [f"{method} {target} SIP/2.0"]
    lines += [f"Via: SIP/2.0/TLS 52.114.76.76:5061;branch=z9hG4bK{uuid.uuid4().hex[:12]}"]
    lines += [f"{name}: {value}" for name, value in dialogue.items()]
    lines += [f"CSeq: {cseq} {method}", "Max-Forwards: 70", f"User-Agent: {AGENT}"]
    lines += ["Contact: <sip:api-du-b-euwe.pstnhub.microsoft.com:443;x-i=1;x-c=2>"] if "Contact" not in dialogue else []
    return _finished([*lines, *(f"{name}: {value}" for name, value in (headers or {}).items())], body)


def _finished(lines: list[str], body: str) -> str:
    content = ["Content-Type: application/sdp"] if body else []
    return "\r\n".join([*lines, *content, f"Content-Length: {len(body.encode())}"]) + "\r\n\r\n" + body


def host_of(header: str) -> str:
    """The host of the address in a header, without port."""
    found = re.search(r"<sips?:(?:[^@>]*@)?(\[[^\]]+\]|[^:;>]+)", header)
    return found[1] if found else ""
