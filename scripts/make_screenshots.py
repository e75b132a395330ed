"""Makes the pictures of the manuals and the README: `python -m scripts.make_screenshots [NAME…]`.

Starts the web process of the browser tests with its demo floor, and takes each page as Chromium draws it at a width of
1280. With names only those pictures are made anew. They end up in docs/images, as PNG.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from cxcore.ports.accounts import Account
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.floor import Floor, running_floor
from tests.browser.softphone_stage import Desk, SoftphoneStage, microphone_file, seat, speaking_flags, talks, works
from tests.cast import AAD, ANNA, FENNA, PASSWORD, SOFIE
from tests.contract import engines
from tests.system.conftest import on_stage

FOLDER = Path(__file__).parents[1] / "docs" / "images"
FADE_MILLISECONDS = 1500
"""A change fades within 1.2 s; the picture is taken after that."""

CALLER = "caller"
CHAT = "chat"

SignIn = Callable[[Account, int], Page]
Picture = Callable[[Floor, SignIn], Page]


# --- The agent's page ------------------------------------------------------------------------------------------------


def desk(floor: Floor, sign_in: SignIn) -> Page:
    """An offered contact, for the README."""
    return _offered(floor, sign_in, 720, "longest-idle")


def agent_log_on(floor: Floor, sign_in: SignIn) -> Page:
    """Logged off, with the menu of statuses open."""
    page = sign_in(ANNA, 560)
    page.locator("#status").click()
    return page


def agent_available(floor: Floor, sign_in: SignIn) -> Page:
    """Available, in one of two queues."""
    page = _at_work(floor, sign_in, 560)
    page.get_by_label("Receptie").uncheck()
    return page


def agent_offer(floor: Floor, sign_in: SignIn) -> Page:
    """An offered contact, with the reason."""
    return _offered(floor, sign_in, 560, "last-spoke")


def agent_talk(floor: Floor, sign_in: SignIn) -> Page:
    """In conversation."""
    page = agent_offer(floor, sign_in)
    floor("answers", CALLER)
    page.wait_for_selector('#contact[data-mode="talking"]')
    return page


def agent_recording(floor: Floor, sign_in: SignIn) -> Page:
    """A recording that the agent paused, with the time after which it goes on by itself."""
    page = _talking(floor, sign_in, 700)
    floor("record", CALLER, "on")
    page.locator('[data-command="pause-recording"]').click()
    page.wait_for_selector("#recording-resumes:not([hidden])")
    return page


def agent_transfer(floor: Floor, sign_in: SignIn) -> Page:
    """The search for whom the contact goes to."""
    page = _talking(floor, sign_in, 900)
    page.keyboard.press("Alt+d")
    page.locator("#transfer-query").fill("b")
    return page


def agent_parked(floor: Floor, sign_in: SignIn) -> Page:
    """A caller who is parked at a colleague, before Anna takes the next."""
    page = _talking(floor, sign_in, 700)
    page.keyboard.press("Alt+d")
    page.locator("#transfer-query").fill("bram")
    page.locator("#transfer-park:not([disabled])").click()
    page.wait_for_selector("#parked-list button")
    page.keyboard.press("Alt+n")
    page.wait_for_selector('#contact[data-mode="ready"]')
    return page


def agent_consult(floor: Floor, sign_in: SignIn) -> Page:
    """Both parties of a consultation."""
    page = _talking(floor, sign_in, 900)
    page.keyboard.press("Alt+d")
    page.locator("#transfer-query").fill("bram")
    page.keyboard.press("Enter")
    page.wait_for_selector('#contact[data-mode="consulting"]')
    floor("target_answers", CALLER)
    return page


def agent_chat(floor: Floor, sign_in: SignIn) -> Page:
    """A chat, while the customer types."""
    page = _chatting(floor, sign_in)
    floor("customer_reads", CHAT, 2)
    page.wait_for_selector("#chat-writing:not(:empty)")
    return page


def agent_answers(floor: Floor, sign_in: SignIn) -> Page:
    """The prepared answers, as an agent searches them."""
    page = _chatting(floor, sign_in)
    page.keyboard.press("/")
    page.wait_for_selector("#answers-hits [role=option]")
    page.locator("#answers-hint").scroll_into_view_if_needed()
    return page


def _chatting(floor: Floor, sign_in: SignIn) -> Page:
    page = _at_work(floor, sign_in, 1080)
    floor("chat", CHAT, "Wat moet ik meenemen voor een nieuw paspoort?", "Karel", "karel@example.nl")
    floor("whatsapp", "+31687654321", "Hoe laat gaat de milieustraat dicht?", "Loes")
    page.wait_for_selector("#chats-waiting-list li:nth-child(2)")
    page.keyboard.press("Alt+x")
    page.wait_for_selector('#contact[data-mode="chat"]')
    page.locator("#chat-text").fill("Goedendag. Voor uzelf, of voor een kind?")
    page.keyboard.press("Enter")
    floor("customer_writes", CHAT, "Voor mijzelf.")
    page.wait_for_selector("#chat-log li:nth-child(3)")
    return page


def customer_chat(floor: Floor, sign_in: SignIn) -> Page:
    """What a customer sees, on a phone."""
    floor("log_on", "anna")
    page = sign_in(ANNA, 760)
    page.set_viewport_size({"width": 480, "height": 640})
    page.goto(f"{floor.pages}/chat/noordwijk")
    return page


def _talking(floor: Floor, sign_in: SignIn, height: int) -> Page:
    floor("log_on", "bram")
    page = _offered(floor, sign_in, height, "last-spoke")
    floor("answers", CALLER)
    page.wait_for_selector('#contact[data-mode="talking"]')
    return page


def agent_search(floor: Floor, sign_in: SignIn) -> Page:
    """The directory, as an agent types."""
    page = _at_work(floor, sign_in, 620)
    page.keyboard.press("/")
    page.keyboard.type("bur")
    page.wait_for_selector("#search-hits [role=option]")
    return page


def agent_employee(floor: Floor, sign_in: SignIn) -> Page:
    """One employee, with presence and calendar."""
    page = _at_work(floor, sign_in, 420)
    page.locator("#search").fill("reisdoc zoe")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card-periods li")
    return page


def agent_arrange(floor: Floor, sign_in: SignIn) -> Page:
    """The parts of the page with the buttons that move them."""
    page = _at_work(floor, sign_in, 800)
    page.locator("#arrange-open").click()
    return page


def agent_wrap_up(floor: Floor, sign_in: SignIn) -> Page:
    """Wrap-up counts down."""
    page = agent_talk(floor, sign_in)
    floor("ends", CALLER)
    return page


def agent_missed(floor: Floor, sign_in: SignIn) -> Page:
    """A missed offer, and news of a supervisor."""
    page = agent_offer(floor, sign_in)
    floor("misses", CALLER)
    floor("assign", "anna", "bouwen-en-wonen", 2, "sofie")
    return page


def _offered(floor: Floor, sign_in: SignIn, height: int, reason: str) -> Page:
    page = _at_work(floor, sign_in, height)
    floor.call(CALLER)
    floor("offers", CALLER, "anna", reason)
    page.wait_for_selector('#contact[data-mode="offered"]')
    page.wait_for_selector(".cx-caller__body")
    return page


def _at_work(floor: Floor, sign_in: SignIn, height: int) -> Page:
    floor("busy")
    page = sign_in(ANNA, height)
    page.keyboard.press("Alt+b")
    page.wait_for_selector('#contact[data-mode="ready"]')
    return page


# --- The supervisor's page -------------------------------------------------------------------------------------------


def floor_page(floor: Floor, sign_in: SignIn) -> Page:
    """A moment of a working day."""
    return _floor(floor, sign_in, 800)


def _floor(floor: Floor, sign_in: SignIn, height: int) -> Page:
    floor("busy")
    floor("warn", "bram", "missed")
    return sign_in(SOFIE, height)


def supervisor_alarm(floor: Floor, sign_in: SignIn) -> Page:
    """One alarm that somebody has seen, and one that nobody has."""
    floor("alarm", "burgerzaken", "longest_wait", 312, 300)
    floor("acknowledge", "burgerzaken", "longest_wait", "sofie")
    floor("alarm", "receptie", "agents", 0, 1)
    return _floor(floor, sign_in, 480)


def supervisor_chats(floor: Floor, sign_in: SignIn) -> Page:
    """Chats and calls beside each other."""
    floor("chat", CHAT, "Wat moet ik meenemen?", "Karel", "karel@example.nl")
    floor("whatsapp", "+31687654321", "Hoe laat gaat de milieustraat dicht?", "Loes")
    page = _floor(floor, sign_in, 760)
    floor("written_figures", "burgerzaken")
    page.locator("#channels-heading").scroll_into_view_if_needed()
    page.mouse.wheel(0, 360)
    return page


def supervisor_trend(floor: Floor, sign_in: SignIn) -> Page:
    """The course of the day of a queue, with its figures."""
    page = _floor(floor, sign_in, 720)
    page.get_by_role("button", name="Verloop van Burgerzaken").click()
    return page


def supervisor_agent(floor: Floor, sign_in: SignIn) -> Page:
    """Steering an agent."""
    page = _floor(floor, sign_in, 820)
    page.get_by_role("button", name="Bram Jansen").click()
    return page


def supervisor_queue(floor: Floor, sign_in: SignIn, height: int = 480) -> Page:
    """Closing a queue in which callers wait."""
    floor.call("c8", "burgerzaken", "+31687654321")
    page = _floor(floor, sign_in, height)
    page.get_by_role("button", name="Burgerzaken: open").click()
    page.get_by_label("is dicht").check()
    page.get_by_label("wachtenden doorsturen").check()
    return page


def supervisor_confirm(floor: Floor, sign_in: SignIn) -> Page:
    """Sending callers away is asked twice."""
    page = supervisor_queue(floor, sign_in, 400)
    page.get_by_role("dialog", name="Burgerzaken").get_by_role("button", name="Opslaan").click()
    return page


def supervisor_move(floor: Floor, sign_in: SignIn) -> Page:
    """Choosing who helps a waiting caller."""
    floor("add_agent", "sofie", "Sofie Mulder", [])
    page = _floor(floor, sign_in, 560)
    page.get_by_role("button", name="0343 51 23 45 toewijzen of verplaatsen").click()
    return page


def supervisor_contact(floor: Floor, sign_in: SignIn) -> Page:
    """Why an offer went to whom."""
    page = sign_in(SOFIE, 800)
    page.locator("#today a").nth(2).click()
    page.locator("summary").first.click()
    return page


def supervisor_recording(floor: Floor, sign_in: SignIn) -> Page:
    """A recording with a part that was paused."""
    page = sign_in(SOFIE, 900)
    page.goto(f"{floor.pages}/recordings/r2.8f31")
    page.locator("summary").click()
    return page


def supervisor_wallboard(floor: Floor, sign_in: SignIn) -> Page:
    """A new wallboard in its editor."""
    floor("busy")
    page = _floor(floor, sign_in, 800)
    page.goto(f"{floor.pages}/wallboards")
    page.get_by_label("Naam").fill("Balie")
    page.get_by_role("button", name="Maken").click()
    page.wait_for_selector('#connection[data-connection="live"]')
    page.get_by_role("group", name="Wachtenden:").focus()
    return page


# --- The privacy officer's pages -------------------------------------------------------------------------------------


def privacy_audit(floor: Floor, sign_in: SignIn) -> Page:
    """Who did what."""
    page = sign_in(SOFIE, 400)
    for path in ("/recordings", "/recordings/r2.8f31"):
        page.goto(floor.pages + path)
    return _privacy(floor, page, sign_in, "/audit")


def privacy_person(floor: Floor, sign_in: SignIn) -> Page:
    """What is kept of a number."""
    page = _privacy(floor, None, sign_in, "/privacy")
    page.get_by_label("Telefoonnummer").fill("06 12 34 56 78")
    page.get_by_role("button", name="Zoeken").click()
    return page


def _privacy(floor: Floor, before: Page | None, sign_in: SignIn, path: str) -> Page:
    if before is not None:
        before.context.close()
    page = sign_in(FENNA, 800)
    page.goto(floor.pages + path)
    return page


# --- The administration ----------------------------------------------------------------------------------------------


def admin_hours(floor: Floor, sign_in: SignIn) -> Page:
    """The week of a queue."""
    return _admin(floor, sign_in, "/admin/hours?of=queues/afval-en-milieu", 1700)


def service_number(floor: Floor, sign_in: SignIn) -> Page:
    """A supervisor with a code."""
    page = sign_in(SOFIE, 760)
    page.goto(f"{floor.pages}/admin/service-number")
    page.get_by_label("Nieuwe pincode").fill("864209")
    page.get_by_label("Nog een keer").fill("864209")
    page.get_by_role("button", name="Pincode zetten").click()
    page.get_by_text("Gebruikerscode", exact=True).wait_for()
    return page


def service_keys(floor: Floor, sign_in: SignIn) -> Page:
    """What each key of the service number does."""
    return _admin(floor, sign_in, "/admin/service-number/keys", 1100)


def message_schedule(floor: Floor, sign_in: SignIn) -> Page:
    """A message that is heard from moment to moment."""
    page = sign_in(AAD, 760)
    page.goto(f"{floor.pages}/admin/message-schedule")
    row = page.get_by_role("group", name="welkom, hoofdmenu")
    row.get_by_text("volgens schema").click()
    row.get_by_label("van", exact=True).fill("2026-12-01")
    row.get_by_label("van, tijd").fill("08:00")
    return page


def admin_hearing(floor: Floor, sign_in: SignIn) -> Page:
    """What a caller hears on Christmas Day."""
    return _admin(floor, sign_in, "/admin/hear?number=14071&day=2026-12-25&time=10:00", 800)


def admin_week(floor: Floor, sign_in: SignIn) -> Page:
    """The week of a number, with a holiday."""
    return _admin(floor, sign_in, "/admin/week?number=%2B31715550103&day=2026-12-23", 1000)


def admin_menus(floor: Floor, sign_in: SignIn) -> Page:
    """A menu as a tree, and its keys."""
    return _admin(floor, sign_in, "/admin/menus", 900)


def admin_flow(floor: Floor, sign_in: SignIn) -> Page:
    """The steps of a flow."""
    return _admin(floor, sign_in, "/admin/flows?flow=hoofdmenu", 640)


def emergency_groups(floor: Floor, sign_in: SignIn) -> Page:
    """The form of a group of places."""
    return _admin(floor, sign_in, "/admin/emergency/groups", 1100)


def admin_queues(floor: Floor, sign_in: SignIn) -> Page:
    """Texts and times of a queue."""
    return _admin(floor, sign_in, "/admin/queues", 900)


def admin_change(floor: Floor, sign_in: SignIn) -> Page:
    """A change before it is activated."""
    page = _admin(floor, sign_in, "/admin/hours?of=queues/afval-en-milieu", 640)
    page.get_by_label("dinsdag, blok 1: open vanaf").fill("09:00")
    page.get_by_role("button", name="Wijziging bekijken").click()
    page.get_by_text("Bekijk het verschil in de tekst").click()
    return page


def admin_versions(floor: Floor, sign_in: SignIn) -> Page:
    """Versions, after a change."""
    page = admin_change(floor, sign_in)
    page.get_by_role("button", name="Activeren").click()
    page.get_by_role("link", name="Versies").click()
    return page


def _admin(floor: Floor, sign_in: SignIn, path: str, height: int) -> Page:
    page = sign_in(AAD, height)
    page.goto(f"{floor.pages}{path}")
    page.wait_for_selector('#connection[data-connection="live"]')
    return page


# --- The softphone: the whole product, with a real call ---------------------------------------------------------------


def softphone_talk(stage: SoftphoneStage, desk: Desk) -> None:
    """In conversation, muted."""
    talks(stage, desk)
    desk.page.keyboard.press("Alt+m")


def softphone_settings(_: SoftphoneStage, desk: Desk) -> None:
    """The choice of devices."""
    desk.page.locator("#softphone-status").click()


SOFTPHONE_PICTURES: dict[str, Callable[[SoftphoneStage, Desk], None]] = {
    "agent-softphone": softphone_talk,
    "agent-softphone-instellingen": softphone_settings,
}


def make_of_softphones(playwright: Playwright, names: list[str]) -> None:
    """Pictures of a softphone at work, on an engine and a floor of their own."""
    with TemporaryDirectory() as folder:
        site = engines.prepare_site(Path(folder) / "engine", "127.0.0.1:9", "+31715550199")
        sound = microphone_file(Path(folder))
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *speaking_flags(sound)])
        with engines.running("softswitch", site) as engine, on_stage(SoftphoneStage(engine, Path(folder))) as stage:
            for name in names:
                take_of_softphone(cast(SoftphoneStage, stage), browser, name)
        browser.close()


def take_of_softphone(stage: SoftphoneStage, browser: Browser, name: str) -> None:
    """One picture."""
    with seat(stage, browser) as context:
        desk = works(stage, context, "anna")
        desk.page.set_viewport_size({"width": 1280, "height": 560})
        SOFTPHONE_PICTURES[name](stage, desk)
        desk.page.wait_for_timeout(FADE_MILLISECONDS)
        desk.page.screenshot(path=FOLDER / f"{name}.png")
    stage.clear()
    print(f"  docs/images/{name}.png")


# --- Messages --------------------------------------------------------------------------------------------------------


def _task(floor: Floor, sign_in: SignIn, path: str, height: int) -> Page:
    page = sign_in(SOFIE, height)
    page.goto(floor.pages + path)
    page.wait_for_selector('#connection[data-connection="live"]')
    return page


def messages_list(floor: Floor, sign_in: SignIn) -> Page:
    """Every message."""
    return _task(floor, sign_in, "/admin/messages", 560)


def message_versions(floor: Floor, sign_in: SignIn) -> Page:
    """A version that was just made, to be listened to."""
    page = _task(floor, sign_in, "/admin/messages/welkom", 900)
    page.get_by_label("Tekst", exact=True).fill("Welkom bij de gemeente Noordwijk. Vandaag zijn wij open tot acht uur.")
    page.get_by_role("button", name="Uitspreken").click()
    page.wait_for_selector("#version-1")
    return page


def emergency_message(floor: Floor, sign_in: SignIn) -> Page:
    """An emergency message that is on, and the form to switch one on."""
    floor("switch_on_emergency", "+31715550100", "noodtekst-storing")
    return _task(floor, sign_in, "/admin/emergency", 1080)


# --- What administrators keep ----------------------------------------------------------------------------------------


def _administers(floor: Floor, sign_in: SignIn, path: str, height: int = 700) -> Page:
    page = sign_in(AAD, height)
    page.goto(floor.pages + path)
    page.wait_for_selector('#connection[data-connection="live"]')
    return page


def admin_users(floor: Floor, sign_in: SignIn) -> Page:
    """A user with device, numbers, class and queues."""
    return _administers(floor, sign_in, "/admin/users?user=anna", 800)


def admin_traffic(floor: Floor, sign_in: SignIn) -> Page:
    """A traffic class."""
    return _administers(floor, sign_in, "/admin/traffic?class=nationaal", 860)


def admin_phone_book(floor: Floor, sign_in: SignIn) -> Page:
    """An entry of the phone book."""
    return _administers(floor, sign_in, "/admin/phone-book?entry=wijkteam", 560)


def admin_topics(floor: Floor, sign_in: SignIn) -> Page:
    """A topic and its group."""
    return _administers(floor, sign_in, "/admin/topics?topic=Paspoort")


def admin_reasons(floor: Floor, sign_in: SignIn) -> Page:
    """The reasons of breaks."""
    return _administers(floor, sign_in, "/admin/reasons", 520)


SHEET = """gebruikersnaam;naam;rol;toestel;eigen nummer
bram;Bram de Jong;medewerker;sip:bram@127.0.0.1:5072;
eva;Eva Smit;medewerker;softphone;071 555 0119
finn;Finn Vos;chef;softphone;
gijs;Gijs Bos;medewerker;;
sofie;Sofie Mulder;supervisor;;
"""


def admin_sheet(floor: Floor, sign_in: SignIn) -> Page:
    """A file, line by line."""
    page = _administers(floor, sign_in, "/admin/sheets", 820)
    file = {"name": "gebruikers.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    page.set_input_files("input[name=file]", [cast(Any, file)])
    page.get_by_role("button", name="Bekijken").click()
    page.wait_for_selector("#lines-heading")
    return page


def admin_answers(floor: Floor, sign_in: SignIn) -> Page:
    """A prepared answer of one queue."""
    return _administers(floor, sign_in, "/admin/answers?answer=paspoort", 620)


def admin_faults(floor: Floor, sign_in: SignIn) -> Page:
    """The dialog by which a fault is reported."""
    page = _administers(floor, sign_in, "/admin/faults", 620)
    page.get_by_role("button", name="Storing melden").click()
    page.get_by_label("Wat gaat er mis?").fill("Een beller hoort mij niet; ik hoor de beller wel.")
    return page


PICTURES: dict[str, Picture] = {
    "desk": desk,
    "floor": floor_page,
    "agent-aanmelden": agent_log_on,
    "agent-beschikbaar": agent_available,
    "agent-aanbod": agent_offer,
    "agent-gesprek": agent_talk,
    "agent-opname": agent_recording,
    "agent-doorverbinden": agent_transfer,
    "agent-geparkeerd": agent_parked,
    "agent-ruggespraak": agent_consult,
    "agent-nawerktijd": agent_wrap_up,
    "agent-zoeken": agent_search,
    "agent-medewerker": agent_employee,
    "agent-indeling": agent_arrange,
    "agent-gemist": agent_missed,
    "agent-chat": agent_chat,
    "agent-standaardantwoord": agent_answers,
    "chat-klant": customer_chat,
    "supervisor-alarm": supervisor_alarm,
    "supervisor-chats": supervisor_chats,
    "supervisor-verloop": supervisor_trend,
    "supervisor-medewerker": supervisor_agent,
    "supervisor-wachtrij": supervisor_queue,
    "supervisor-doorsturen": supervisor_confirm,
    "supervisor-verplaatsen": supervisor_move,
    "supervisor-contact": supervisor_contact,
    "supervisor-opname": supervisor_recording,
    "supervisor-wallboard": supervisor_wallboard,
    "privacy-logboek": privacy_audit,
    "privacy-persoon": privacy_person,
    "meldteksten": messages_list,
    "meldtekst-versies": message_versions,
    "noodtekst": emergency_message,
    "dienstnummer": service_number,
    "dienstnummer-toetsen": service_keys,
    "meldingen-op-schema": message_schedule,
    "beheer-openingstijden": admin_hours,
    "beheer-route": admin_flow,
    "noodgroepen": emergency_groups,
    "beheer-keuzemenu": admin_menus,
    "beheer-wat-hoort-een-beller": admin_hearing,
    "beheer-weekoverzicht": admin_week,
    "beheer-wachtrij": admin_queues,
    "beheer-gebruiker": admin_users,
    "beheer-verkeersklasse": admin_traffic,
    "beheer-telefoonboek": admin_phone_book,
    "beheer-standaardantwoord": admin_answers,
    "beheer-onderwerp": admin_topics,
    "beheer-pauzeredenen": admin_reasons,
    "beheer-importeren": admin_sheet,
    "beheer-storing": admin_faults,
    "beheer-wijziging": admin_change,
    "beheer-versies": admin_versions,
}


def main(names: list[str]) -> int:
    """Make the pictures; 2 for a name that does not exist."""
    unknown = [name for name in names if name not in (*PICTURES, *SOFTPHONE_PICTURES)]
    if unknown:
        print(f"no such picture: {', '.join(unknown)}; there are {', '.join((*PICTURES, *SOFTPHONE_PICTURES))}")
        return 2
    names = names or [*PICTURES, *SOFTPHONE_PICTURES]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        for name in filter(PICTURES.__contains__, names):
            make(browser, name)
        browser.close()
        if of_softphones := [name for name in names if name in SOFTPHONE_PICTURES]:
            make_of_softphones(playwright, of_softphones)
    return 0


def make(browser: Browser, name: str) -> None:
    """One picture, on a floor of its own."""
    with running_floor() as floor:
        page = PICTURES[name](floor, lambda account, height: sign_in(browser, floor, account, height))
        page.wait_for_timeout(FADE_MILLISECONDS)
        page.screenshot(path=FOLDER / f"{name}.png")
        page.context.close()
    print(f"  docs/images/{name}.png")


def sign_in(browser: Browser, floor: Floor, account: Account, height: int) -> Page:
    """Somebody's page, live."""
    context = browser.new_context(viewport={"width": 1280, "height": height}, locale="nl-NL")
    page = context.new_page()
    page.goto(f"{floor.pages}/sign-in")
    page.get_by_label("Gebruikersnaam").fill(account.username)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    if account is not FENNA:  # her pages show nothing live
        page.wait_for_selector('#connection[data-connection="live"]')
    return page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
