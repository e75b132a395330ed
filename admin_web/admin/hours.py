"""`/admin/hours`: when a queue or a timetable is open, on a week grid, with holidays and days that differ [43, 88]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin_web.admin.changes import Change, head, weigh
from admin_web.admin.odd_days import (
    YEARLY,
    OddDay,
    Spans,
    rows_of,
    spans_of,
    written_exceptions,
    written_holidays,
    written_spans,
)
from admin_web.admin.timetable_uses import uses_of
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.configuration import DAYS
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.domain.schedule import AMSTERDAM
from cxcore.ports.site_texts import Edit, Remark, Where

admin_hours = Blueprint("admin_hours", __name__)


Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Whose hours are shown: `section` is `queues` or `timetables`."""

    section: str
    name: str
    label: str

    @property
    def where(self) -> Where:
        """Where its hours stand."""
        return (self.section, self.name, "hours") if self.section == "queues" else (self.section, self.name)

    @property
    def key(self) -> str:
        """As the address of the page names it."""
        return f"{self.section}/{self.name}"


@dataclass(slots=True)
class Day:
    """One row of the grid."""

    key: str
    label: str
    spans: Spans
    remarks: list[Remark] = field(default_factory=list)


@dataclass(slots=True)
class Hours:
    """What the form shows."""

    place: Place
    base: int
    always: bool
    timetable: str
    """The timetable that decides, for a queue that has no hours of its own."""
    days: list[Day]
    holidays: list[OddDay]
    exceptions: list[OddDay]
    closed: str = ""
    moves: bool = False
    remarks: list[Remark] = field(default_factory=list)

    def any_past(self, today: date) -> bool:
        """Whether it names days that have been."""
        return any(each.is_past(today) for each in [*self.holidays, *self.exceptions])


@admin_hours.get("/admin/hours")
@permits(Permission.ADMINISTER)
def page() -> str:
    """The hours of one queue or timetable, of the first one when none is named."""
    base = head().number
    content = ports().texts.content(ports().configurations.text(base))
    return _shown(content, _hours(content, _place(content, request.args.get("of")), base))


@admin_hours.post("/admin/hours")
@permits(Permission.ADMINISTER)
def change() -> ResponseReturnValue:
    """Look at what the form would change; findings stand beside the day that they are about."""
    base = _base()
    content = ports().texts.content(ports().configurations.text(base))
    place = _place(content, request.form.get("of"))
    wanted = Change(base, tuple(_edits(content, place, request.form)))
    proposal = weigh(wanted)
    if not proposal.errors:
        return show_proposal(wanted, url_for(".page", of=place.key))
    after = ports().texts.content(ports().texts.edited(ports().configurations.text(base), wanted.edits))
    hours = _hours(after, place, base)
    _put_beside(hours, proposal.errors)
    flash(gettext("Dit kan zo niet ingaan. Bij elke regel staat wat er moet veranderen."), "error")
    return _shown(after, hours), 422


def _base() -> int:
    written = request.form.get("base", "")
    if not written.isdecimal():
        abort(400)
    return int(written)


def _shown(content: Content, hours: Hours) -> str:
    shown: dict[str, Any] = {"hours": hours, "places": _places(content), "today": _today()}
    shown["flows"], shown["timetables"] = list(content.get("flows") or {}), list(content.get("timetables") or {})
    shown["prompts"], shown["yearly"] = ports().texts.prompts(), YEARLY
    shown["uses"] = uses_of(content, hours.place.name) if hours.place.section == "timetables" else []
    return render_template("admin_hours.html", **shown)


def _today() -> date:
    return ports().clock.now().astimezone(AMSTERDAM).date()


def _places(content: Content) -> list[Place]:
    queues = [Place("queues", key, _label(key, queue)) for key, queue in (content.get("queues") or {}).items()]
    tables = [
        Place("timetables", key, gettext("Rooster %(name)s", name=key)) for key in content.get("timetables") or {}
    ]
    return queues + tables


def _label(key: str, queue: Any) -> str:
    return str(queue.get("name") or key) if isinstance(queue, dict) else key


def _place(content: Content, wanted: str | None) -> Place:
    found = [place for place in _places(content) if wanted in (None, "", place.key)]
    if not found:
        abort(404)
    return found[0]


# --- From the configuration to the form ------------------------------------------------------------------------------


def _hours(content: Content, place: Place, base: int) -> Hours:
    queue = content[place.section][place.name] or {}
    written = queue.get("hours") if place.section == "queues" else queue
    hours = written if isinstance(written, dict) else {}
    holidays, exceptions = rows_of(hours)
    return Hours(
        place,
        base,
        always=written is None,
        timetable=written if isinstance(written, str) else "",
        days=[Day(key, str(label), spans_of(hours.get(key))) for key, label in DAYS.items()],
        holidays=holidays,
        exceptions=exceptions,
        closed=queue.get("closed") or "",
        moves=queue.get("when_closing") == "move",
    )


def _put_beside(hours: Hours, errors: Sequence[Remark]) -> None:
    rows = {(*hours.place.where, day.key): day for day in hours.days}
    for remark in errors:
        day = rows.get(remark.where)
        (day.remarks if day is not None else hours.remarks).append(remark)


# --- From the form to edits ------------------------------------------------------------------------------------------


def _edits(content: Content, place: Place, form: MultiDict[str, str]) -> list[Edit]:
    if place.section == "timetables":
        return _hours_edits(content, place, form)
    parent, written = (place.section, place.name), content[place.section][place.name].get("when_closing")
    closed = [
        Edit((*parent, "closed"), form.get("closed") or None),
        Edit((*parent, "when_closing"), _when_closing(form, written)),
    ]
    if form.get("mode") == "always":
        return [Edit(place.where, None), *closed]
    if form.get("mode") == "timetable":
        return [Edit(place.where, form.get("timetable") or None), *closed]
    return [*_hours_edits(content, place, form), *closed]


def _when_closing(form: MultiDict[str, str], written: str | None) -> str | None:
    """`serve` is what it is when nothing is said, so it is written only where it was."""
    if form.get("when_closing") == "move":
        return "move"
    return None if written is None else "serve"


def _hours_edits(content: Content, place: Place, form: MultiDict[str, str]) -> list[Edit]:
    own = _at(content, place.where)
    after = _today() if form.get("drop_past") else None
    wanted: dict[str, Any] = {key: spans for key in DAYS if (spans := written_spans(form, f"day-{key}"))}
    if holidays := written_holidays(form, after):
        wanted["holidays"] = holidays
    if exceptions := written_exceptions(form, after):
        wanted["exceptions"] = exceptions
    if not isinstance(own, dict):
        return [Edit(place.where, None), Edit(place.where, wanted)]
    keys = [*DAYS, "holidays", "exceptions"]
    return [Edit((*place.where, key), wanted.get(key)) for key in keys if wanted.get(key) != own.get(key)]


def _at(content: Content, where: Where) -> Any:
    found: Any = content
    for step in where:
        found = found.get(step) if isinstance(found, dict) else None
    return found
