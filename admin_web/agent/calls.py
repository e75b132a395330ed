"""`/agent/calls` and `/agent/caller/…`: the agent's own calls, and who calls now."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, render_template, request

from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.presenters.calls import call_lines, earlier_lines
from admin_web.presenters.owners import owners_of
from admin_web.web_ports import ports
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.ports.agent_calls import CallKind, Mark
from cxcore.ports.controller import ContactRow, Subject

agent_calls = Blueprint("agent_calls", __name__)

RECENT = 10
"""Calls among which the contact of a wrap-up is looked for."""


@agent_calls.get("/agent/calls")
@permits(Permission.WORK_AT_DESK)
def calls() -> str:
    """One page of the agent's own calls as rows of a table: of one `kind` or of all, from `at` and `after` on."""
    kind = request.args.get("kind", "")
    if kind and kind not in {each.value for each in CallKind}:
        abort(400)
    lines, more = call_lines(ports(), _agent_id(), (CallKind(kind),) if kind else tuple(CallKind), _mark())
    return render_template("agent_calls.html", lines=lines, more=more, today=ports().clock.now())


@agent_calls.get("/agent/caller/<contact_id>")
@permits(Permission.WORK_AT_DESK)
def caller(contact_id: str) -> str:
    """Whose the number of the agent's own contact is, and what went on with it before; 404 for a contact of others."""
    number = _other_party(ContactId(contact_id))
    if number is None:
        abort(404)
    owner = owners_of(ports(), [number]).get(number) if number else None
    earlier = earlier_lines(ports(), number, ContactId(contact_id)) if number else ()
    return render_template("agent_caller.html", number=number, owner=owner, earlier=earlier, today=ports().clock.now())


def _mark() -> Mark | None:
    at, after = request.args.get("at", ""), request.args.get("after", "")
    if not at:
        return None
    try:
        return Mark(datetime.fromisoformat(at), ContactId(after))
    except ValueError:
        abort(400)


def _agent_id() -> AgentId:
    agent_id = signed_in().account.agent_id
    if agent_id is None:
        abort(403)
    return agent_id


def _other_party(contact_id: ContactId) -> str | None:
    """The number of the other party of a contact that is, or just was, the agent's own; empty for a hidden one."""
    agent_id = _agent_id()
    row = ports().controller.picture().rows.get((Subject.CONTACT, contact_id))
    if isinstance(row, ContactRow):
        other = row.dialled_number if row.outbound else row.caller_number
        return (other or "") if row.concerns(agent_id) else None
    recent = ports().desk.calls.page(agent_id, tuple(CallKind), RECENT)
    return next((each.number or "" for each in recent if each.contact_id == contact_id), None)
