"""Requirement 16: the agent sees the calendar of an employee from the dashboard.

When somebody is busy is shown, not what with. Outlook is a further adapter of `cxcore.ports.presence`.
"""

from __future__ import annotations

from datetime import timedelta

from cxcore.domain.presence import Availability, BusyPeriod
from tests.cast import ANNA
from tests.requirements.test_15_dashboard import ZOE
from tests.web.conftest import Desk


def test_appointments_of_today_stand_with_the_employee(desk: Desk) -> None:
    now = desk.clock.now()
    desk.presence.calendars[ZOE] = [
        BusyPeriod(now + timedelta(minutes=30), now + timedelta(minutes=60)),
        BusyPeriod(now, now + timedelta(minutes=10), Availability.OUT_OF_OFFICE),
        BusyPeriod(now + timedelta(days=2), now + timedelta(days=3)),
    ]
    first, second = desk.visitor_as(ANNA).get(f"/agent/employees/{ZOE}").json["calendar"]
    assert first.endswith("niet op kantoor")
    assert second.endswith("bezet")


def test_calendar_that_is_not_known_is_not_taken_for_an_empty_one(desk: Desk) -> None:
    assert desk.visitor_as(ANNA).get(f"/agent/employees/{ZOE}").json["calendar"] is None
