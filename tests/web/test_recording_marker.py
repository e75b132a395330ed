"""Another system pauses a recording while something confidential is asked for; its page shows where."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from admin_web.app import WebSettings
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import PauseRecording, ResumeRecording
from cxcore.domain.contact import ContactId
from cxcore.domain.events import RecordingPaused, RecordingResumed
from cxcore.domain.recording import PauseReason, RecordingId
from tests.cast import SOFIE
from tests.web.conftest import KEY, Desk, make_desk

SECRET = base64.b64encode(b"a secret that two systems share.")


@pytest.fixture
def desk() -> Desk:
    desk = make_desk(WebSettings(secret_key=KEY, marker_secret=b"whsec_" + SECRET))
    desk.controller.arrives("c1", "burgerzaken", "+31612345678")
    desk.controller.offers("c1", "anna")
    desk.controller.answers("c1")
    return desk


def told(desk: Desk, marker: str, secret: bytes = SECRET, age: float = 0, agent: object = "anna") -> TestResponse:
    """What the other system sends."""
    body = json.dumps({"agent": agent, "marker": marker}).encode()
    timestamp = str(int(desk.clock.now().timestamp() - age))
    digest = hmac.digest(base64.b64decode(secret), b".".join((b"m1", timestamp.encode(), body)), hashlib.sha256)
    headers = {
        "webhook-id": "m1", "webhook-timestamp": timestamp, "Accept": "application/json",
        "webhook-signature": f"v1,bm90IG91cnM= v1,{base64.b64encode(digest).decode()}",
    }  # fmt: skip
    client = desk.app.test_client()
    return client.post("/hooks/recording-marker", data=body, headers=headers, content_type="application/json")


def test_marker_pauses_the_recording_of_the_agents_call_and_ends_it_and_both_are_audited(desk: Desk) -> None:
    assert told(desk, "begin").status_code == 204
    assert told(desk, "end").status_code == 204
    assert desk.controller.submitted == [
        PauseRecording("recording-marker", AgentId("anna"), "marker"),
        ResumeRecording("recording-marker", AgentId("anna"), "marker"),
    ]
    kept = [(event.action, event.object) for event in desk.audit.events]
    assert kept == [("mark-recording", "agent_id=anna marker=begin"), ("mark-recording", "agent_id=anna marker=end")]


def test_what_is_not_signed_with_our_secret_or_long_ago_does_nothing(desk: Desk) -> None:
    other = base64.b64encode(b"a secret of somebody else, 32 oc")
    assert told(desk, "begin", secret=other).status_code == 401
    assert told(desk, "begin", age=301).status_code == 401
    assert desk.controller.submitted == []


@pytest.mark.parametrize(("marker", "agent"), [("middle", "anna"), ("begin", ""), ("begin", 7)])
def test_body_that_makes_no_sense_is_refused(desk: Desk, marker: str, agent: object) -> None:
    assert told(desk, marker, agent=agent).status_code == 400


def test_there_is_no_hook_where_no_secret_was_agreed() -> None:
    assert told(make_desk(WebSettings(secret_key=KEY)), "begin").status_code == 404


def test_page_of_a_recording_shows_where_it_was_paused_and_why(desk: Desk) -> None:
    recording = desk.recordings.add("c1.8f31", "c1", b"RIFF", seconds=90.0)
    ids = (ContactId("c1"), RecordingId("c1.8f31"))
    at = [recording.started_at + timedelta(seconds=seconds) for seconds in (12, 40, 80)]
    desk.reports.facts = [
        RecordingPaused(at[0], *ids, PauseReason.MARKER),
        RecordingResumed(at[1], *ids),
        RecordingPaused(at[2], *ids, PauseReason.AGENT, "anna"),
    ]
    page = desk.visitor_as(SOFIE).get("/recordings/c1.8f31").text
    assert "2 keer gepauzeerd" in page
    assert "00:12 – 00:40</span> er werd iets vertrouwelijks gevraagd" in page
    assert "01:20 – 01:30</span> de medewerker pauzeerde" in page
    assert '"pauses":[[12.0,40.0],[80.0,90.0]]' in page.replace(" ", "")
