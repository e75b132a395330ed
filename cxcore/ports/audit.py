"""Who did what, when, to what, from where, and whether it was allowed: kept for those who must account for it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol


class AuditResult(StrEnum):
    """How an action ended."""

    DONE = "done"
    REFUSED = "refused"
    """Not allowed: a wrong password, or a right that the user lacks."""
    FAILED = "failed"
    """Allowed, but it did not succeed."""


class Audit(Protocol):
    """Keeps audit events for good."""

    def record(self, actor: str, action: str, object: str, result: AuditResult, origin: str, at: datetime) -> None:
        """Keep one event; returns when it is stored. Raises `LogUnavailable`.

        `actor` is the user name as it was given, `action` a short verb (`sign-in`), `object` what it was done to (empty
        when that is the actor), `origin` the network address it came from, `at` aware UTC.
        """
