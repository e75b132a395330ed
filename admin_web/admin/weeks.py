"""`/admin/week`: what happens when in a week, for one number, so that a gap is seen before a caller finds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, render_template, request

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
@permits(Permission.ADMINISTER)
def page() -> str:
    """The week of a number: the first one that is configured, and the present week, unless others are asked for."""
    numbers, monday = ports().inspection.numbers(), _monday()
    number = _chosen(numbers)
    lines = ports().inspection.week(number.example, monday) if number is not None else []
    shown = week_lines(lines, ports().inspection.queue_names())
    around = {"before": monday - WEEK, "after": monday + WEEK, "span": _span(monday)}
    return render_template(
        "admin_week.html", numbers=numbers, number=number, monday=monday, lines=shown, gaps=gaps_of(shown), **around
    )


def _chosen(numbers: Sequence[OwnNumber]) -> OwnNumber | None:
    wanted = request.args.get("number", "")
    return next((each for each in numbers if each.written == wanted), numbers[0] if numbers else None)


def _span(monday: date) -> str:
    return f"{day_words(monday)} – {day_words(monday + timedelta(days=6))} {monday.year}"


def _monday() -> date:
    """The Monday of the week that is asked for."""
    today = ports().clock.now().astimezone(AMSTERDAM).date()
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = today
    day = day if abs(day - today) <= FURTHEST else today
    return day - timedelta(days=day.weekday())
