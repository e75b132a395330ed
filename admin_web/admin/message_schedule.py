"""`/admin/message-schedule`: every message of every flow, switched on and off, now or by schedule [47c, 88b]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin_web.admin.changes import Change, head, weigh
from admin_web.admin.periods import Period, period_of, periods_in, timetables_of, written
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.ports.site_texts import Edit, Remark, Where

message_schedule = Blueprint("message_schedule", __name__)

Content = Mapping[str, Any]


@dataclass(slots=True)
class Row:
    """A message at one step of a flow. `old` is what is written there."""

    flow: str
    index: int
    prompt: str
    text: str
    old: Any
    period: Period
    remarks: list[Remark] = field(default_factory=list)

    @property
    def where(self) -> Where:
        """Where it stands."""
        return ("flows", self.flow, str(self.index), "say")


@message_schedule.get("/admin/message-schedule")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The messages in the order of the flows."""
    base = head().number
    content = _content(base)
    return _shown(content, list(_rows(content)), base)


@message_schedule.post("/admin/message-schedule")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside the message that they are about."""
    if not request.form.get("base", "").isdecimal():
        abort(400)
    base = int(request.form["base"])
    content = _content(base)
    rows = list(_rows(content))
    edits = tuple(_edits(rows, request.form))
    proposal = weigh(Change(base, edits))
    if not proposal.errors:
        return show_proposal(proposal.change, url_for(".page"))
    by_place = {row.where: row for row in rows}
    for remark in proposal.errors:
        row = by_place.get(remark.where[:4])
        (rows[0] if row is None else row).remarks.append(remark)
    flash(gettext("Dit kan zo niet ingaan. Bij elke regel staat wat er moet veranderen."), "error")
    return _shown(content, rows, base), 422


def _content(base: int) -> Content:
    return ports().texts.content(ports().configurations.text(base))


def _rows(content: Content) -> Iterator[Row]:
    spoken = ports().texts.prompts()
    for flow, steps in (content.get("flows") or {}).items():
        for index, step in enumerate(steps or ()):
            if isinstance(step, dict) and "say" in step:
                said = step["say"]
                prompt = str(said.get("prompt") or "") if isinstance(said, dict) else str(said)
                yield Row(flow, index, prompt, spoken.get(prompt, ""), said, period_of(said))


def _edits(rows: list[Row], form: MultiDict[str, str]) -> Iterator[Edit]:
    """The messages whose period is another; the rows get what the form says."""
    places = form.getlist("where")
    by_place = {f"{row.flow} {row.index}": row for row in rows}
    for place, period in zip(places, periods_in(form, len(places)), strict=True):
        row = by_place.get(place)
        if row is not None and period != row.period:
            row.period = period
            settings = written(period, row.old)
            settings.pop("prompt", None)
            yield Edit(row.where, {"prompt": row.prompt, **settings} if settings else row.prompt)


def _shown(content: Content, rows: list[Row], base: int) -> str:
    return render_template("message_schedule.html", rows=rows, base=base, timetables=timetables_of(content))
