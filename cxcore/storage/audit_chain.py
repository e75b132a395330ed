"""The digests that chain the audit's events.

An event's digest is SHA-256 over the digest before it, a line end, and the event as a JSON array without spaces:
number, instant (UTC, microseconds), actor, action, object, result, origin. The digest before the first is empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from cxcore.ports.audit import AuditEntry, ChainState

NOTHING_BEFORE = ""


def digest_after(previous: str, number: int, at: datetime, words: tuple[str, str, str, str, str]) -> str:
    """The digest of an event; `words` are its actor, action, object, result and origin as they are stored."""
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    event = json.dumps([number, instant, *words], ensure_ascii=False, separators=(",", ":"))
    return sha256(f"{previous}\n{event}".encode()).hexdigest()


def state_of(entries: Iterable[AuditEntry]) -> ChainState:
    """What a chain shows whose events are given from the first to the last."""
    sound, digest = 0, NOTHING_BEFORE
    for entry in entries:
        if entry.number != sound + 1 or entry.digest != _digest(digest, entry):
            return ChainState(sound, digest, broken_at=sound + 1)
        sound, digest = entry.number, entry.digest
    return ChainState(sound, digest)


def _digest(previous: str, entry: AuditEntry) -> str:
    words = (entry.actor, entry.action, entry.object, entry.result.value, entry.origin)
    return digest_after(previous, entry.number, entry.at, words)
