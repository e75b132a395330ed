"""Accounts follow the active configuration."""

from __future__ import annotations

from typing import Any

import pytest

from cxcore.client.accounts import ConfiguredAccounts
from cxcore.domain.agent import AgentId
from cxcore.ports.accounts import Account, Role
from tests.cast import ANNA, PASSWORD, cast_accounts

USERS: dict[str, Any] = {
    "anna": {"name": "Anna de Vries", "role": "agent", "device": "softphone"},
    "sofie": {"name": "Sofie Mulder", "role": "supervisor"},
}


def configured(users: dict[str, Any] | None) -> ConfiguredAccounts:
    return ConfiguredAccounts(cast_accounts(), lambda: {} if users is None else {"users": users})


def test_user_of_the_configuration_signs_in() -> None:
    accounts = configured(USERS)
    assert accounts.check_password("anna", PASSWORD) == ANNA
    assert accounts.find("anna") == ANNA


def test_user_who_was_taken_out_cannot_sign_in_and_is_known_no_longer() -> None:
    accounts = configured({"sofie": USERS["sofie"]})
    assert accounts.check_password("anna", PASSWORD) is None
    assert accounts.find("anna") is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"role": "supervisor"}, Account("anna", "Anna de Vries", Role.SUPERVISOR, AgentId("anna"))),
        ({"name": "Anna Smit"}, Account("anna", "Anna Smit", Role.AGENT, AgentId("anna"))),
        ({"device": None}, Account("anna", "Anna de Vries", Role.AGENT, None)),
    ],
)
def test_what_changed_counts_at_once(change: dict[str, Any], expected: Account) -> None:
    assert configured({"anna": {**USERS["anna"], **change}}).find("anna") == expected


def test_accounts_hold_as_they_are_while_the_configuration_is_not_known() -> None:
    assert configured(None).find("anna") == ANNA
