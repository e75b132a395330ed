"""Alarms and the course of the day on the supervisor's page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check, check_reflow
from tests.cast import SOFIE

TONES = """() => {
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };
}"""


def test_alarm_shows_sounds_and_falls_silent_when_somebody_has_seen_it(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    page.evaluate(TONES)
    floor("alarm", "burgerzaken", "longest_wait", 312, 300)
    alarm = page.locator("#alarms .cx-alarm")
    expect(alarm).to_contain_text("Burgerzaken: langste wachttijd 05:12 (alarm vanaf 05:00)")
    assert page.evaluate("tones") == 2
    check(page)
    alarm.get_by_role("button", name="Gezien").click()
    expect(alarm).to_contain_text("gezien door Sofie Mulder")
    check(page)
    page.set_viewport_size({"width": 400, "height": 800})
    check_reflow(page)
    floor("clears", "burgerzaken", "longest_wait")
    expect(alarm).to_have_count(0)
    page.get_by_label("alarm met geluid").uncheck()
    floor("alarm", "receptie", "waiting", 9, 8)
    expect(alarm).to_contain_text("Receptie: 9 wachtenden (alarm vanaf 8)")
    assert page.evaluate("tones") == 2


def test_alarm_tells_the_figure_of_now_beside_the_one_that_raised_it(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    floor("alarm", "burgerzaken", "waiting", 9, 8)
    now = page.locator("#alarms .cx-alarm__now")
    expect(now).to_have_text("nu 0")
    floor.call("c1")
    expect(now).to_have_text("nu 1")
    floor("alarm", "burgerzaken", "agents", 0, 1)
    expect(page.locator("#alarms .cx-alarm")).to_have_count(2)
    expect(now.nth(1)).to_be_hidden()


def test_course_of_the_day_stands_in_the_table_and_its_figures_in_a_dialog(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    course = page.locator('#queues tr[data-key="burgerzaken"]').get_by_role("button", name="Verloop van Burgerzaken")
    expect(course.locator("svg rect").first).to_be_attached()
    course.click()
    dialog = page.get_by_role("dialog", name="Serviceniveau vandaag: Burgerzaken")
    expect(dialog.locator("#trend-rows tr").first).to_be_visible()
    assert dialog.locator("#trend-rows tr").count() == dialog.locator("svg rect").count()
    check(page)
