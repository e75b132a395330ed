"""An administrator switches messages and choices on and off by schedule [88b]."""

from __future__ import annotations

from typing import Any

from admin_web.admin.periods import Period, period_of, written
from tests.web.admin import Fields, activate, administrator, content, submit
from tests.web.conftest import Desk

PAGE = "/admin/message-schedule"
WHERE = "hoofdmenu 1"


def row(**fields: str) -> Fields:
    usual = {
        "base": "1", "where": WHERE, "state": "on", "from": "", "from-time": "", "until": "", "until-time": "",
        "timetable": "",
    }  # fmt: skip
    return usual | fields


def said(desk: Desk) -> Any:
    return content(desk)["flows"]["hoofdmenu"][1]["say"]


def test_every_message_stands_on_the_page_with_its_text(desk: Desk) -> None:
    page = administrator(desk).get(PAGE).text
    assert "welkom" in page
    assert "Welkom bij de gemeente Noordwijk." in page


def test_a_message_is_heard_from_a_moment_until_another(desk: Desk) -> None:
    aad = administrator(desk)
    fields = {"from": "2026-12-01", "from-time": "08:00", "until": "2026-12-04", "until-time": "17:30"}
    shown = submit(aad, PAGE, row(**fields)).text
    assert "melding: vanaf di 1 dec 2026 08:00, tot en met vr 4 dec 2026 17:30" in shown
    activate(aad, shown)
    assert said(desk) == {"prompt": "welkom", "from": "2026-12-01T08:00", "until": "2026-12-04T17:30"}
    assert 'value="17:30"' in aad.get(PAGE).text


def test_a_message_is_switched_off_and_on_again(desk: Desk) -> None:
    aad = administrator(desk)
    activate(aad, submit(aad, PAGE, row(state="off")).text)
    assert said(desk) == {"prompt": "welkom", "enabled": False}
    activate(aad, submit(aad, PAGE, row(base="2")).text)
    assert said(desk) == "welkom"


def test_a_message_that_ends_before_it_begins_is_refused_beside_it(desk: Desk) -> None:
    fields = {"from": "2026-12-04", "from-time": "17:00", "until": "2026-12-04", "until-time": "08:00"}
    answer = submit(administrator(desk), PAGE, row(**fields))
    assert answer.status_code == 422
    assert "eindigt voor het begint" in answer.text


def test_a_timetable_that_is_chosen_takes_the_place_of_the_one_before() -> None:
    old = {"prompt": "welkom", "when": "kantooruren", "open_queue": "receptie"}
    assert period_of(old).timetable == "kantooruren"
    assert written(Period(timetable="unless kantooruren"), old) == {
        "prompt": "welkom", "unless": "kantooruren", "open_queue": "receptie",
    }  # fmt: skip
    both = {**old, "unless": "avond"}
    assert written(period_of(both), both) == both
    assert written(Period(), old) == {"prompt": "welkom", "open_queue": "receptie"}
