"""Accounts as the active configuration has them: who was taken out of it cannot sign in, a changed role counts at once.

Passwords stay where they are kept, so that a version that is taken back brings a user back with the old password.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cxcore.domain.agent import AgentId
from cxcore.ports.accounts import Account, Accounts, Role

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ConfiguredAccounts:
    """Implements `ports.accounts.Accounts` over those that are stored; `content` is the active configuration."""

    stored: Accounts
    content: Callable[[], Content]

    def find(self, username: str) -> Account | None:
        """The account, or None. Raises `LogUnavailable`."""
        return self._as_configured(self.stored.find(username))

    def check_password(self, username: str, password: str) -> Account | None:
        """The account whose password this is, or None; takes equally long for whoever is not there any more."""
        return self._as_configured(self.stored.check_password(username, password))

    def create(self, account: Account, password: str) -> None:
        """Add an account; raises `AccountExists`."""
        self.stored.create(account, password)

    def set_password(self, username: str, password: str) -> None:
        """Replace the password; raises `NoSuchAccount`."""
        self.stored.set_password(username, password)

    def all(self) -> Sequence[Account]:
        """Every account that has a password, configured or not, by user name."""
        return self.stored.all()

    def _as_configured(self, account: Account | None) -> Account | None:
        users = self.content().get("users")
        if account is None or not users:  # the configuration is not known while the database is away
            return account
        user = users.get(account.username)
        return None if user is None else _with(account, user)


def _with(account: Account, user: Mapping[str, Any]) -> Account:
    agent_id = AgentId(account.username) if user.get("device") else None
    name, role = str(user.get("name", account.username)), Role(str(user.get("role", account.role)))
    return replace(account, name=name, role=role, agent_id=agent_id)
