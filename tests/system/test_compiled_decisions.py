"""The compiled decisions do what the sources do. `make setup` compiles them where there is a C compiler."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxcore import compiled
from tests.contract.engines import Engine
from tests.system.conftest import on_stage
from tests.system.stage import GENERAL, MENU, WELCOME, Stage

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not compiled.folder().is_dir(), reason="the decisions are not compiled: `make setup` does it"),
]


def python(*arguments: str, decisions: str) -> str:
    """What a Python of its own says that runs these decisions."""
    environment = {**os.environ, compiled.VARIABLE: decisions, "HYPOTHESIS_PROFILE": "glance"}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=compiled.ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_given_a_simulated_morning_then_the_compiled_decisions_bring_forth_the_same_facts() -> None:
    day = "tests.unit.simulation.day_digest"
    sources, *expected = python(day, decisions="sources").split()
    native, *found = python(day, decisions="compiled").split()
    assert (sources, native) == ("sources", "compiled")
    assert found == expected


def test_given_days_of_whatever_happens_then_the_compiled_floor_keeps_every_rule() -> None:
    python("pytest", "-q", "-p", "no:xdist", "tests/unit/services/test_floor_machine.py", decisions="compiled")


@pytest.fixture
def compiled_stage(system_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A core that runs what was compiled."""
    monkeypatch.setenv(compiled.VARIABLE, "compiled")
    with on_stage(Stage(system_engine, tmp_path)) as stage:
        yield stage


def test_given_a_real_call_when_the_core_is_killed_in_it_then_the_next_compiled_core_ends_it_as_the_first_would(
    compiled_stage: Stage,
) -> None:
    stage = compiled_stage
    assert "decisions: compiled" in stage.whole_core_log()
    stage.log_on("anna")
    caller = stage.calls(GENERAL)
    caller.wait_answered()
    caller.rtp.say(1230)
    caller.rtp.hear_tone(WELCOME)
    caller.rtp.hear_tone(MENU)
    caller.rtp.press("1")
    device = stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    device.rtp.hear_tone(1230)

    stage.kill_core()
    stage.restart_core()
    stage.sees("anna", "talking")
    caller.bye()
    assert device.wait_ended()
    stage.sees("anna", "wrap-up")
    stage.sees("anna", "ready")
    assert stage.whole_core_log().count("decisions: compiled") == 2
