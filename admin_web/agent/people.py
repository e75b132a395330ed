"""`/agent/employees/…`: one employee, with presence and the calendar of today."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from admin_web.auth.guard import permits
from admin_web.auth.permissions import Permission
from admin_web.presenters.contacts import local_midnight
from admin_web.presenters.directory import lines_of, numbers
from admin_web.presenters.presence import period_words, presence_words, state_of
from admin_web.web_ports import ports

people = Blueprint("people", __name__)


@people.get("/agent/employees/<path:employee_id>")
@permits(Permission.WORK_AT_DESK)
def employee(employee_id: str) -> ResponseReturnValue:
    """As JSON; `calendar` is null where it is not known."""
    desk, now = ports().desk, ports().clock.now()
    found = desk.employees.find(employee_id)
    if found is None:
        abort(404)
    presence = desk.presence.presence_of([found], now)[employee_id]
    midnight = local_midnight(now)
    calendar = desk.presence.calendar_of(found, max(midnight, now), midnight + timedelta(days=1))
    return {
        "name": found.name,
        "detail": lines_of(found),
        "email": found.email,
        "numbers": [asdict(each) for each in numbers(found.numbers)],
        "state": state_of(presence),
        "words": presence_words(presence, now),
        "calendar": None if calendar is None else [period_words(each) for each in calendar],
    }
