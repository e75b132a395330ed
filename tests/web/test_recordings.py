"""Supervisors find and hear recordings, and each time it is noted [39]."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest

from admin_web.recordings.questions import read_search
from cxcore.domain import commands
from tests.cast import AAD, ANNA, FENNA, KAREL, SOFIE
from tests.locked_zip import WrongPassword, unlocked
from tests.web.conftest import Desk, Visitor
from tests.web.test_contact_page import kept

OCTETS = bytes(range(256)) * 20
SEE = "/recordings/c1.8f31"


@pytest.fixture
def recorded(desk: Desk) -> Desk:
    """One recording of the contact c1."""
    desk.recordings.add("c1.8f31", "c1", OCTETS)
    kept(desk)
    return desk


def told(desk: Desk, action: str) -> list[tuple[str, str]]:
    return [(event.actor, event.object) for event in desk.audit.events if event.action == action]


def tracks(visitor: Visitor) -> dict[str, str]:
    answer = visitor.post(f"{SEE}/listen")
    assert answer.status_code == 200
    found: dict[str, str] = answer.json
    return found


def test_search_names_queue_agent_and_number(recorded: Desk) -> None:
    page = recorded.visitor_as(SOFIE).get("/recordings").text
    for words in ("06 12 34 56 78", "Burgerzaken", "Anna de Vries", "01:23", SEE):
        assert words in page
    assert told(recorded, "search-recordings")


@pytest.mark.parametrize("asked", ["queue=receptie", "agent=bram", "number=0699", "last=2020-01-01&first=2020-01-01"])
def test_search_leaves_out_what_was_not_asked_for(recorded: Desk, asked: str) -> None:
    assert "Geen opnamen gevonden" in recorded.visitor_as(SOFIE).get(f"/recordings?{asked}").text


def test_number_is_found_as_people_write_it(desk: Desk) -> None:
    now = desk.clock.now()
    assert read_search({"number": "06 12 34 56 78"}, now).question.number == "612345678"
    assert read_search({"number": "+31612345678"}, now).question.number == "31612345678"


def test_only_who_may_listen_gets_anything(recorded: Desk) -> None:
    for account in (ANNA, AAD, FENNA, KAREL):
        visitor = recorded.visitor_as(account)
        for path in ("/recordings", SEE, f"{SEE}/sound/both"):
            assert visitor.get(path).status_code == 403
        for name in ("listen", "export", "hold"):
            assert visitor.post(f"{SEE}/{name}").status_code == 403
    assert not told(recorded, "play-recording")


def test_nothing_is_heard_that_was_not_noted(recorded: Desk) -> None:
    visitor = recorded.visitor_as(SOFIE)
    assert visitor.get(f"{SEE}/sound/both").status_code == 403
    assert visitor.get(f"{SEE}/sound/both?ticket=made-up").status_code == 403
    heard = visitor.get(tracks(visitor)["both"])
    assert (heard.status_code, heard.data, heard.mimetype) == (200, OCTETS, "audio/wav")
    assert told(recorded, "play-recording") == [("sofie", "recording_id=c1.8f31 contact_id=c1")]


def test_ticket_is_for_one_user_and_one_recording(recorded: Desk) -> None:
    recorded.recordings.add("c2.0000", "c2", b"other")
    visitor = recorded.visitor_as(SOFIE)
    ticket = tracks(visitor)["both"].partition("?")[2]
    assert visitor.get(f"/recordings/c2.0000/sound/both?{ticket}").status_code == 403


@pytest.mark.parametrize(
    ("asked", "status", "begin", "end"),
    [
        ("bytes=0-", 206, 0, 5120),
        ("bytes=100-199", 206, 100, 200),
        ("bytes=5000-99999", 206, 5000, 5120),
        ("bytes=-20", 206, 5100, 5120),
        ("bytes=1-2,5-6", 200, 0, 5120),
        ("lines=1-2", 200, 0, 5120),
    ],
)
def test_parts_are_sent_as_a_player_asks_for_them(
    recorded: Desk, asked: str, status: int, begin: int, end: int
) -> None:
    visitor = recorded.visitor_as(SOFIE)
    answer = visitor.get(tracks(visitor)["caller"], Range=asked)
    assert (answer.status_code, answer.data) == (status, OCTETS[begin:end])
    assert answer.headers.get("Content-Range", f"bytes {begin}-{end - 1}/5120") == f"bytes {begin}-{end - 1}/5120"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-store"


def test_part_behind_the_end_is_refused(recorded: Desk) -> None:
    visitor = recorded.visitor_as(SOFIE)
    answer = visitor.get(tracks(visitor)["both"], Range="bytes=6000-")
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */5120")


def test_many_parts_are_noted_as_one_listening(recorded: Desk) -> None:
    visitor = recorded.visitor_as(SOFIE)
    path = tracks(visitor)["both"]
    for begin in (0, 100, 200):
        visitor.get(path, Range=f"bytes={begin}-")
    assert len(told(recorded, "play-recording")) == 1


def test_page_shows_who_listened(recorded: Desk) -> None:
    visitor = recorded.visitor_as(SOFIE)
    assert "Nog niemand." in visitor.get(SEE).text
    tracks(visitor)
    page = visitor.get(SEE).text
    assert "opname beluisteren" in page
    assert "Nog niemand." not in page


def test_export_is_a_zip_with_the_sound_and_what_it_is(recorded: Desk) -> None:
    visitor = recorded.visitor_as(SOFIE)
    answer = visitor.post(f"{SEE}/export")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.read("opname.wav") == OCTETS
        manifest: dict[str, Any] = json.loads(packed.read("manifest.json"))
    assert (manifest["recording_id"], manifest["exported_by"]) == ("c1.8f31", "sofie")
    assert manifest["sha256_samples"] == "ab" * 32
    assert told(recorded, "export-recording") == [("sofie", "recording_id=c1.8f31 contact_id=c1")]


def test_encrypted_export_opens_with_its_password_only_and_the_audit_knows_that_it_is_encrypted(recorded: Desk) -> None:
    visitor = recorded.visitor_as(SOFIE)
    offered = re.search(r'id="export-password"[^>]* value="([a-z0-9-]+)"', visitor.get(SEE).text)
    assert offered is not None
    answer = visitor.post(f"{SEE}/export", how="locked", password=offered[1])
    assert unlocked(answer.data, "opname.wav", offered[1]) == OCTETS
    assert json.loads(unlocked(answer.data, "manifest.json", offered[1]))["exported_by"] == "sofie"
    with pytest.raises(WrongPassword):
        unlocked(answer.data, "opname.wav", "iets-anders-van-mij")
    assert OCTETS[:64] not in answer.data
    told_of = "recording_id=c1.8f31 contact_id=c1 encrypted=yes"
    assert told(recorded, "export-recording") == [("sofie", told_of)]


def test_password_that_could_be_tried_out_is_refused(recorded: Desk) -> None:
    visitor = recorded.visitor_as(SOFIE)
    assert visitor.post(f"{SEE}/export", how="locked", password="geheim").status_code == 400
    assert told(recorded, "export-recording") == []


def held_by(desk: Desk) -> str | None:
    return desk.recordings.kept["c1.8f31"].held_by


def test_recording_is_kept_back_for_a_reason_and_let_go_again(recorded: Desk) -> None:
    visitor = recorded.visitor_as(SOFIE)
    visitor.post(f"{SEE}/hold", reason="klacht 2026-17")
    assert held_by(recorded) == "sofie"
    assert "klacht 2026-17" in visitor.get(SEE).text
    visitor.post(f"{SEE}/hold")
    assert held_by(recorded) is None
    assert told(recorded, "hold-recording") and told(recorded, "release-recording")


def test_player_stands_on_the_page_of_its_contact(recorded: Desk) -> None:
    page = recorded.visitor_as(SOFIE).get("/supervisor/contacts/c1").text
    assert page.count("data-player") == 1
    assert f"{SEE}/listen" in page


def test_recording_that_cannot_be_read_says_so(recorded: Desk) -> None:
    recorded.recordings.unreadable.add("c1.8f31")
    visitor = recorded.visitor_as(SOFIE)
    answer = visitor.get(tracks(visitor)["both"])
    assert answer.status_code == 500
    assert "sleutel" in answer.json["detail"]


def test_unknown_recording_or_track_is_not_found(recorded: Desk) -> None:
    visitor = recorded.visitor_as(SOFIE)
    assert visitor.get("/recordings/nobody").status_code == 404
    assert visitor.get(tracks(visitor)["both"].replace("/both", "/all")).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("start-recording", commands.StartRecording),
        ("pause-recording", commands.PauseRecording),
        ("resume-recording", commands.ResumeRecording),
    ],
)
def test_agent_steers_the_recording_of_the_own_call(desk: Desk, name: str, kind: type) -> None:
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    desk.controller.offers("c1", "anna")
    desk.controller.answers("c1")
    assert desk.visitor_as(ANNA).command(name).status_code == 204
    (submitted,) = desk.controller.submitted
    assert (type(submitted), submitted.by) == (kind, "anna")
