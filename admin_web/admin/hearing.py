"""`/admin/hear`: what a caller hears who dials a number at a time and presses keys, with the sound of each step."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from admin_web.admin.changes import LARGEST_TEXT
from admin_web.admin.considered import considered
from admin_web.auth.csrf import accepts
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.hearing import step_lines
from admin_web.web_ports import ports
from cxcore.domain.dialplan import KEYS
from cxcore.domain.numbers import is_number, normalised
from cxcore.domain.schedule import AMSTERDAM
from cxcore.ports.inspection import SupposedCall

hearing = Blueprint("hearing", __name__)

PASSES = "-"
"""Stands for a question that the caller lets pass."""
MOST_KEYS = 30
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Question:
    """What was filled in, and what is wrong with it."""

    number: str
    day: str
    time: str
    keys: str
    caller: str
    hidden: bool
    forwarded: str = ""
    problem: str = ""


@hearing.get("/admin/hear")
@hearing.post("/admin/hear", endpoint="draft")
@permits(Permission.ADMINISTER)
@accepts(8 * LARGEST_TEXT)
def page() -> ResponseReturnValue:
    """The form, and once it is filled in the steps: as in use, of a version, or of a change that is posted."""
    asked = considered()
    question, lines = _question(asked.begins), []
    if request.values.get("number") and not asked.problem:
        try:
            lines = step_lines(asked.inspection.hear(_call(question)), asked.inspection.queue_names())
        except ValueError as refusal:
            question = replace(question, problem=str(refusal))
    status = 400 if question.problem or asked.problem else 200
    numbers = asked.inspection.numbers()
    shown = {"question": question, "lines": lines, "numbers": numbers, "considered": asked}
    return render_template("admin_hearing.html", **shown), status


@hearing.get("/admin/hear/sound/<language>/<prompt>.wav")
@permits(Permission.ADMINISTER)
def sound(language: str, prompt: str) -> ResponseReturnValue:
    """The sound of a prompt."""
    if not _LANGUAGE.fullmatch(language) or not _NAME.fullmatch(prompt):
        abort(404)
    path = ports().inspection.sound(prompt, language)
    if path is None:
        abort(404)
    return send_file(path, mimetype="audio/wav", conditional=True)


def _question(begins: datetime | None) -> Question:
    """What was filled in; where that is nothing the present, or the instant at which the version begins to count."""
    given, now = request.values, (begins or ports().clock.now()).astimezone(AMSTERDAM)
    return Question(
        number=given.get("number", "").strip(),
        day=given.get("day") or f"{now:%Y-%m-%d}",
        time=given.get("time") or f"{now:%H:%M}",
        keys=given.get("keys", "").strip(),
        caller=given.get("caller", "").strip(),
        hidden=given.get("hidden") == "yes",
        forwarded=given.get("forwarded", "").strip(),
    )


def _call(question: Question) -> SupposedCall:
    """The call that is asked about. Raises ValueError with what to write instead."""
    caller = None if question.hidden else _number(question.caller or "+31612345678")
    forwarded = _number(question.forwarded) if question.forwarded else None
    return SupposedCall(_number(question.number), _instant(question), _keys(question.keys), caller, forwarded)


def _number(written: str) -> str:
    number = written if is_number(written) else normalised(written)
    if number is None:
        problem = gettext(
            "%(written)s is geen telefoonnummer. Schrijf het als 071 555 0100 of 14071.", written=written[:40]
        )
        raise ValueError(problem)
    return number


def _instant(question: Question) -> datetime:
    try:
        return datetime.fromisoformat(f"{question.day}T{question.time}").replace(tzinfo=AMSTERDAM)
    except ValueError:
        raise ValueError(gettext("Kies een dag en een tijd, bijvoorbeeld 25-12-2026 om 10:00.")) from None


def _keys(written: str) -> tuple[str, ...]:
    """`1, 2`, `12` and `- 1` alike: one key for each question."""
    keys = [sign for sign in written if not sign.isspace() and sign not in ",;"][:MOST_KEYS]
    if any(key not in (*KEYS, PASSES) for key in keys):
        raise ValueError(gettext("Toetsen zijn 0 tot en met 9, * en #. Een streepje laat een vraag voorbijgaan."))
    return tuple("" if key == PASSES else key for key in keys)
