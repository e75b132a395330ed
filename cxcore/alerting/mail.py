"""Sends notices by SMTP, with the standard library."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from cxcore.alerting.courier import NotDelivered
from cxcore.alerting.notices import Notice

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
    """`local` gives an instant on the clock of those who read."""

    server: MailServer
    local: Callable[[datetime], datetime]

    def send(self, notice: Notice) -> None:
        """Hand the mail in for all recipients. Raises `NotDelivered`."""
        if not notice.recipients:
            return
        try:
            with self._connected() as connection:
                refused = connection.send_message(self._message(notice))
        except (OSError, smtplib.SMTPException) as error:
            raise NotDelivered(f"mail server {self.server.host}:{self.server.port}: {_told(error)}") from error
        if refused:
            raise NotDelivered(f"the mail server refused {len(refused)} of {len(notice.recipients)} addresses")

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

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = notice.subject
        message["From"], message["To"] = self.server.sender, ", ".join(notice.recipients)
        message["Date"] = format_datetime(notice.at)
        message["Message-ID"] = f"<{notice.notice_id}@{self.server.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
        message.set_content(notice.text(self.local(notice.at)))
        return message


def _told(error: Exception) -> str:
    """The reason without the addresses that a server repeats."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"refused all {len(error.recipients)} addresses"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answered {error.smtp_code}"
    return str(error) or type(error).__name__
