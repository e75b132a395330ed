"""An agent at work."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check, check_reflow
from tests.cast import ANNA, BRAM


def log_on(page: Page) -> None:
    page.keyboard.press("Alt+b")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "ready")


def take_a_call(page: Page, floor: Floor) -> None:
    floor.call("c1")
    floor("offers", "c1", "anna")
    floor("answers", "c1")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "talking")


def button(page: Page, name: str) -> Locator:
    return page.locator("#contact").get_by_role("button", name=name)


def test_agent_logs_on_and_sees_the_queues_and_colleagues(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    expect(page.locator("#contact")).to_contain_text("U bent afgemeld")
    log_on(page)
    expect(page.locator("#status")).to_contain_text("beschikbaar")
    expect(page.locator("#queues tbody tr")).to_have_count(2)
    expect(page.locator("#colleagues tbody tr")).to_have_count(3)
    expect(page.locator("#serving")).to_have_text("in 2 van 2 wachtrijen")


def test_offer_appears_within_a_second_and_is_announced_without_taking_the_focus(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    page.locator("#queues input").first.focus()
    floor.call("c1")
    began = time.monotonic()
    floor("offers", "c1", "anna")
    expect(page.locator("#contact-caller")).to_have_text("06 12 34 56 78", timeout=1000)
    assert time.monotonic() - began < 1
    expect(page.locator("#announcement[role=alert]")).to_contain_text("Contact aangeboden: Burgerzaken")
    expect(page.locator("#contact-queue")).to_have_text("Burgerzaken")
    expect(page).to_have_title("Aangeboden: 06 12 34 56 78")
    expect(page.locator("#queues input").first).to_be_focused()


def test_number_that_was_dialled_first_and_the_callers_own_hold_are_shown(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    floor.call("c1")
    floor("is_forwarded", "c1", "+31715550199")
    floor("offers", "c1", "anna")
    expect(page.locator("#contact-forwarded")).to_have_text("071 555 0199")
    floor("answers", "c1")
    hint = page.locator("#contact-caller-holds")
    expect(hint).to_be_hidden()
    floor("caller_holds", "c1")
    expect(hint).to_have_text("De beller heeft u in de wacht gezet en hoort u niet.")
    expect(hint).to_be_visible()
    check(page)
    page.set_viewport_size({"width": 400, "height": 800})
    check_reflow(page)
    floor("caller_holds", "c1", False)
    expect(hint).to_be_hidden()


def test_conversation_with_hold_and_wrap_up(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    take_a_call(page, floor)
    button(page, "In de wacht").click()
    expect(page.locator("#contact-state")).to_have_text("in de wacht")
    button(page, "Terugnemen").click()
    expect(page.locator("#contact-state")).to_have_text("in gesprek")
    button(page, "Ophangen").click()
    expect(page.locator("#contact-state")).to_have_text("nawerktijd")
    expect(page.locator("#contact-caller")).to_have_text("06 12 34 56 78")
    button(page, "1 minuut langer").click()
    expect(page.locator("#contact-clock")).to_have_text(re.compile("01:2"))
    button(page, "Nawerktijd beëindigen").click()
    expect(page.locator("#contact-state")).to_have_text("beschikbaar")
    names = ["LogOn", "HoldContact", "ResumeContact", "HangUpContact", "ExtendWrapUp", "EndWrapUp"]
    assert floor.submitted() == names


def test_whole_shift_by_keyboard_alone(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    page.keyboard.press("Alt+p")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#contact-state")).to_have_text("pauze: lunch")
    expect(page.locator("#status")).to_be_focused()
    page.keyboard.press("Alt+b")
    take_a_call(page, floor)
    for key, state in [("w", "in de wacht"), ("w", "in gesprek"), ("o", "nawerktijd"), ("n", "beschikbaar")]:
        page.keyboard.press(f"Alt+{key}")
        expect(page.locator("#contact-state")).to_have_text(state)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Sneltoetsen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Sneltoetsen")).to_be_hidden()


def test_overview_of_the_keys_begins_at_its_beginning(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    page.keyboard.press("?")
    heading = page.get_by_role("heading", name="Sneltoetsen")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(heading).to_be_hidden()


def test_note_is_written_in_the_letter_of_the_page(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    take_a_call(page, floor)
    letters = page.evaluate(
        "['note', 'topic'].map((id) => getComputedStyle(document.getElementById(id)).fontFamily)"
    )
    assert letters[0] == letters[1]


def test_offer_can_be_taken_without_scrolling_on_a_narrow_page(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA, width=400, height=640)
    log_on(page)
    floor.call("c1")
    floor("offers", "c1", "anna")
    expect(button(page, "Weigeren")).to_be_in_viewport(ratio=1)
    floor("answers", "c1")
    expect(button(page, "Ophangen")).to_be_in_viewport(ratio=1)


def test_tab_reaches_everything_in_reading_order(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    seen = []
    page.locator("#main").focus()
    page.evaluate("document.body.focus(); window.getSelection().removeAllRanges()")
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('aria-label')"
                                  " || document.activeElement.textContent.trim()"))
    assert seen.index("Burgerzaken") < seen.index("Receptie")
    visible = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert visible != "none"


def test_caller_on_hold_is_cut_off_only_at_the_second_press(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    take_a_call(page, floor)
    page.keyboard.press("Alt+w")
    expect(page.locator("#contact-state")).to_have_text("in de wacht")
    page.keyboard.press("Alt+o")
    expect(page.get_by_role("alert").filter(has_text="Kies nog eens Ophangen")).to_be_visible()
    assert "HangUpContact" not in floor.submitted()
    page.keyboard.press("Alt+o")
    expect(page.locator("#contact-state")).to_have_text("nawerktijd")


def test_choice_of_queues_can_be_undone(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    page.get_by_label("Receptie").uncheck()
    expect(page.locator("#notices")).to_contain_text("U bedient Receptie niet meer.")
    expect(page.locator("#serving")).to_have_text("in 1 van 2 wachtrijen")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#serving")).to_have_text("in 2 van 2 wachtrijen")
    expect(page.get_by_label("Receptie")).to_be_checked()


def test_missed_offer_is_explained_and_the_agent_stays_available(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    floor.call("c1")
    floor("offers", "c1", "anna")
    floor("misses", "c1")
    expect(page.locator("#warning")).to_contain_text("U hebt een aangeboden contact gemist")
    expect(page.locator("#contact-state")).to_have_text("beschikbaar")


def test_unreachable_phone_is_explained(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    floor.call("c1")
    floor("offers", "c1", "anna")
    floor("misses", "c1", "unreachable")
    expect(page.locator("#warning")).to_contain_text("Uw telefoon was niet bereikbaar")


def test_break_chosen_in_a_conversation_is_shown_for_after_it(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    take_a_call(page, floor)
    page.locator("#status").click()
    page.get_by_role("button", name="Overleg").click()
    expect(page.locator("#contact-after")).to_have_text("Na dit contact: pauze (overleg).")
    expect(page.locator("#contact-state")).to_have_text("in gesprek")


def test_refusal_says_what_happened(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    take_a_call(page, floor)
    floor("refuse", "not-now")
    page.evaluate("document.querySelector('[data-command=hold-contact]').click()")
    expect(page.locator("#errors")).to_contain_text("geen gesprek om in de wacht te zetten")


def test_agent_sees_no_contact_of_a_colleague(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    bram = sign_in(BRAM)
    log_on(page)
    log_on(bram)
    floor.call("c1", number="+31687654321")
    floor("offers", "c1", "bram")
    expect(bram.locator("#contact-caller")).to_have_text("06 87 65 43 21")
    expect(page.locator("#colleagues")).to_contain_text("aangeboden")
    assert "87 65" not in page.content()


def test_page_says_that_the_connection_is_lost_and_comes_back_by_itself(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    floor("heard", False)
    expect(page.locator("#connection")).to_contain_text("centrale antwoordt niet")
    floor("heard", True)
    expect(page.locator("#connection")).to_contain_text("live")
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_contain_text("live")


def test_ring_is_off_until_it_is_switched_on_and_stays_so(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    ring = page.get_by_role("button", name="belsignaal")
    expect(ring).to_have_attribute("aria-pressed", "false")
    ring.click()
    expect(ring).to_have_text("belsignaal aan")
    page.reload()
    expect(page.get_by_role("button", name="belsignaal")).to_have_attribute("aria-pressed", "true")


def test_agent_hears_who_changed_the_status_and_the_queues(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    floor("assign", "anna", "receptie", 3, "sofie")
    news = page.locator("#notices[role=status]")
    expect(news).to_contain_text("Sofie Mulder heeft uw niveau in Receptie gewijzigd: 3.")
    expect(page.locator('#queues tr[data-key="receptie"]')).to_contain_text("3")
    floor("assign", "anna", "bouwen-en-wonen", 2, "sofie")
    expect(news).to_contain_text("Sofie Mulder heeft u wachtrij Bouwen en wonen gegeven, op niveau 2.")
    expect(page.locator("#queues tbody tr")).to_have_count(3)
    floor("log_off", "anna", "sofie")
    expect(news).to_contain_text("Sofie Mulder heeft u afgemeld.")
    floor("log_on", "anna", "sofie")
    expect(news).to_contain_text("Sofie Mulder heeft u aangemeld.")


def test_own_choice_is_no_news(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    page.locator("#status").click()
    page.get_by_role("button", name="Lunch").click()
    expect(page.locator("#contact-state")).to_have_text("pauze: lunch")
    expect(page.locator("#notices")).to_be_empty()


def test_contacts_are_counted_since_log_on(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    expect(page.locator("#handled")).to_have_text("0 sinds aanmelden")
    take_a_call(page, floor)
    floor("ends", "c1")
    expect(page.locator("#handled")).to_have_text("1 sinds aanmelden")


def test_agent_calls_a_number_and_is_free_again_after_it(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    page.get_by_label("Zelf bellen").fill("0612345678")
    page.keyboard.press("Enter")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "direct")
    expect(page.locator("#contact-state")).to_have_text("direct gesprek: gaat over")
    page.keyboard.press("Alt+o")
    expect(page.locator("#contact-state")).to_have_text("beschikbaar")
    expect(page.locator("#handled")).to_have_text("0 sinds aanmelden, 1 direct")
    assert floor.submitted() == ["LogOn", "CallNumber", "EndDirectCall"]
    expect(page.locator("#notices")).not_to_contain_text("niet bereikt")


def test_agent_is_told_that_a_call_out_came_to_nothing(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    page.get_by_label("Zelf bellen").fill("0612345678")
    page.keyboard.press("Enter")
    expect(page.locator("#contact")).to_have_attribute("data-mode", "direct")
    floor("is_busy", "anna")
    expect(page.locator("#notices[role=status]")).to_contain_text("0612345678 is niet bereikt")


def test_direct_call_is_announced_and_declined_by_key_without_taking_the_focus(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    page.locator("#queues input").first.focus()
    floor("calls_directly", "d1", "anna", "+31612345678")
    announced = page.locator("#announcement[role=alert]")
    expect(announced).to_have_text("Directe oproep van 06 12 34 56 78. Neem op met uw telefoon.")
    expect(page).to_have_title("Directe oproep: 06 12 34 56 78")
    expect(page.locator("#queues input").first).to_be_focused()
    expect(button(page, "Ophangen")).to_be_hidden()
    page.keyboard.press("Alt+r")
    expect(page.locator("#contact-state")).to_have_text("beschikbaar")
    expect(announced).to_be_empty()
    assert floor.submitted()[-1] == "EndDirectCall"


def test_letters_with_alt_reach_the_fields_and_keys_without_it_can_be_switched_off(
    sign_in: SignIn, floor: Floor
) -> None:
    page = sign_in(ANNA)
    for letter, field in [("z", "#search"), ("c", "#call-number")]:
        page.keyboard.press(f"Alt+{letter}")
        expect(page.locator(field)).to_be_focused()
    help_dialog = page.get_by_role("dialog", name="Sneltoetsen")
    page.keyboard.press("Alt+u")
    help_dialog.get_by_label("Ook zonder Alt").uncheck()
    page.keyboard.press("Escape")
    page.locator("#queues input").first.focus()
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(help_dialog).to_be_hidden()
    expect(page.locator("#queues input").first).to_be_focused()
    page.reload()
    page.wait_for_selector('#connection[data-connection="live"]')
    page.keyboard.press("Alt+u")
    expect(help_dialog.get_by_label("Ook zonder Alt")).not_to_be_checked()


def test_offer_says_why_in_words(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    floor.call("c1")
    floor("offers", "c1", "anna", "last-spoke")
    expect(page.locator("#contact-why")).to_have_text("U sprak deze beller het laatst.")


def test_message_is_offered_heard_again_its_sender_called_and_finished(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    floor("leaves_message", "m1", "burgerzaken", "+31612345678", 42.0)
    floor("offers", "m1", "anna")
    expect(page.locator("#contact-state")).to_contain_text("ingesproken bericht")
    expect(page.locator("#contact-message")).to_have_text("00:42")
    floor("hears", "m1")
    expect(page.locator("#contact-state")).to_contain_text("bericht afluisteren")
    expect(button(page, "In de wacht")).to_be_hidden()
    page.keyboard.press("Alt+h")
    page.keyboard.press("Alt+t")
    button(page, "Afronden").click()
    expect(button(page, "Afronden")).to_be_enabled()
    assert floor.submitted()[-3:] == ["ReplayMessage", "CallSender", "HangUpContact"]
