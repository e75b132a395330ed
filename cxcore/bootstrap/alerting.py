"""The ways by which people and systems elsewhere are told of alarms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cxcore.alerting.courier import Courier
from cxcore.alerting.mail import Mailer, MailServer
from cxcore.alerting.webhook import Webhook, read_secret
from cxcore.bootstrap.starting import CannotStart
from cxcore.config import MailSecurity, Settings
from cxcore.ports.clock import Clock
from cxcore.ports.outbox import Way
from cxcore.storage import Storage


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
