"""`/agent`: the desk."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.presenters.contacts import contact_lines
from admin_web.web_ports import ports

desk = Blueprint("desk", __name__)


@desk.get("/agent")
@permits(Permission.WORK_AT_DESK)
def page() -> str:
    """The page; what happens on it comes over the live socket."""
    agent_id = signed_in().account.agent_id
    return render_template(
        "agent.html",
        break_reasons=ports().directory.break_reasons(),
        agent_id=agent_id,
        softphone=agent_id is not None and ports().directory.has_softphone(agent_id),
    )


@desk.get("/agent/contacts")
@permits(Permission.WORK_AT_DESK)
def contacts() -> ResponseReturnValue:
    """The contacts that the agent handled today, as rows of a table."""
    return render_template("agent_contacts.html", lines=contact_lines(ports(), signed_in().account.agent_id))
