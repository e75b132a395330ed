"""A notification on the desktop while a call rings and nobody looks at the page."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check, check_reflow
from tests.browser.test_desk import log_on
from tests.cast import ANNA, BRAM

SPY = """
window.notices = [];
const real = window.Notification;
window.Notification = class extends real {
  constructor(title, options) {
    super(title, options);
    const told = { title, body: options.body, shown: false, gone: false };
    window.notices.push(told);
    this.addEventListener("show", () => { told.shown = true; });
    this.addEventListener("close", () => { told.gone = true; });
  }
};
"""
LAST = "window.notices.at(-1)"


def becomes_true(page: Page, script: str) -> None:
    """Ask again and again: the pages' security policy keeps Playwright from waiting in them."""
    deadline = time.monotonic() + 15
    while not page.evaluate(script):
        assert time.monotonic() < deadline, script
        page.wait_for_timeout(20)


def allow(page: Page) -> None:
    """The user of this browser lets the page notify, once it asks."""
    page.context.grant_permissions(["notifications"], origin=page.url.removesuffix("/agent"))
    page.evaluate(f"() => {{{SPY}}}")


def choose(page: Page, label: str) -> None:
    page.locator("#desktop-notice").click()
    page.get_by_label(label, exact=True).check()
    page.get_by_role("dialog", name="Melding op uw bureaublad").get_by_role("button", name="Sluiten").click()


def look_away(page: Page) -> None:
    """Another tab is in front, as it is for somebody who works in another programme."""
    page.context.new_cdp_session(page).send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    page.context.new_page().bring_to_front()
    becomes_true(page, "!document.hasFocus() || document.hidden")


def rings_out_of_sight(page: Page, floor: Floor) -> None:
    look_away(page)
    floor.call("c1")
    floor("offers", "c1", "anna")


@pytest.mark.parametrize(
    ("label", "body"),
    [
        ("alleen de wachtrij: niemand die meekijkt, ziet wie er belt", "Burgerzaken"),
        ("de wachtrij en wie er belt", "Burgerzaken · 06 12 34 56 78"),
    ],
)
def test_offer_out_of_sight_is_told_by_the_desktop_as_the_user_chose_until_it_is_over(
    sign_in: SignIn, floor: Floor, label: str, body: str
) -> None:
    page = sign_in(ANNA)
    log_on(page)
    allow(page)
    choose(page, label)
    expect(page.locator("#desktop-notice")).to_have_text("bureaubladmelding aan")
    rings_out_of_sight(page, floor)
    becomes_true(page, f"{LAST}?.shown")
    assert page.evaluate(f"[{LAST}.title, {LAST}.body]") == ["Contact aangeboden", body]
    floor("misses", "c1")
    becomes_true(page, f"{LAST}.gone")


def test_consultation_names_nobody_unless_the_user_chose_so(sign_in: SignIn, floor: Floor) -> None:
    page, asking = sign_in(BRAM), sign_in(ANNA)
    allow(page)
    choose(page, "alleen de wachtrij: niemand die meekijkt, ziet wie er belt")
    log_on(asking)
    floor.call("c1")
    floor("offers", "c1", "anna")
    floor("answers", "c1")
    look_away(page)
    asking.keyboard.press("Alt+d")
    asking.keyboard.type("bram")
    expect(asking.locator("#transfer-hits [role=option]")).to_have_count(1)
    asking.keyboard.press("Enter")
    becomes_true(page, f"{LAST}?.shown")
    assert page.evaluate(f"[{LAST}.title, {LAST}.body]") == ["Ruggespraak gevraagd", ""]


def test_page_in_sight_and_a_user_who_wants_none_get_none(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    allow(page)
    rings_out_of_sight(page, floor)
    expect(page.locator("#contact")).to_have_attribute("data-mode", "offered")
    floor("misses", "c1")
    page.bring_to_front()
    becomes_true(page, "document.hasFocus()")
    choose(page, "de wachtrij en wie er belt")
    floor("offers", "c1", "anna")
    expect(page.locator("#announcement")).to_contain_text("Contact aangeboden")
    assert page.evaluate("window.notices") == []


def test_choice_goes_along_and_what_a_browser_does_not_allow_is_said(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    allow(page)
    choose(page, "de wachtrij en wie er belt")
    expect(page.locator("#desktop-notice")).to_have_text("bureaubladmelding aan")
    other = sign_in(ANNA)
    other.evaluate("Notification.requestPermission = async () => 'denied'")
    expect(other.locator("#desktop-notice")).to_have_text("bureaubladmelding: geen toestemming")
    other.locator("#desktop-notice").click()
    expect(other.get_by_label("de wachtrij en wie er belt", exact=True)).to_be_checked()
    expect(other.locator("#desktop-notice-said[role=status]")).to_contain_text("laat nog geen meldingen")
    for scheme in ("light", "dark"):
        other.emulate_media(color_scheme=scheme)
        check(other)
    other.set_viewport_size({"width": 400, "height": 800})
    check_reflow(other)


def test_trial_shows_what_it_looks_like(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    allow(page)
    page.locator("#desktop-notice").click()
    page.get_by_role("button", name="Proefmelding").click()
    becomes_true(page, f"{LAST}?.shown")
    assert page.evaluate(f"{LAST}.body") == "Zo ziet een melding eruit."
