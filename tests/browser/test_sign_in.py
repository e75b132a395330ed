"""The sign-in page and the end of a session."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor, running_floor
from tests.cast import ANNA, PASSWORD, SOFIE


def test_wrong_password_is_said_and_the_cursor_stands_in_the_password(visit: Callable[..., Page]) -> None:
    page = visit("/sign-in")
    expect(page.get_by_label("Gebruikersnaam")).to_be_focused()
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type("fout")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("horen niet bij elkaar")
    expect(page.get_by_label("Wachtwoord")).to_be_focused()


def test_page_can_be_read_in_english(visit: Callable[..., Page]) -> None:
    page = visit("/sign-in")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("heading", name="Inloggen")).to_be_visible()


def test_signing_out_ends_the_live_page_in_the_other_tab(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    other = page.context.new_page()
    other.goto(floor.pages + "/agent")
    page.get_by_role("button", name="Anna de Vries").click()
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    expect(other.get_by_role("heading", name="Inloggen")).to_be_visible()


def test_supervisor_who_is_away_is_warned_and_can_stay(visit: Callable[..., Page]) -> None:
    with running_floor("--idle-seconds", "12") as floor:
        page = _enter(visit, floor)
        dialog = page.get_by_role("alertdialog", name="Bent u er nog?")
        expect(dialog).to_be_visible()
        page.get_by_role("button", name="Ingelogd blijven").click()
        expect(page.locator("#connection")).to_contain_text("live")


def _enter(visit: Callable[..., Page], floor: Floor) -> Page:
    page = visit("/sign-in")
    page.goto(floor.pages + "/sign-in")
    page.get_by_label("Gebruikersnaam").fill(SOFIE.username)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_selector('#connection[data-connection="live"]')
    return page
