"""`/admin/week`: what happens when in a week, for one number, so that a gap is seen before a caller finds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin_web.admin.changes import LARGEST_TEXT
from admin_web.admin.considered import considered
from admin_web.auth.csrf import accepts
from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.weeks import day_words, gaps_of, week_lines
from admin_web.web_ports import ports
from cxcore.domain.schedule import AMSTERDAM
from cxcore.ports.inspection import OwnNumber

weeks = Blueprint("weeks", __name__)

WEEK = timedelta(days=7)
FURTHEST = timedelta(days=366 * 5)
"""How far a week may lie from today."""


@weeks.get("/admin/week")
@weeks.post("/admin/week", endpoint="draft")
@permits(Permission.ADMINISTER)
@accepts(8 * LARGEST_TEXT)
def page() -> ResponseReturnValue:
    """The week of a number: the first one that is configured, and the present week, unless others are asked for."""
    asked = considered()
    numbers, monday = asked.inspection.numbers(), _monday(asked.begins)
    number = _chosen(numbers)
    lines = asked.inspection.week(number.example, monday) if number is not None and not asked.problem else []
    shown = week_lines(lines, asked.inspection.queue_names())
    around = {"before": monday - WEEK, "after": monday + WEEK, "span": _span(monday)}
    told = {"numbers": numbers, "number": number, "monday": monday, "considered": asked}
    page = render_template("admin_week.html", lines=shown, gaps=gaps_of(shown), **told, **around)
    return page, 400 if asked.problem else 200


def _chosen(numbers: Sequence[OwnNumber]) -> OwnNumber | None:
    wanted = request.values.get("number", "")
    return next((each for each in numbers if each.written == wanted), numbers[0] if numbers else None)


def _span(monday: date) -> str:
    return f"{day_words(monday)} – {day_words(monday + timedelta(days=6))} {monday.year}"


def _monday(begins: datetime | None) -> date:
    """The Monday of the week that is asked for: the present one, or that in which the version begins to count."""
    today = ports().clock.now().astimezone(AMSTERDAM).date()
    try:
        day = date.fromisoformat(request.values.get("go") or request.values.get("day", ""))
    except ValueError:
        day = today if begins is None else begins.astimezone(AMSTERDAM).date()
    day = day if abs(day - today) <= FURTHEST else today
    return day - timedelta(days=day.weekday())
