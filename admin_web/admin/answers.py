"""`/admin/answers`: the prepared answers that agents put into a chat."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin_web.admin.forms import Content, Remarks
from admin_web.admin.named_entries import LONGEST, Keeping, filled_in, is_removal, line_of
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from cxcore.domain.answers import LONGEST_TEXT, answers_in
from cxcore.domain.chat import cleaned
from cxcore.domain.phone_book import matches
from cxcore.ports.site_texts import Edit

admin_answers = Blueprint("admin_answers", __name__)


@admin_answers.get("/admin/answers")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The answers that fit `q`, and the form of the one that was chosen; an empty one for a new answer."""
    return ANSWERS.page()


@admin_answers.post("/admin/answers")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside their field."""
    return ANSWERS.change()


def _edits(content: Content, key: str, wanted: Content) -> tuple[Edit, ...]:
    """A section without answers is none."""
    if is_removal():
        where = ("answers",) if list(ANSWERS.entries(content)) == [key] else ("answers", key)
        return (Edit(where, None),)
    return (Edit(("answers", key), wanted),)


def _wanted() -> dict[str, Any]:
    text = cleaned(request.form.get("text", ""), LONGEST_TEXT + 1, lines=True)
    return filled_in({"name": line_of("name"), "text": text, "queue": line_of("queue")})


def _shown(content: Content, key: str, chosen: Content, base: int, remarks: Remarks) -> str:
    query, answers = request.args.get("q", "")[:LONGEST], answers_in(ANSWERS.entries(content))
    found = [each for each in answers if not query.strip() or matches(query, each.name, each.text)]
    queues = {name: each.get("name", name) for name, each in (content.get("queues") or {}).items()}
    return render_template(
        "admin_answers.html", found=found, count=len(answers), queues=queues, query=query, key=key, chosen=chosen,
        longest=LONGEST_TEXT, base=base, remarks=remarks,
    )  # fmt: skip


ANSWERS = Keeping("answers", "answer", _wanted, _edits, _shown)
