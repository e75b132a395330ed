"""Mails about alarms, handed in at a real SMTP server."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxcore.alerting.courier import NotDelivered
from cxcore.alerting.mail import Mailer, MailServer
from cxcore.alerting.notices import Notice
from cxcore.domain.thresholds import AlarmKind
from cxcore.ports.outbox import KeptLetter, Letter, Way
from cxcore.runner.clock import local_time
from tests.mail_server import mail_server, make_certificate

AT = datetime(2026, 7, 1, 9, 30, 5, tzinfo=UTC)
NOTICE = Notice(AT, True, "burgerzaken", "Burgerzaken", AlarmKind.LONGEST_WAIT, 312.0, 300.0)
LETTER = Letter(Way.MAIL, NOTICE.subject, NOTICE.text(local_time(AT)), "teamleider@example.nl")
WAIT = KeptLetter("n1", AT, LETTER, 1)


def mailer(port: int, **changes: object) -> Mailer:
    settings: dict[str, object] = {"starttls": False, **changes}
    return Mailer(MailServer("127.0.0.1", port, "cx@example.nl", **settings))  # type: ignore[arg-type]


def test_mail_says_what_where_when_and_how_much_on_the_clock_of_the_reader() -> None:
    with mail_server() as server:
        mailer(server.port).send(WAIT)
    (message,), (recipients,) = server.messages, server.recipients
    assert recipients == ["teamleider@example.nl"]
    assert message["Message-ID"] == "<n1@example.nl>"
    assert message["Subject"] == "Alarm Burgerzaken: langste wachttijd: 5:12 min"
    assert message["From"] == "cx@example.nl"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_content()
    assert "Tijdstip: 01-07-2026 11:30:05" in text
    assert "Ingestelde grens: vanaf 5:00 min." in text


def test_mail_goes_encrypted_and_signed_in_where_the_settings_say_so(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)

    def trust() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(certificate))

    with mail_server(certificate) as server:
        mailer(server.port, starttls=True, user="cx", password="geheim", trust=trust).send(WAIT)
    assert server.encrypted == [True]
    assert server.signed_in == ["cx geheim"]


def test_certificate_that_nobody_trusts_gets_no_mail(tmp_path: Path) -> None:
    with mail_server(make_certificate(tmp_path)) as server, pytest.raises(NotDelivered, match="certificate"):
        mailer(server.port, starttls=True).send(WAIT)
    assert server.messages == []


def test_server_that_refuses_or_is_away_is_named_without_an_address_of_anybody() -> None:
    with mail_server() as server:
        server.refusals = 1
        with pytest.raises(NotDelivered) as refused:
            mailer(server.port).send(WAIT)
    with pytest.raises(NotDelivered) as away:
        mailer(server.port).send(WAIT)
    assert "421" in str(refused.value)
    assert "teamleider" not in f"{refused.value} {away.value}"


def test_subject_of_two_lines_adds_no_header() -> None:
    letter = replace(WAIT, letter=replace(LETTER, subject="Storing\r\nBcc: elders@example.nl"))
    with mail_server() as server:
        mailer(server.port).send(letter)
    (message,) = server.messages
    assert message["Subject"] == "Storing Bcc: elders@example.nl"
    assert message["Bcc"] is None


def test_address_that_cannot_stand_in_a_mail_is_not_delivered_and_not_told() -> None:
    letter = replace(WAIT, letter=replace(LETTER, recipient="teamleider\n@example.nl"))
    with mail_server() as server, pytest.raises(NotDelivered) as refused:
        mailer(server.port).send(letter)
    assert "teamleider" not in str(refused.value)
