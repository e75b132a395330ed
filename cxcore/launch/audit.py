"""`cx audit verify`: is the record of who did what still what was written?"""

from __future__ import annotations

import sys

from cxcore.config import Settings
from cxcore.ports.audit import Audit
from cxcore.ports.contact_log import LogUnavailable
from cxcore.storage import open_storage

WHOLE, BROKEN, CANNOT_TELL = 0, 1, 2
INCIDENT = "treat it as a security incident: set a copy of the database apart before anything else"


def verify(settings: Settings, anchor: str | None) -> int:
    """Print what the chain shows; returns 0 when it is whole, 1 when it is not, 2 when nobody can tell.

    `anchor` is NUMBER:DIGEST as an earlier run printed it, kept out of reach of whoever has the database: it finds that
    events were cut off, or all written anew.
    """
    try:
        storage = open_storage(settings.database_url, settings.site.state / "held-facts-of-audit")
    except LogUnavailable as outage:
        return _cannot_tell(str(outage))
    try:
        return _verify(storage.audit, anchor)
    except LogUnavailable as outage:
        return _cannot_tell(str(outage))
    finally:
        storage.close()


def _cannot_tell(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return CANNOT_TELL


def _verify(audit: Audit, anchor: str | None) -> int:
    state = audit.verify()
    if state.broken_at is not None:
        return _broken(f"event {state.broken_at} was changed or is missing; the {state.sound} before it are sound")
    if anchor is not None:
        number, _, digest = anchor.partition(":")
        if not number.isdecimal() or not digest:
            return _cannot_tell(f"--anchor {anchor}: write NUMBER:DIGEST as an earlier run printed it")
        if audit.digest(int(number)) != digest:
            return _broken(f"event {number} is not the one of the anchor: events were cut off or written anew")
    return _whole(state.sound, state.digest)


def _broken(what: str) -> int:
    sys.stdout.write(f"the audit is NOT whole: {what}\n{INCIDENT}\n")
    return BROKEN


def _whole(count: int, digest: str) -> int:
    sys.stdout.write(f"the audit is whole: {count} events\n")
    if count:
        sys.stdout.write(f"keep this elsewhere, for the next time: --anchor {count}:{digest}\n")
    return WHOLE
