"""`/admin/users`: who can sign in, with which rights, on which device, and for which queues [86, 92]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from admin_web.admin.changes import Change, head, weigh
from admin_web.admin.menus import number_of
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.configuration import name_of
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.ports.accounts import Role
from cxcore.ports.site_texts import Edit, Remark

admin_users = Blueprint("admin_users", __name__)

Content = Mapping[str, Any]
Remarks = dict[str, list[Remark]]
ROLES: Mapping[str, Any] = {
    Role.AGENT: lazy_gettext("medewerker"),
    Role.COACH: lazy_gettext("coach: medewerker die mag meeluisteren"),
    Role.SUPERVISOR: lazy_gettext("supervisor"),
    Role.ADMINISTRATOR: lazy_gettext("beheerder"),
    Role.PRIVACY_OFFICER: lazy_gettext("privacyfunctionaris"),
}
TEXTS = ("name", "role", "device", "number", "caller_number", "traffic_class")
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


@admin_users.get("/admin/users")
@permits(Permission.ADMINISTER)
def page() -> str:
    """Everybody, and the form of the one who was chosen; an empty one for somebody new."""
    base = head().number
    content, username = ports().texts.content(ports().configurations.text(base)), request.args.get("user", "")
    user = _users(content).get(username)
    if username and user is None:
        abort(404)
    return _shown(content, username, user or {}, base, {})


@admin_users.post("/admin/users")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside their field."""
    base, username = request.form.get("base", ""), request.form.get("username", "").strip()
    if not base.isdecimal():
        abort(400)
    content = ports().texts.content(ports().configurations.text(int(base)))
    before = _users(content).get(username) or {}
    wanted = _wanted(before, _queues(content), request.form)
    if not _USERNAME.fullmatch(username) or (request.form.get("new") and before):
        flash(gettext("Deze gebruikersnaam kan niet, of bestaat al. Gebruik letters, cijfers en - _ ."), "error")
        return _shown(content, "", wanted, int(base), {}, username), 422
    edit = Edit(("users", username), None if request.form.get("remove") else wanted)
    proposal = weigh(Change(int(base), (edit,)))
    if not proposal.errors or request.form.get("remove"):
        return show_proposal(proposal.change, url_for(".page"))
    remarks: Remarks = {}
    for remark in proposal.errors:
        inside = remark.where[:2] == edit.where and len(remark.where) > 2
        remarks.setdefault(remark.where[2] if inside else "", []).append(remark)
    flash(gettext("Dit kan zo niet ingaan. Bij elke regel staat wat er moet veranderen."), "error")
    return _shown(content, username if before else "", wanted, int(base), remarks, username), 422


def _users(content: Content) -> Content:
    return content.get("users") or {}


def _queues(content: Content) -> Mapping[str, str]:
    return {key: name_of(content, {}, "queues", key) for key in content.get("queues") or {}}


def _shown(content: Content, username: str, user: Content, base: int, remarks: Remarks, typed: str = "") -> str:
    return render_template(
        "admin_users.html",
        users=_users(content),
        username=username,
        typed=typed,
        user=user,
        queues=_queues(content),
        base=base,
        remarks=remarks,
        roles=ROLES,
        classes={key: name_of(content, {}, "traffic_classes", key) for key in content.get("traffic_classes") or {}},
        default_class=content.get("traffic_class"),
    )


def _wanted(before: Content, queues: Mapping[str, str], form: MultiDict[str, str]) -> dict[str, Any]:
    """The user as the form says. Settings that the form does not show stay."""
    wanted = {**before, **{name: form.get(name, "").strip() for name in TEXTS}}
    wanted["auto_answer"] = True if form.get("auto_answer") else None
    levels = {key: number_of(form.get(f"level-{key}", "")) for key in queues}
    old = before.get("queues") or {}
    order = [*(key for key in old if key in levels), *(key for key in levels if key not in old)]
    wanted["queues"] = {key: levels[key] for key in order if levels[key] != ""} or None
    return {key: value for key, value in wanted.items() if value not in ("", None)}
