"""Messages are recorded, uploaded, typed and chosen in the page; the emergency message shows everywhere at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from cxcore.domain.schedule import AMSTERDAM
from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import LOOKS, check, check_reflow
from tests.cast import AAD, ANNA, SOFIE

DURATION = """async (player) => {
  player.load();
  await new Promise((done) => { player.oncanplay = done; });
  return player.duration;
}"""


def opens(page: Page, path: str) -> Page:
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path)
    page.wait_for_selector('#connection[data-connection="live"]')
    return page


def test_emergency_message_is_one_action_and_every_screen_shows_it_at_once(sign_in: SignIn, floor: Floor) -> None:
    anna, sofie = sign_in(ANNA), opens(sign_in(SOFIE), "/admin/emergency")
    sofie.get_by_role("button", name="Noodtekst aanzetten").click()
    expect(sofie.locator("#notices")).to_contain_text("De noodtekst is aan")
    for page in (anna, sofie):
        expect(page.locator("#emergencies")).to_contain_text("Noodtekst aan op alle nummers: noodtekst-storing, tot")
    assert floor.submitted()[-1] == "SetEmergency"
    sofie.get_by_role("button", name="Noodtekst uitzetten: op alle nummers").click()
    expect(anna.locator("#emergencies")).to_be_empty()
    expect(sofie.locator("#none-on")).to_be_visible()


def test_page_that_is_loaded_slowly_lists_what_is_on(sign_in: SignIn, floor: Floor) -> None:
    floor("switch_on_emergency", "+31715550100", "noodtekst-storing")
    page, held = sign_in(SOFIE), list[Route]()
    page.route("**/js/emergency.js*", lambda route: held.append(route))
    page.goto(f"{floor.pages}/admin/emergency", wait_until="commit")
    expect(page.locator("#emergencies")).to_contain_text("Noodtekst aan op 071 555 0100")
    held[0].continue_()
    expect(page.locator("#emergency-list")).to_contain_text("noodtekst-storing")


def test_a_group_is_put_on_emergency_by_one_click_and_taken_off_together(sign_in: SignIn, floor: Floor) -> None:
    page = opens(sign_in(SOFIE), "/admin/emergency")
    page.get_by_role("button", name="Noodgroep Alle balies aanzetten").press("Enter")
    expect(page.locator("#notices")).to_contain_text("De noodtekst is aan op 2 van 2 plaatsen.")
    expect(page.locator("[data-group-state]")).to_have_text("aan op 2 van 2 plaatsen")
    expect(page.locator("#emergency-list li")).to_have_count(2)
    assert floor.submitted()[-2:] == ["SetEmergency", "SetEmergency"]
    page.get_by_role("button", name="Noodgroep Alle balies uitzetten").press("Enter")
    expect(page.locator("#none-on")).to_be_visible()
    assert floor.submitted()[-2:] == ["EndEmergency", "EndEmergency"]


def test_a_typed_text_is_heard_first_and_then_switched_on_for_one_queue(sign_in: SignIn, floor: Floor) -> None:
    page = opens(sign_in(SOFIE), "/admin/emergency")
    page.get_by_label("Waar", exact=True).select_option(label="Receptie")
    page.get_by_label("een tekst die ik nu typ").check()
    page.get_by_label("Tekst om uit te spreken").fill("Het stadhuis is vandaag dicht.")
    page.get_by_role("button", name="Uitspreken en beluisteren").click()
    expect(page.get_by_label("De getypte tekst beluisteren")).to_be_visible()
    page.get_by_label("de beller gaat naar een ander menu of team").check()
    page.get_by_label("Menu of team", exact=True).select_option("crisisteam")
    page.get_by_label("Tot wanneer").select_option(label="tot iemand hem uitzet")
    page.get_by_role("button", name="Noodtekst aanzetten").click()
    expect(page.locator("#emergency-list")).to_contain_text("op Receptie: noodtekst, tot iemand hem uitzet")
    assert floor.submitted()[-2:] == ["UseMessage", "SetEmergency"]


def test_a_version_is_uploaded_listened_to_and_put_into_use(sign_in: SignIn, tmp_path: Path) -> None:
    page = opens(sign_in(SOFIE), "/admin/messages")
    page.get_by_role("searchbox", name="Zoeken").fill("noordwijk")
    expect(page.locator("#messages [data-searched]:visible")).to_have_count(1)
    page.get_by_role("link", name="welkom").click()
    page.wait_for_url("**/welkom", wait_until="load")  # its scripts run before that
    recording = tmp_path / "welkom.wav"
    recording.write_bytes(b"RIFF....WAVE" + b"\x00" * 50_000)
    page.get_by_label("Geluidsbestand").set_input_files(recording)
    page.get_by_role("button", name="Uploaden").click()
    expect(page.locator("#notices")).to_contain_text("Versie 1 is gemaakt")
    assert page.evaluate("document.activeElement.id") == "version-1"
    player = page.get_by_label("Versie 1 beluisteren")
    assert player.evaluate(DURATION) == pytest.approx(1)
    page.get_by_role("button", name="Versie 1 in gebruik nemen").click()
    expect(page.locator("#version-1")).to_contain_text("bellers horen deze versie")
    page.get_by_role("button", name="Meegeleverde versie in gebruik nemen").click()
    expect(page.locator("#version-0")).to_contain_text("bellers horen deze versie")


def test_a_letter_instead_of_a_sound_is_refused_in_words(sign_in: SignIn, tmp_path: Path) -> None:
    page = opens(sign_in(AAD), "/admin/messages/welkom")
    letter = tmp_path / "brief.mp3"
    letter.write_text("Geachte heer, mevrouw")
    page.get_by_label("Geluidsbestand").set_input_files(letter)
    page.get_by_role("button", name="Uploaden").click()
    expect(page.locator("#errors")).to_contain_text("Dit is geen geluidsbestand")
    expect(page.locator(".cx-version")).to_have_count(1)


def test_a_voice_is_recorded_with_the_microphone(sign_in: SignIn) -> None:
    page = opens(sign_in(SOFIE), "/admin/messages/welkom")
    page.get_by_role("button", name="Opname starten").click()
    expect(page.locator("#record-time")).to_have_text("00:01")
    page.get_by_role("button", name="Stoppen").click()
    expect(page.locator("#version-1")).to_contain_text("ingesproken")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_of_messages_are_accessible(sign_in: SignIn, floor: Floor, width: int, scheme: str) -> None:
    page = sign_in(SOFIE, width=width, height=2600, scheme=scheme)
    floor("switch_on_emergency", "*", "noodtekst-storing")
    for path in ("/admin/messages", "/admin/messages/welkom", "/admin/emergency"):
        opens(page, path)
        expect(page.locator("#emergencies")).to_contain_text("op alle nummers")
        check(page)
        check_reflow(page)
    page.get_by_label("een tekst die ik nu typ").check()
    page.get_by_label("de beller gaat naar een ander menu of team").check()
    page.get_by_label("Tot wanneer").select_option(label="een tijdstip")
    check(page)
    check_reflow(page)


def test_keyboard_alone_switches_it_on(sign_in: SignIn, visit: Callable[..., Page]) -> None:
    page = opens(sign_in(SOFIE), "/admin/emergency")
    page.get_by_label("Waar", exact=True).focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Noodtekst aanzetten":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#emergencies")).to_contain_text("Noodtekst aan op alle nummers")


def test_time_that_is_filled_in_is_dutch_time_on_a_computer_elsewhere(sign_in: SignIn, floor: Floor) -> None:
    page = opens(sign_in(SOFIE, zone="America/New_York"), "/admin/emergency")
    page.get_by_label("Tot wanneer").select_option(label="een tijdstip")
    offered = datetime.fromisoformat(page.locator("#until-time").input_value()).replace(tzinfo=AMSTERDAM)
    now = datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC)
    assert abs(offered - now - timedelta(hours=1)) < timedelta(minutes=5)
    tomorrow = offered + timedelta(days=1)
    page.locator("#until-time").fill(f"{tomorrow:%Y-%m-%d}T18:00")
    page.get_by_role("button", name="Noodtekst aanzetten").click()
    expect(page.locator("#emergency-list")).to_contain_text(re.compile(rf"tot \w\w {tomorrow.day} \w+\.? 18:00"))
