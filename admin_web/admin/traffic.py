"""`/admin/traffic`: traffic classes, which say who may dial where [87f]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin_web.admin.changes import Change, weigh
from admin_web.admin.forms import Content, Remarks, beside, content_of, latest, lines_of, posted_base, say_refused
from admin_web.admin.phone_book import key_for, number_written
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.texts import gettext
from cxcore.domain.traffic import TrafficKind
from cxcore.ports.site_texts import Edit

admin_traffic = Blueprint("admin_traffic", __name__)

KINDS: Mapping[TrafficKind, Any] = {
    TrafficKind.INTERNAL: lazy_gettext("intern"),
    TrafficKind.PHONE_BOOK: lazy_gettext("telefoonboek"),
    TrafficKind.NATIONAL: lazy_gettext("vaste nummers in Nederland"),
    TrafficKind.MOBILE: lazy_gettext("mobiele nummers in Nederland"),
    TrafficKind.FREE: lazy_gettext("gratis nummers (0800, 116)"),
    TrafficKind.PREMIUM: lazy_gettext("betaalde nummers (0900, 0906, 0909, 18xx)"),
    TrafficKind.INTERNATIONAL: lazy_gettext("buitenland"),
}


@admin_traffic.get("/admin/traffic")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The classes, and the form of the one that was chosen; an empty one for a new class."""
    base, content = latest()
    key = request.args.get("class", "")
    chosen = _classes(content).get(key)
    if key and chosen is None:
        abort(404)
    return _shown(content, key, chosen or {}, base, {})


@admin_traffic.post("/admin/traffic")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside their field."""
    base = posted_base()
    content = content_of(base)
    wanted = _wanted()
    key = request.form.get("key", "") or key_for(str(wanted.get("name", "")), _classes(content))
    if not key:
        flash(gettext("Geef een naam."), "error")
        return _shown(content, "", wanted, base, {}), 422
    edits = _edits(content, key, wanted)
    proposal = weigh(Change(base, edits))
    if not proposal.errors:
        return show_proposal(proposal.change, url_for(".page"))
    if request.form.get("remove"):
        words = gettext("Deze klasse is nog in gebruik: als standaard, of bij gebruikers. Kies daar eerst een andere.")
        flash(words, "error")
        return _shown(content, key, _classes(content)[key], base, {}), 422
    say_refused()
    return _shown(content, request.form.get("key", ""), wanted, base, beside(proposal.errors, edits[0].where)), 422


def _edits(content: Content, key: str, wanted: Content) -> tuple[Edit, ...]:
    """The first class is that of everybody without one; the last takes that along."""
    classes, where = _classes(content), ("traffic_classes", key)
    if request.form.get("remove"):
        if list(classes) == [key]:
            return (Edit(("traffic_classes",), None), Edit(("traffic_class",), None))
        return (Edit(where, None),)
    if request.form.get("default") == "yes" or not classes:
        return (Edit(where, wanted), Edit(("traffic_class",), key))
    return (Edit(where, wanted),)


def _classes(content: Content) -> Mapping[str, Any]:
    return content.get("traffic_classes") or {}


def _wanted() -> dict[str, Any]:
    kinds = [kind.value for kind in KINDS if kind.value in request.form.getlist("kind")]
    wanted = {
        "name": " ".join(request.form.get("name", "").split())[:100],
        "allow": [*kinds, *map(_beginning, lines_of("allow"))],
        "deny": [_beginning(line) for line in lines_of("deny")],
    }
    return {field: value for field, value in wanted.items() if value}


def _beginning(typed: str) -> str:
    """A number, or the beginning of numbers: `0044*` is `+44*`."""
    if not typed.endswith("*"):
        return number_written(typed)
    digits = "".join(typed.split()).replace("-", "")
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+31" + digits[1:] if digits.startswith("0") else digits


def _shown(content: Content, key: str, chosen: Content, base: int, remarks: Remarks) -> str:
    allow = chosen.get("allow") or []
    default = content.get("traffic_class")
    users = content.get("users") or {}
    holders = [str(user.get("traffic_class") or default) for user in users.values()]
    return render_template(
        "admin_traffic.html", classes=_classes(content), counts={each: holders.count(each) for each in set(holders)},
        key=key, chosen=chosen, kinds=KINDS, numbers=[each for each in allow if each not in {*KINDS}], default=default,
        base=base, remarks=remarks,
    )  # fmt: skip
