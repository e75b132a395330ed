"""Stands before every route: none is open unless it says so.

    @desk.get("/agent")
    @permits(Permission.WORK_AT_DESK)
    def page() -> str: ...
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from admin_web.auth.permissions import Permission, allows
from admin_web.auth.sessions import Limits, Presence, SignedIn, close_session, read_session, renew
from admin_web.problems import wants_json
from admin_web.settings import WebSettings, settings
from admin_web.web_ports import ports
from cxcore.ports.accounts import Account
from cxcore.ports.audit import AuditResult
from cxcore.ports.contact_log import LogUnavailable

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])
ACCOUNT_LIFE = timedelta(minutes=1)
ACCOUNTS_KEPT = 2000


def permits(permission: Permission) -> Callable[[View], View]:
    """The route is for those who have the permission."""

    def mark(view: View) -> View:
        view.cx_permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """The route is for everybody."""
    view.cx_permission = None  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Check every request before its view runs."""
    limits: WebSettings = app.extensions["cx-settings"]
    app.extensions["cx-presence"] = Presence()
    app.extensions["cx-limits"] = Limits(limits.idle_limit, limits.absolute_limit)
    app.extensions["cx-known-accounts"] = KnownAccounts()
    app.before_request(check_request)
    app.context_processor(lambda: {"signed_in": g.get("signed_in"), "may": may, "Permission": Permission})


def presence() -> Presence:
    """What this process knows of sessions."""
    return cast(Presence, current_app.extensions["cx-presence"])


def check_request() -> ResponseReturnValue | None:
    """Find out who asks, and whether the route is for them. Unknown addresses are left to the 404."""
    g.signed_in = _who_asks(ports().clock.now())
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    permission = getattr(view, "cx_permission", Permission)
    if permission is None:
        return None
    if permission is Permission:
        abort(403)
    return _check_permission(cast(Permission, permission))


def _check_permission(permission: Permission) -> ResponseReturnValue | None:
    if g.signed_in is None:
        return _ask_to_sign_in()
    if not allows(g.signed_in.account, permission):
        _keep_refusal(g.signed_in.account, permission)
        abort(403)
    return None


def _keep_refusal(account: Account, permission: Permission) -> None:
    """Keep in the audit who asked for what they may not do. Refused it is also while the database is away."""
    what = (permission.value, f"{request.method} {request.path}", AuditResult.REFUSED)
    try:
        ports().audit.record(account.username, *what, origin(), ports().clock.now())
    except LogUnavailable:
        log.exception("the refusal of %s to %s could not be kept in the audit", request.path, account.username)


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json() or request.method != "GET" or request.headers.get("Upgrade"):
        abort(401)
    return redirect(url_for("sign_in_pages.sign_in"))


def _who_asks(now: datetime) -> SignedIn | None:
    signed_in = read_session(session)
    if signed_in is None:
        return None
    limits: Limits = current_app.extensions["cx-limits"]
    over = limits.expired(signed_in.signed_in_at, presence().last_seen(signed_in), now)
    if over or presence().is_ended(signed_in.session_id) or not _still_there(signed_in.account, now):
        close_session(session)
        g.session_expired = over
        return None
    renew(session, signed_in, now)
    presence().note(signed_in.session_id, now)
    return signed_in


def _still_there(account: Account, now: datetime) -> bool:
    known: KnownAccounts = current_app.extensions["cx-known-accounts"]
    return known.find(account, now) == account


def signed_in() -> SignedIn:
    """Who asks, in a route that asks for a permission."""
    return cast(SignedIn, g.signed_in)


def may(permission: Permission) -> bool:
    """Whether whoever asks has the permission; for templates."""
    return g.get("signed_in") is not None and allows(g.signed_in.account, permission)


def origin() -> str:
    """The address that the request came from, for audit and lock-out."""
    return request.remote_addr or ""


def is_same_origin() -> bool:
    """Whether our own page opened this connection; browsers send Origin with every WebSocket (RFC 6455, 10.2)."""
    scheme = "https" if settings().https else request.scheme
    return request.headers.get("Origin") == f"{scheme}://{request.host}"


@dataclass(slots=True)
class KnownAccounts:
    """Accounts as they were at most a minute ago: a removed one is out soon, and no click waits for the database."""

    _kept: OrderedDict[str, tuple[datetime, Account | None]] = field(default_factory=OrderedDict)

    def find(self, account: Account, now: datetime) -> Account | None:
        """The account as it is now. While the database is away, the one that the cookie carries holds."""
        kept = self._kept.get(account.username)
        if kept is not None and now - kept[0] < ACCOUNT_LIFE:
            return kept[1]
        try:
            found = ports().accounts.find(account.username)
        except LogUnavailable:
            found = account
        self._kept[account.username] = (now, found)
        self._kept.move_to_end(account.username)
        while len(self._kept) > ACCOUNTS_KEPT:
            self._kept.popitem(last=False)
        return found
