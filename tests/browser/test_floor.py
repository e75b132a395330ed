"""A supervisor at work."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import check
from tests.cast import AAD, ANNA, SOFIE


def test_supervisor_follows_a_call_from_queue_to_wrap_up(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    floor("log_on", "anna")
    queue = page.locator('#queues tr[data-key="burgerzaken"]')
    agent = page.locator('#agents tr[data-key="anna"]')
    contact = page.locator('#contacts tr[data-key="c1"]')
    floor.call("c1")
    expect(queue.locator("td").nth(1)).to_have_text("1")
    expect(contact).to_contain_text("wacht")
    floor("offers", "c1", "anna")
    expect(contact).to_contain_text("aangeboden aan Anna de Vries")
    expect(agent).to_contain_text("aangeboden")
    floor("answers", "c1")
    expect(agent).to_contain_text("in gesprek")
    expect(agent).to_contain_text("06 12 34 56 78")
    expect(queue.locator("td").nth(8)).to_have_text("105")
    floor("ends", "c1")
    expect(agent).to_contain_text("nawerktijd")
    expect(contact).to_have_count(0)


def test_figures_stand_against_their_target(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    burgerzaken = page.locator('#queues tr[data-key="burgerzaken"] .cx-level')
    expect(burgerzaken).to_contain_text("79 %")
    expect(burgerzaken).to_contain_text("onder doel")
    expect(page.locator('#queues tr[data-key="bouwen-en-wonen"] .cx-level')).to_contain_text("op doel")
    expect(page.locator("#queues tfoot")).to_contain_text("216")


def test_heading_explains_its_figure_on_hover_and_on_focus(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    heading = page.get_by_role("button", name="Quick drops")
    heading.hover()
    expect(page.locator(".cx-explanation")).to_contain_text("binnen vijf seconden")
    page.keyboard.press("Escape")
    expect(page.locator(".cx-explanation")).to_be_hidden()
    expect(heading).to_have_accessible_description(re.compile("Bellers die binnen vijf seconden"))


def test_rows_keep_their_order_until_a_column_is_chosen(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    names = page.locator("#queues tbody th")
    before = names.all_inner_texts()
    floor.call("c1", "receptie")
    expect(page.locator('#queues tr[data-key="receptie"] td').nth(1)).to_have_text("1")
    assert names.all_inner_texts() == before
    page.get_by_role("button", name="Wacht", exact=True).click()
    expect(names.first).to_have_text("Receptie")
    expect(page.locator('#queues [data-column="waiting"]')).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Wacht", exact=True).click()
    page.get_by_role("button", name="Wacht", exact=True).click()
    assert names.all_inner_texts() == before


def test_broken_part_stands_on_top_until_it_works(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    floor("add_system", "switch", False, "Geen antwoord op poort 8021.")
    alarm = page.get_by_role("alert").filter(has_text="De telefooncentrale werkt niet sinds")
    expect(alarm).to_be_visible()
    expect(alarm).to_contain_text("poort 8021")
    floor("add_system", "switch")
    expect(alarm).to_have_count(0)


def test_certificate_that_ends_soon_is_told_to_supervisors_and_not_called_out_of_order(
    sign_in: SignIn, floor: Floor
) -> None:
    page = sign_in(SOFIE)
    floor("add_system", "certificate", False, "the certificate of the SBC ends on 2026-12-11; renew it")
    alarm = page.get_by_role("alert").filter(has_text="Een certificaat loopt bijna af of is verlopen.")
    expect(alarm).to_contain_text("2026-12-11")
    expect(alarm).not_to_contain_text("werkt niet")
    agent = sign_in(ANNA)
    floor("add_system", "database", False, "it does not answer")
    line = agent.locator("#alarms-line")
    expect(line).to_contain_text("De database werkt niet")
    expect(line).not_to_contain_text("certificaat")
    floor("add_system", "certificate")
    floor("add_system", "database")


def test_contacts_of_today_stand_with_their_outcome(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    expect(page.locator("#today tr")).to_have_count(14)
    expect(page.locator("#today")).to_contain_text("beantwoord")


def test_administrator_sees_the_floor_without_callers(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(AAD)
    floor("log_on", "anna")
    floor.call("c1")
    floor("offers", "c1", "anna")
    expect(page.locator('#agents tr[data-key="anna"]')).to_contain_text("aangeboden")
    assert "06 12" not in page.content()


def test_logged_off_agents_can_be_hidden(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    floor("log_on", "anna")
    expect(page.locator("#agents")).to_contain_text("beschikbaar")
    page.get_by_role("checkbox", name="verberg afgemelde").check()
    expect(page.locator("#agents tbody tr:visible")).to_have_count(1)


def test_agent_who_will_be_gone_after_the_contact_is_shown_so(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    floor("log_on", "anna")
    floor.call("c1")
    floor("offers", "c1", "anna")
    floor("answers", "c1")
    floor("log_off", "anna", "sofie")
    expect(page.locator('#agents tr[data-key="anna"]')).to_contain_text("daarna afgemeld")


def test_messages_and_call_backs_stand_beside_the_callers_by_channel(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    expect(page.locator("#queues tbody tr").first).to_be_visible()
    expect(page.get_by_role("heading", name="Berichten en terugbelverzoeken")).to_be_hidden()
    floor("leaves_message", "m1", "burgerzaken", "+31612345678", 12.0)
    row = page.locator('#channels tr[data-key="burgerzaken voicemail"]')
    expect(row).to_contain_text("ingesproken bericht")
    expect(row.locator("td").nth(1)).to_have_text("1")
    expect(page.locator('#queues tr[data-key="burgerzaken"] td').nth(1)).to_have_text("0")


def test_order_that_was_chosen_is_there_again_for_who_chose_it(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    floor("busy")
    page.locator("#agents").get_by_role("button", name="Medewerker", exact=True).click()
    page.locator("#agents").get_by_role("button", name="Medewerker", exact=True).click()
    expect(page.locator("#agents tbody th").first).to_have_text("Dirk Visser")
    page.locator("#contacts").get_by_role("button", name="Beller", exact=True).click()
    expect(page.locator('#contacts [data-column="caller"]')).to_have_attribute("aria-sort", "ascending")
    page.reload()
    expect(page.locator("#agents tbody th").first).to_have_text("Dirk Visser")
    expect(page.locator('#agents [data-column="agent"]')).to_have_attribute("aria-sort", "descending")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('sort')).sort()") == [
        "cx-sort-agents-sofie", "cx-sort-contacts-sofie",
    ]  # fmt: skip


def test_people_and_contacts_of_one_queue_are_looked_at_also_after_a_reload(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    floor("busy")
    people, contacts = page.locator("#agents tbody tr:visible"), page.locator("#contacts tbody tr:visible")
    expect(people).to_have_count(4)
    page.get_by_label("wachtrij", exact=True).select_option("Afval en milieu")
    expect(people).to_have_count(2)
    expect(contacts).to_have_count(1)
    expect(page.locator("#agent-count")).to_have_text("2 van 2 aangemeld")
    page.reload()
    expect(people).to_have_count(2)
    page.get_by_label("wachtrij", exact=True).select_option("alle")
    expect(people).to_have_count(4)


def test_state_that_lasts_longer_than_was_chosen_is_marked(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    floor("busy")
    floor("lasts", "dirk", 600)
    since = page.locator('#agents tr[data-key="dirk"] td').nth(1)
    expect(since).to_have_text(re.compile("^10:"))
    expect(since).not_to_have_class(re.compile("cx-over"))
    page.get_by_role("button", name="Tijdgrenzen…").click()
    page.get_by_label("Pauze, in minuten").fill("5")
    check(page)
    page.keyboard.press("Enter")
    expect(since).to_have_class(re.compile("cx-over"))
    page.reload()
    expect(since).to_have_class(re.compile("cx-over"))
    page.get_by_role("button", name="Tijdgrenzen…").click()
    expect(page.get_by_label("Pauze, in minuten")).to_have_value("5")
    page.get_by_label("Pauze, in minuten").fill("15")
    page.get_by_role("button", name="Annuleren").click()
    expect(since).to_have_class(re.compile("cx-over"))


def test_each_contact_and_each_row_of_figures_says_its_channel_by_word_and_shape(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    floor.call("c1")
    floor("chat", "c2", "Wat moet ik meenemen?", "Karel", "karel@example.nl")
    floor("whatsapp", "+31687654321", "Hoe laat gaat u dicht?", "Loes")
    floor("written_figures", "burgerzaken")
    for name, word, shape in (("06 12 34 56 78", "telefoon", "telephony"), ("Karel", "chat", "web-chat")):
        row = page.locator("#contacts tbody tr").filter(has_text=name)
        expect(row.locator(".cx-channel")).to_have_text(word)
        expect(row.locator("use").first).to_have_attribute("href", f"#i-channel-{shape}")
    channels = page.locator("#channels tbody .cx-channel")
    expect(channels).to_have_text(["chat", "WhatsApp"])
