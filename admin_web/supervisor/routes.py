"""`/supervisor`: the floor."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, jsonify, render_template, session
from flask.typing import ResponseReturnValue

from admin_web.auditing import note_view
from admin_web.auth.guard import may, permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.contacts import contact_lines
from admin_web.presenters.names import names_of
from admin_web.presenters.sound import sound_lines
from admin_web.presenters.timeline import Entry, timeline
from admin_web.presenters.transcripts import Transcript, transcript_of
from admin_web.recordings.routes import players_of
from admin_web.wallboard.trend import trends
from admin_web.web_ports import ports
from cxcore.domain.contact import ContactId
from cxcore.domain.events import ChatWritten, ContactOpened, Fact

floor = Blueprint("floor", __name__)


@floor.get("/supervisor")
@permits(Permission.SEE_FLOOR)
def page() -> str:
    """The page; what happens on it comes over the live socket."""
    return render_template("supervisor.html", break_reasons=ports().directory.break_reasons())


@floor.get("/supervisor/trends")
@permits(Permission.SEE_FLOOR)
def day_trends() -> ResponseReturnValue:
    """The service level of each queue over the day, per quarter of an hour."""
    return jsonify(trends(ports()))


@floor.get("/supervisor/sound")
@permits(Permission.SEE_FLOOR)
def sound() -> str:
    """How the conversations of the last weeks sounded, by day and line [112]."""
    return render_template("supervisor_sound.html", lines=sound_lines(ports()))


@floor.get("/supervisor/contacts")
@permits(Permission.SEE_CONTACTS)
def contacts() -> ResponseReturnValue:
    """The contacts of today, as rows of a table."""
    return render_template("supervisor_contacts.html", lines=contact_lines(ports()))


@floor.get("/supervisor/contacts/<contact_id>")
@permits(Permission.SEE_CONTACTS)
def contact(contact_id: str) -> ResponseReturnValue:
    """Everything that happened to one contact, live or ended, and why each offer went to whom."""
    _note_view(contact_id)
    facts = ports().reports.history(ContactId(contact_id))
    if not facts:
        abort(404)
    opened = next((fact for fact in facts if isinstance(fact, ContactOpened)), None)
    entries = timeline(facts, names_of(ports()))
    players = players_of(contact_id) if may(Permission.LISTEN_RECORDINGS) else []
    shown = {"entries": entries, "at": facts[0].at, "players": players, "transcript": _transcript(contact_id, facts)}
    return render_template("contact.html", contact_id=contact_id, opened=opened, **shown)


@floor.get("/supervisor/contacts/<contact_id>/history")
@permits(Permission.SEE_CONTACTS)
def history(contact_id: str) -> ResponseReturnValue:
    """The timeline alone, for the page of a contact that goes on."""
    _note_view(contact_id)
    return render_template("contact_history.html", entries=_entries(contact_id))


def _transcript(contact_id: str, facts: Sequence[Fact]) -> Transcript | None:
    """What was written, for those who may read it; that they did is kept before it is shown."""
    if not may(Permission.READ_CHATS) or not any(isinstance(fact, ChatWritten) for fact in facts):
        return None
    note_view("read-chat", f"contact_id={contact_id}")
    return transcript_of(facts, names_of(ports()), ports().transcripts)


def _entries(contact_id: str) -> list[Entry]:
    return timeline(ports().reports.history(ContactId(contact_id)), names_of(ports()))


def _note_view(contact_id: str) -> None:
    """Audit that the contact was looked at: once, however often its page draws itself anew."""
    if session.get("contact-in-view") != contact_id:
        note_view("see-contact", f"contact_id={contact_id}")
        session["contact-in-view"] = contact_id
