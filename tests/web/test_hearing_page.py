"""The pages that say what a caller hears, and when in a week."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cxcore.domain.dialplan import Close, Dialplan
from tests.cast import AAD, ANNA, SOFIE
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
    assert "08:30–12:00 wachtrij Afval en milieu" in page
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
