"""Sends letters by SMTP, with the standard library."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from cxcore.alerting.courier import NotDelivered
from cxcore.ports.outbox import KeptLetter

SECONDS = 15.0
"""The longest wait for an answer of the mail server."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, encrypted from the first octet (`tls`), after STARTTLS (RFC 3207), or not at all.

    Without a `user` nobody signs in. `trust` decides whose certificate is taken.
    """

    host: str
    port: int
    sender: str
    tls: bool = False
    starttls: bool = True
    user: str = ""
    password: str = ""
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context


@dataclass(frozen=True, slots=True)
class Mailer:
    """Hands mails in at a server."""

    server: MailServer

    def send(self, letter: KeptLetter) -> None:
        """Hand the mail in. Raises `NotDelivered`."""
        try:
            message = self._message(letter)
            with self._connected() as connection:
                connection.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NotDelivered(f"mail server {self.server.host}:{self.server.port}: {_told(error)}") from error
        except ValueError as error:  # what the library says of it repeats the address
            raise NotDelivered("subject or address cannot stand in a mail") from error

    def _connected(self) -> smtplib.SMTP:
        server = self.server
        if server.tls:
            trust = server.trust()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trust)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            if server.starttls:
                connection.starttls(context=server.trust())
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _message(self, letter: KeptLetter) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = " ".join(letter.letter.subject.split())  # a line end would begin another header
        message["From"], message["To"] = self.server.sender, letter.letter.recipient
        message["Date"] = format_datetime(letter.at)
        message["Message-ID"] = f"<{letter.letter_id}@{self.server.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
        message.set_content(letter.letter.body)
        return message


def _told(error: Exception) -> str:
    """The reason without the addresses that a server repeats."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "refused the address"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answered {error.smtp_code}"
    return str(error) or type(error).__name__
