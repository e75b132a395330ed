"""An administrator hears what a caller hears, and looks at the week of a number, by keyboard alone."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.test_accessibility import LOOKS, check, check_reflow
from tests.cast import AAD

pytestmark = pytest.mark.browser

ADDRESS = "/admin/hear?number=071-5550100&day=2026-11-24&time=20:00&keys=4,2"


def go(page: Page, floor: Floor, path: str) -> None:
    page.goto(floor.pages + path)
    page.wait_for_selector('#connection[data-connection="live"]')


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_both_pages_can_be_read_by_everybody(sign_in: SignIn, floor: Floor, width: int, scheme: str) -> None:
    page = sign_in(AAD, width=width, height=3000, scheme=scheme)
    for path in (ADDRESS, "/admin/hear?number=nummer&keys=1,2", "/admin/week?number=%2B31715550103&day=2026-12-23"):
        go(page, floor, path)
        check(page)
        check_reflow(page)


def test_the_form_is_filled_in_and_sent_by_keyboard_and_the_sound_can_be_heard(
    sign_in: SignIn, floor: Floor, tmp_path: Path
) -> None:
    sound = tmp_path / "gesloten-feestdag.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        file.writeframes(b"\0\0" * 8000)
    page = sign_in(AAD)
    go(page, floor, "/admin/hear?day=2026-12-25&time=10:00")
    page.get_by_label("Gebeld nummer").focus()
    page.keyboard.type("14071")
    page.keyboard.press("Enter")
    expect(page.locator(".cx-heard__words").first).to_contain_text("De oproep wordt aangenomen.")
    expect(page.locator(".cx-heard__text")).to_contain_text("Vanwege een feestdag is de gemeente vandaag gesloten.")
    page.route("**/gesloten-feestdag.wav", lambda route: route.fulfill(path=sound, content_type="audio/wav"))
    seconds = page.locator("audio").evaluate(
        "async (sound) => { sound.load(); await new Promise((heard) => { sound.onloadedmetadata = heard; }); "
        "return sound.duration; }"
    )
    assert seconds == pytest.approx(1.0)
