"""`/audit`: who did what, to what, from where; and whether the record of it is whole."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_web.audit.questions import Search, read_search
from admin_web.auditing import note_view
from admin_web.auth.guard import may, permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.audit import action_words
from admin_web.presenters.audit_subjects import audit_lines
from admin_web.presenters.names import names_of
from admin_web.web_ports import ports
from cxcore.ports.audit import ChainState

audit_pages = Blueprint("audit_pages", __name__)

PAGE = 100


@audit_pages.get("/audit")
@permits(Permission.READ_AUDIT)
def page() -> str:
    """The events that are asked for, newest first. That they were looked at is an event too."""
    search = read_search(request.args, ports().clock.now())
    note_view("search-audit", _described(search))
    return _page(search)


@audit_pages.post("/audit/verify")
@permits(Permission.READ_AUDIT)
def verify() -> ResponseReturnValue:
    """Read the whole chain and say whether it is what was written."""
    state = ports().audit.verify()
    note_view("verify-audit", f"sound={state.sound} broken_at={state.broken_at or ''}")
    return _page(read_search({}, ports().clock.now()), state)


def _page(search: Search, state: ChainState | None = None) -> str:
    entries = ports().audit.entries(search.question, PAGE + 1)
    actions = {action: action_words(action) for action in ports().audit.actions()}
    more = entries[PAGE - 1].number if len(entries) > PAGE else None
    shown = entries[:PAGE]
    lines = audit_lines(shown, names_of(ports()), lambda key, value: _link(search, key, value))
    return render_template("audit.html", search=search, lines=lines, actions=actions, more=more, state=state)


def _link(search: Search, key: str, value: str) -> str:
    """The page of a contact or recording, for who may see it; for others all that the audit holds of it."""
    if key == "contact_id" and may(Permission.SEE_CONTACTS):
        return url_for("floor.contact", contact_id=value)
    if key == "recording_id" and may(Permission.LISTEN_RECORDINGS):
        return url_for("recording_pages.recording", recording_id=value)
    if key in ("contact_id", "recording_id"):
        days = search.period
        return url_for("audit_pages.page", first=days.first, last=days.last, object=f"{key}={value}")
    return ""


def _described(search: Search) -> str:
    asked = {**search.as_fields(), "before": str(search.before or "")}
    return " ".join(f"{name}={value}" for name, value in asked.items() if value)
