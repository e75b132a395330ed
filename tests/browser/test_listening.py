"""A supervisor listens in from the agent's dialog, and the agent sees it."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check
from tests.browser.test_desk import log_on, take_a_call
from tests.cast import ANNA, BRAM, CHRIS, SOFIE


def test_supervisor_listens_whispers_and_stops_while_the_agent_sees_it(sign_in: SignIn, floor: Floor) -> None:
    desk = sign_in(ANNA)
    log_on(desk)
    take_a_call(desk, floor)
    page = sign_in(SOFIE)
    page.get_by_role("button", name="Anna de Vries").click()
    dialog = page.get_by_role("dialog", name="Anna de Vries")
    dialog.get_by_role("button", name="Meeluisteren").press("Enter")
    expect(dialog.get_by_role("button", name="Meeluisteren")).to_have_attribute("aria-pressed", "true")
    expect(desk.locator("#listening")).to_have_text("Er luistert iemand mee.")
    dialog.get_by_role("button", name="Influisteren").click()
    expect(dialog.locator("#agent-listening-state")).to_have_text("u fluistert in; alleen de medewerker hoort u")
    expect(desk.locator("#listening")).to_contain_text("de beller hoort dat niet")
    check(page)
    dialog.get_by_role("button", name="Stoppen").click()
    expect(desk.locator("#listening")).to_be_hidden()
    expect(dialog.get_by_role("button", name="Influisteren")).to_have_attribute("aria-pressed", "false")


def test_supervisor_sees_on_the_page_whose_call_it_is_and_stops_there(sign_in: SignIn, floor: Floor) -> None:
    desk, page = sign_in(ANNA), sign_in(SOFIE)
    log_on(desk)
    take_a_call(desk, floor)
    page.get_by_role("button", name="Anna de Vries").click()
    dialog = page.get_by_role("dialog", name="Anna de Vries")
    dialog.get_by_role("button", name="Meeluisteren").click()
    dialog.get_by_role("button", name="Sluiten").click()
    expect(page.locator("#own-listening-words")).to_have_text("Anna de Vries: u luistert mee; niemand hoort u")
    line = page.get_by_role("group", name="Anna de Vries: u luistert mee")
    line.get_by_role("button", name="Influisteren").click()
    expect(desk.locator("#listening")).to_contain_text("de beller hoort dat niet")
    check(page)
    line = page.locator("#own-listening")
    line.get_by_role("button", name="Stoppen").press("Enter")
    expect(line).to_be_hidden()
    expect(desk.locator("#listening")).to_be_hidden()


def test_supervisor_stops_while_the_own_device_still_rings(sign_in: SignIn, floor: Floor) -> None:
    desk, page = sign_in(ANNA), sign_in(SOFIE)
    log_on(desk)
    take_a_call(desk, floor)
    asked: list[str] = []

    def note(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=204)

    page.route("**/commands/listening/**", note)
    page.get_by_role("button", name="Anna de Vries").click()
    dialog = page.get_by_role("dialog", name="Anna de Vries")
    dialog.get_by_role("button", name="Influisteren").click()
    expect(dialog.locator("#agent-listening-state")).to_have_text("uw toestel gaat over")
    expect(dialog.get_by_role("button", name="Influisteren")).to_have_attribute("aria-pressed", "true")
    dialog.get_by_role("button", name="Stoppen").click()
    expect(dialog.locator("#agent-listening-state")).to_have_text("")
    expect(page.locator("#own-listening")).to_be_hidden()
    assert [url.rsplit("/", 1)[1] for url in asked] == ["whisper", "stop"]


def test_coach_listens_in_from_the_desk_whispers_and_stops(sign_in: SignIn, floor: Floor) -> None:
    coach, page = sign_in(CHRIS), sign_in(ANNA)
    log_on(page)
    button = coach.get_by_role("button", name="Meeluisteren met Anna de Vries")
    expect(button).to_be_hidden()
    take_a_call(page, floor)
    button.click()
    words = coach.locator("#listens-words[role=status]")
    expect(words).to_have_text("Anna de Vries: u luistert mee; niemand hoort u")
    expect(page.locator("#listening")).to_contain_text("luistert iemand mee")
    check(coach)
    coach.get_by_role("button", name="Influisteren").click()
    expect(words).to_contain_text("u fluistert in")
    coach.get_by_role("button", name="Stoppen").click()
    expect(coach.locator("#listens")).to_be_hidden()
    assert floor.submitted()[-3:] == ["ListenIn", "Whisper", "StopListening"]


def test_agent_without_that_role_sees_no_button_to_listen(sign_in: SignIn, floor: Floor) -> None:
    other, page = sign_in(BRAM), sign_in(ANNA)
    log_on(page)
    take_a_call(page, floor)
    expect(other.locator("#colleagues")).to_contain_text("in gesprek")
    expect(other.get_by_role("button", name="Meeluisteren")).to_have_count(0)
