"""The privacy officer finds and erases what is kept of a person."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import check, check_reflow
from tests.cast import FENNA, PASSWORD


def test_person_is_found_and_erased_and_the_page_is_accessible(visit: Callable[..., Page]) -> None:
    page = visit("/sign-in")
    page.get_by_label("Gebruikersnaam").fill(FENNA.username)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("link", name="Persoonsgegevens").click()
    page.get_by_label("Telefoonnummer").fill("06 12 34 56 78")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bewaard van 06 12 34 56 78")).to_be_visible()
    check(page)
    page.set_viewport_size({"width": 400, "height": 800})
    check(page)
    check_reflow(page)
    page.get_by_label("Wissen kan niet ongedaan worden gemaakt").check()
    page.get_by_role("button", name="Wissen").click()
    expect(page.get_by_role("heading", name="Gewist van 06 12 34 56 78")).to_be_visible()
    expect(page.get_by_text("klacht 2026-14")).to_be_visible()
    check(page)
