"""axe-core on every page, in every state, light and dark, wide and narrow; and what it cannot see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, SignIn
from tests.browser.floor import Floor
from tests.cast import ANNA, SOFIE

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text() if (ROOT / "node_modules/axe-core").exists() else ""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(1280, "light"), (1280, "dark"), (400, "light"), (400, "dark")]


def out_of_sight(node: dict[str, Any]) -> bool:
    """Text under an open menu, or scrolled out of a table's view: axe cannot see its ground, and nobody reads it then.

    A cell of one character out of sight is called too short. The same cells in sight, at 1280, are checked. Text of two
    lines in an open menu lies over different parts of the page, so axe does not look at the menu's own ground; the same
    lines in the search for a transfer, which lies over nothing, are checked. Of an empty field half under the foot
    of the page axe cannot tell the ground either, and nobody reads what is not there.
    """
    keys = {(each.get("data") or {}).get("messageKey") for each in node["any"]}
    return bool(keys & {"bgOverlap", "elmPartiallyObscured", "elmPartiallyObscuring", "shortTextContent", "emptyValue"})


def check(page: Page) -> None:
    """No violation, and nothing that axe leaves to a person."""
    page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", RULES)
    problems = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for kind in ("violations", "incomplete")
        for rule in found[kind]
        for node in rule["nodes"]
        if kind == "violations" or not out_of_sight(node)
    ]
    assert problems == [], "\n".join(problems)


def check_reflow(page: Page) -> None:
    """The page itself never scrolls sideways (WCAG 1.4.10); wide tables do, in their own region."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_sign_in_page(visit: Callable[..., Page], width: int, scheme: str) -> None:
    page = visit("/sign-in", width=width, scheme=scheme)
    check(page)
    check_reflow(page)
    page.get_by_role("button", name="Inloggen").click()
    check(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_desk_in_every_state(sign_in: SignIn, floor: Floor, width: int, scheme: str) -> None:
    page = sign_in(ANNA, width=width, scheme=scheme)
    mode = page.locator("#contact")
    page.keyboard.press("Alt+b")
    expect(mode).to_have_attribute("data-mode", "ready")
    floor("log_on", "bram")
    floor("go_on_break", "bram", "Lunch")
    floor.call("c1")
    floor("offers", "c1", "anna")
    expect(mode).to_have_attribute("data-mode", "offered")
    check(page)
    floor("answers", "c1")
    expect(mode).to_have_attribute("data-mode", "talking")
    page.locator("#note").fill("belt morgen terug")
    page.locator("#topic").fill("Rijb")
    page.keyboard.press("Alt+d")
    expect(page.locator("#transfer-hits [role=option]").first).to_be_visible()
    check(page)
    page.locator("#transfer-query").fill("chris")
    expect(page.locator("#transfer-hits [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(mode).to_have_attribute("data-mode", "consulting")
    floor("target_answers", "c1")
    page.keyboard.press("Alt+k")
    check(page)
    check_reflow(page)
    page.keyboard.press("Alt+t")
    expect(mode).to_have_attribute("data-mode", "talking")
    page.keyboard.press("Alt+w")
    expect(mode).to_have_attribute("data-mode", "held")
    page.keyboard.press("Alt+o")
    expect(page.locator("#errors")).to_contain_text("Ophangen")
    check(page)
    floor("ends", "c1")
    expect(mode).to_have_attribute("data-mode", "wrap-up")
    page.keyboard.press("Alt+p")
    check(page)
    check_reflow(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_floor_with_everything_on_it(sign_in: SignIn, floor: Floor, width: int, scheme: str) -> None:
    page = sign_in(SOFIE, width=width, scheme=scheme)
    floor("busy")
    floor("add_system", "switch", False, "Geen antwoord op poort 8021.")
    floor("warn", "bram", "unreachable")
    expect(page.locator("#alarms")).to_contain_text("poort 8021")
    expect(page.locator("#agents")).to_contain_text("telefoon niet bereikbaar")
    check(page)
    check_reflow(page)


def test_desk_of_somebody_logged_off_with_help_and_without_a_core(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    check(page)
    page.keyboard.press("?")
    floor("heard", False)
    expect(page.locator("#connection")).to_contain_text("centrale antwoordt niet")
    check(page)


def test_two_hundred_percent_zoom_reflows(sign_in: SignIn, floor: Floor) -> None:
    floor("busy")
    page = sign_in(SOFIE, width=640, height=400)
    check_reflow(page)


def test_targets_are_at_least_24_pixels(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(ANNA)
    small = page.evaluate(
        "[...document.querySelectorAll('button, input, a')].filter((each) => each.checkVisibility())"
        ".map((each) => [each.textContent.trim() || each.ariaLabel,"
        "                (each.closest('label') ?? each).getBoundingClientRect()])"
        ".filter(([name, box]) => box.width && name !== 'Naar de inhoud' && (box.height < 24 || box.width < 24))"
        ".map(([name, box]) => `${name} ${box.width}x${box.height}`)"
    )
    assert small == []


def test_motion_stops_for_those_who_ask(sign_in: SignIn, floor: Floor) -> None:
    page = sign_in(SOFIE)
    page.emulate_media(reduced_motion="reduce")
    floor.call("c1")
    expect(page.locator('#queues tr[data-key="burgerzaken"] td').nth(1)).to_have_text("1")
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize(("width", "height"), [(640, 400), (400, 800)])
def test_hits_of_the_search_stay_within_a_page_at_200_percent_and_within_a_narrow_one(
    sign_in: SignIn, width: int, height: int
) -> None:
    page = sign_in(ANNA, width=width, height=height)
    page.keyboard.press("/")
    page.keyboard.type("meer")
    expect(page.locator("#search-hits [role=option]")).to_have_count(1)
    check_reflow(page)
    assert page.locator("#search-panel").bounding_box()["width"] > width * 0.9  # type: ignore[index]
