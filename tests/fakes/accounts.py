"""Accounts in memory, with passwords as they are (port `cxcore.ports.accounts`)."""

from __future__ import annotations

from collections.abc import Sequence

from cxcore.ports.accounts import Account, AccountExists, NoSuchAccount
from cxcore.ports.contact_log import LogUnavailable


class FakeAccounts:
    """Starts without any account."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._passwords: dict[str, str] = {}
        self.away = False

    def find(self, username: str) -> Account | None:
        """The account, or None."""
        self._check_there()
        return self._accounts.get(username)

    def check_password(self, username: str, password: str) -> Account | None:
        """The account whose password this is, or None."""
        self._check_there()
        return self._accounts[username] if self._passwords.get(username) == password else None

    def create(self, account: Account, password: str) -> None:
        """Add an account; raises `AccountExists`."""
        self._check_there()
        if account.username in self._accounts:
            raise AccountExists(f"there is an account {account.username} already")
        self._accounts[account.username], self._passwords[account.username] = account, password

    def set_password(self, username: str, password: str) -> None:
        """Replace the password; raises `NoSuchAccount`."""
        self._check_there()
        if username not in self._accounts:
            raise NoSuchAccount(f"there is no account {username}")
        self._passwords[username] = password

    def all(self) -> Sequence[Account]:
        """Every account, by user name."""
        self._check_there()
        return [self._accounts[username] for username in sorted(self._accounts)]

    def _check_there(self) -> None:
        if self.away:
            raise LogUnavailable("database fake: it is away; bring it back")
