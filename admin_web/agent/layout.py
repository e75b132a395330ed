"""How each agent arranged the parts of the page, shown or hidden, and where; and what the desktop says of a call."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.commands.bodies import BadBody, Body, is_text, read_body, refuse_body
from admin_web.web_ports import ports
from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.desks import DeskLayout, DesktopNotice

layout_routes = Blueprint("layout_routes", __name__)

PARTS: Mapping[str, LazyString] = {
    "contact": lazy_gettext("Huidig contact"),
    "calls": lazy_gettext("Mijn gesprekken"),
    "caller": lazy_gettext("Beller"),
    "queues": lazy_gettext("Wachtrijen"),
    "colleagues": lazy_gettext("Collega’s"),
}
ALWAYS = frozenset({"contact"})
"""What cannot be hidden: an offer would be missed."""
DEFAULT = DeskLayout((("contact", "calls"), ("caller", "queues", "colleagues")))
COLUMNS = len(DEFAULT.columns)

log = logging.getLogger(__name__)


@layout_routes.post("/agent/layout")
@permits(Permission.WORK_AT_DESK)
def save() -> ResponseReturnValue:
    """Keep `columns`, lists of names of parts, and `hidden`; 400 when they are not that."""
    try:
        layout = _read(read_body())
    except BadBody as error:
        return refuse_body(error)
    username = signed_in().account.username
    ports().desk.layouts.save(username, replace(layout, desktop_notice=layout_of(username).desktop_notice))
    return "", 204


@layout_routes.post("/agent/layout/reset")
@permits(Permission.WORK_AT_DESK)
def reset() -> ResponseReturnValue:
    """Go back to the default."""
    username = signed_in().account.username
    notice = layout_of(username).desktop_notice
    ports().desk.layouts.reset(username)
    if notice is not DEFAULT.desktop_notice:
        ports().desk.layouts.save(username, replace(DEFAULT, desktop_notice=notice))
    return "", 204


@layout_routes.post("/agent/desktop-notice")
@permits(Permission.WORK_AT_DESK)
def save_desktop_notice() -> ResponseReturnValue:
    """Keep `notice`, a `DesktopNotice` value; 400 when it is none."""
    try:
        notice = DesktopNotice(str(read_body().get("notice")))
    except (BadBody, ValueError):
        return refuse_body(BadBody("notice"))
    username = signed_in().account.username
    ports().desk.layouts.save(username, replace(layout_of(username), desktop_notice=notice))
    return "", 204


def layout_of(username: str) -> DeskLayout:
    """The user's layout with every part in it once; the default while the database is away."""
    try:
        kept = ports().desk.layouts.find(username)
    except LogUnavailable as error:
        log.warning("a page is shown in its default layout: %s", error)
        kept = None
    return DEFAULT if kept is None else completed(kept)


def completed(layout: DeskLayout) -> DeskLayout:
    """A layout of an earlier version: parts that are gone are left out, new ones stand where they do by default."""
    columns = [[part for part in column if part in PARTS] for column in layout.columns[:COLUMNS]]
    columns += [[] for _ in range(COLUMNS - len(columns))]
    placed = {part for column in columns for part in column}
    for column, parts in zip(columns, DEFAULT.columns, strict=True):
        column += [part for part in parts if part not in placed]
    return replace(layout, columns=tuple(map(tuple, columns)), hidden=(layout.hidden & PARTS.keys()) - ALWAYS)


def _read(body: Body) -> DeskLayout:
    columns, hidden = body.get("columns"), body.get("hidden", [])
    if not isinstance(columns, list) or len(columns) != COLUMNS or not all(map(_are_parts, columns)):
        raise BadBody("columns")
    if len({part for column in columns for part in column}) != sum(map(len, columns)):
        raise BadBody("columns")
    if not isinstance(hidden, list) or not _are_parts(hidden):
        raise BadBody("hidden")
    return completed(DeskLayout(tuple(map(tuple, columns)), frozenset(hidden)))


def _are_parts(given: object) -> bool:
    return isinstance(given, list) and all(is_text(each) and each in PARTS for each in given)
