"""The administration in a browser: axe, narrow windows, and a menu that is built with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import check, check_reflow
from tests.cast import AAD, ANNA

PAGES = (
    "/admin",
    "/admin/hours?of=queues/afval-en-milieu",
    "/admin/menus",
    "/admin/hours?of=timetables/kantooruren",
    "/admin/menus/new?under=hoofdmenu",
    "/admin/flows?flow=hoofdmenu",
    "/admin/emergency/groups",
    "/admin/hear?version=1",
    "/admin/week?version=1",
    "/admin/message-schedule",
    "/admin/service-number",
    "/admin/service-number/keys",
    "/admin/queues",
    "/admin/users?user=anna",
    "/admin/traffic?class=intern",
    "/admin/phone-book?entry=wijkteam",
    "/admin/topics?topic=Paspoort",
    "/admin/answers?answer=paspoort",
    "/admin/reasons",
    "/admin/sheets",
    "/admin/faults",
    "/admin/versions",
    "/admin/versions/1",
)


def go(page: Page, path: str) -> None:
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path)
    page.wait_for_selector('#connection[data-connection="live"]')


def walk_to(page: Page, name: str) -> None:
    """Press Tab until the element with this accessible name has the focus."""
    names = ("ariaLabel", "innerText", "labels?.[0]?.innerText")
    named = f"[{', '.join(f'document.activeElement.{each}' for each in names)}]"
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(f"{named}.some((each) => each?.trim().startsWith({name!r}))"):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_every_page_is_accessible_wide_and_narrow(sign_in: SignIn, width: int, scheme: str) -> None:
    page = sign_in(AAD, width=width, scheme=scheme)
    for path in PAGES:
        go(page, path)
        check(page)
        check_reflow(page)


def test_keyboard_alone_builds_a_menu_and_activates_it(sign_in: SignIn) -> None:
    page = sign_in(AAD)
    go(page, "/admin/menus")
    walk_to(page, "+ Toets toevoegen")
    page.keyboard.press("Enter")
    page.keyboard.press("5")
    page.keyboard.press("Tab")
    page.keyboard.type("gesloten")
    walk_to(page, "Omhoog")
    page.keyboard.press("Enter")
    expect(page.locator("#announcement")).to_have_text("toets 5 staat nu op plaats 6")
    walk_to(page, "Wijziging bekijken")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Keuzemenu hoofdmenu: toets 5 toegevoegd: gesloten")).to_be_visible(timeout=20_000)
    check(page)
    walk_to(page, "Activeren")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Versie 2 is actief")).to_be_visible(timeout=20_000)
    keys = page.locator('#choices [name="key"]')
    assert [keys.nth(at).input_value() for at in range(keys.count())] == ["1", "2", "3", "0", "4", "5", "9"]


def test_keyboard_alone_gives_a_key_a_text_of_its_own(sign_in: SignIn) -> None:
    page = sign_in(AAD)
    go(page, "/admin/menus")
    row = page.locator("[data-choice]").nth(0)
    row.get_by_label("Route").focus()
    walk_to(page, "eigen tekst")
    page.keyboard.type("keuze-mel")
    expect(row.get_by_text("Voor een melding over de openbare ruimte, toets 4.")).to_be_visible()
    walk_to(page, "+ Toets toevoegen")
    page.keyboard.press("Enter")
    added = page.locator("[data-choice]").last
    added.get_by_label("eigen tekst").select_option("keuze-taal")
    expect(added.get_by_text("For English, press 9.")).to_be_visible()
    walk_to(page, "Wijziging bekijken")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Keuzemenu hoofdmenu: toets 1: tekst keuze-melding")).to_be_visible()


def test_dragging_puts_a_key_in_another_place(sign_in: SignIn) -> None:
    page = sign_in(AAD)
    go(page, "/admin/menus")
    grips = page.locator(".cx-choice__grip")
    grips.nth(0).drag_to(page.locator("[data-choice]").nth(2))
    keys = page.locator('#choices [name="key"]')
    assert keys.nth(0).input_value() == "2"


def test_keyboard_alone_puts_a_step_in_another_place_and_hears_the_change_before_it_counts(sign_in: SignIn) -> None:
    page = sign_in(AAD)
    go(page, "/admin/flows?flow=hoofdmenu")
    down = page.locator("[data-step]").nth(0).get_by_label("Omlaag")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-step]").nth(1)).to_contain_text("opnemen")
    expect(page.locator("[data-step]").nth(1).get_by_label("Omlaag")).to_be_focused()
    walk_to(page, "Wijziging bekijken")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Route hoofdmenu: stappen opnemen · tekst welkom")).to_be_visible()
    walk_to(page, "Wat hoort een beller dan?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("U beluistert de wijziging die u bekeek.")).to_be_visible()
    page.get_by_label("Gebeld nummer").fill("071 555 0100")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Zo wordt het met de wijziging die u bekijkt")).to_be_visible()
    check(page)
    walk_to(page, "Terug naar de wijziging")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Route hoofdmenu: stappen opnemen · tekst welkom")).to_be_visible()


def test_a_text_is_added_to_a_flow_and_taken_out_again_by_keyboard(sign_in: SignIn) -> None:
    page = sign_in(AAD)
    go(page, "/admin/flows?flow=gesloten")
    steps = page.locator("[data-step]")
    count = steps.count()
    page.get_by_role("button", name="Tekst toevoegen").press("Enter")
    expect(steps).to_have_count(count + 1)
    expect(steps.last.locator("select")).to_be_focused()
    steps.last.get_by_label("Verwijderen").press("Enter")
    expect(steps).to_have_count(count)


def test_what_is_wrong_stands_beside_its_day(sign_in: SignIn) -> None:
    page = sign_in(AAD, height=1600)
    go(page, "/admin/hours?of=queues/afval-en-milieu")
    page.get_by_label("dinsdag, blok 1: open tot").fill("8")
    page.get_by_role("button", name="Wijziging bekijken").click()
    expect(page.get_by_role("group", name="dinsdag").locator(".cx-finding")).to_be_visible(timeout=20_000)
    expect(page.get_by_label("dinsdag, blok 1: open tot")).to_have_value("08:00")
    check(page)


def test_agent_reports_a_fault_without_leaving_the_page_and_the_administrator_reads_it(sign_in: SignIn) -> None:
    page = sign_in(ANNA)
    page.get_by_role("button", name="Storing melden").click()
    page.get_by_label("Wat gaat er mis?").fill("De beller hoort mij niet.")
    check(page)
    page.get_by_role("button", name="Versturen").click()
    expect(page.get_by_text("Melding 1 is verstuurd.")).to_be_visible()
    assert page.url.endswith("/agent")
    page = sign_in(AAD)
    go(page, "/admin/faults/1")
    expect(page.get_by_text("De beller hoort mij niet.")).to_be_visible()
    check(page)
    check_reflow(page)
