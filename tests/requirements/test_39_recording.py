"""Requirement 39: conversations can be recorded, per queue, kept for at most two months, heard, exported and kept.

That each engine records both sides and nothing on hold is heard in `tests/system/test_recording.py`; encryption and
deletion with proof stand in `tests/storage/test_recordings.py`, the player in `tests/browser/test_recordings.py`.
"""

from __future__ import annotations

from pathlib import Path

from admin_web.settings import WebSettings
from cxcore.dialplan.check import check_site
from cxcore.dialplan.prompts import read_prompts
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import PauseRecording, ResumeRecording
from cxcore.domain.events import RecordingResumed, RecordingStarted
from cxcore.domain.recording import RecordingMode, RecordingRule
from tests import builders
from tests.cast import SOFIE
from tests.fakes.switch import MaskRecording
from tests.unit.world import ROOT, World
from tests.web.conftest import KEY, make_desk

TOO_LONG = ROOT / "tests/dialplans/broken/recordings-kept-too-long.yml"


def test_each_queue_says_whether_its_calls_are_recorded() -> None:
    recorded = builders.queue(recording=RecordingRule(RecordingMode.ALWAYS))
    world = World(builders.site((recorded, builders.queue(builders.RECEPTIE, priority=1))))
    world.log_on("anna")
    caller, _ = world.talk()
    assert world.last_fact(RecordingStarted).queue_id == builders.BURGERZAKEN
    assert world.switch.legs[caller].recordings


def test_time_that_recordings_are_kept_is_set_per_queue_and_at_most_two_months(tmp_path: Path) -> None:
    (finding,) = check_site(TOO_LONG, read_prompts(ROOT / "prompts" / "nl", tmp_path))
    assert "write a whole number from 1 to 62" in str(finding)


def test_supervisor_hears_exports_and_keeps_a_recording() -> None:
    desk = make_desk(WebSettings(secret_key=KEY))
    desk.recordings.add("c1.8f31", "c1", b"RIFF and sound")
    visitor = desk.visitor_as(SOFIE)
    heard = visitor.get(visitor.post("/recordings/c1.8f31/listen").json["both"])
    assert heard.data == b"RIFF and sound"
    assert visitor.post("/recordings/c1.8f31/export").mimetype == "application/zip"
    visitor.post("/recordings/c1.8f31/hold", reason="klacht")
    assert desk.recordings.kept["c1.8f31"].held_by == "sofie"


def test_recording_is_silent_while_another_system_asks_for_something_confidential() -> None:
    recorded = builders.queue(recording=RecordingRule(RecordingMode.ALWAYS))
    world = World(builders.site((recorded, builders.queue(builders.RECEPTIE, priority=1))))
    world.log_on("anna")
    world.talk()
    world.does(PauseRecording("recording-marker", AgentId("anna"), "marker"))
    world.does(ResumeRecording("recording-marker", AgentId("anna"), "marker"))
    masked = [order.masked for order in world.switch.orders if isinstance(order, MaskRecording)]
    assert masked == [True, False]


def test_recording_that_was_paused_goes_on_by_itself_when_nobody_resumes_it() -> None:
    recorded = builders.queue(recording=RecordingRule(RecordingMode.ALWAYS, pause_seconds=90))
    world = World(builders.site((recorded, builders.queue(builders.RECEPTIE, priority=1))))
    world.log_on("anna")
    world.talk()
    world.does(PauseRecording("anna", AgentId("anna")))
    world.advance(89)
    assert [order.masked for order in world.switch.orders if isinstance(order, MaskRecording)] == [True]
    world.advance(1)
    assert world.last_fact(RecordingResumed).by == "deadline"
