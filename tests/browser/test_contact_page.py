"""A supervisor reads what happened to a contact."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import LOOKS, check, check_reflow
from tests.cast import SOFIE

ANSWERED_LATE = "/supervisor/contacts/r2"


def test_list_leads_to_the_contact_and_the_candidates_open_by_keyboard(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    page.locator("#today a").nth(2).click()
    expect(page).to_have_url(re.compile(ANSWERED_LATE))
    expect(page.locator("#connection")).to_contain_text("live")
    offer = page.get_by_role("listitem").filter(has_text="Aangeboden aan")
    expect(offer.first).to_contain_text("het langst vrij (4 min 10 s; daarna")
    expect(page.get_by_role("listitem").filter(has_text="miste of weigerde dit contact al").first).to_be_visible()
    offer.first.locator("summary").focus()
    page.keyboard.press("Enter")
    table = offer.first.get_by_role("table")
    expect(table).to_contain_text("Verdeling: langst vrij. Vrije medewerkers: 3")
    expect(table).to_contain_text("gekozen")
    expect(page.locator("#contact-now")).to_have_text("afgelopen")


def test_page_of_a_live_contact_grows_while_it_is_read(sign_in: SignIn, floor: Floor) -> None:
    floor("keep", "r0", "r0-copy", 3)
    floor.call("r0-copy")
    page = sign_in(SOFIE)
    page.locator("#contacts a").click()
    expect(page.locator("#contact-now")).to_have_text("wacht")
    entries = page.locator("#history > li")
    expect(entries).to_have_count(3)
    floor("keep", "r0", "r0-copy", 5)
    floor("log_on", "anna")
    floor("offers", "r0-copy", "anna")
    expect(entries).to_have_count(5)
    expect(page.locator("#contact-now")).to_have_text("aangeboden")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_contact_page_has_no_barrier(sign_in: SignIn, floor: Floor, width: int, scheme: str) -> None:
    page = sign_in(SOFIE, width=width, scheme=scheme)
    page.goto(floor.pages + ANSWERED_LATE)
    page.wait_for_selector('#connection[data-connection="live"]')
    for summary in page.locator("summary").all():
        summary.click()
    page.set_viewport_size({"width": width, "height": 3000})  # the footer covers what the page can be scrolled to
    check(page)
    check_reflow(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_page_of_sound_quality_has_no_barrier(sign_in: SignIn, floor: Floor, width: int, scheme: str) -> None:
    page = sign_in(SOFIE, width=width, scheme=scheme)
    page.get_by_role("link", name="geluidskwaliteit").click()
    expect(page.get_by_role("table")).to_contain_text("3,7 (te laag)")
    check(page)
    check_reflow(page)
