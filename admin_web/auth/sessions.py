"""A signed-in user: a signed cookie with two limits of time, and what this process knows of each session.

The cookie carries the instants of sign-in and of the last request. An agent's page whose live socket is open asks for
`/session/alive` every few minutes, so that only a desk that nobody serves runs into the idle limit.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cxcore.domain.agent import AgentId
from cxcore.ports.accounts import Account, Role

KEEP = ("language",)
REMEMBERED = 10_000
RENEW_AFTER = timedelta(seconds=30)
"""The cookie is written anew at most this often, because each writing is a Set-Cookie header."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, and since when."""

    session_id: str
    account: Account
    signed_in_at: datetime
    seen_at: datetime


def open_session(cookie: MutableMapping[str, Any], account: Account, now: datetime) -> SignedIn:
    """Begin a session under a new identity; what an earlier one left in the cookie goes, but for the language."""
    close_session(cookie)
    signed_in = SignedIn(secrets.token_urlsafe(16), account, now, now)
    cookie["sid"] = signed_in.session_id
    cookie["user"] = [account.username, account.name, account.role.value, account.agent_id]
    cookie["at"] = now.timestamp()
    cookie["seen"] = now.timestamp()
    return signed_in


def close_session(cookie: MutableMapping[str, Any]) -> None:
    """Forget the user."""
    for name in [each for each in cookie if each not in KEEP]:
        del cookie[name]


def read_session(cookie: MutableMapping[str, Any]) -> SignedIn | None:
    """Who the cookie says is signed in; None for nobody, or for a cookie of another version."""
    try:
        username, name, role, agent_id = cookie["user"]
        account = Account(username, name, Role(role), AgentId(agent_id) if agent_id is not None else None)
        return SignedIn(cookie["sid"], account, _instant(cookie["at"]), _instant(cookie["seen"]))
    except (KeyError, ValueError, TypeError):
        return None


def renew(cookie: MutableMapping[str, Any], signed_in: SignedIn, now: datetime) -> None:
    """Note that the user was seen."""
    if now - signed_in.seen_at >= RENEW_AFTER:
        cookie["seen"] = now.timestamp()


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


@dataclass(slots=True)
class Limits:
    """How long a session lasts."""

    idle: timedelta
    absolute: timedelta

    def expired(self, signed_in_at: datetime, seen_at: datetime, now: datetime) -> bool:
        """Whether either limit is reached."""
        return now - seen_at >= self.idle or now - signed_in_at >= self.absolute


@dataclass(slots=True)
class Presence:
    """When each session was last seen by this process, and which were ended. Holds the latest 10,000 of each."""

    seen: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    ended: OrderedDict[str, datetime] = field(default_factory=OrderedDict)

    def note(self, session_id: str, now: datetime) -> None:
        """The session made a request."""
        _remember(self.seen, session_id, now)

    def end(self, session_id: str, now: datetime) -> None:
        """The session is over; a copy of its cookie no longer counts, and its live pages close."""
        self.seen.pop(session_id, None)
        _remember(self.ended, session_id, now)

    def is_ended(self, session_id: str) -> bool:
        """Whether the session was ended here."""
        return session_id in self.ended

    def last_seen(self, signed_in: SignedIn) -> datetime:
        """The later of what the cookie said and what this process saw."""
        return max(signed_in.seen_at, self.seen.get(signed_in.session_id, signed_in.seen_at))


def _remember(memory: OrderedDict[str, datetime], session_id: str, now: datetime) -> None:
    memory[session_id] = now
    memory.move_to_end(session_id)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
