"""Accounts of users who came with a change: each gets a password that is shown once.

With a change for later too: nobody would see a password that is made at night. Until the version counts the account
cannot sign in, for accounts follow the active configuration; it closes the accounts of whom it took out by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from admin_web.web_ports import ports
from cxcore.domain.agent import AgentId
from cxcore.ports.accounts import Account, AccountExists, Role


def make_accounts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """User name, name and password of each user who came with a change and had no account. Raises `LogUnavailable`."""
    known = {account.username for account in ports().accounts.all()} | set(before.get("users") or {})
    users: Mapping[str, Any] = after.get("users") or {}
    made = [_make(username, user) for username, user in users.items() if username not in known]
    return [each for each in made if each is not None]


def _make(username: str, user: Mapping[str, Any]) -> tuple[str, str, str] | None:
    password, name = secrets.token_urlsafe(12), str(user.get("name", username))
    agent_id = AgentId(username) if user.get("device") else None
    try:
        ports().accounts.create(Account(username, name, Role(str(user["role"])), agent_id), password)
    except AccountExists:  # another page, or a core that starts, was first and has the password
        return None
    return username, name, password
