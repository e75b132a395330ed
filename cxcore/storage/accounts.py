"""Local accounts with argon2id hashes (port `cxcore.ports.accounts`)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cxcore.domain.agent import AgentId
from cxcore.ports.accounts import Account, AccountExists, NoSuchAccount, Role
from cxcore.ports.contact_log import LogUnavailable
from cxcore.storage.engine import reading, writing
from cxcore.storage.models import AccountRecord

LONGEST_PASSWORD = 1024
"""Characters; a longer one is wrong without being hashed, so that nobody keeps us busy with it."""


class SqlAccounts:
    """Accounts. The default cost is argon2-cffi's: RFC 9106, second recommended option (64 MiB, 3 passes)."""

    def __init__(self, engine: Engine, hasher: PasswordHasher | None = None) -> None:
        self._engine = engine
        self._hasher = hasher or PasswordHasher()
        self._nobodys_hash = self._hasher.hash("the hash that is checked for an unknown user name")

    def find(self, username: str) -> Account | None:
        """The account, or None. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            row = session.get(AccountRecord, username)
            return None if row is None else _account(row)

    def check_password(self, username: str, password: str) -> Account | None:
        """The account whose password this is, or None. Raises `LogUnavailable`.

        The hash is checked outside any transaction: it takes a tenth of a second. One made at another cost is renewed.
        """
        with reading(self._engine) as session:
            row = session.get(AccountRecord, username)
        hashed = self._nobodys_hash if row is None else row.password_hash
        if not self._matches(hashed, password) or row is None:
            return None
        if self._hasher.check_needs_rehash(hashed):
            with suppress(LogUnavailable):  # the next sign-in renews it
                self.set_password(username, password)
        return _account(row)

    def create(self, account: Account, password: str) -> None:
        """Add an account. Raises `AccountExists`, `LogUnavailable`."""
        row = AccountRecord(
            username=account.username,
            name=account.name,
            role=account.role.value,
            agent_id=account.agent_id,
            password_hash=self._hasher.hash(password),
        )
        try:
            with writing(self._engine) as session:
                session.add(row)
        except IntegrityError as error:
            raise AccountExists(f"there is an account {account.username} already") from error

    def set_password(self, username: str, password: str) -> None:
        """Replace the password. Raises `NoSuchAccount`, `LogUnavailable`."""
        password_hash = self._hasher.hash(password)
        with writing(self._engine) as session:
            _existing(session, username).password_hash = password_hash

    def all(self) -> Sequence[Account]:
        """Every account, by user name. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return [_account(row) for row in session.scalars(select(AccountRecord).order_by(AccountRecord.username))]

    def _matches(self, hashed: str, password: str) -> bool:
        if len(password) > LONGEST_PASSWORD:
            return False
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


def _existing(session: Session, username: str) -> AccountRecord:
    row = session.get(AccountRecord, username)
    if row is None:
        raise NoSuchAccount(f"there is no account {username}")
    return row


def _account(row: AccountRecord) -> Account:
    return Account(
        username=row.username,
        name=row.name,
        role=Role(row.role),
        agent_id=None if row.agent_id is None else AgentId(row.agent_id),
    )
