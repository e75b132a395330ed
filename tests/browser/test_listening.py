"""A supervisor listens in from the agent's dialog, and the agent sees it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check
from tests.browser.test_desk import log_on, take_a_call
from tests.cast import ANNA, SOFIE


def test_supervisor_listens_whispers_and_stops_while_the_agent_sees_it(sign_in: SignIn, floor: Floor) -> None:
    desk = sign_in(ANNA)
    log_on(desk)
    take_a_call(desk, floor)
    page = sign_in(SOFIE)
    page.get_by_role("button", name="Anna de Vries").click()
    dialog = page.get_by_role("dialog", name="Anna de Vries")
    dialog.get_by_role("button", name="Meeluisteren").press("Enter")
    expect(dialog.get_by_role("button", name="Meeluisteren")).to_have_attribute("aria-pressed", "true")
    expect(desk.locator("#listening")).to_have_text("Een supervisor luistert mee.")
    dialog.get_by_role("button", name="Influisteren").click()
    expect(dialog.locator("#agent-listening-state")).to_have_text("u fluistert in; alleen de medewerker hoort u")
    expect(desk.locator("#listening")).to_contain_text("de beller hoort dat niet")
    check(page)
    dialog.get_by_role("button", name="Stoppen").click()
    expect(desk.locator("#listening")).to_be_hidden()
    expect(dialog.get_by_role("button", name="Influisteren")).to_have_attribute("aria-pressed", "false")
