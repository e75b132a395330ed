"""`/supervisor`: the floor."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.contacts import contact_lines
from admin_web.web_ports import ports

floor = Blueprint("floor", __name__)


@floor.get("/supervisor")
@permits(Permission.SEE_FLOOR)
def page() -> str:
    """The page; what happens on it comes over the live socket."""
    return render_template("supervisor.html", break_reasons=ports().directory.break_reasons())


@floor.get("/supervisor/contacts")
@permits(Permission.SEE_CONTACTS)
def contacts() -> ResponseReturnValue:
    """The contacts of today, as rows of a table."""
    return render_template("supervisor_contacts.html", lines=contact_lines(ports()))
