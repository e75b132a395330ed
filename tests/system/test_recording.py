"""A call is recorded by a real engine, outlives a killed core, and is encrypted and heard again [39]."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import HoldContact, PauseRecording, ResumeContact, ResumeRecording
from cxcore.ports.recordings import RecordingQuestion, Track
from cxcore.recordings.archive import RecordingArchive
from cxcore.recordings.intake import Intake
from cxcore.recordings.keys import KeyRing
from cxcore.runner.clock import SystemClock
from cxcore.storage import Storage
from tests.contract.engines import Engine
from tests.contract.sound import RATE, Samples, tones_in
from tests.system.conftest import on_stage
from tests.system.stage import HOLD_MUSIC, LONG_AGO, Stage, until

pytestmark = pytest.mark.system
ANNA = AgentId("anna")
CALLER, AGENT = 1230, 1700


@pytest.fixture
def recording_stage(system_engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    """A queue whose calls are recorded."""
    with on_stage(Stage(system_engine, tmp_path, queue={"recording": "always", "keep_recordings_days": 30})) as stage:
        yield stage


def test_given_a_recorded_call_when_it_is_held_paused_and_the_core_killed_then_just_the_rest_is_heard(
    recording_stage: Stage,
) -> None:
    stage = recording_stage
    stage.log_on("anna")
    caller = stage.waits(CALLER)
    stage.picks_up("anna", AGENT)
    caller.rtp.hear_tone(AGENT)
    until(lambda: stage.contacts()[0].recording == "on", "the screens show that the call is recorded")
    time.sleep(1)
    stage.does(HoldContact("anna", ANNA))
    caller.rtp.hear_among(next(iter(HOLD_MUSIC)))
    time.sleep(1)
    stage.does(ResumeContact("anna", ANNA))
    caller.rtp.hear_tone(AGENT)
    time.sleep(1)
    stage.does(PauseRecording("anna", ANNA))
    time.sleep(1)
    stage.does(ResumeRecording("anna", ANNA))
    time.sleep(0.5)
    stage.kill_core()
    time.sleep(0.5)
    stage.restart_core()
    until(lambda: stage.contacts()[0].recording == "on", "the new core knows of the recording")
    time.sleep(1)
    caller.bye()
    until(lambda: not stage.contacts(), "the contact is gone")

    left, right = recorded(stage)
    assert course(left) == [{CALLER}, set(), {CALLER}, set(), {CALLER}]
    assert course(right) == [{AGENT}, set(), {AGENT}, set(), {AGENT}]


def course(track: Samples) -> list[set[int]]:
    """Which tones follow each other. What lasts no half second is a change from one to the next, or a lost packet."""
    quarters = [tones_in(track[at : at + RATE // 4]) for at in range(0, track.size - RATE // 4, RATE // 4)]
    lasting = [one for one, following in pairwise(quarters) if one == following]
    return [one for one, _ in groupby(lasting)]


def recorded(stage: Stage) -> tuple[Samples, Samples]:
    """Take the recording up as `cx recordings keep` does; its tracks."""
    clock, keys = SystemClock(), KeyRing(stage.folder / "keys")
    keys.prepare(clock.now().date())
    incoming, kept = stage.state / "recordings" / "incoming", stage.folder / "kept"
    kept.mkdir()
    with stage.storage() as storage:
        intake = Intake(storage.recordings, incoming, kept, keys, clock)
        until(lambda: intake.look() == 1, "the recording is taken up", 10)
        assert list(incoming.iterdir()) == []
        return tracks(storage, RecordingArchive(storage.recordings, kept, keys))


def tracks(storage: Storage, archive: RecordingArchive) -> tuple[Samples, Samples]:
    """Both tracks of the only recording."""
    (found,) = archive.search(RecordingQuestion(LONG_AGO, SystemClock().now()))
    assert (found.queue_id, found.agent_id) == ("burgerzaken", "anna")
    assert (found.keep_until - found.started_at).days == 30
    sounds = (archive.sound(found.recording_id, track) for track in (Track.CALLER, Track.AGENT))
    left, right = (np.frombuffer(b"".join(each.read(44, each.size)), "<i2").astype(np.int16) for each in sounds)
    return left, right
