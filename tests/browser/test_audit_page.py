"""The privacy officer's page in a browser: accessible, and worked by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import LOOKS, check, check_reflow
from tests.cast import FENNA, PASSWORD


def open_audit(visit: Callable[..., Page], **look: object) -> Page:
    """Sign in; the page is the officer's first."""
    page = visit("/sign-in", **look)
    page.get_by_label("Gebruikersnaam").fill(FENNA.username)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("heading", name="Logboek: wie deed wat")).to_be_visible()
    return page


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_audit_is_accessible_before_and_after_it_is_verified(
    visit: Callable[..., Page], width: int, scheme: str
) -> None:
    page = open_audit(visit, width=width, scheme=scheme)
    check(page)
    check_reflow(page)
    page.get_by_role("button", name="Nu controleren").click()
    expect(page.get_by_role("status").filter(has_text="Het logboek is heel")).to_be_visible()
    check(page)


def test_audit_is_searched_by_keyboard(visit: Callable[..., Page]) -> None:
    page = open_audit(visit)
    page.get_by_label("Gebruikersnaam").focus()
    page.keyboard.type("karel")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Niets gevonden.")).to_be_visible()
