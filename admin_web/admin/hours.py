"""`/admin/hours`: when a queue or a timetable is open, on a week grid, with holidays and days that differ [43, 88]."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin_web.admin.changes import Change, head, weigh
from admin_web.admin.versions import show_proposal
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.configuration import DAYS
from admin_web.presenters.texts import gettext
from admin_web.web_ports import ports
from cxcore.ports.site_texts import Edit, Remark, Where

admin_hours = Blueprint("admin_hours", __name__)

SPANS_SHOWN = 2
EMPTY_DAYS = 2
"""Rows of holidays and days that differ that stand ready to be filled in."""
_SPAN = re.compile(r"(\d\d:\d\d)\s*-\s*(\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_END_OF_DAY = "24:00"

Content = Mapping[str, Any]
Spans = list[tuple[str, str]]


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
class OddDay:
    """A holiday, or a day with hours of its own. `date` is the name of one that comes back each year."""

    date: str
    name: str = ""
    spans: Spans = field(default_factory=list)


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
    flows = list(content.get("flows") or {})
    timetables = list(content.get("timetables") or {})
    return render_template("admin_hours.html", hours=hours, places=_places(content), flows=flows, timetables=timetables)


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
    return Hours(
        place,
        base,
        always=written is None,
        timetable=written if isinstance(written, str) else "",
        days=[Day(key, str(label), spans_of(hours.get(key))) for key, label in DAYS.items()],
        holidays=[_holiday(item) for item in hours.get("holidays") or []],
        exceptions=[_exception(day, value) for day, value in (hours.get("exceptions") or {}).items()],
        closed=queue.get("closed") or "",
        moves=queue.get("when_closing") == "move",
    )


def spans_of(written: Any) -> Spans:
    """Pairs of times of what stands in the file; none for a day that is closed."""
    return [(opens, closes) for opens, closes in _SPAN.findall(str(written or ""))]


def _holiday(item: Any) -> OddDay:
    if isinstance(item, dict) and item:
        day, name = next(iter(item.items()))
        return OddDay(str(day), str(name))
    return OddDay(str(item))


def _exception(day: str, value: Any) -> OddDay:
    if isinstance(value, dict):
        return OddDay(day, str(value.get("name") or ""), spans_of(value.get("hours")))
    return OddDay(day, "", spans_of(value))


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
    wanted: dict[str, Any] = {key: spans for key in DAYS if (spans := _written_spans(form, f"day-{key}"))}
    if holidays := _written_holidays(form):
        wanted["holidays"] = holidays
    if exceptions := _written_exceptions(form):
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


def _written_spans(form: MultiDict[str, str], name: str) -> str:
    pairs = zip(form.getlist(f"{name}-opens"), form.getlist(f"{name}-closes"), strict=False)
    return ", ".join(f"{opens}-{_closing(closes)}" for opens, closes in sorted(pairs) if opens or closes)


def _closing(closes: str) -> str:
    """A browser has no 24:00; midnight as the end is the end of the day."""
    return _END_OF_DAY if closes == "00:00" else closes


def _written_holidays(form: MultiDict[str, str]) -> list[Any]:
    days = zip(form.getlist("holiday"), form.getlist("holiday-name"), strict=False)
    found: list[Any] = [
        {day.strip(): name.strip()} if name.strip() else day.strip() for day, name in days if day.strip()
    ]
    return [each for index, each in enumerate(found) if each not in found[:index]]


def _written_exceptions(form: MultiDict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for index, day in enumerate(form.getlist("exception")):
        hours = _written_spans(form, f"exception-{index}") or "closed"
        name = form.get(f"exception-{index}-name", "").strip()
        if day:
            found[day] = {"hours": hours, "name": name} if name else hours
    return dict(sorted(found.items()))


@admin_hours.app_template_filter()
def is_date(text: str) -> bool:
    """Whether it is a day, not the name of one that comes back each year."""
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
