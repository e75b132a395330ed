"""`/admin/service-number`: what can be done by telephone, and the codes and PINs of those who may [47e, 48a, 48b]."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.auditing import note_action
from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission, allows
from admin_web.presenters.service_number import keys_of
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.domain.phone_pin import LONGEST, SHORTEST
from cxcore.ports.accounts import Account
from cxcore.ports.audit import AuditResult
from cxcore.ports.service_desk import PinRefused

service_number = Blueprint("service_number", __name__)

FAULTS: Mapping[str, LazyString] = {
    "no-digits": lazy_gettext("Een pincode bestaat uit cijfers."),
    "length": lazy_gettext("Een pincode heeft 6 tot 10 cijfers."),
    "too-simple": lazy_gettext("Deze pincode is te gemakkelijk te raden. Kies geen reeks, en niet de gebruikerscode."),
    "differs": lazy_gettext("De pincodes zijn niet gelijk. Typ twee keer dezelfde."),
}


@service_number.get("/admin/service-number")
@permits(Permission.MANAGE_MESSAGES)
def page() -> str:
    """The number, what its keys do, the own code; for administrators also everybody's."""
    return _shown()


@service_number.post("/admin/service-number/pin")
@permits(Permission.MANAGE_MESSAGES)
def set_own() -> ResponseReturnValue:
    """Give oneself a PIN, typed twice."""
    return _set(signed_in().account)


@service_number.post("/admin/service-number/remove")
@permits(Permission.MANAGE_MESSAGES)
def remove_own() -> ResponseReturnValue:
    """Have no PIN any more."""
    return _remove(signed_in().account)


@service_number.post("/admin/service-number/users/<username>/pin")
@permits(Permission.ADMINISTER)
def set_other(username: str) -> ResponseReturnValue:
    """Give somebody a PIN, which also ends a lock."""
    return _set(_entitled(username))


@service_number.post("/admin/service-number/users/<username>/remove")
@permits(Permission.ADMINISTER)
def remove_other(username: str) -> ResponseReturnValue:
    """Let somebody have no PIN any more."""
    return _remove(_entitled(username))


def _entitled(username: str) -> Account:
    account = ports().accounts.find(username)
    if account is None or not allows(account, Permission.MANAGE_MESSAGES):
        abort(404)
    return account


def _set(account: Account) -> ResponseReturnValue:
    pin, again = request.form.get("pin", "").strip(), request.form.get("again", "").strip()
    try:
        if pin != again:
            raise PinRefused("differs")
        made = ports().messages.pins.set(account.username, pin, signed_in().account.username, ports().clock.now())
    except PinRefused as refused:
        note_action("set-phone-pin", account.username, AuditResult.FAILED)
        return _shown(account.username, str(FAULTS[refused.code])), 422
    note_action("set-phone-pin", account.username, AuditResult.DONE)
    flash(
        gettext("De pincode van %(name)s is gezet. De gebruikerscode is %(code)s.", name=account.name, code=made.code)
    )
    return redirect(url_for(".page"), 303)


def _remove(account: Account) -> ResponseReturnValue:
    ports().messages.pins.remove(account.username)
    note_action("remove-phone-pin", account.username, AuditResult.DONE)
    flash(gettext("%(name)s kan het dienstnummer niet meer gebruiken.", name=account.name))
    return redirect(url_for(".page"), 303)


def _shown(about: str = "", problem: str = "") -> str:
    """`problem` is what is wrong with the PIN of the user `about`."""
    catalogue, me, pins = ports().messages.catalogue, signed_in().account, ports().messages.pins.all()
    line = catalogue.service_line()
    others = [each for each in ports().accounts.all() if allows(each, Permission.MANAGE_MESSAGES) and each != me]
    return render_template(
        "service_number.html",
        number=line.number if line is not None else "",
        keys=keys_of(line, dict(catalogue.queues())) if line is not None else (),
        may_change=allows(me, Permission.ADMINISTER),
        me=me,
        pins=pins,
        others=others if allows(me, Permission.ADMINISTER) else [],
        now=ports().clock.now(),
        about=about,
        problem=problem,
        shortest=SHORTEST,
        longest=LONGEST,
    )
