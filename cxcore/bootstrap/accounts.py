"""Accounts that nobody has yet, and passwords that somebody lost."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from cxcore.bootstrap.starting import CANNOT_START, CannotStart, plainly
from cxcore.config import Settings
from cxcore.domain.site import ConfiguredUser, Site
from cxcore.ports.accounts import Account, Accounts, NoSuchAccount, Role
from cxcore.ports.audit import AuditResult
from cxcore.runner.clock import SystemClock
from cxcore.storage import open_storage

OPERATOR = "operator"
"""Who acts on the command line of the machine, in the audit."""


def make_first_accounts(site: Site, accounts: Accounts, passwords_file: Path) -> None:
    """Give every user of the site who has no account one, with a generated password.

    The passwords go into `passwords_file` (mode 0600), one `USER PASSWORD` a line, until somebody has shown them.
    """
    known = {account.username for account in accounts.all()}
    for user in site.users.values():
        if user.username not in known:
            _make_account(user, accounts, passwords_file)


def _make_account(user: ConfiguredUser, accounts: Accounts, passwords_file: Path) -> None:
    password = secrets.token_urlsafe(12)
    accounts.create(Account(user.username, user.name, Role(user.role), user.agent_id), password)
    # At once, so that a start that is broken off leaves no account whose password nobody ever saw.
    passwords_file.parent.mkdir(parents=True, exist_ok=True)
    passwords_file.touch(mode=0o600)
    with passwords_file.open("a", encoding="utf-8") as file:
        file.write(f"{user.username} {password}\n")


def give_new_password(settings: Settings, username: str) -> int:
    """Replace a user's password by a generated one and print it; returns the exit code."""
    password = secrets.token_urlsafe(12)
    try:
        with plainly():
            storage = open_storage(settings.database_url, settings.site.state / "held-facts-of-web")
            storage.accounts.set_password(username, password)
            storage.audit.record(OPERATOR, "set-password", username, AuditResult.DONE, "", SystemClock().now())
    except (CannotStart, NoSuchAccount) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT_START
    storage.close()
    sys.stdout.write(f"{username} {password}\n")
    return 0
