"""A supervisor hears a recording in the browser; an agent pauses one."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import LOOKS, check, check_reflow
from tests.browser.test_desk import button, log_on, take_a_call
from tests.cast import ANNA, SOFIE

PLAYED = "() => Number(document.querySelector('[data-place]').value) > {seconds}"


def open_recording(sign_in: SignIn, **look: object) -> Page:
    page = sign_in(SOFIE, **look)
    page.get_by_role("link", name="Opnamen").click()
    page.locator("tbody a").click()
    expect(page.get_by_role("button", name="Afspelen")).to_be_visible()
    return page


def test_recording_is_found_heard_and_sought_in(sign_in: SignIn, floor: Floor) -> None:
    page = open_recording(sign_in)
    expect(page.get_by_text("Nog niemand.")).to_be_visible()
    page.get_by_role("button", name="Afspelen").press("Enter")
    page.wait_for_function(PLAYED.format(seconds=0.3))
    expect(page.get_by_role("button", name="Pauzeren")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Pauzeren").click()
    page.get_by_label("Plaats in de opname").fill("2")
    expect(page.locator("[data-now]")).to_have_text("00:02")
    page.get_by_label("Spoor").select_option(label="alleen de medewerker")
    page.get_by_label("Snelheid").select_option("2")
    page.get_by_role("button", name="Afspelen").click()
    page.wait_for_function(PLAYED.format(seconds=2.2))
    page.reload()
    expect(page.get_by_role("cell", name="opname beluisteren")).to_be_visible()


def test_sound_is_not_fetched_before_somebody_listens(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{floor.pages}/supervisor/contacts/r2")
    expect(page.get_by_role("button", name="Afspelen")).to_be_visible()
    assert not [url for url in fetched if "/sound/" in url or url.endswith("/listen")]


def test_agent_pauses_the_recording_with_a_key(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    log_on(page)
    take_a_call(page, floor)
    expect(page.locator("#recording")).to_be_hidden()
    floor("record", "c1", "off")
    button(page, "Gesprek opnemen").click()
    expect(page.locator("#recording-state")).to_have_text("opname loopt")
    page.keyboard.press("Alt+e")
    expect(page.locator("#recording-state")).to_have_text("opname gepauzeerd")
    expect(page.locator("#recording-resumes")).to_contain_text(re.compile("gaat verder over 0[12]:"))
    check(page)
    page.keyboard.press("Alt+l")
    expect(page.locator("#recording-resumes")).to_contain_text(re.compile("gaat verder over 0[23]:"))
    assert floor.submitted()[-1] == "ExtendRecordingPause"
    page.keyboard.press("Alt+e")
    expect(page.locator("#recording-state")).to_have_text("opname loopt")
    expect(page.locator("#recording-resumes")).to_be_hidden()
    expect(button(page, "1 minuut langer")).to_be_hidden()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_recordings_have_no_barrier(sign_in: SignIn, floor: Floor, width: int, scheme: str) -> None:
    page = sign_in(SOFIE, width=width, scheme=scheme)
    page.get_by_role("link", name="Opnamen").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    check(page)
    check_reflow(page)
    page.locator("tbody a").click()
    expect(page.get_by_role("button", name="Afspelen")).to_be_visible()
    check(page)
    check_reflow(page)


def test_supervisor_keeps_a_recording_back_and_takes_it_along_with_what_it_is(
    sign_in: SignIn, floor: Floor, tmp_path: Path
) -> None:
    page = open_recording(sign_in)
    page.get_by_label("Vasthouden, want").fill("klacht 2026-17")
    page.get_by_role("button", name="Vasthouden", exact=True).click()
    expect(page.get_by_role("button", name="Niet meer vasthouden")).to_be_visible()
    check(page)
    with page.expect_download() as begun:
        page.get_by_role("button", name="Zonder wachtwoord exporteren").click()
    begun.value.save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as packed:
        told = json.loads(packed.read("manifest.json"))
        assert packed.read("opname.wav").startswith(b"RIFF")
    assert (told["recording_id"], told["exported_by"]) == ("r2.8f31", "sofie")
    assert told["pauses"] == [{"from": 1.0, "until": 2.0, "reason": "er werd iets vertrouwelijks gevraagd"}]
    page.reload()
    expect(page.get_by_role("region", name="Wie iets met deze opname deed")).to_contain_text("opname vasthouden")
    page.goto(f"{floor.pages}/recordings")
    expect(page.locator("tbody tr").first).to_contain_text("vastgehouden")
