"""A citizen and agents chat through the whole product: two browsers, the pages, a real core, the database."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cxcore.domain.schedule import AMSTERDAM
from tests.browser.test_accessibility import check
from tests.system.household import ROOT, Household, until

pytestmark = [pytest.mark.system, pytest.mark.alone]
QUESTION = "Mag ik mijn oude paspoort houden? <b>zeker</b> & 100% 🙂"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """The demo site."""
    household = Household(tmp_path_factory.mktemp("chat"))
    household.dialplan = household.folder / "noordwijk.yml"
    shutil.copy(ROOT / "dialplans/noordwijk.yml", household.dialplan)
    shutil.copy(ROOT / "dialplans/noordwijk.employees.csv", household.folder)
    household.write_settings({"chats": {"starts": 500}})
    try:
        household.start_and_greet()
        yield household
    finally:
        household.close()


@pytest.fixture
def people(chromium: Browser) -> Iterator[list[BrowserContext]]:
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


def someone(chromium: Browser, people: list[BrowserContext], width: int = 1280) -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 860}, locale="nl-NL")
    context.set_default_timeout(20_000)
    people.append(context)
    return context.new_page()


@pytest.fixture
def citizen(chromium: Browser, people: list[BrowserContext], house: Household) -> Page:
    """On a telephone."""
    page = someone(chromium, people, 400)
    page.goto(f"http://127.0.0.1:{house.web_port}/chat/noordwijk")
    return page


@pytest.fixture
def bram(chromium: Browser, people: list[BrowserContext], house: Household) -> Iterator[Page]:
    """Serves Burgerzaken."""
    yield from at_desk(chromium, people, house, "bram")


@pytest.fixture
def chris(chromium: Browser, people: list[BrowserContext], house: Household) -> Iterator[Page]:
    """A colleague of other queues."""
    yield from at_desk(chromium, people, house, "chris")


def at_desk(chromium: Browser, people: list[BrowserContext], house: Household, name: str) -> Iterator[Page]:
    page = someone(chromium, people)
    page.goto(f"http://127.0.0.1:{house.web_port}/sign-in")
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill(house.passwords()[name])
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_selector('#connection[data-connection="live"]')
    if page.locator("#contact").get_attribute("data-mode") in ("off", "break"):
        page.get_by_role("button", name="Beschikbaar melden").click()
    is_mode(page, "ready")
    yield page
    leave_desk(page)


def leave_desk(page: Page) -> None:
    """The next test begins with nobody at work."""
    page.locator("#status").click()
    page.get_by_role("button", name="Afmelden").click()
    expect(page.locator("#status-text")).to_have_text(re.compile("afgemeld", re.I))
    card = page.locator("#contact")
    if card.get_attribute("data-mode") == "chat":
        page.get_by_role("button", name="Chat beëindigen").click()
        is_mode(page, "wrap-up")
    if card.get_attribute("data-mode") == "wrap-up":
        page.get_by_role("button", name="Nawerktijd beëindigen").click()
    is_mode(page, "off")


def is_mode(page: Page, mode: str) -> None:
    expect(page.locator("#contact")).to_have_attribute("data-mode", mode)


def asks(citizen: Page, text: str = QUESTION, name: str = "Karel") -> None:
    citizen.get_by_label("Uw naam").fill(name)
    citizen.get_by_label("Uw e-mailadres of telefoonnummer").fill("karel@example.nl")
    citizen.get_by_label("Uw vraag").fill(text)
    citizen.get_by_role("button", name="Chat beginnen").click()
    expect(citizen.locator("#log")).to_contain_text(text)


def writes(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).fill(text)
    page.get_by_label(label).press("Enter")
    expect(page.get_by_label(label)).to_have_value("")


def accepts(desk: Page) -> None:
    is_mode(desk, "chat-offered")
    desk.keyboard.press("Alt+a")
    is_mode(desk, "chat")


def lines(page: Page, log: str) -> list[str]:
    return page.locator(f"#{log} .cx-chat-line__text").all_inner_texts()


def tells_dutch_time(page: Page, log: str) -> bool:
    """Whatever the browser's own zone is."""
    first = page.locator(f"#{log} time").first
    written = datetime.fromisoformat(first.get_attribute("datetime") or "")
    return first.inner_text() == f"{written.astimezone(AMSTERDAM):%H:%M}"


def test_citizen_and_agent_chat_from_the_first_question_to_the_note(citizen: Page, bram: Page) -> None:
    asks(citizen)

    is_mode(bram, "chat-offered")
    card = bram.locator("#contact")
    for shown in ("Chat aangeboden", "Burgerzaken", "www.noordwijk.nl", "Website", "Karel"):
        expect(card).to_contain_text(shown)
    expect(bram).to_have_title(re.compile("Chat:"))
    accepts(bram)
    expect(citizen.locator("#standing")).to_have_text("U chat met Bram Jansen.")
    assert bram.evaluate("document.activeElement.id") == "chat-text"
    writes(bram, "Uw antwoord", "Zeker.\nNeem het mee.")
    expect(citizen.locator("#log")).to_contain_text("Neem het mee.")
    writes(citizen, "Uw bericht", "Dank u!")
    for log in (bram.locator("#chat-log"), citizen.locator("#log")):
        expect(log).to_contain_text("Dank u!")
    assert lines(citizen, "log") == lines(bram, "chat-log") == [QUESTION, "Zeker.\nNeem het mee.", "Dank u!"]
    assert tells_dutch_time(citizen, "log") and tells_dutch_time(bram, "chat-log")

    bram.keyboard.press("Alt+o")

    expect(citizen.locator("#standing")).to_have_text("De medewerker heeft de chat beëindigd.")
    is_mode(bram, "wrap-up")
    expect(bram.locator("#chat-log")).to_contain_text("Dank u!")
    bram.get_by_label("Onderwerp toevoegen").fill("Paspoort")
    expect(bram.locator("#topics")).to_contain_text("Paspoort")
    bram.get_by_role("button", name="Nawerktijd beëindigen").click()
    is_mode(bram, "ready")
    expect(bram.locator("#chat")).to_be_hidden()
    expect(citizen.get_by_role("button", name="Nieuwe chat beginnen")).to_be_visible()


def test_each_side_sees_that_the_other_writes_and_the_agent_what_was_read(citizen: Page, bram: Page) -> None:
    asks(citizen)
    accepts(bram)
    bram.get_by_label("Uw antwoord").press_sequentially("Een mo")
    expect(citizen.locator("#writing")).to_have_text("Bram Jansen schrijft…")
    citizen.get_by_label("Uw bericht").press_sequentially("Ik w")
    expect(bram.locator("#chat-writing")).to_have_text("De klant schrijft…")
    expect(bram.locator("#chat-writing")).to_be_empty()
    bram.get_by_label("Uw antwoord").press("Enter")
    expect(citizen.locator("#log")).to_contain_text("Een mo")
    expect(citizen.locator("#writing")).to_be_empty()
    expect(bram.locator("#chat-log .cx-chat-line--own")).to_contain_text("gelezen")


def test_prepared_answer_is_searched_by_keyboard_changed_and_sent(citizen: Page, bram: Page) -> None:
    asks(citizen)
    accepts(bram)
    field, search = bram.get_by_label("Uw antwoord"), bram.get_by_label("Zoek een standaardantwoord")
    bram.keyboard.press("/")
    expect(search).to_be_focused()
    bram.keyboard.type("moment ged")
    expect(bram.locator("#answers-hits [role=option]")).to_have_count(1)
    bram.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("Een moment geduld alstublieft, ik zoek het voor u op.")
    bram.keyboard.type(" Tot zo!")
    bram.keyboard.press("Enter")
    expect(citizen.locator("#log")).to_contain_text("ik zoek het voor u op. Tot zo!")

    bram.keyboard.press("Alt+s")
    expect(search).to_be_focused()
    expect(bram.locator("#answers-hits [role=option]")).to_have_count(4)
    bram.keyboard.press("ArrowDown")
    bram.set_viewport_size({"width": 1280, "height": 1400})  # nothing is scrolled under the header
    check(bram)
    if folder := os.environ.get("CX_SHOTS"):
        bram.screenshot(path=f"{folder}/answers.png", full_page=True)
    bram.keyboard.press("Escape")
    expect(field).to_be_focused()
    bram.keyboard.type("//")
    expect(field).to_have_value("/")


def test_reload_on_either_side_takes_the_chat_up_with_all_that_was_written(citizen: Page, bram: Page) -> None:
    asks(citizen)
    accepts(bram)
    writes(bram, "Uw antwoord", "Zeker.")
    expect(citizen.locator("#log")).to_contain_text("Zeker.")

    citizen.reload()
    expect(citizen.locator("#log")).to_contain_text("Zeker.")
    bram.reload()
    is_mode(bram, "chat")
    expect(bram.locator("#chat-log")).to_contain_text("Zeker.")
    writes(citizen, "Uw bericht", "Daar ben ik weer.")
    expect(bram.locator("#chat-log")).to_contain_text("Daar ben ik weer.")
    assert lines(bram, "chat-log") == [QUESTION, "Zeker.", "Daar ben ik weer."]


def test_network_that_is_lost_for_20_seconds_loses_no_line(citizen: Page, bram: Page) -> None:
    asks(citizen)
    accepts(bram)
    citizen.context.set_offline(True)
    citizen.get_by_label("Uw bericht").fill("Hoort u mij?")
    citizen.get_by_role("button", name="Versturen").click()
    expect(citizen.locator("#write-problem")).to_contain_text("zodra de verbinding terug is")
    writes(bram, "Uw antwoord", "Bent u er nog?")
    bram.wait_for_timeout(20_000)
    is_mode(bram, "chat")

    citizen.context.set_offline(False)

    expect(citizen.locator("#log")).to_contain_text("Bent u er nog?")
    expect(bram.locator("#chat-log")).to_contain_text("Hoort u mij?")
    expect(citizen.locator("#write-problem")).to_be_empty()
    assert lines(bram, "chat-log") == [QUESTION, "Bent u er nog?", "Hoort u mij?"]


def test_chat_is_assigned_to_a_colleague_who_reads_all_of_it(citizen: Page, bram: Page, chris: Page) -> None:
    asks(citizen)
    accepts(bram)
    bram.keyboard.press("Alt+d")
    bram.get_by_label("Toewijzen aan").select_option(label="Chris Bakker")
    bram.locator("#chat-assign button").click()

    is_mode(bram, "wrap-up")
    expect(citizen.locator("#log")).to_contain_text("Bram Jansen heeft de chat verlaten.")
    accepts(chris)
    assert lines(chris, "chat-log") == [QUESTION]
    expect(citizen.locator("#standing")).to_have_text("U chat met Chris Bakker.")
    writes(chris, "Uw antwoord", "Ik neem het over.")
    expect(citizen.locator("#log")).to_contain_text("Ik neem het over.")


def test_agent_who_does_not_answer_leaves_the_citizen_waiting_at_the_first_place(citizen: Page, bram: Page) -> None:
    asks(citizen)
    is_mode(bram, "chat-offered")
    bram.keyboard.press("Alt+r")
    is_mode(bram, "ready")
    expect(citizen.locator("#standing")).to_have_text("U bent als volgende aan de beurt.")
    expect(bram.locator("#chats-waiting-list")).to_contain_text("Karel")

    bram.keyboard.press("Alt+x")

    is_mode(bram, "chat")
    assert lines(bram, "chat-log") == [QUESTION]


def test_citizen_who_leaves_ends_the_chat_for_the_agent(citizen: Page, bram: Page) -> None:
    asks(citizen)
    accepts(bram)
    citizen.get_by_role("button", name="Chat beëindigen").click()

    expect(citizen.locator("#standing")).to_have_text("U hebt de chat beëindigd.")
    is_mode(bram, "wrap-up")
    expect(bram.locator("#chat-standing")).to_have_text("De klant heeft de chat beëindigd.")


def test_core_that_is_killed_loses_no_chat_and_no_line(house: Household, citizen: Page, bram: Page) -> None:
    asks(citizen)
    accepts(bram)
    writes(bram, "Uw antwoord", "Een ogenblik.")
    expect(citizen.locator("#log")).to_contain_text("Een ogenblik.")
    core = house.children()["core"]

    os.kill(core.pid, signal.SIGKILL)

    until(lambda: house.children().get("core", core).pid != core.pid and house.is_healthy(), house.console, 30)
    writes(citizen, "Uw bericht", "Bent u er nog?")
    for log in (bram.locator("#chat-log"), citizen.locator("#log")):
        expect(log).to_contain_text("Bent u er nog?")
    is_mode(bram, "chat")
    assert lines(bram, "chat-log") == lines(citizen, "log") == [QUESTION, "Een ogenblik.", "Bent u er nog?"]


def test_what_is_written_stands_in_no_file_in_clear_text(house: Household, citizen: Page, bram: Page) -> None:
    secret = "geheime-zin-7f3a9"
    asks(citizen, secret)
    accepts(bram)
    writes(bram, "Uw antwoord", secret)
    bram.keyboard.press("Alt+o")
    is_mode(bram, "wrap-up")
    until(lambda: written(house) >= 2, house.console, 10)

    found = [path for path in house.state.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert found == []


def written(house: Household) -> int:
    with sqlite3.connect(house.state / "cx.db") as database:
        (count,) = database.execute("select count(*) from contact_event where kind = 'ChatWritten'").fetchone()
    return int(count)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_chat_are_accessible_in_every_state(
    house: Household, citizen: Page, bram: Page, scheme: str, tmp_path: Path
) -> None:
    for page in (citizen, bram):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    check(citizen)
    asks(citizen)
    is_mode(bram, "chat-offered")
    check(citizen)
    check(bram)
    accepts(bram)
    writes(bram, "Uw antwoord", "Zeker.")
    bram.keyboard.press("Alt+d")
    check(bram)
    check(citizen)
    if folder := os.environ.get("CX_SHOTS"):
        bram.screenshot(path=f"{folder}/desk-{scheme}.png", full_page=True)
        citizen.screenshot(path=f"{folder}/citizen-{scheme}.png")
        bram.set_viewport_size({"width": 400, "height": 860})
        bram.screenshot(path=f"{folder}/desk-{scheme}-400.png", full_page=True)
        bram.set_viewport_size({"width": 1280, "height": 860})
    bram.keyboard.press("Escape")
    citizen.get_by_role("button", name="Chat beëindigen").click()
    is_mode(bram, "wrap-up")
    check(citizen)
    check(bram)
