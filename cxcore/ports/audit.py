"""Who did what, when, to what, from where, and whether it was allowed: kept for those who must account for it.

The events form a chain: each holds a digest over itself and the digest before it, so that an event that is changed,
taken out or put in between is found (BIO2 8.15.05 and 8.15.06).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One event as it is kept; `number` counts from 1 without gaps, `digest` is hexadecimal SHA-256."""

    number: int
    at: datetime
    actor: str
    action: str
    object: str
    result: AuditResult
    origin: str
    digest: str


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """Which events to show: those in the period (from ≤ t < until) that have each text given here.

    `actor` and `action` are whole names, `object` any part of it; empty asks nothing. `before` is the number of the
    last event of the page before.
    """

    since: datetime
    until: datetime
    actor: str = ""
    action: str = ""
    object: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class ChainState:
    """What the chain shows: how many events are sound from the first on, and the digest of the last of these.

    `broken_at` is the number of the first event that is not what was written, None when the chain is whole.
    """

    sound: int
    digest: str
    broken_at: int | None = None


class Audit(Protocol):
    """Keeps audit events for good."""

    def record(self, actor: str, action: str, object: str, result: AuditResult, origin: str, at: datetime) -> None:
        """Keep one event; returns when it is stored. Raises `LogUnavailable`.

        `actor` is the user name as it was given, `action` a short verb (`sign-in`), `object` what it was done to (empty
        when that is the actor), `origin` the network address it came from, `at` aware UTC.
        """

    def entries(self, question: AuditQuestion, limit: int = 100) -> Sequence[AuditEntry]:
        """The events that are asked for, newest first. Raises `LogUnavailable`."""

    def actions(self) -> Sequence[str]:
        """Every action that was ever kept, by name. Raises `LogUnavailable`."""

    def digest(self, number: int) -> str | None:
        """The digest of one event, to compare with one that was written down; None when there is no such event."""

    def verify(self) -> ChainState:
        """Read the chain from its first event to its last. Raises `LogUnavailable`."""
