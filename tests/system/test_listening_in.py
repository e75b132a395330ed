"""A supervisor listens in, whispers and barges in, by real sound; the recording holds no whisper [25, 33]."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BargeIn, ListenIn, StopListening, Whisper
from tests.contract.engines import Engine
from tests.contract.sound import tones_in
from tests.system.conftest import on_stage
from tests.system.stage import Stage, until
from tests.system.test_recording import recorded

pytestmark = pytest.mark.system
ANNA = AgentId("anna")
CALLER, AGENT, SUPERVISOR = 1230, 1700, 2150


@pytest.fixture
def watched_stage(system_engine: Engine, tmp_path: Path) -> Iterator[Stage]:
    """Anna serves a queue whose calls are recorded, and Sofie is her supervisor."""
    sofie, queue = {"sofie": {"role": "supervisor"}}, {"recording": "always", "keep_recordings_days": 30}
    stage = Stage(system_engine, tmp_path, queue=queue, agents=("anna", "sofie"), users=sofie)
    with on_stage(stage):
        yield stage


def test_given_a_conversation_when_a_supervisor_listens_whispers_and_barges_in_then_just_those_who_should_hear_it(
    watched_stage: Stage,
) -> None:
    stage = watched_stage
    stage.log_on("anna")
    caller = stage.waits(CALLER)
    agent = stage.picks_up("anna", AGENT)
    agent.rtp.hear_tone(CALLER)

    stage.does(ListenIn("sofie", ANNA))
    supervisor = stage.picks_up("sofie", SUPERVISOR)
    supervisor.rtp.hear_tones({CALLER, AGENT})
    assert caller.rtp.hear(0.4).tones == {AGENT}
    assert agent.rtp.hear(0.4).tones == {CALLER}
    until(lambda: (stage.agent("anna").listening, stage.agent("anna").listened_by) == ("listen", "sofie"), "seen")
    supervisor.rtp.press("3")
    assert caller.rtp.hear(0.6).tones == {AGENT}, "keys of the supervisor's phone do nothing"

    stage.does(Whisper("sofie", ANNA))
    agent.rtp.hear_tones({CALLER, SUPERVISOR})
    assert caller.rtp.hear(0.4).tones == {AGENT}
    supervisor.rtp.hear_tones({CALLER, AGENT})
    stage.does(ListenIn("sofie", ANNA))
    agent.rtp.hear_tone(CALLER)
    agent.rtp.hear_tones({CALLER})
    caller.bye()
    assert supervisor.wait_ended()
    until(lambda: stage.agent("anna").listening is None, "nobody listens any more")

    left, right = recorded(stage)
    assert tones_in(left) == {CALLER}
    assert tones_in(right) == {AGENT}


def test_given_a_supervisor_who_barges_in_then_all_hear_all_until_the_supervisor_leaves(watched_stage: Stage) -> None:
    stage = watched_stage
    stage.log_on("anna")
    caller = stage.waits(CALLER)
    agent = stage.picks_up("anna", AGENT)
    agent.rtp.hear_tone(CALLER)
    stage.does(BargeIn("sofie", ANNA))
    supervisor = stage.picks_up("sofie", SUPERVISOR)
    caller.rtp.hear_tones({AGENT, SUPERVISOR})
    agent.rtp.hear_tones({CALLER, SUPERVISOR})
    supervisor.rtp.hear_tones({CALLER, AGENT})
    stage.does(StopListening("sofie", ANNA))
    assert supervisor.wait_ended()
    caller.rtp.hear_tones({AGENT})
    agent.rtp.hear_tones({CALLER})
