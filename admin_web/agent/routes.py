"""`/agent`: the desk."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.presenters.contacts import contact_lines
from admin_web.presenters.directory import find
from admin_web.web_ports import ports

desk = Blueprint("desk", __name__)

LONGEST_QUERY = 80


@desk.get("/agent")
@permits(Permission.WORK_AT_DESK)
def page() -> str:
    """The page; what happens on it comes over the live socket."""
    return render_template(
        "agent.html",
        break_reasons=ports().directory.break_reasons(),
        agent_id=signed_in().account.agent_id,
    )


@desk.get("/agent/directory")
@permits(Permission.WORK_AT_DESK)
def directory() -> ResponseReturnValue:
    """Whom a contact can go to that fits `q`, as JSON."""
    query = request.args.get("q", "")[:LONGEST_QUERY]
    return {"hits": find(ports(), signed_in().account.agent_id or "", query)}


@desk.get("/agent/contacts")
@permits(Permission.WORK_AT_DESK)
def contacts() -> ResponseReturnValue:
    """The contacts that the agent handled today, as rows of a table."""
    return render_template("agent_contacts.html", lines=contact_lines(ports(), signed_in().account.agent_id))
