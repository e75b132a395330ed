"""`/admin/traffic`: traffic classes, which say who may dial where [87f]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin_web.admin.forms import Content, Remarks, lines_of
from admin_web.admin.named_entries import Keeping, filled_in, is_removal, line_of, number_written
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from cxcore.domain.traffic import TrafficKind
from cxcore.ports.site_texts import Edit

admin_traffic = Blueprint("admin_traffic", __name__)

AT_HOME = re.compile(r"0(?:80[0*]|90)")
"""Beginnings that are compared as they are dialled at home (`cxcore.domain.numbers`): 0800, and 0900 to 0909."""

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
    return CLASSES.page()


@admin_traffic.post("/admin/traffic")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside their field."""
    return CLASSES.change()


def _edits(content: Content, key: str, wanted: Content) -> tuple[Edit, ...]:
    """The first class is that of everybody without one; the last takes that along."""
    classes, where = CLASSES.entries(content), ("traffic_classes", key)
    if is_removal():
        if list(classes) == [key]:
            return (Edit(("traffic_classes",), None), Edit(("traffic_class",), None))
        return (Edit(where, None),)
    if request.form.get("default") == "yes" or not classes:
        return (Edit(where, wanted), Edit(("traffic_class",), key))
    return (Edit(where, wanted),)


def _wanted() -> dict[str, Any]:
    kinds = [kind.value for kind in KINDS if kind.value in request.form.getlist("kind")]
    allow = [*kinds, *map(beginning_of, lines_of("allow"))]
    return filled_in({"name": line_of("name"), "allow": allow, "deny": [*map(beginning_of, lines_of("deny"))]})


def beginning_of(typed: str) -> str:
    """A number or the beginning of numbers, in the form that is compared: `0044*` is `+44*`, `0900*` stays."""
    if not typed.endswith("*"):
        return number_written(typed)
    digits = re.sub(r"^00", "+", "".join(typed.split()).replace("-", ""))
    at_home = re.sub(r"^\+31", "0", digits)
    if AT_HOME.match(at_home):
        return at_home
    return "+31" + at_home[1:] if at_home.startswith("0") else digits


def _shown(content: Content, key: str, chosen: Content, base: int, remarks: Remarks) -> str:
    allow, classes = chosen.get("allow") or [], CLASSES.entries(content)
    default = content.get("traffic_class")
    users = content.get("users") or {}
    holders = [str(user.get("traffic_class") or default) for user in users.values()]
    return render_template(
        "admin_traffic.html", classes=classes, counts={each: holders.count(each) for each in set(holders)},
        key=key, chosen=chosen, kinds=KINDS, numbers=[each for each in allow if each not in {*KINDS}], default=default,
        base=base, remarks=remarks,
    )  # fmt: skip


IN_USE = lazy_gettext("Deze klasse is nog in gebruik: als standaard, of bij gebruikers. Kies daar eerst een andere.")
CLASSES = Keeping("traffic_classes", "class", _wanted, _edits, _shown, IN_USE)
