"""A wallboard: arranged by mouse and by keyboard, and live on the wall."""

from __future__ import annotations

import threading
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.floor import Floor
from tests.browser.network import Line
from tests.browser.test_accessibility import LOOKS, check, check_reflow
from tests.cast import SOFIE


def new_board(sign_in: SignIn, **look: object) -> Page:
    """The editor of a board that was just made."""
    page = sign_in(SOFIE, **look)
    page.goto(page.url.replace("/supervisor", "/wallboards"))
    page.get_by_label("Naam").fill("Balie")
    page.get_by_role("button", name="Maken").click()
    page.wait_for_selector('#connection[data-connection="live"]')
    return page


def wall(page: Page, visit: Callable[..., Page], **look: object) -> Page:
    """The board by its link, on a screen where nobody is signed in."""
    shown = visit(urlsplit(page.locator("#link").get_attribute("href") or "").path, **look)
    shown.wait_for_selector('body[data-connection="live"]')
    return shown


def tile(page: Page, name: str) -> str:
    """Where a tile stands."""
    return page.get_by_role("group", name=name).get_attribute("aria-label") or ""


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_making_arranging_and_showing_a_board_is_accessible(
    sign_in: SignIn, visit: Callable[..., Page], width: int, scheme: str
) -> None:
    page = new_board(sign_in, width=width, scheme=scheme)
    page.locator(".cx-tile").first.focus()
    expect(page.locator("#tile-form")).to_be_visible()
    page.get_by_label("Titel").fill("Nu aan de lijn")
    check(page)
    check_reflow(page)
    check(wall(page, visit, width=width, scheme=scheme))


def test_tile_is_moved_resized_and_removed_by_keyboard_and_undone(sign_in: SignIn) -> None:
    page = new_board(sign_in)
    page.get_by_role("group", name="Wachtenden:").focus()
    page.keyboard.press("Shift+ArrowLeft")
    assert tile(page, "Wachtenden:") == "Wachtenden: kolom 1, rij 1, 2 breed, 4 hoog"
    page.keyboard.press("ArrowRight")
    assert tile(page, "Wachtenden:") == "Wachtenden: kolom 2, rij 1, 2 breed, 4 hoog"
    page.keyboard.press("Delete")
    expect(page.get_by_role("group", name="Wachtenden:")).to_have_count(0)
    for _ in range(3):
        page.get_by_role("button", name="Ongedaan maken").click()
    assert tile(page, "Wachtenden:") == "Wachtenden: kolom 1, rij 1, 3 breed, 4 hoog"


def test_tile_that_is_dragged_onto_another_changes_places_with_it(sign_in: SignIn) -> None:
    page = new_board(sign_in)
    first = page.get_by_role("group", name="Wachtenden:")
    box, board = first.bounding_box(), page.locator("#board").bounding_box()
    assert box and board
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 20 + 9 * board["width"] / 12, box["y"] + 60, steps=4)
    page.mouse.up()
    assert tile(page, "Wachtenden:").startswith("Wachtenden: kolom 10, rij 1")
    assert tile(page, "Vrije medewerkers:") == "Vrije medewerkers: kolom 1, rij 1, 3 breed, 4 hoog"


def test_tile_follows_the_pointer_and_takes_place_and_size_of_a_larger_one(sign_in: SignIn) -> None:
    page = new_board(sign_in)
    held, board = page.get_by_role("group", name="Wachtenden:"), page.locator("#board").bounding_box()
    box = held.bounding_box()
    assert box and board
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, box["y"] + 75, steps=3)
    moved = held.bounding_box()
    assert moved and abs(moved["x"] - box["x"] - 30) < 3 and abs(moved["y"] - box["y"] - 15) < 3
    page.mouse.move(box["x"] + 200, box["y"] + 60 + 4 * board["height"] / 12, steps=4)
    page.mouse.up()
    assert tile(page, "Wachtenden:") == "Wachtenden: kolom 1, rij 5, 8 breed, 6 hoog"
    assert tile(page, "Lijst van wachtrijen:") == "Lijst van wachtrijen: kolom 1, rij 1, 3 breed, 4 hoog"
    page.get_by_role("button", name="Ongedaan maken").click()
    assert tile(page, "Wachtenden:") == "Wachtenden: kolom 1, rij 1, 3 breed, 4 hoog"


def test_tile_that_is_put_down_where_it_was_leaves_nothing_to_undo(sign_in: SignIn) -> None:
    page = new_board(sign_in)
    box = page.get_by_role("group", name="Wachtenden:").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 25, box["y"] + 62, steps=2)
    page.mouse.up()
    expect(page.get_by_role("button", name="Ongedaan maken")).to_be_disabled()


def test_wall_shows_figures_within_a_second_and_takes_over_what_is_saved(
    sign_in: SignIn, visit: Callable[..., Page], floor: Floor
) -> None:
    page = new_board(sign_in)
    shown = wall(page, visit)
    waiting = shown.locator(".cx-tile--figure .cx-tile__value").first
    expect(waiting).to_have_text("0")
    floor.call("c1")
    expect(waiting).to_have_text("1", timeout=1000)
    shown.get_by_role("button", name="Pauzeren").click()
    floor.call("c2")
    page.get_by_role("group", name="Wachtenden:").focus()
    page.get_by_label("Titel").fill("Nu aan de lijn")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("#notices")).to_contain_text("Bewaard.")
    expect(waiting).to_have_text("1")
    expect(shown.get_by_text("Nu aan de lijn")).to_be_visible(timeout=30_000)
    expect(waiting).to_have_text("2")


def test_wall_goes_dark_when_its_link_is_renewed(sign_in: SignIn, visit: Callable[..., Page]) -> None:
    page = new_board(sign_in)
    shown = wall(page, visit)
    page.get_by_role("button", name="Link vernieuwen").click()
    expect(shown.get_by_text("Deze link geldt niet meer.")).to_be_visible(timeout=30_000)


def test_wall_whose_network_is_cut_says_so_and_is_true_again_by_itself(
    sign_in: SignIn, visit: Callable[..., Page], floor: Floor
) -> None:
    link = urlsplit(new_board(sign_in).locator("#link").get_attribute("href") or "").path
    whole = threading.Event()
    whole.set()
    line = Line(urlsplit(floor.pages).port or 0, whole)
    shown = visit(link)
    shown.goto(f"http://127.0.0.1:{line.port}{link}")
    waiting = shown.locator(".cx-tile--figure .cx-tile__value").first
    expect(waiting).to_have_text("0")
    whole.clear()
    floor.call("c1")
    expect(shown.locator('body[data-connection="lost"]')).to_be_attached(timeout=30_000)
    expect(waiting).to_have_text("0")
    whole.set()
    expect(waiting).to_have_text("1", timeout=30_000)
    expect(shown.locator('body[data-connection="live"]')).to_be_attached()
    line.close()


def test_words_of_a_wall_are_read_across_a_room(sign_in: SignIn, visit: Callable[..., Page]) -> None:
    """At ten metres an eye of full sight tells letters of 15 mm: capitals of 23 px on 55 inch and 1080 lines, so a font
    of 32 px. Figures and queues are well above; headings that the eye knows already may be a little below."""
    shown = wall(new_board(sign_in), visit)
    shown.set_viewport_size({"width": 1920, "height": 1080})
    table = {".cx-tile__table tbody th": 38, ".cx-tile__table thead th": 28}
    least = {".cx-tile__title": 28, ".cx-tile__value": 90, **table}
    for words, pixels in least.items():
        sizes = shown.locator(words).evaluate_all("all => all.map(each => parseFloat(getComputedStyle(each).fontSize))")
        assert sizes, words
        assert min(sizes) >= pixels, (words, sizes)
