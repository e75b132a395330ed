"""The ways by which people and systems elsewhere are told of alarms."""

from __future__ import annotations

from collections.abc import Iterator

from cxcore.alerting.courier import Courier
from cxcore.alerting.mail import Mailer, MailServer
from cxcore.alerting.webhook import Webhook, read_secret
from cxcore.bootstrap.starting import CannotStart
from cxcore.config import MailSecurity, Settings
from cxcore.ports.clock import Clock
from cxcore.runner.clock import local_time


def couriers(settings: Settings, clock: Clock) -> Iterator[Courier]:
    """The ways by which people and systems elsewhere are told of alarms."""
    alerts = settings.alerts
    if alerts.smtp_server:
        if not alerts.sender:
            raise CannotStart(f"{settings.place('alerts.sender')}: write from whom mails about alarms come")
        yield Courier("mail", Mailer(_mail_server(settings), local_time).send, clock)
    if alerts.webhook_url:
        secret = read_secret(settings.webhook_secret_file)
        yield Courier("webhook", Webhook(alerts.webhook_url, secret, clock.now).send, clock)


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
