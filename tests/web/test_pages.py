"""Health, languages, lists of contacts, and pages that fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from admin_web.languages import FOLDER
from admin_web.presenters.numbers import readable
from cxcore.domain.agent import AgentId
from cxcore.domain.contact import Channel, ContactId, Outcome
from cxcore.domain.quality import Line
from cxcore.domain.queue import QueueId
from cxcore.ports.reports import ContactLine, SoundFigures
from tests.cast import SOFIE
from tests.web.conftest import Desk


def line(desk: Desk, contact_id: str, agent_id: str | None, caller_number: str | None = "+31612345678") -> ContactLine:
    opened = desk.clock.now() - timedelta(minutes=5)
    agent = AgentId(agent_id) if agent_id else None
    return ContactLine(
        ContactId(contact_id),
        opened,
        opened,
        "+31715550100",
        caller_number,
        QueueId("burgerzaken"),
        agent,
        12.4,
        75.0,
        Outcome.ANSWERED if agent else Outcome.ABANDONED,
    )


def test_health_is_good_when_the_core_and_its_parts_are(desk: Desk) -> None:
    answer = desk.visitor().get("/healthz")
    assert answer.status_code == 200
    assert answer.json["status"] == "healthy"
    assert set(answer.json["parts"]) == {"core", "switch"}


def test_health_is_bad_without_core_or_switch(desk: Desk) -> None:
    desk.controller.add_system("switch", False, "no answer on port 8021")
    assert desk.visitor().get("/healthz").status_code == 503
    desk.controller.add_system("switch")
    desk.controller.heard = False
    told = desk.visitor().get("/healthz").json
    assert told["status"] == "down"
    assert (told["parts"]["core"]["healthy"], told["parts"]["switch"]["healthy"]) == (False, True)


def test_health_is_bad_before_the_first_picture(desk: Desk) -> None:
    desk.controller.complete = desk.controller.heard = False
    assert desk.visitor().get("/healthz").status_code == 503


def test_supervisor_sees_the_report_lines_of_today_with_names(desk: Desk) -> None:
    desk.reports.lines = [line(desk, "c1", "anna"), line(desk, "c2", None, None)]
    page = desk.visitor_as(SOFIE).get("/supervisor/contacts").text
    assert "06 12 34 56 78" in page
    assert "Anna de Vries" in page
    assert "Burgerzaken" in page
    assert "01:15" in page
    assert "anoniem nummer" in page
    assert "opgehangen" in page


def test_chat_is_listed_by_the_name_that_was_given(desk: Desk) -> None:
    chat = replace(line(desk, "c1", "anna"), channel=Channel.WEB_CHAT, caller_number=None)
    desk.reports.lines = [replace(chat, caller_name="Jan de Boer"), replace(chat, caller_name="")]
    page = desk.visitor_as(SOFIE).get("/supervisor/contacts").text
    assert "Jan de Boer" in page and "Klant" in page
    assert "anoniem nummer" not in page


def test_contact_that_goes_on_has_no_lengths_yet(desk: Desk) -> None:
    waits = replace(line(desk, "c1", None), waited_seconds=0.0, talked_seconds=0.0, outcome=None)
    desk.reports.lines = [waits]
    page = desk.visitor_as(SOFIE).get("/supervisor/contacts").text
    assert "loopt" in page
    assert "00:00" not in page


def test_supervisor_sees_how_conversations_sounded_by_day_and_line(desk: Desk) -> None:
    day = desk.clock.now().date()
    desk.reports.sounds = [SoundFigures(day, Line.TRUNK, 200, 3, 4.31), SoundFigures(day, Line.TEAMS, 20, 15, 3.72)]
    page = desk.visitor_as(SOFIE).get("/supervisor/sound").text
    assert "provider" in page and "4,3</td>" in page and "1,5 %" in page
    assert "3,7 (te laag)" in page and "75,0 %" in page
    desk.reports.sounds = []
    assert "Er is nog niets gemeten." in desk.visitor_as(SOFIE).get("/supervisor/sound").text


def test_list_says_when_the_database_is_away(desk: Desk) -> None:
    visitor = desk.visitor_as(SOFIE)
    desk.reports.away = True
    assert visitor.get("/supervisor/contacts").status_code == 503


def test_name_of_a_caller_cannot_become_markup(desk: Desk) -> None:
    desk.reports.lines = [line(desk, "c1", "anna", '"><script>alert(1)</script>')]
    assert "<script>" not in desk.visitor_as(SOFIE).get("/supervisor/contacts").text


def test_page_is_dutch_unless_the_browser_prefers_english(desk: Desk) -> None:
    assert "Wachtwoord" in desk.visitor().get("/sign-in").text
    assert "Wachtwoord" in desk.visitor().get("/sign-in", **{"Accept-Language": "fr"}).text
    assert "Password" in desk.visitor().get("/sign-in", **{"Accept-Language": "en-GB,nl;q=0.5"}).text


def test_choice_of_language_stays_and_wins(desk: Desk) -> None:
    visitor = desk.visitor()
    visitor.post("/language", language="en")
    assert "Password" in visitor.get("/sign-in", **{"Accept-Language": "nl"}).text
    visitor.post("/language", language="tlh")
    assert "Password" in visitor.get("/sign-in").text


def test_every_english_text_is_there() -> None:
    with (FOLDER / "en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    missing = [message.id for message in catalogue if message.id and not message.string]
    assert missing == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []


def test_unknown_page_says_so_in_dutch(desk: Desk) -> None:
    answer = desk.visitor().get("/nowhere")
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet" in answer.text


def test_numbers_are_written_as_people_read_them() -> None:
    assert readable("+31612345678") == "06 12 34 56 78"
    assert readable("+31715550101") == "071 555 0101"
    assert readable("+31343512345") == "0343 51 23 45"
    assert readable("+3171555012x") == "071 555 012x"
    assert readable("+3171xx50120") == "+3171xx50120"
    assert readable("+3225551234") == "+3225551234"
    assert readable("14071") == "14071"
    assert readable(None) is None


def test_every_text_of_the_pages_stands_in_the_english_catalogue() -> None:
    with (FOLDER / "en/LC_MESSAGES/messages.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.id}
    keywords = {**DEFAULT_KEYWORDS, "lazy_gettext": None}
    found = extract_from_dir(FOLDER.parent, [("**.py", "python"), ("templates/**.html", "jinja2")], keywords=keywords)
    assert {text for _, _, text, _, _ in found} == known
