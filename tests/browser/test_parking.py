"""An agent parks a caller at a colleague, who picks the caller up, by keyboard alone; and hears what became of it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check
from tests.browser.test_transfer import search, talking
from tests.cast import BRAM


def test_caller_is_parked_shown_to_the_colleague_and_picked_up(sign_in: SignIn, floor: Floor) -> None:
    page = talking(sign_in, floor)
    other = sign_in(BRAM)
    search(page, "bram")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notices")).to_contain_text("De beller wacht met muziek bij Bram Jansen.")
    expect(page.locator("#parked-list")).to_contain_text("06 12 34 56 78, bij Bram Jansen")
    expect(other.locator("#parked-list")).to_contain_text("06 12 34 56 78, van Anna de Vries")
    expect(other.locator("#notices")).to_contain_text("Er is een beller bij u geparkeerd")
    check(other)
    other.keyboard.press("Alt+g")
    expect(other.locator("#contact-state")).to_have_text("doorverbonden door Anna de Vries")
    expect(other.locator("#announcement")).to_be_empty()
    expect(other.locator("#parked")).to_be_hidden()
    expect(page.locator("#parked")).to_be_hidden()
    assert floor.submitted()[-2:] == ["ParkContact", "PickUpContact"]


def test_who_parked_a_caller_hears_that_nobody_picked_up(sign_in: SignIn, floor: Floor) -> None:
    page = talking(sign_in, floor)
    search(page, "burgerzaken")
    expect(page.locator("#transfer-park")).to_be_disabled()
    page.locator("#transfer-query").fill("bram")
    expect(page.locator("#transfer-park")).to_be_enabled()
    page.locator("#transfer-park").click()
    expect(page.locator("#parked-list")).to_contain_text("bij Bram Jansen")
    floor("parked_contact_goes_back", "c1")
    expect(page.locator("#notices")).to_contain_text("Bram Jansen nam niet op. De beller is terug")
    expect(page.locator("#parked")).to_be_hidden()
