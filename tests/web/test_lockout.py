"""Guessing passwords."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from admin_web.auth import lockout
from admin_web.auth.lockout import Lockout
from tests.cast import ANNA, BRAM, PASSWORD
from tests.web.conftest import Desk

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_fifth_wrong_password_locks_the_account_from_that_address(desk: Desk) -> None:
    visitor = desk.visitor()
    for _ in range(5):
        assert visitor.signs_in(ANNA, "fout").status_code == 401
    answer = visitor.signs_in(ANNA, PASSWORD)
    assert answer.status_code == 429
    assert "over 5 minuten" in answer.text


def test_locked_account_is_open_from_elsewhere_and_for_others(desk: Desk) -> None:
    for _ in range(5):
        desk.visitor().signs_in(ANNA, "fout")
    assert desk.visitor("198.51.100.7").signs_in(ANNA).status_code == 302
    assert desk.visitor().signs_in(BRAM).status_code == 302


def test_lock_ends_after_five_minutes(desk: Desk) -> None:
    for _ in range(5):
        desk.visitor().signs_in(ANNA, "fout")
    desk.clock.advance(301)
    assert desk.visitor().signs_in(ANNA).status_code == 302


def test_spelling_the_name_otherwise_does_not_help() -> None:
    lock = Lockout(2, 50, timedelta(minutes=5))
    lock.failed("anna", "192.0.2.1", NOW)
    lock.failed("ANNA", "192.0.2.1", NOW)
    assert lock.locked("Anna", "192.0.2.1", NOW)


def test_one_address_that_tries_many_accounts_is_locked() -> None:
    lock = Lockout(5, 10, timedelta(minutes=5))
    for number in range(10):
        lock.failed(f"user{number}", "192.0.2.1", NOW)
    assert lock.locked("anna", "192.0.2.1", NOW)
    assert not lock.locked("anna", "192.0.2.2", NOW)


def test_right_password_forgets_the_failures() -> None:
    lock = Lockout(2, 50, timedelta(minutes=5))
    lock.failed("anna", "192.0.2.1", NOW)
    lock.succeeded("anna", "192.0.2.1")
    lock.failed("anna", "192.0.2.1", NOW)
    assert not lock.locked("anna", "192.0.2.1", NOW)


def test_memory_of_failures_has_a_limit() -> None:
    lock = Lockout(5, 10**9, timedelta(minutes=5))
    for number in range(lockout.REMEMBERED + 500):
        lock.failed(f"user{number}", "192.0.2.1", NOW)
    assert len(lock._failures) == lockout.REMEMBERED
