"""Who may do what: one table, and whatever it does not say is not allowed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cxcore.ports.accounts import Account, Role


class Permission(StrEnum):
    """Something that a route asks for."""

    OWN_SESSION = "own-session"
    """Stay signed in, sign out, choose a language."""
    WORK_AT_DESK = "work-at-desk"
    """Serve queues as an agent; takes an account that is an agent too."""
    SEE_FLOOR = "see-floor"
    """Queues, agents and the health of the system."""
    SEE_CONTACTS = "see-contacts"
    """Everybody's contacts, with the numbers of callers: personal data."""
    STEER_FLOOR = "steer-floor"
    """Log others on and off, give and take queues, open and close queues, move waiting contacts [32, 43]."""
    MAKE_WALLBOARDS = "make-wallboards"
    """Arrange the screens of a room [30]."""
    LISTEN_IN = "listen-in"
    """Hear, and speak in, the running call of an agent [25, 33]. Each time is audited."""
    LISTEN_RECORDINGS = "listen-recordings"
    """Find and hear recordings of calls [39]. Each time is audited."""
    READ_CHATS = "read-chats"
    """Read what was written in a chat, on the page of the contact [45a]. Each time is audited."""
    EXPORT_RECORDINGS = "export-recordings"
    """Take a recording along unencrypted, and keep one beyond its time."""
    ADMINISTER = "administer"
    """Change the site: hours, menus, texts, queues, users [86 to 93]."""
    MANAGE_MESSAGES = "manage-messages"
    """Make messages, choose what callers hear, switch the emergency message on and off [48]."""
    HANDLE_PERSONS = "handle-persons"
    """Find and erase what is kept of a person (GDPR 15 and 17). Each time is audited."""
    MANAGE_PHONE_BOOK = "manage-phone-book"
    """Keep the central phone book [42]."""
    READ_AUDIT = "read-audit"
    """Who did what, and whether the record of it is whole. Apart from those whose doings it holds (BIO2 8.15)."""


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset({Permission.OWN_SESSION, Permission.WORK_AT_DESK}),
    Role.COACH: frozenset({Permission.OWN_SESSION, Permission.WORK_AT_DESK, Permission.LISTEN_IN}),
    Role.SUPERVISOR: frozenset(
        {
            Permission.OWN_SESSION,
            Permission.WORK_AT_DESK,
            Permission.SEE_FLOOR,
            Permission.SEE_CONTACTS,
            Permission.STEER_FLOOR,
            Permission.MAKE_WALLBOARDS,
            Permission.MANAGE_MESSAGES,
            Permission.MANAGE_PHONE_BOOK,
            Permission.LISTEN_IN,
            Permission.LISTEN_RECORDINGS,
            Permission.READ_CHATS,
            Permission.EXPORT_RECORDINGS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.OWN_SESSION,
            Permission.SEE_FLOOR,
            Permission.ADMINISTER,
            Permission.MANAGE_MESSAGES,
            Permission.MANAGE_PHONE_BOOK,
        }
    ),
    Role.PRIVACY_OFFICER: frozenset(
        {Permission.OWN_SESSION, Permission.READ_AUDIT, Permission.HANDLE_PERSONS}
    ),
}


def allows(account: Account, permission: Permission) -> bool:
    """Whether the account has the permission. Only an account with an agent has a desk."""
    if permission is Permission.WORK_AT_DESK and account.agent_id is None:
        return False
    return permission in PERMISSIONS.get(account.role, frozenset())
