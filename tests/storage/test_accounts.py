"""Who may sign in."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from cxcore.domain.agent import AgentId
from cxcore.ports.accounts import Account, AccountExists, NoSuchAccount, Role
from cxcore.storage import Storage
from cxcore.storage.accounts import SqlAccounts
from cxcore.storage.engine import reading
from cxcore.storage.models import AccountRecord
from tests.storage.conftest import opened

ANNA = Account("anna", "Anna de Vries", Role.AGENT, AgentId("anna"))
SOFIE = Account("sofie", "Sofie Mulder", Role.SUPERVISOR)


def stored_hash(storage: Storage, username: str) -> str:
    with reading(storage.engine) as session:
        row = session.get(AccountRecord, username)
        assert row is not None
        return row.password_hash


def test_an_account_is_found_by_its_user_name(storage: Storage) -> None:
    storage.accounts.create(SOFIE, "geheim")
    storage.accounts.create(ANNA, "geheim")

    assert storage.accounts.find("anna") == ANNA
    assert storage.accounts.find("karel") is None
    assert list(storage.accounts.all()) == [ANNA, SOFIE]


def test_only_the_right_password_opens_the_account(storage: Storage) -> None:
    storage.accounts.create(ANNA, "correct horse")

    assert storage.accounts.check_password("anna", "correct horse") == ANNA
    for wrong in ("", "Correct horse", "correct horse ", "x" * 1_000_000, "\udcff", "\0"):
        assert storage.accounts.check_password("anna", wrong) is None


@pytest.mark.parametrize("username", ["", "karel", "anna\0", "anna'--", "\udcff", "x" * 10_000])
def test_an_unknown_user_name_is_no_account_and_no_error(storage: Storage, username: str) -> None:
    storage.accounts.create(ANNA, "geheim")

    assert storage.accounts.check_password(username, "geheim") is None
    assert storage.accounts.find(username) is None


def test_an_unknown_user_name_costs_as_much_hashing_as_a_known_one(storage: Storage) -> None:
    hasher = CountingHasher()
    accounts = SqlAccounts(storage.engine, hasher)
    accounts.create(ANNA, "geheim")

    accounts.check_password("anna", "wrong")
    accounts.check_password("karel", "wrong")

    assert hasher.verified == 2


class CountingHasher(PasswordHasher):
    """Counts how often a password is checked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.verified += 1
        return super().verify(hash, password)


def test_a_taken_user_name_is_refused_and_keeps_its_password(storage: Storage) -> None:
    storage.accounts.create(ANNA, "geheim")

    with pytest.raises(AccountExists):
        storage.accounts.create(ANNA, "other")

    assert storage.accounts.check_password("anna", "geheim") == ANNA


def test_a_new_password_replaces_the_old_one(storage: Storage) -> None:
    storage.accounts.create(ANNA, "old")

    storage.accounts.set_password("anna", "new")

    assert storage.accounts.check_password("anna", "old") is None
    assert storage.accounts.check_password("anna", "new") == ANNA


def test_the_password_of_nobody_cannot_be_set(storage: Storage) -> None:
    with pytest.raises(NoSuchAccount):
        storage.accounts.set_password("karel", "new")


def test_passwords_are_kept_as_argon2id(storage: Storage) -> None:
    storage.accounts.create(ANNA, "geheim")

    assert stored_hash(storage, "anna").startswith("$argon2id$")


def test_a_hash_of_another_cost_is_renewed_at_sign_in(storage: Storage) -> None:
    storage.accounts.create(ANNA, "geheim")
    before = stored_hash(storage, "anna")
    stronger = SqlAccounts(storage.engine, PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    assert stronger.check_password("anna", "geheim") == ANNA

    assert stored_hash(storage, "anna") != before
    assert "t=2" in stored_hash(storage, "anna")


def test_a_hash_that_cannot_be_renewed_now_does_not_keep_the_agent_out(tmp_path: Path) -> None:
    storage = opened(f"sqlite:///{tmp_path / 'cx.db'}", tmp_path)
    storage.accounts.create(ANNA, "geheim")
    stronger = SqlAccounts(storage.engine, PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    other = sqlite3.connect(tmp_path / "cx.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert stronger.check_password("anna", "geheim") == ANNA

    other.close()
    storage.close()
