"""The pages that say what a caller hears, and when in a week."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxcore.domain.dialplan import Close, Dialplan
from cxcore.ports.configurations import Draft
from tests.cast import AAD, ANNA, SOFIE
from tests.fakes.site_texts import NOORDWIJK
from tests.web.admin import administrator, hidden
from tests.web.conftest import Desk

HEAR = "/admin/hear?number=14071&day=2026-12-25&time=10:00"


def test_each_step_stands_there_with_text_sound_and_reason(desk: Desk) -> None:
    page = desk.visitor_as(AAD).get(HEAR).text
    assert "Vanwege een feestdag is de gemeente vandaag gesloten." in page
    assert 'src="/admin/hear/sound/nl/gesloten-feestdag.wav"' in page
    assert "rooster kantooruren is dicht (eerste kerstdag: hele dag dicht) → feestdag" in page
    assert "De verbinding wordt verbroken." in page


def test_keys_lead_on_and_a_choice_that_is_not_offered_says_why(desk: Desk) -> None:
    page = desk.visitor_as(AAD).get("/admin/hear?number=071-5550100&day=2026-11-24&time=20:00&keys=4").text
    assert "De beller krijgt een vraag en toetst 4." in page
    assert "wachtrij Afval en milieu is dicht" in page


def test_the_texts_of_a_queue_and_what_follows_nobody_are_told(desk: Desk) -> None:
    page = desk.visitor_as(AAD).get("/admin/hear?number=%2B31715550101&day=2026-11-24&time=10:00").text
    assert "De beller wacht in Burgerzaken en hoort wachtmuziek, tot iemand opneemt." in page
    assert "Neemt niemand op, dan eindigt het wachten in Burgerzaken na 30 minuten." in page


def test_what_cannot_be_understood_gets_one_message_and_the_form_keeps_what_was_filled_in(desk: Desk) -> None:
    visitor = desk.visitor_as(AAD)
    answer = visitor.get("/admin/hear?number=nummer&day=2026-12-25&time=10:00&keys=1")
    assert answer.status_code == 400
    assert "nummer is geen telefoonnummer" in answer.text
    assert 'value="2026-12-25"' in answer.text
    assert "Kies een dag en een tijd" in visitor.get("/admin/hear?number=14071&day=ooit").text
    assert "Toetsen zijn 0 tot en met 9" in visitor.get("/admin/hear?number=14071&keys=x").text


def test_what_was_filled_in_cannot_become_markup(desk: Desk) -> None:
    assert "<script>alert" not in desk.visitor_as(AAD).get("/admin/hear?number=<script>alert(1)</script>").text


def test_the_sound_of_a_prompt_is_sent_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    sound = tmp_path / "welkom.wav"
    sound.write_bytes(b"RIFF....WAVE")
    desk.inspection.sounds["welkom", "nl"] = sound
    visitor = desk.visitor_as(AAD)
    answer = visitor.get("/admin/hear/sound/nl/welkom.wav")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "audio/wav", b"RIFF....WAVE")
    assert visitor.get("/admin/hear/sound/nl/onbekend.wav").status_code == 404
    assert visitor.get("/admin/hear/sound/nl/..%2F..%2Fcx.wav").status_code == 404


def test_the_week_tells_its_bands_its_special_days_and_that_there_is_no_gap(desk: Desk) -> None:
    page = desk.visitor_as(AAD).get("/admin/week?number=%2B31715550103&day=2026-12-23").text
    assert re.search("08:30–12:00<.*> wachtrij Afval en milieu", page)
    assert "/admin/hear?number=%2B31715550103&amp;day=2026-12-24&amp;time=08:30" in page
    assert "Kerstavond: 08:30–12:00" in page
    assert "eerste kerstdag: hele dag dicht" in page
    assert "In deze week hoort elke beller op elk moment iets." in page


def test_a_gap_in_the_week_stands_on_top(desk: Desk) -> None:
    desk.inspection.site = replace(desk.inspection.site, dialplan=Dialplan({"100": "dicht"}, {"dicht": (Close(),)}))
    page = desk.visitor_as(AAD).get("/admin/week?number=100").text
    assert "Er zitten gaten in deze week:" in page
    assert "verbroken zonder een woord" in page


def test_only_administrators_may_ask(desk: Desk) -> None:
    for account in (ANNA, SOFIE):
        for path in (HEAR, "/admin/week", "/admin/hear/sound/nl/welkom.wav"):
            assert desk.visitor_as(account).get(path).status_code == 403


WITHOUT_WELCOME = NOORDWIJK.replace("    - say: welkom\n", "")
PLANNED_AT = datetime(2027, 1, 11, 7, 0, tzinfo=UTC)
ASKED = "number=071-5550100&day=2027-01-12&time=10:00"


def planned(desk: Desk, text: str = WITHOUT_WELCOME) -> int:
    """A version that begins to count on a Monday in January at 8."""
    draft = Draft(desk.clock.now(), "aad", "Geen welkomsttekst meer", text, 1, PLANNED_AT)
    return desk.configurations.add(draft, 1).number


def test_a_planned_version_is_heard_before_it_counts_and_the_page_says_which_one_it_shows(desk: Desk) -> None:
    number, visitor = planned(desk), administrator(desk)
    in_use = visitor.get(f"/admin/hear?{ASKED}&version=").text
    assert "Zo is het nu in gebruik." in in_use and "Welkom" in in_use
    assert f'<option value="{number}" >Versie {number}, gaat in op' in in_use
    page = visitor.get(f"/admin/hear?{ASKED}&version={number}").text
    assert f'<option value="{number}" selected>' in page
    assert "Zo is het in:" in page and 'sound/nl/welkom.wav"' not in page
    assert "Hier staat wat tot dan geldt" not in page


def test_a_planned_version_is_asked_at_the_moment_at_which_it_begins_unless_another_is_chosen(desk: Desk) -> None:
    page = administrator(desk).get(f"/admin/hear?version={planned(desk)}").text
    assert 'value="2027-01-11"' in page and 'value="08:00"' in page


def test_the_week_of_a_planned_version_is_that_in_which_it_begins(desk: Desk) -> None:
    text = NOORDWIJK.replace('"14071": {flow: landelijk-nummer', '"14071": {flow: feestdag')
    number = planned(desk, text)
    page = administrator(desk).get(f"/admin/week?number=14071&version={number}").text
    assert "ma 11 januari" in page and "melding gesloten-feestdag, daarna einde" in page
    assert f"version={number}" in page.split("volgende week")[0].rsplit("href", 1)[1]
    assert "melding gesloten-feestdag" not in administrator(desk).get("/admin/week?number=14071&day=2027-01-11").text


@pytest.mark.parametrize("path", ["/admin/hear", "/admin/week"])
def test_a_version_that_is_not_there_or_has_errors_gets_a_sentence(desk: Desk, path: str) -> None:
    broken, visitor = planned(desk, "flows: {}\n"), administrator(desk)
    for number, told in ((99, "Versie 99 bestaat niet."), (broken, "kan niet worden beluisterd")):
        answer = visitor.get(f"{path}?{ASKED}&version={number}")
        assert (answer.status_code, told in answer.text) == (400, True)


def change_without_welcome() -> str:
    """As the page that shows a change carries it."""
    return json.dumps({"base": 1, "edits": [], "text": WITHOUT_WELCOME})


def test_a_change_is_heard_before_it_is_activated_and_one_comes_back_to_it(desk: Desk) -> None:
    visitor = administrator(desk)
    fields = {"change": change_without_welcome(), "back": "/admin/menus", "when": "later", "at": "2027-01-11T08:00"}
    page = visitor.post("/admin/hear", **fields).text
    assert "nog niet geactiveerd" not in page and 'value="2027-01-11"' in page
    page = visitor.post("/admin/hear", number="071-5550100", day="2027-01-12", time="10:00", **fields).text
    assert "Zo wordt het met de wijziging die u bekijkt" in page and 'sound/nl/welkom.wav"' not in page
    carried = {name: hidden(page, name) for name in ("change", "back", "when", "at")}
    again = visitor.post("/admin/changes/look", **carried).text
    assert "Wijziging bekijken" in again and 'value="2027-01-11T08:00"' in again
    assert len(desk.configurations.kept) == 1


def test_the_week_of_a_change_is_shown_with_buttons_to_other_weeks(desk: Desk) -> None:
    visitor = administrator(desk)
    page = visitor.post("/admin/week", change=change_without_welcome(), number="14071", day="2027-01-12").text
    assert "ma 11 januari" in page and 'name="go" value="2027-01-18"' in page
    later = visitor.post("/admin/week", change=change_without_welcome(), number="14071", go="2027-01-18").text
    assert "ma 18 januari" in later


def test_a_change_that_cannot_be_read_is_not_heard(desk: Desk) -> None:
    answer = administrator(desk).post("/admin/hear", change="{}", number="14071")
    assert answer.status_code == 400 and "Deze wijziging kan niet worden beluisterd" in answer.text


def test_a_call_that_was_forwarded_to_us_is_heard_as_the_list_of_forwarded_numbers_says(desk: Desk) -> None:
    lists = NOORDWIJK.replace(
        "  meldkamer:\n", '  zwembad: {forwarded_from: ["+31715550123"], flow: receptie}\n  meldkamer:\n'
    )
    number, visitor = planned(desk, lists), administrator(desk)
    page = visitor.get(f"/admin/hear?{ASKED}&version={number}&forwarded=071-5550123").text
    assert "de lijst zwembad geldt voor deze beller of doorschakeling" in page and "De beller wacht in Receptie" in page
    assert "zwembad" not in visitor.get(f"/admin/hear?{ASKED}&version={number}").text
    assert visitor.get(f"/admin/hear?{ASKED}&forwarded=nummer").status_code == 400
