"""Notes in the audit what a signed-in user did."""

from __future__ import annotations

import logging

from admin_web.auth.guard import origin, signed_in
from admin_web.web_ports import ports
from cxcore.ports.audit import AuditResult
from cxcore.ports.contact_log import LogUnavailable

log = logging.getLogger(__name__)


def note_view(action: str, object: str) -> None:
    """Keep that the user looked at something personal, before it is shown. Raises `LogUnavailable`."""
    ports().audit.record(signed_in().account.username, action, object, AuditResult.DONE, origin(), ports().clock.now())


def note_action(action: str, object: str, result: AuditResult) -> None:
    """Keep what the user did to what. While the database is away the floor can be steered all the same: the log has it.

    The core's facts name the user too.
    """
    username = signed_in().account.username
    try:
        ports().audit.record(username, action, object, result, origin(), ports().clock.now())
    except LogUnavailable:
        log.exception("the audit of %s by %s on %s (%s) could not be kept", action, username, object, result.value)
