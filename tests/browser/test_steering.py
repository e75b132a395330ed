"""A supervisor steers the floor, with the mouse and with the keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check, check_reflow
from tests.cast import AAD, SOFIE


def agent(page: Page, key: str = "anna") -> Locator:
    return page.locator(f'#agents tr[data-key="{key}"]')


def queue(page: Page, key: str = "burgerzaken") -> Locator:
    return page.locator(f'#queues tr[data-key="{key}"]')


def test_agent_is_logged_on_and_that_can_be_undone(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    page.get_by_role("button", name="Anna de Vries").click()
    dialog = page.get_by_role("dialog", name="Anna de Vries")
    expect(dialog).to_contain_text("afgemeld")
    dialog.get_by_role("button", name="Aanmelden").click()
    expect(dialog).to_be_hidden()
    expect(agent(page)).to_contain_text("beschikbaar")
    expect(page.locator("#notices")).to_contain_text("Anna de Vries is aangemeld.")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(agent(page)).to_contain_text("afgemeld")
    assert floor.submitted() == ["LogOn", "LogOff"]


def test_agent_is_sent_on_a_break_with_a_reason(sign_in: SignIn, floor: Floor) -> None:
    floor("log_on", "anna")
    page = sign_in(SOFIE)
    page.get_by_role("button", name="Anna de Vries").click()
    page.get_by_label("Pauze", exact=True).select_option("Overleg")
    page.get_by_role("button", name="Pauze laten nemen").click()
    expect(agent(page)).to_contain_text("pauze: overleg")


def test_queue_is_given_at_a_level_and_another_taken_in_one_go(sign_in: SignIn, floor: Floor) -> None:
    floor("log_on", "anna")
    page = sign_in(SOFIE)
    page.get_by_role("button", name="Anna de Vries").click()
    page.get_by_label("Bouwen en wonen", exact=True).select_option("niveau 2")
    page.get_by_label("Receptie", exact=True).select_option("niet")
    page.get_by_role("button", name="Wachtrijen opslaan").click()
    expect(agent(page)).to_contain_text("Bouwen en wonen (2), Burgerzaken")
    assert floor.submitted()[1:] == ["AssignQueue", "RemoveFromQueue"]


def test_queue_is_closed_while_those_who_wait_are_still_helped(sign_in: SignIn, floor: Floor) -> None:
    floor.call("c1")
    page = sign_in(SOFIE)
    queue(page).get_by_role("button", name="Openen of sluiten").click()
    dialog = page.get_by_role("dialog", name="Burgerzaken")
    dialog.get_by_label("is dicht").check()
    expect(dialog).to_contain_text("Nu wacht 1 beller")
    expect(dialog.get_by_label("wachtenden nog helpen")).to_be_checked()
    dialog.get_by_role("button", name="Opslaan").click()
    expect(queue(page)).to_contain_text(re.compile("dicht ?supervisor"))
    expect(page.locator('#contacts tr[data-key="c1"]')).to_be_visible()
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(queue(page)).not_to_contain_text("supervisor")


def test_callers_are_sent_away_only_after_a_second_answer(sign_in: SignIn, floor: Floor) -> None:
    floor.call("c1")
    floor.call("c2")
    page = sign_in(SOFIE)
    queue(page).get_by_role("button", name="Openen of sluiten").click()
    dialog = page.get_by_role("dialog", name="Burgerzaken")
    dialog.get_by_label("is dicht").check()
    dialog.get_by_label("wachtenden doorsturen").check()
    dialog.get_by_role("button", name="Opslaan").click()
    confirm = page.get_by_role("alertdialog", name="Bellers doorsturen?")
    expect(confirm).to_contain_text("De 2 bellers die in Burgerzaken wachten")
    check(page)
    confirm.get_by_role("button", name="Niet doorsturen").click()
    assert floor.submitted() == []
    dialog.get_by_role("button", name="Opslaan").click()
    confirm.get_by_role("button", name="Sluiten en doorsturen").click()
    expect(page.locator("#contacts tbody tr")).to_have_count(0)
    expect(queue(page)).to_contain_text(re.compile("dicht ?supervisor"))


def test_waiting_caller_is_moved_by_keyboard_alone(sign_in: SignIn, floor: Floor) -> None:
    floor.call("c1")
    page = sign_in(SOFIE)
    page.get_by_role("button", name="06 12 34 56 78 toewijzen of verplaatsen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Wie helpt deze beller?")).to_be_visible()
    expect(page.get_by_label("Medewerker", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Wachtrij", exact=True)).to_be_focused()
    page.keyboard.type("Rec")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('#contacts tr[data-key="c1"]')).to_contain_text("Receptie")
    expect(page.locator("#notices")).to_contain_text("De beller wacht nu in Receptie.")
    assert floor.submitted() == ["MoveContact"]


def test_waiting_caller_can_be_assigned_on_a_narrow_screen_without_scrolling(sign_in: SignIn, floor: Floor) -> None:
    floor.call("c1")
    page = sign_in(SOFIE, width=400)
    box = page.get_by_role("button", name="06 12 34 56 78 toewijzen").bounding_box()
    assert box and box["x"] + box["width"] <= 400


def test_waiting_caller_is_given_to_a_chosen_agent_by_keyboard_alone(sign_in: SignIn, floor: Floor) -> None:
    for key in ("anna", "bram"):
        floor("log_on", key)
    floor("go_on_break", "anna", "Lunch")
    floor("log_on", "dirk")
    floor.call("c1")
    page = sign_in(SOFIE)
    page.get_by_role("button", name="06 12 34 56 78 toewijzen").focus()
    page.keyboard.press("Enter")
    choice = page.get_by_label("Medewerker", exact=True)
    expect(choice).to_be_focused()
    expect(choice.locator("option")).to_have_text(
        ["Bram Jansen: beschikbaar", "Anna de Vries: pauze: lunch", "Dirk Visser: beschikbaar"]
    )
    expect(choice.locator("optgroup")).to_have_count(2)
    expect(choice.locator("option", has_text="Anna")).to_be_disabled()
    page.keyboard.type("Dir")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('#contacts tr[data-key="c1"]')).to_contain_text("aangeboden aan Dirk Visser")
    expect(page.locator("#notices")).to_contain_text("De beller gaat over bij Dirk Visser.")
    assert floor.submitted()[-1:] == ["AssignContact"]


def test_supervisor_takes_over_the_call_of_a_colleague(sign_in: SignIn, floor: Floor) -> None:
    floor("add_agent", "sofie", "Sofie Mulder", [])
    floor("log_on", "anna")
    floor.call("c1")
    floor("offers", "c1", "anna")
    floor("answers", "c1")
    page = sign_in(SOFIE)
    page.get_by_role("button", name="06 12 34 56 78 overnemen").click()
    dialog = page.get_by_role("dialog", name="Wie helpt deze beller?")
    expect(dialog).to_contain_text("in gesprek met Anna de Vries")
    expect(dialog.get_by_label("Wachtrij", exact=True)).to_be_hidden()
    check(page)
    dialog.get_by_role("button", name="Toewijzen").click()
    expect(page.locator("#notices")).to_contain_text("De beller gaat over op uw eigen toestel.")


def test_dialog_follows_the_floor_while_it_is_open(sign_in: SignIn, floor: Floor) -> None:
    floor.call("c1")
    page = sign_in(SOFIE)
    page.get_by_role("button", name="06 12 34 56 78 toewijzen").click()
    give = page.get_by_role("button", name="Toewijzen", exact=True)
    expect(give).to_be_disabled()
    floor("log_on", "bram")
    expect(give).to_be_enabled()
    expect(page.get_by_label("Medewerker", exact=True)).to_have_value("bram")
    floor("hangs_up", "c1")
    expect(page.get_by_role("dialog", name="Wie helpt deze beller?")).to_be_hidden()
    expect(page.locator("#notices")).to_contain_text("Deze beller is er niet meer")


def test_escape_closes_a_dialog_and_gives_the_focus_back(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    opener = page.get_by_role("button", name="Anna de Vries")
    opener.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Anna de Vries")).to_be_hidden()
    expect(opener).to_be_focused()
    assert floor.submitted() == []


def test_refusal_is_read_beside_the_dialog(sign_in: SignIn, floor: Floor) -> None:
    floor.call("c1")
    page = sign_in(SOFIE)
    floor("refuse", "not-waiting")
    page.get_by_role("button", name="06 12 34 56 78 toewijzen of verplaatsen").click()
    page.get_by_role("dialog").get_by_role("button", name="Verplaatsen").click()
    expect(page.get_by_role("alert").filter(has_text="Deze beller wacht niet meer")).to_be_visible()


def test_administrator_sees_what_is_open_but_cannot_steer(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(AAD)
    expect(queue(page)).to_contain_text("open")
    expect(queue(page).get_by_role("button", name="Openen of sluiten")).to_have_count(0)
    expect(agent(page).get_by_role("button")).to_have_count(0)


def test_dialogs_have_no_barrier_at_any_width(sign_in: SignIn, floor: Floor) -> None:
    floor("log_on", "anna")
    floor.call("c1")
    for width in (1280, 400):
        page = sign_in(SOFIE, width=width)
        for name in ("Anna de Vries", "Burgerzaken: open", "06 12 34 56 78 toewijzen of verplaatsen"):
            page.get_by_role("button", name=name).click()
            check(page)
            check_reflow(page)
            page.keyboard.press("Escape")
