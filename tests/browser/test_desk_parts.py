"""The search, the list of calls and the parts of the agent's page, by keyboard and by mouse."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check, check_reflow
from tests.browser.test_desk import log_on, take_a_call
from tests.cast import ANNA


def order(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('[data-desk-column]')].map((column) =>"
        " [...column.querySelectorAll('[data-part]')].filter((each) => !each.hidden).map((each) => each.dataset.part))"
    )
    return found


def test_employee_is_found_and_called_without_a_mouse(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.insert_text("reisdoc zoe")
    option = page.locator("#search-hits [role=option]")
    expect(option).to_have_count(1)
    expect(option).to_contain_text("in een afspraak tot")
    check(page)
    page.keyboard.press("Enter")
    expect(page.locator("#card-periods li").first).to_contain_text("bezet")
    check(page)
    call = page.locator("#card-ways").get_by_role("button", name="071 555 0137 bellen")
    expect(call).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Enter")
    expect(call).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "direct")
    assert "CallNumber" in floor.submitted()
    expect(page.locator("#search-panel")).to_be_hidden()
    expect(page.locator("#contact-name")).to_have_text("Zoë van der Meer")


def test_employee_is_consulted_in_a_conversation_and_a_number_of_the_note_becomes_the_target(
    sign_in: SignIn, floor: Floor
) -> None:
    page = sign_in(ANNA)
    log_on(page)
    take_a_call(page, floor)
    expect(page.locator(".cx-earlier li")).to_have_count(3)
    page.locator("#note").fill("terugbellen op 06-87654321")
    page.get_by_role("button", name="06-87654321 bellen").click()
    expect(page.locator("#transfer-hits [role=option]").first).to_contain_text("06 87 65 43 21")
    check(page)
    page.keyboard.press("Escape")
    page.locator("#search").fill("ozdemir")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ruggespraak", exact=True).click()
    expect(page.locator("#contact")).to_have_attribute("data-mode", "consulting")
    expect(page.locator("#party-target .cx-party__name")).to_have_text("Jan Özdemir")


def test_missed_call_is_in_the_list_within_a_second_and_is_called_back(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    expect(page.locator("#calls tr")).to_have_count(25)
    floor.call("c1", number="+31687654321")
    floor("offers", "c1", "anna")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "offered")
    floor("list_call", "anna", "missed", "+31687654321")
    began = time.monotonic()
    floor("misses", "c1")
    first = page.locator("#calls tr").first
    expect(first).to_contain_text("gemist", timeout=1000)
    assert time.monotonic() - began < 1
    expect(page.locator("#calls tr")).to_have_count(25)  # the last makes way, so that a day of calls fits
    page.get_by_label("Gemist").check()
    expect(page.locator("#calls tr").first).to_contain_text("06 87 65 43 21")
    first.get_by_role("button").press("Enter")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "direct")
    assert "CallNumber" in floor.submitted()


def test_further_pages_of_the_list_stay_when_it_is_fetched_anew(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    page.locator("#calls-more").click()
    expect(page.locator("#calls tr")).to_have_count(50)
    page.locator("#calls-more").click()
    expect(page.locator("#calls tr")).to_have_count(60)
    expect(page.locator("#calls-more")).to_be_hidden()
    floor("list_call", "anna", "made", "+31687654321")
    floor("warn", "anna", "missed")
    expect(page.locator("#calls tr")).to_have_count(61)


def test_parts_are_moved_hidden_and_kept_by_keyboard(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA, width=400)
    page.locator("#arrange-open").press("Enter")
    expect(page.locator("#arrange-done")).to_be_focused()
    check(page)
    check_reflow(page)
    up = page.get_by_role("button", name="Wachtrijen: omhoog")
    up.press("Enter")
    expect(up).to_be_focused()
    expect(page.locator("#arrange-said")).to_have_text("Wachtrijen: kolom 2, plaats 1 van 3")
    up.press("ArrowLeft")
    assert order(page) == [["contact", "calls", "queues"], ["caller", "colleagues"]]
    page.get_by_role("button", name="Beller: verbergen").press("Enter")
    expect(page.get_by_role("button", name="Beller tonen")).to_be_focused()
    page.wait_for_load_state("networkidle")
    page.reload()
    assert order(page) == [["contact", "calls", "queues"], ["colleagues"]]
    page.locator("#arrange-open").click()
    page.get_by_role("button", name="Standaardindeling").click()
    expect(page.locator("#arrange-said")).to_have_text("De standaardindeling is terug.")
    page.reload()
    assert order(page) == [["contact", "calls"], ["caller", "queues", "colleagues"]]


def test_part_is_dragged_to_the_other_column(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    expect(page.locator("#calls tr")).to_have_count(25)
    expect(page.locator("#colleagues tbody tr")).to_have_count(3)
    page.locator("#arrange-open").click()
    carried = {"dataTransfer": page.evaluate_handle("new DataTransfer()")}
    page.dispatch_event('[data-part="colleagues"]', "dragstart", carried)
    page.dispatch_event("[data-desk-column] >> nth=0", "dragover", {**carried, "clientY": 0})
    page.dispatch_event('[data-part="colleagues"]', "dragend", carried)
    assert order(page) == [["colleagues", "contact", "calls"], ["caller", "queues"]]
    page.wait_for_load_state("networkidle")
    page.reload()
    assert order(page) == [["colleagues", "contact", "calls"], ["caller", "queues"]]
