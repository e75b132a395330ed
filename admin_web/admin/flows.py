"""`/admin/flows`: the steps that a caller goes through in a flow: their order, the messages among them [47, 88].

What a step does beside saying a message is set where it belongs: menus, queues and hours have pages of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin_web.admin.changes import Change, weigh
from admin_web.admin.forms import content_of, latest, posted_base, say_refused
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.steps import is_said, prompt_of, step_words
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.ports.site_texts import Edit, Remark

admin_flows = Blueprint("admin_flows", __name__)

Content = Mapping[str, Any]


@dataclass(slots=True)
class Step:
    """A row: `was` is its place in the version that is shown, empty for a new one; `prompt` is of a message."""

    was: str
    words: str
    prompt: str = ""
    has_menu: bool = False
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_said(self) -> bool:
        """Whether it is a message, which can be another."""
        return bool(self.prompt) or not self.was


@admin_flows.get("/admin/flows")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The steps of a flow, of the first one when none is named."""
    base, content = latest()
    asked = request.args.get("flow", "").strip()
    if asked and asked not in content["flows"]:
        flash(gettext("Er is geen route %(name)s. Kies er een uit de lijst.", name=asked[:40]), "error")
        asked = ""
    flow = _flow(content, asked)
    return _shown(content, flow, base, _rows(content, content["flows"][flow]))


@admin_flows.post("/admin/flows")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; what is wrong stands beside the step that it is about."""
    base = posted_base()
    content = content_of(base)
    flow = _flow(content, request.form.get("flow"))
    steps = _wanted(content["flows"][flow], request.form)
    wanted = Change(base, (Edit(("flows", flow), steps),))
    proposal = weigh(wanted)
    if not proposal.errors:
        return show_proposal(wanted, url_for(".page", flow=flow))
    say_refused()
    rows = _typed(_rows(content, steps), request.form)
    rest = _put_beside(rows, proposal.errors, flow)
    return _shown(content, flow, base, rows, rest), 422


def _flow(content: Content, wanted: str | None) -> str:
    flows = content.get("flows") or {}
    found = wanted or next(iter(flows), "")
    if not isinstance(flows.get(found), list):
        abort(404)
    return found


def _shown(content: Content, flow: str, base: int, rows: Sequence[Step], remarks: Sequence[Remark] = ()) -> str:
    return render_template(
        "admin_flow.html", flow=flow, flows=list(content["flows"]), base=base, rows=rows, remarks=remarks,
        prompts=ports().texts.prompts(),
    )  # fmt: skip


def _rows(content: Content, steps: Sequence[Any]) -> list[Step]:
    return [
        Step(str(index), step_words(content, step), prompt_of(step), isinstance(step, dict) and "menu" in step)
        for index, step in enumerate(steps)
    ]


def _wanted(before: Sequence[Any], form: MultiDict[str, str]) -> list[Any]:
    """The steps in the order of the form; a new row without a message is one that was not filled in."""
    steps: list[Any] = []
    for was, prompt in zip(form.getlist("was"), form.getlist("prompt"), strict=True):
        if was.isdecimal() and int(was) < len(before):
            steps.append(_said(before[int(was)], prompt))
        elif prompt:
            steps.append({"say": prompt})
    return steps


def _said(step: Any, prompt: str) -> Any:
    """The step, with another message where it is one; its conditions stay."""
    if not is_said(step) or not prompt:
        return step
    return {"say": {**step["say"], "prompt": prompt}} if isinstance(step["say"], dict) else {"say": prompt}


def _typed(rows: list[Step], form: MultiDict[str, str]) -> list[Step]:
    """The rows with the places that the form gave them, so that it can be sent again."""
    pairs = zip(form.getlist("was"), form.getlist("prompt"), strict=True)
    places = [was for was, prompt in pairs if was.isdecimal() or prompt]
    for row, was in zip(rows, places, strict=False):
        row.was = was
    return rows


def _put_beside(rows: Sequence[Step], errors: Sequence[Remark], flow: str) -> list[Remark]:
    """Errors by the step that they are about; returns the others."""
    rest: list[Remark] = []
    for remark in errors:
        place = remark.where[2:3] if remark.where[:2] == ("flows", flow) else ()
        inside = bool(place) and place[0].isdecimal() and int(place[0]) < len(rows)
        (rows[int(place[0])].remarks if inside else rest).append(remark)
    return rest
