"""A mail server that speaks SMTP (RFC 5321) with STARTTLS and AUTH PLAIN, and keeps what it is handed."""

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SECONDS = 10


@dataclass(slots=True)
class MailServer:
    """What was handed in, and how the server is to behave."""

    port: int
    certificate: Path | None = None
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refusals: int = 0
    """So many connections are answered 421 before the next is served."""


@contextmanager
def mail_server(certificate: Path | None = None) -> Iterator[MailServer]:
    """Serve on a port of its own; with a certificate STARTTLS is offered, and demanded before mail is taken."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.daemon_threads = True
        kept = MailServer(server.server_address[1], certificate)
        server.kept = kept  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield kept
        server.shutdown()
        thread.join()


class _Session(socketserver.BaseRequestHandler):
    """One client."""

    def handle(self) -> None:
        self.request.settimeout(SECONDS)
        self.kept = cast(MailServer, self.server.kept)  # type: ignore[attr-defined]
        self._socket: socket.socket = self.request
        self._file: BinaryIO = cast(BinaryIO, self._socket.makefile("rb"))
        self._secure, self._to = False, list[str]()
        if self.kept.refusals:
            self.kept.refusals -= 1
            self._say("421 come again later")
            return
        try:
            self._converse()
        except OSError:
            pass  # the client went away: that is what some tests are about
        finally:
            self._file.close()
            self._socket.close()

    def _converse(self) -> None:
        self._say("220 mail.example.nl")
        while line := self._file.readline():
            if not self._answer(line.decode().strip()):
                return

    def _answer(self, line: str) -> bool:
        word, _, rest = line.partition(" ")
        match word.upper():
            case "EHLO":
                starttls = ["STARTTLS"] if self.kept.certificate and not self._secure else ["AUTH PLAIN"]
                self._say(*[f"250-{each}" for each in ["mail.example.nl", *starttls]], "250 8BITMIME")
            case "STARTTLS":
                self._say("220 go ahead")
                self._begin_tls()
            case "AUTH":
                self.kept.signed_in.append(base64.b64decode(rest.split()[1]).decode().replace("\0", " ").strip())
                self._say("235 welcome")
            case "MAIL" if self.kept.certificate and not self._secure:
                self._say("530 must issue a STARTTLS command first")
            case "RCPT":
                self._to.append(rest.partition("<")[2].partition(">")[0])
                self._say("250 fine")
            case "DATA":
                self._take()
            case "QUIT":
                self._say("221 bye")
                return False
            case _:
                self._say("250 fine")
        return True

    def _begin_tls(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cast(Path, self.kept.certificate))
        self._file.close()
        self._socket = context.wrap_socket(self._socket, server_side=True)
        self._file, self._secure = cast(BinaryIO, self._socket.makefile("rb")), True

    def _take(self) -> None:
        self._say("354 go ahead")
        lines = list(iter(self._file.readline, b".\r\n"))
        content = b"".join(line.removeprefix(b".") if line.startswith(b"..") else line for line in lines)
        self.kept.messages.append(message_from_bytes(content, policy=policy.default))
        self.kept.recipients.append(self._to)
        self.kept.encrypted.append(self._secure)
        self._to = []
        self._say("250 taken")

    def _say(self, *lines: str) -> None:
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody signed, with its key, in one PEM file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)  # noqa: TID251 - a certificate is valid on the machine's own clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail.pem"
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, *plain)
    )
    return file
