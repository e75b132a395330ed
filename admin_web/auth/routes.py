"""Sign-in, sign-out, staying signed in, and the language."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import cast

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.auth.forms import SignInForm
from admin_web.auth.guard import may, origin, permits, presence, public, signed_in
from admin_web.auth.lockout import Lockout
from admin_web.auth.permissions import Permission
from admin_web.auth.sessions import close_session, open_session
from admin_web.languages import LANGUAGES
from admin_web.settings import WebSettings, settings
from admin_web.web_ports import ports
from cxcore.ports.accounts import Account
from cxcore.ports.audit import AuditResult
from cxcore.ports.contact_log import LogUnavailable

log = logging.getLogger(__name__)
sign_in_pages = Blueprint("sign_in_pages", __name__)


@sign_in_pages.record_once
def _add_lockout(state: BlueprintSetupState) -> None:
    limits: WebSettings = state.app.extensions["cx-settings"]
    state.app.extensions["cx-lockout"] = Lockout(
        limits.sign_in_attempts, limits.sign_in_attempts_per_address, limits.lock_out
    )


@sign_in_pages.get("/")
@public
def start() -> ResponseReturnValue:
    """The page where the user's work is."""
    if g.signed_in is None:
        return redirect(url_for("sign_in_pages.sign_in"))
    if may(Permission.SEE_FLOOR):
        return redirect(url_for("floor.page"))
    if may(Permission.WORK_AT_DESK):
        return redirect(url_for("desk.page"))
    if may(Permission.READ_AUDIT):
        return redirect(url_for("audit_pages.page"))
    return render_template(
        "problem.html",
        title=gettext("Voor u is nog geen werkplek ingericht"),
        advice=gettext("Vraag uw functioneel beheerder om u aan een wachtrij toe te voegen."),
    ), 403


@sign_in_pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """The form; after a right answer, the user's page."""
    if g.signed_in is not None:
        return redirect(url_for("sign_in_pages.start"))
    form = SignInForm()
    if not form.validate_on_submit():
        status = 400 if request.method == "POST" else 200
        return render_template("sign_in.html", form=form, notice=_notice()), status
    return _try_to_sign_in(form)


def _notice() -> str | None:
    if g.get("session_expired") or request.args.get("ended") == "idle":
        return str(
            gettext(
                "U bent uitgelogd omdat de pagina een tijd niet is gebruikt. Lopende gesprekken gaan gewoon door."
            )
        )
    if request.args.get("ended") == "signed-out":
        return str(gettext("U bent uitgelogd."))
    return None


def _try_to_sign_in(form: SignInForm) -> ResponseReturnValue:
    username, now = str(form.username.data), ports().clock.now()
    lockout = cast(Lockout, current_app.extensions["cx-lockout"])
    if lockout.locked(username, origin(), now):
        _audit(username, AuditResult.REFUSED, now)
        minutes = max(1, round(settings().lock_out.total_seconds() / 60))
        text = gettext("Te vaak een onjuist wachtwoord. Probeer het over %(minutes)s minuten opnieuw.", minutes=minutes)
        return _refused(form, text, 429)
    try:
        account = ports().accounts.check_password(username, str(form.password.data))
    except LogUnavailable:
        text = gettext("Inloggen kan even niet: de database antwoordt niet. Probeer het zo opnieuw.")
        return _refused(form, text, 503)
    if account is None:
        lockout.failed(username, origin(), now)
        _audit(username, AuditResult.REFUSED, now)
        return _refused(form, gettext("Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar."), 401)
    lockout.succeeded(username, origin())
    return _let_in(account, now)


def _let_in(account: Account, now: datetime) -> ResponseReturnValue:
    open_session(session, account, now)
    _audit(account.username, AuditResult.DONE, now)
    return redirect(url_for("sign_in_pages.start"))


def _refused(form: SignInForm, message: str, status: int) -> ResponseReturnValue:
    return render_template("sign_in.html", form=form, refused=message), status


def _audit(actor: str, result: AuditResult, now: datetime, action: str = "sign-in") -> None:
    try:
        ports().audit.record(actor[:100], action, "", result, origin(), now)
    except LogUnavailable:
        log.exception("the audit of a %s (%s) could not be kept", action, result.value)


@sign_in_pages.post("/sign-out")
@permits(Permission.OWN_SESSION)
def sign_out() -> ResponseReturnValue:
    """End the session, here and on every live page of it. The agent's status stays as it is."""
    now = ports().clock.now()
    presence().end(signed_in().session_id, now)
    _audit(signed_in().account.username, AuditResult.DONE, now, "sign-out")
    close_session(session)
    return redirect(url_for("sign_in_pages.sign_in", ended="signed-out"))


@sign_in_pages.post("/session/alive")
@permits(Permission.OWN_SESSION)
def alive() -> ResponseReturnValue:
    """The user is there; the guard has noted it already."""
    return "", 204


@sign_in_pages.post("/language")
@public
def language() -> ResponseReturnValue:
    """Choose a language; it stays in the cookie."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(url_for("sign_in_pages.start"))
