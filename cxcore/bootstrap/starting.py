"""How a process starts, and how it refuses to."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from cxcore.config import Settings
from cxcore.dialplan.findings import ConfigurationRefused
from cxcore.feed.link import LinkRefused, LinkSettings
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.outbox import Way
from cxcore.storage import Storage, open_storage
from cxcore.storage.phone_pins import PinLimits

CANNOT_START = 2
"""Exit code for what a person must put right; a restart does not help."""


class CannotStart(Exception):
    """Something that a person must put right first; the message says what and how."""


@contextmanager
def plainly() -> Iterator[None]:
    """Let each refusal of a part stop the start with its own words."""
    try:
        yield
    except (ConfigurationRefused, LogUnavailable, LinkRefused, OSError) as refusal:
        raise CannotStart(str(refusal)) from refusal


def log_to_stderr(settings: Settings) -> None:
    """Let the log go where whoever started the process keeps it."""
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=settings.log.level.upper(), format=form, stream=sys.stderr)


def open_database(settings: Settings, held_facts: str) -> Storage:
    """Open the database; facts that cannot be written wait in the file `held_facts`. Raises `LogUnavailable`."""
    wrong = settings.service_number
    limits = PinLimits(wrong.pin_attempts, timedelta(minutes=wrong.locked_minutes))
    ways = {Way.MAIL: settings.alerts.smtp_server, Way.WEBHOOK: settings.alerts.webhook_url}
    used = frozenset(way for way, place in ways.items() if place)
    return open_storage(settings.database_url, settings.site.state / held_facts, pin_limits=limits, ways=used)


def link_settings(settings: Settings) -> LinkSettings:
    """Where core and web meet."""
    return LinkSettings(settings.changes_endpoint, settings.commands_endpoint)
