"""Messages are made, listened to and chosen, and the emergency message is switched on and off [46, 47e, 48, 88]."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cxcore.domain.commands import EndEmergency, SetEmergency, UseMessage
from cxcore.ports.audit import AuditResult
from cxcore.ports.controller import CommandRefused
from cxcore.ports.messages import Origin, SoundRefused
from tests.cast import ANNA, SOFIE
from tests.web.conftest import Desk

WAV = b"RIFF....WAVE a recording"


def test_the_list_shows_length_places_and_version(desk: Desk) -> None:
    page = desk.visitor_as(SOFIE).get("/admin/messages").text
    assert "Welkom bij de gemeente Noordwijk." in page
    assert "Burgerzaken" in page
    assert "00:03" in page
    assert "meegeleverd" in page


def test_what_callers_come_past_stands_before_the_pieces_of_sentences(desk: Desk) -> None:
    page = desk.visitor_as(SOFIE).get("/admin/messages").text
    order = ("Te horen bij uw nummers", ">welkom<", "Klaar voor", ">noodtekst-storing<", "Losse woorden", ">aantal-1<")
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_an_upload_becomes_a_version_that_nobody_hears_yet(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    answer = sofie.send("/admin/messages/welkom/uploads?text=Goedendag", WAV)
    assert answer.status_code == 201
    assert answer.json == {"version": 1, "seconds": 5.2, "sound": "/admin/messages/welkom/1.wav"}
    (version,) = desk.versions_made.of("welkom")
    assert (version.origin, version.text, version.by) == (Origin.UPLOADED, "Goedendag", "sofie")
    assert desk.controller.submitted == []
    assert desk.audit.events[-1].action == "message-make"
    page = sofie.get("/admin/messages/welkom").text
    assert "Versie 1" in page
    assert "Sofie Mulder" in page
    assert '<path d="M' in page
    assert sofie.get("/admin/messages/welkom/1.wav").mimetype == "audio/wav"


def test_a_recording_of_many_megabytes_is_taken(desk: Desk) -> None:
    answer = desk.visitor_as(SOFIE).send("/admin/messages/welkom/uploads?origin=recorded", WAV * 100_000)
    assert answer.status_code == 201
    assert desk.versions_made.of("welkom")[0].origin is Origin.RECORDED


def test_a_file_that_is_no_sound_gets_a_plain_answer_and_changes_nothing(desk: Desk) -> None:
    answer = desk.visitor_as(SOFIE).send("/admin/messages/welkom/uploads", b"This is a letter.")
    assert answer.status_code == 400
    assert "geen geluidsbestand" in answer.json["detail"]
    assert "bellers horen wat zij hoorden" in answer.json["detail"]
    assert desk.versions_made.kept == []
    assert desk.audit.events[-1].result is AuditResult.FAILED


@pytest.mark.parametrize(("code", "status", "words"), [("disk-full", 503, "schijf is vol"), ("video", 400, "video")])
def test_each_refusal_has_its_words(desk: Desk, code: str, status: int, words: str) -> None:
    desk.sounds.refusal = SoundRefused(code, "refused by the test")
    answer = desk.visitor_as(SOFIE).send("/admin/messages/welkom/uploads", WAV)
    assert answer.status_code == status
    assert words in answer.json["detail"]


@pytest.mark.parametrize(
    ("code", "limit", "words"),
    [("too-big", 20_000_000, "groter dan 20 MB"), ("too-long", 150, "langer dan 2:30 minuten")],
)
def test_what_is_too_much_is_told_with_the_limit(desk: Desk, code: str, limit: int, words: str) -> None:
    desk.sounds.refusal = SoundRefused(code, "refused by the test", limit)
    detail = desk.visitor_as(SOFIE).send("/admin/messages/welkom/uploads", WAV).json["detail"]
    assert words in detail
    assert "Kort het in" in detail


def test_a_typed_text_is_spoken(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    assert sofie.post_json("/admin/messages/noodtekst/speech", text="Het stadhuis is dicht.").status_code == 201
    assert desk.sounds.spoken == ["Het stadhuis is dicht."]
    assert sofie.post_json("/admin/messages/noodtekst/speech", text=" ").status_code == 400
    assert sofie.post_json("/admin/messages/noodtekst/speech", text=7).status_code == 400


def test_a_version_is_chosen_and_taken_back_with_one_click(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    sofie.send("/admin/messages/welkom/uploads", WAV)
    assert sofie.post_json("/admin/messages/welkom/use", version=1).status_code == 204
    sound = desk.versions_made.of("welkom")[0].sound.sound
    assert desk.controller.submitted == [UseMessage("sofie", "welkom", 1, sound)]
    assert desk.audit.events[-1].action == "message-use"
    assert "Meegeleverde versie in gebruik nemen" in sofie.get("/admin/messages/welkom").text
    assert sofie.post_json("/admin/messages/welkom/use", version=0).status_code == 204
    assert sofie.post_json("/admin/messages/welkom/use", version=7).status_code == 404
    assert sofie.post_json("/admin/messages/welkom/use", version="1").status_code == 400


def test_a_new_message_has_a_page_before_it_has_a_version(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    answer = sofie.get("/admin/messages/new?name=Noodtekst Wateroverlast!")
    assert answer.location == "/admin/messages/noodtekst-wateroverlast"
    assert "Er is nog geen versie" in sofie.get(answer.location).text
    sofie.send(f"{answer.location}/uploads", WAV)
    assert "noodtekst-wateroverlast" in sofie.get("/admin/messages").text
    assert sofie.get("/admin/messages/new?name=!").location == "/admin/messages"


@pytest.mark.parametrize("path", ["/admin/messages/..%2Fetc", "/admin/messages/Groot", "/admin/messages/welkom/9.wav"])
def test_a_name_that_is_none_leads_nowhere(desk: Desk, path: str) -> None:
    assert desk.visitor_as(SOFIE).get(path).status_code == 404


def test_an_agent_makes_and_chooses_nothing(desk: Desk) -> None:
    anna = desk.visitor_as(ANNA)
    assert anna.send("/admin/messages/welkom/uploads", WAV).status_code == 403
    assert anna.post_json("/admin/messages/welkom/use", version=0).status_code == 403
    assert anna.post_json("/commands/emergency/set", scope="*").status_code == 403
    assert desk.sounds.taken == []


def test_without_the_token_nothing_is_taken(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    assert sofie.send("/admin/messages/welkom/uploads", WAV, token="").status_code == 400
    assert desk.sounds.taken == []


# --- The emergency message ---

SETTING = {"scope": "*", "message": "noodtekst-storing", "then": "end-call"}


def test_one_action_switches_it_on_and_one_off(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    until = "2026-11-24T18:00:00+00:00"
    assert sofie.post_json("/commands/emergency/set", **SETTING, until=until, tell_waiting=True).status_code == 204
    told = SetEmergency(
        "sofie", "*", "noodtekst-storing", "end-call", "", datetime(2026, 11, 24, 18, tzinfo=UTC), tell_waiting=True
    )
    assert desk.controller.submitted == [told]
    assert sofie.post_json("/commands/emergency/end", scope="*").status_code == 204
    assert desk.controller.submitted[-1] == EndEmergency("sofie", "*")
    assert [event.action for event in desk.audit.events[-2:]] == ["emergency-set", "emergency-end"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-24T18:00", datetime(2026, 11, 24, 17, tzinfo=UTC)),
        ("2026-07-01T18:00", datetime(2026, 7, 1, 16, tzinfo=UTC)),
        ("2026-10-25T01:30", datetime(2026, 10, 24, 23, 30, tzinfo=UTC)),
        ("2026-10-25T04:00", datetime(2026, 10, 25, 3, tzinfo=UTC)),
    ],
    ids=["winter", "summer", "before the clock goes back", "after it went back"],
)
def test_time_that_was_typed_is_one_of_the_site(desk: Desk, typed: str, meant: datetime) -> None:
    assert desk.visitor_as(SOFIE).post_json("/commands/emergency/set", **SETTING, until=typed).status_code == 204
    (command,) = desk.controller.submitted
    assert isinstance(command, SetEmergency)
    assert command.until == meant


def test_a_menu_can_follow(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    setting = {**SETTING, "then": "flow", "flow": "crisisteam"}
    assert sofie.post_json("/commands/emergency/set", **setting).status_code == 204
    (command,) = desk.controller.submitted
    assert isinstance(command, SetEmergency)
    assert command.flow == "crisisteam"


@pytest.mark.parametrize(
    "change", [{"scope": ""}, {"until": "morgen"}, {"tell_waiting": 1}, {"then": 3}]
)
def test_what_is_no_setting_is_refused(desk: Desk, change: dict[str, object]) -> None:
    assert desk.visitor_as(SOFIE).post_json("/commands/emergency/set", **{**SETTING, **change}).status_code == 400
    assert desk.controller.submitted == []


def test_a_refusal_of_the_core_is_explained(desk: Desk) -> None:
    desk.controller.refusal = CommandRefused("already-over", "refused by the test")
    answer = desk.visitor_as(SOFIE).post_json("/commands/emergency/set", **SETTING)
    assert answer.status_code == 409
    assert "tijdstip is al voorbij" in answer.json["detail"]
    assert desk.audit.events[-1].result is AuditResult.FAILED


def test_the_page_offers_what_there_is_to_say_and_where(desk: Desk) -> None:
    page = desk.visitor_as(SOFIE).get("/admin/emergency").text
    for words in ("op alle nummers", "071 555 0100", "Receptie", "noodtekst-storing", "crisisteam"):
        assert words in page


def test_who_replaces_a_message_reads_that_its_translation_stays_old_until_that_is_replaced_too(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    assert "Deze meldtekst is vervangen" not in sofie.get("/admin/messages/welkom").text
    sofie.send("/admin/messages/welkom/uploads", WAV)
    sofie.post_json("/admin/messages/welkom/use", version=1)
    after = sofie.get("/admin/messages/welkom").text
    assert "Deze meldtekst is vervangen, de vertaling niet: Engels." in after and "Engels · ouder" in after
    assert "vertaling verouderd: Engels" in sofie.get("/admin/messages").text
    assert "De Nederlandse tekst is nieuwer." in sofie.get("/admin/messages/welkom.en").text
    sofie.post_json("/admin/messages/welkom.en/speech", text="Welcome, you are through to Noordwijk.")
    sofie.post_json("/admin/messages/welkom.en/use", version=1)
    assert "vertaling verouderd" not in sofie.get("/admin/messages").text
    assert desk.controller.submitted[-1] == UseMessage("sofie", "welkom.en", 1, desk.versions_made.kept[-1].sound.sound)


def test_the_text_of_another_language_has_versions_of_its_own_on_a_tab(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    page = sofie.get("/admin/messages/welkom.en").text
    assert 'data-message="/admin/messages/welkom.en"' in page and "welkom · Engels" in page
    assert ">Welcome to Noordwijk.</textarea>" in page
    assert '/admin/messages/welkom.en/0.wav' in page
    assert "Welkom bij de gemeente Noordwijk." in page.split("In het Nederlands:")[1][:100]
    sofie.send("/admin/messages/welkom.en/uploads", WAV)
    assert [(each.message, each.version) for each in desk.versions_made.all()] == [("welkom.en", 1)]
    assert ">welkom.en<" not in sofie.get("/admin/messages").text


def test_a_language_in_which_a_message_is_missing_is_told_in_the_list_and_on_its_page(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    rows = sofie.get("/admin/messages").text.split("<tr")
    assert "vertaling ontbreekt: Engels" in next(row for row in rows if "even-geduld" in row)
    assert "vertaling ontbreekt" not in next(row for row in rows if ">welkom<" in row)
    assert "Engels · ontbreekt" in sofie.get("/admin/messages/even-geduld").text
    page = sofie.get("/admin/messages/even-geduld.en").text
    assert "Deze meldtekst is er niet in deze taal." in page and "Al onze medewerkers zijn in gesprek." in page
    sofie.post_json("/admin/messages/even-geduld.en/speech", text="All our colleagues are busy.")
    assert "vertaling ontbreekt: Engels" in sofie.get("/admin/messages").text
    sofie.post_json("/admin/messages/even-geduld.en/use", version=1)
    rows = sofie.get("/admin/messages").text.split("<tr")
    assert "vertaling ontbreekt" not in next(row for row in rows if "even-geduld" in row)


@pytest.mark.parametrize("name", ["welkom.de", "welkom.english", "welkom.e", "Welkom", ".en"])
def test_a_language_that_the_site_does_not_have_has_no_page(desk: Desk, name: str) -> None:
    assert desk.visitor_as(SOFIE).get(f"/admin/messages/{name}").status_code == 404
