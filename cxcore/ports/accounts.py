"""Who may sign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cxcore.domain.agent import AgentId


class Role(StrEnum):
    """What a user is. What a role may do stands in `admin_web.auth.permissions`."""

    AGENT = "agent"
    COACH = "coach"
    """An agent who may listen in on colleagues [25]."""
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    PRIVACY_OFFICER = "privacy-officer"


@dataclass(frozen=True, slots=True)
class Account:
    """A user who can sign in; `agent_id` is set for those who can serve queues."""

    username: str
    name: str
    role: Role
    agent_id: AgentId | None = None


class Accounts(Protocol):
    """Local accounts; passwords are kept as argon2id hashes."""

    def find(self, username: str) -> Account | None:
        """The account, or None. Raises `LogUnavailable` when the database does not answer."""

    def check_password(self, username: str, password: str) -> Account | None:
        """The account whose password this is, or None. Takes equally long for an unknown name."""

    def create(self, account: Account, password: str) -> None:
        """Add an account; raises `AccountExists`."""

    def set_password(self, username: str, password: str) -> None:
        """Replace the password; raises `NoSuchAccount`."""

    def all(self) -> Sequence[Account]:
        """Every account, by user name."""


class AccountExists(Exception):
    """The user name is taken."""


class NoSuchAccount(Exception):
    """No account has that user name."""
