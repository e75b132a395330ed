"""An agent passes a contact on, by keyboard alone."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check, check_reflow
from tests.browser.test_desk import button, log_on, take_a_call
from tests.cast import ANNA, BRAM


def talking(sign_in: SignIn, floor: Floor) -> Page:
    page = sign_in(ANNA)
    log_on(page)
    floor("log_on", "bram")
    take_a_call(page, floor)
    return page


def search(page: Page, query: str) -> None:
    page.keyboard.press("Alt+d")
    expect(page.locator("#transfer-query")).to_be_focused()
    page.keyboard.type(query)


def test_consult_a_colleague_swap_join_and_hand_over_by_keyboard(sign_in: SignIn, floor: Floor) -> None:
    page = talking(sign_in, floor)
    search(page, "bra")
    hit = page.locator("#transfer-hits [role=option]")
    expect(hit).to_have_count(1)
    expect(hit).to_contain_text("Bram Jansen")
    expect(hit).to_contain_text("beschikbaar")
    page.keyboard.press("Enter")
    words = page.locator("#consult-words[role=status]")
    expect(words).to_have_text("De telefoon van Bram Jansen gaat over. De beller hoort wachtmuziek.")
    expect(page.locator("#transfer")).to_be_hidden()
    expect(button(page, "Wisselen")).to_be_hidden()
    floor("target_answers", "c1")
    expect(words).to_have_text("U spreekt met Bram Jansen. De beller hoort wachtmuziek.")
    page.keyboard.press("Alt+w")
    expect(words).to_have_text("U spreekt met de beller. Bram Jansen hoort wachtmuziek.")
    expect(page.locator("#party-caller .cx-party__state")).to_have_text("hoort u")
    page.keyboard.press("Alt+s")
    expect(words).to_have_text("U, de beller en Bram Jansen horen elkaar.")
    page.keyboard.press("Alt+v")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "wrap-up")
    assert floor.submitted()[-4:] == ["Consult", "SwapParties", "JoinParties", "CompleteTransfer"]


def test_take_back_and_a_target_who_does_not_answer(sign_in: SignIn, floor: Floor) -> None:
    page = talking(sign_in, floor)
    search(page, "notaris")
    page.keyboard.press("Enter")
    expect(page.locator("#party-target .cx-party__name")).to_have_text("Notaris Van Dam")
    page.keyboard.press("Alt+t")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "talking")
    expect(page.locator("#notices")).not_to_contain_text("nam niet op")
    search(page, "0715550199")
    page.keyboard.press("Enter")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "consulting")
    floor("consultation_ends", "c1")
    expect(page.locator("#notices")).to_contain_text("nam niet op. U spreekt weer met de beller.")


def test_direct_transfer_to_a_queue_and_what_is_found_nowhere(sign_in: SignIn, floor: Floor) -> None:
    page = talking(sign_in, floor)
    search(page, "xyz")
    expect(page.locator("#transfer-count")).to_contain_text("Niets gevonden")
    page.locator("#transfer-query").fill("bouwen")
    expect(page.locator("#transfer-hits [role=option]").first).to_contain_text("1 vrij, 0 wachtend")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "wrap-up")
    assert floor.submitted()[-1] == "TransferContact"


def test_queue_says_how_many_wait_how_long_and_what_is_expected_and_keeps_saying_it(
    sign_in: SignIn, floor: Floor
) -> None:
    page = talking(sign_in, floor)
    search(page, "wonen")
    hit = page.locator("#transfer-hits [role=option]").first
    expect(hit).to_have_text("Bouwen en wonenwachtrij1 vrij, 0 wachtend")
    floor.call("c2", "bouwen-en-wonen")
    floor("expects", "bouwen-en-wonen", 250)
    expect(hit).to_contain_text(re.compile("wachtrij · langst 00:0[0-9] · verwacht 04:10"))
    expect(hit).to_contain_text("1 vrij, 1 wachtend")
    expect(hit).to_have_attribute("aria-selected", "true")
    before = hit.locator(".cx-figures").text_content() or ""
    expect(hit.locator(".cx-figures")).not_to_have_text(before)
    check(page)
    page.set_viewport_size({"width": 400, "height": 800})
    check_reflow(page)


def test_what_can_be_done_with_the_hits_and_the_whole_keypad_are_in_sight_at_once(
    sign_in: SignIn, floor: Floor
) -> None:
    page = talking(sign_in, floor)
    search(page, "b")
    opener = page.locator("#open-transfer")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#transfer-close")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(opener).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Alt+k")
    expect(page.locator('[data-digit="#"]')).to_be_in_viewport(ratio=1)
    expect(page.locator("#open-keypad")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#open-keypad")).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#open-keypad")).to_be_focused()


def test_consulted_colleague_sees_who_asks_about_whom(sign_in: SignIn, floor: Floor) -> None:
    page = talking(sign_in, floor)
    other = sign_in(BRAM)
    search(page, "bram")
    page.keyboard.press("Enter")
    expect(other.locator("#contact-state")).to_have_text("ruggespraak voor Anna de Vries")
    expect(other.locator("#contact-caller")).to_have_text("06 12 34 56 78")
    announced = other.locator("#announcement[role=alert]")
    expect(announced).to_have_text(
        "Anna de Vries vraagt ruggespraak over 06 12 34 56 78. Neem op met uw telefoon."
    )
    expect(other).to_have_title("Ruggespraak: Anna de Vries")
    expect(button(other, "Weigeren")).to_be_visible()
    expect(button(other, "Ophangen")).to_be_hidden()


def test_consulted_colleague_reads_who_hears_whom(sign_in: SignIn, floor: Floor) -> None:
    page = talking(sign_in, floor)
    other = sign_in(BRAM)
    search(page, "bram")
    page.keyboard.press("Enter")
    words = other.locator("[role=status] > #contact-consulted")
    expect(words).to_have_text("Anna de Vries vraagt u iets over dit contact. De beller hoort wachtmuziek.")
    floor("target_answers", "c1")
    expect(words).to_have_text("U spreekt met Anna de Vries. De beller hoort wachtmuziek.")
    expect(other.locator("#announcement")).to_be_empty()
    expect(button(other, "Ophangen")).to_be_visible()
    page.keyboard.press("Alt+w")
    expect(words).to_have_text("Anna de Vries spreekt met de beller. U hoort wachtmuziek.")
    page.keyboard.press("Alt+s")
    expect(words).to_have_text("U, de beller en Anna de Vries horen elkaar.")
    page.keyboard.press("Alt+t")
    expect(words).to_be_empty()


@pytest.mark.parametrize("answered", [False, True])
def test_caller_who_leaves_in_a_consultation_is_told_to_both(sign_in: SignIn, floor: Floor, answered: bool) -> None:
    page = talking(sign_in, floor)
    other = sign_in(BRAM)
    search(page, "bram")
    page.keyboard.press("Enter")
    expect(other.locator("#contact")).to_have_attribute("data-mode", "consulted")
    if answered:
        floor("target_answers", "c1")
    floor("ends", "c1")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "wrap-up")
    said = page.locator("#notices[role=status]")
    expect(said).to_contain_text("De beller heeft opgehangen. De ruggespraak met Bram Jansen is voorbij.")
    expect(said).not_to_contain_text("U spreekt weer met de beller")
    expect(other.locator("#notices[role=status]")).to_contain_text("De beller van Anna de Vries heeft opgehangen.")


def test_second_enter_after_a_consultation_or_transfer_does_nothing(sign_in: SignIn, floor: Floor) -> None:
    page = talking(sign_in, floor)
    search(page, "bram")
    page.keyboard.press("Enter")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "consulting")
    expect(page.locator("#contact-heading")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+t")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "talking")
    search(page, "bouwen")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "wrap-up")
    expect(page.locator("#contact-heading")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+l")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "wrap-up")
    assert floor.submitted()[-4:] == ["Consult", "TakeBack", "TransferContact", "ExtendWrapUp"]


def test_keypad_sends_what_is_typed(sign_in: SignIn, floor: Floor) -> None:
    page = talking(sign_in, floor)
    page.keyboard.press("Alt+k")
    page.keyboard.type("1#")
    expect(page.locator("#keypad-sent")).to_have_text("1#")
    deadline = time.monotonic() + 15
    while floor.submitted()[-2:] != ["SendDigits", "SendDigits"]:
        assert time.monotonic() < deadline, floor.submitted()


def test_topics_and_note_keep_themselves_and_are_there_again_for_the_next_contact_not(
    sign_in: SignIn, floor: Floor
) -> None:
    page = talking(sign_in, floor)
    page.keyboard.press("Alt+j")
    page.keyboard.type("rij")
    page.keyboard.press("Enter")
    page.keyboard.type("Paspoort")
    expect(page.locator("#topics li")).to_have_count(2)
    page.get_by_role("textbox", name="Notitie").fill("belt morgen terug")
    expect(page.locator("#notes-kept[role=status]")).to_have_text("bewaard")
    page.get_by_role("button", name="Rijbewijs verwijderen").click()
    expect(page.locator("#topics li")).to_have_text(["Paspoort ×"])
    assert floor.submitted().count("NoteContact") >= 3
    floor("ends", "c1")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "wrap-up")
    expect(page.get_by_role("textbox", name="Notitie")).to_have_value("belt morgen terug")
    page.keyboard.press("Alt+n")
    expect(page.locator("#notes")).to_be_hidden()
    floor.call("c2")
    floor("offers", "c2", "anna")
    floor("answers", "c2")
    expect(page.locator("#topics li")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Notitie")).to_have_value("")
