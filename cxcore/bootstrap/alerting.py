"""The ways by which people and systems elsewhere are told of alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from cxcore.alerting.courier import Courier
from cxcore.alerting.mail import Mailer, MailServer
from cxcore.alerting.webhook import Webhook, read_secret
from cxcore.alerting.whatsapp import CloudMessenger, LineSender, line_of
from cxcore.bootstrap.starting import CannotStart
from cxcore.config import MailSecurity, Settings
from cxcore.domain.tidings import LineNotSent, Tiding
from cxcore.ports.clock import Clock
from cxcore.ports.outbox import Way
from cxcore.recordings.transcripts import TranscriptFolder
from cxcore.storage import Storage

SOON = timedelta(minutes=10)
"""How long a line of a chat is tried: its agent waits, and can call the customer instead."""
SHORT_PAUSES = (1.0, 3.0, 10.0, 30.0, 60.0)


def line_courier(
    settings: Settings, storage: Storage, clock: Clock, tell: Callable[[Tiding], None]
) -> Iterator[Courier]:
    """What carries the lines of chats to WhatsApp, where that is set."""
    if fault := settings.whatsapp_fault:
        raise CannotStart(f"{settings.place('whatsapp')}.{fault}")
    if settings.whatsapp.token_file is None:
        return
    messenger = CloudMessenger(settings.whatsapp.api.rstrip("/"), settings.whatsapp.token_file)
    transcripts = TranscriptFolder(settings.chat_keys_directory)
    sender = LineSender(messenger, transcripts, storage.contact_log.caller_number)
    courier = Courier(Way.WHATSAPP, sender.send, storage.outbox, clock, SOON, SHORT_PAUSES)
    courier.lost = lambda letter, why: tell(LineNotSent(clock.now(), *line_of(letter), why))
    yield courier


def couriers(settings: Settings, storage: Storage, clock: Clock) -> Iterator[Courier]:
    """What carries letters to people and systems elsewhere, by each way that is set."""
    alerts = settings.alerts
    parts = (storage.outbox, clock, timedelta(hours=alerts.give_up_hours))
    if alerts.fault_mail and not alerts.smtp_server:
        place = settings.place("alerts.fault_mail")
        raise CannotStart(f"{place}: faults are mailed by `alerts.smtp_server`; set that too")
    if alerts.smtp_server:
        if not alerts.sender:
            raise CannotStart(f"{settings.place('alerts.sender')}: write from whom mails about alarms come")
        yield Courier(Way.MAIL, Mailer(_mail_server(settings)).send, *parts)
    if alerts.webhook_url:
        secret = read_secret(settings.webhook_secret_file)
        yield Courier(Way.WEBHOOK, Webhook(alerts.webhook_url, secret, clock.now).send, *parts)


def _mail_server(settings: Settings) -> MailServer:
    alerts, password = settings.alerts, ""
    host, _, port = alerts.smtp_server.rpartition(":")
    if alerts.smtp_password_file is not None:
        password = alerts.smtp_password_file.read_text(encoding="utf-8").strip()
    return MailServer(
        host.strip("[]"),
        int(port),
        alerts.sender,
        tls=alerts.smtp_security is MailSecurity.TLS,
        starttls=alerts.smtp_security is MailSecurity.STARTTLS,
        user=alerts.smtp_user,
        password=password,
    )
