"""`/agent`: the desk."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin_web.agent.layout import ALWAYS, DEFAULT, PARTS, layout_of
from admin_web.auth.guard import permits, signed_in
from admin_web.auth.permissions import Permission
from admin_web.presenters.desk_words import desk_texts
from admin_web.presenters.directory import find
from admin_web.web_ports import ports
from cxcore.domain.contact import ContactId
from cxcore.domain.events import ContactNoted

desk = Blueprint("desk", __name__)

LONGEST_QUERY = 80


@desk.get("/agent")
@permits(Permission.WORK_AT_DESK)
def page() -> str:
    """The page; what happens on it comes over the live socket."""
    agent_id = signed_in().account.agent_id
    return render_template(
        "agent.html",
        break_reasons=ports().directory.break_reasons(),
        topics=ports().directory.topics(),
        agent_id=agent_id,
        softphone=agent_id is not None and ports().directory.has_softphone(agent_id),
        numbers_to_show=ports().directory.numbers_to_show(agent_id) if agent_id is not None else (),
        layout=layout_of(signed_in().account.username),
        parts=PARTS,
        always=ALWAYS,
        default_columns=DEFAULT.columns,
        texts=desk_texts(),
        auto_answer=agent_id is not None and ports().directory.answers_by_itself(agent_id),
    )


@desk.get("/agent/choices")
@permits(Permission.WORK_AT_DESK)
def choices() -> ResponseReturnValue:
    """What agents choose from as it is now, as JSON: a page that stays open asks before each use."""
    site = ports().directory
    return {
        "break_reasons": list(site.break_reasons()),
        "topics": [{"name": topic.name, "group": topic.group} for topic in site.topics()],
        "answers": [
            {"name": answer.name, "text": answer.text, "queue": answer.queue_id} for answer in site.prepared_answers()
        ],
    }


@desk.get("/agent/directory")
@permits(Permission.WORK_AT_DESK)
def directory() -> ResponseReturnValue:
    """Whom a contact can go to that fits `q`, as JSON."""
    query = request.args.get("q", "")[:LONGEST_QUERY]
    return {"hits": find(ports(), signed_in().account.agent_id or "", query)}


@desk.get("/agent/notes/<contact_id>")
@permits(Permission.WORK_AT_DESK)
def notes(contact_id: str) -> ResponseReturnValue:
    """What the agent wrote of a contact before, as JSON; nothing of others is told."""
    own = [
        fact
        for fact in ports().reports.history(ContactId(contact_id))
        if isinstance(fact, ContactNoted) and fact.agent_id == signed_in().account.agent_id
    ]
    return {"topics": list(own[-1].topics) if own else [], "note": own[-1].note if own else ""}
