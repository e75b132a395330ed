"""A call is recorded by a real engine, outlives a killed core, and is encrypted and heard again [39]."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import HoldContact, PauseRecording, ResumeContact, ResumeRecording
from cxcore.ports.clock import Clock
from cxcore.ports.recordings import RecordingQuestion, Track
from cxcore.recordings.archive import RecordingArchive
from cxcore.recordings.intake import FORSAKEN_SECONDS, Intake
from cxcore.recordings.keys import KeyRing
from cxcore.runner.clock import SystemClock
from cxcore.storage import Storage
from tests.contract import engines
from tests.contract.engines import Engine
from tests.contract.sip_peer import Call, SipParty
from tests.contract.sound import RATE, Samples, tones_in
from tests.system.conftest import on_stage
from tests.system.stage import HOLD_MUSIC, LONG_AGO, Stage, until

pytestmark = pytest.mark.system
ANNA = AgentId("anna")
CALLER, AGENT = 1230, 1700
SECONDS_ON_SMALL_DISK = 4
PAUSE_SECONDS = 6


def recording(engine: Engine, folder: Path) -> Stage:
    """A queue whose calls are recorded."""
    rule = {"recording": "always", "keep_recordings_days": 30, "pause_recording_seconds": PAUSE_SECONDS}
    return Stage(engine, folder, queue=rule)


@pytest.fixture
def recording_stage(system_engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    with on_stage(recording(system_engine, tmp_path)) as stage:
        yield stage


@pytest.fixture(params=list(engines.START))
def own_stage(request: pytest.FixtureRequest, trunk: SipParty, tmp_path: Path) -> Iterator[Stage]:
    """The same on an engine of its own, that may be killed."""
    name = str(request.param)
    if reason := engines.MISSING[name]():
        pytest.skip(reason)
    site = engines.prepare_site(tmp_path / "engine", trunk.address, "+31715550199")
    kept = trunk.engine
    trunk.engine = ("127.0.0.1", site.sip_port)
    with engines.running(name, site) as engine:
        stage = recording(engine, tmp_path / "core")
        stage.open()
        yield stage
        stage.close()
    trunk.engine = kept


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


@pytest.mark.parametrize("away", [0.5, PAUSE_SECONDS + 2.0])
def test_given_a_forgotten_pause_when_the_core_is_killed_in_it_then_it_ends_by_itself_and_never_too_early(
    recording_stage: Stage, away: float
) -> None:
    stage = recording_stage
    caller = recorded_for(stage, 1)
    stage.does(PauseRecording("anna", ANNA))
    paused = time.monotonic()
    time.sleep(0.5)
    stage.kill_core()
    time.sleep(away)
    stage.restart_core()
    until(lambda: stage.contacts()[0].recording == "on", "the recording goes on by itself", PAUSE_SECONDS + 10)
    lasted = time.monotonic() - paused
    assert lasted >= PAUSE_SECONDS - 0.2
    time.sleep(1)
    caller.bye()
    until(lambda: not stage.contacts(), "the contact is gone")
    left, right = recorded(stage)
    for track, tone in ((left, CALLER), (right, AGENT)):
        assert course(track) == [{tone}, set(), {tone}]
        assert silent_seconds(track) == pytest.approx(lasted, abs=1.0)


def silent_seconds(track: Samples) -> float:
    """How long no tone is heard, to the quarter of a second."""
    return sum(not tones_in(track[at : at + RATE // 4]) for at in range(0, track.size - RATE // 4, RATE // 4)) / 4


def test_given_a_recorded_call_when_the_switch_is_killed_then_what_was_recorded_until_then_is_heard(
    own_stage: Stage,
) -> None:
    stage = own_stage
    recorded_for(stage, 3)
    stage.engine.process.kill()
    stage.engine.process.wait(30)
    left, right = recorded(stage, LaterClock())
    for track, tone in ((left, CALLER), (right, AGENT)):
        assert {tone} in course(track)
        assert track.size >= 2 * RATE


def test_given_a_recorded_call_when_the_disk_is_full_then_it_goes_on_and_what_fitted_is_heard(
    system_engine: Engine, tmp_path: Path
) -> None:
    incoming = tmp_path / "state" / "recordings" / "incoming"
    with small_disk(incoming), on_stage(recording(system_engine, tmp_path)) as stage:
        caller = recorded_for(stage, SECONDS_ON_SMALL_DISK + 3)
        caller.rtp.hear_tone(AGENT)
        caller.bye()
        until(lambda: not stage.contacts(), "the contact is gone")
        left, right = recorded(stage)
        for track, tone in ((left, CALLER), (right, AGENT)):
            assert {tone} in course(track)
            assert 2 * RATE <= track.size <= (SECONDS_ON_SMALL_DISK + 1) * RATE


def recorded_for(stage: Stage, seconds: float) -> Call:
    """A conversation that is recorded for so long, and goes on."""
    stage.log_on("anna")
    caller = stage.waits(CALLER)
    stage.picks_up("anna", AGENT)
    caller.rtp.hear_tone(AGENT)
    until(lambda: stage.contacts()[0].recording == "on", "the screens show that the call is recorded")
    time.sleep(seconds)
    return caller


class LaterClock(SystemClock):
    """So much later that a file which nobody writes to any more was left behind."""

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=FORSAKEN_SECONDS + 1)


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk that holds `SECONDS_ON_SMALL_DISK` of two tracks."""
    folder.mkdir(parents=True)
    size = SECONDS_ON_SMALL_DISK * 2 * 2 * RATE
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False)
    if made.returncode:
        pytest.skip("no disk may be mounted here: only root may")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def course(track: Samples) -> list[set[int]]:
    """Which tones follow each other. What lasts no half second is a change from one to the next, or a lost packet."""
    quarters = [tones_in(track[at : at + RATE // 4]) for at in range(0, track.size - RATE // 4, RATE // 4)]
    lasting = [one for one, following in pairwise(quarters) if one == following]
    return [one for one, _ in groupby(lasting)]


def recorded(stage: Stage, clock: Clock | None = None) -> tuple[Samples, Samples]:
    """Take the recording up as `cx recordings keep` does; its tracks."""
    clock, keys = clock or SystemClock(), KeyRing(stage.folder / "keys")
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
