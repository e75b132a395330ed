"""The switch or the database is away: the core says so plainly, loses nothing, and goes on when it is back."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from cxcore.domain.contact import Outcome
from cxcore.domain.events import ContactEnded
from cxcore.ports.controller import Subject, SystemRow
from tests.contract import engines
from tests.contract.engines import Engine, Site
from tests.system.stage import HOLD_MUSIC, Stage, until

pytestmark = [pytest.mark.system, pytest.mark.alone]


@contextmanager
def own_site(folder: Path, name: str) -> Iterator[tuple[Site, Engine]]:
    """An engine that the test may kill."""
    if reason := engines.MISSING[name]():
        pytest.skip(reason)
    site = engines.prepare_site(folder / "engine", "127.0.0.1:9", "+31715550199")
    with engines.running(name, site) as engine:
        yield site, engine


def switch_row(stage: Stage) -> SystemRow:
    row = stage.row(Subject.SYSTEM, "switch")
    assert isinstance(row, SystemRow)
    return row


@pytest.mark.parametrize("name", list(engines.START))
def test_given_calls_when_the_switch_dies_then_screens_say_so_facts_are_closed_and_the_next_call_works(
    tmp_path: Path, name: str
) -> None:
    with own_site(tmp_path, name) as (site, engine):
        stage = Stage(engine, tmp_path)
        try:
            stage.open()
            stage.log_on("anna")
            talking = stage.waits()
            stage.picks_up("anna")
            talking.rtp.hear_tone(1700)
            stage.waits()
            time.sleep(3.2)
            engine.process.send_signal(signal.SIGKILL)
            engine.process.wait(5)
            until(lambda: not switch_row(stage).healthy, "the screens say that the switch is away")
            assert switch_row(stage).reason
            with restarted(name, site) as again:
                until(lambda: switch_row(stage).healthy, "the switch is back", 15)
                until(lambda: not stage.contacts(), "the lost contacts are closed", 15)
                with stage.storage() as storage:
                    until(lambda: not storage.contact_log.open_contacts(), "their facts are closed")
                stage.engine = again
                stage.street.engine = again.sip_address
                until(lambda: stage.agent("anna").state != "talking", "anna talks to nobody")
                caller = stage.waits()
                caller.rtp.hear_tone(next(iter(HOLD_MUSIC)))
        finally:
            stage.close()
    assert set(outcomes(stage)[:2]) == {Outcome.ANSWERED, Outcome.LOST}


@contextmanager
def restarted(name: str, site: Site) -> Iterator[Engine]:
    with engines.running(name, site) as engine:
        yield engine


def outcomes(stage: Stage) -> list[Outcome]:
    with sqlite3.connect(stage.state / "cx.db") as database:
        rows = database.execute("select json_extract(body, '$.outcome') from contact_event where kind = ?",
                                (ContactEnded.__name__,)).fetchall()  # fmt: skip
    database.close()
    return [Outcome(row[0]) for row in rows]


def start_core(stage: Stage, changes: dict[str, dict[str, object]]) -> subprocess.CompletedProcess[str]:
    """Start another core with changed settings; it must refuse within seconds."""
    settings = yaml.safe_load((stage.folder / "cx.yml").read_text())
    for section, values in changes.items():
        settings[section] = {**settings.get(section, {}), **values}
    file = stage.folder / "changed.yml"
    file.write_text(yaml.safe_dump(settings))
    command = [sys.executable, "-m", "cxcore", "core", "--config", str(file)]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)


def test_given_a_database_that_cannot_be_used_then_the_core_refuses_in_one_sentence(stage: Stage) -> None:
    broken = stage.folder / "broken.db"
    broken.write_bytes(b"this is no database" * 100)
    for url in (f"sqlite:///{broken}", "sqlite:////nowhere/at/all/cx.db", "postgresql+psycopg://cx@127.0.0.1:9/cx"):
        refused = start_core(stage, {"database": {"url": url}})
        assert refused.returncode == 2, refused.stderr
        assert "Traceback" not in refused.stderr
        assert len(refused.stderr.strip().splitlines()[-1]) > 30


def test_given_a_second_core_then_it_refuses_and_the_first_goes_on(stage: Stage) -> None:
    refused = start_core(stage, {})
    assert refused.returncode == 2
    assert "a core runs already" in refused.stderr
    stage.waits().rtp.hear_tone(next(iter(HOLD_MUSIC)))


def test_given_a_locked_database_then_calls_go_on_and_every_fact_is_written_afterwards(stage: Stage) -> None:
    stage.log_on("anna")
    lock = sqlite3.connect(stage.state / "cx.db", isolation_level=None)
    lock.execute("begin exclusive")
    caller = stage.waits()
    stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    caller.bye()
    stage.sees("anna", "wrap-up")
    time.sleep(1)
    lock.execute("commit")
    lock.close()
    until(lambda: outcomes(stage) == [Outcome.ANSWERED], "the facts are written", 15)


def test_given_a_wrong_password_then_the_screens_name_the_setting_and_never_the_password(
    system_engine: Engine, tmp_path: Path
) -> None:
    stage = Stage(system_engine, tmp_path)
    try:
        stage.open()
        stage.core.terminate()
        stage.core.wait(10)
        (tmp_path / "password").write_text("not-the-password")
        stage.core = stage._start_core()
        until(lambda: "password" in switch_row(stage).reason, "the reason names the password", 15)
        assert "`switch.password_file`" in switch_row(stage).reason
        assert f"127.0.0.1:{system_engine.esl_address[1]}" in switch_row(stage).reason
        assert "not-the-password" not in stage.core_log() + switch_row(stage).reason
    finally:
        stage.close()


def test_given_no_switch_at_the_start_then_it_is_found_when_it_comes(tmp_path: Path) -> None:
    site = engines.prepare_site(tmp_path / "engine", "127.0.0.1:9", "+31715550199")
    nobody = Engine("softswitch", ("127.0.0.1", site.esl_port), ("127.0.0.1", site.sip_port), ("::1", 9), tmp_path,
                    subprocess.Popen(["true"]))  # fmt: skip
    nobody.process.wait(5)
    stage = Stage(nobody, tmp_path)
    try:
        assert stage.controller.wait_for_picture(15)
        until(lambda: not switch_row(stage).healthy and bool(switch_row(stage).reason), "the screens say so")
        with engines.running("softswitch", site):
            until(lambda: switch_row(stage).healthy, "the switch is found", 15)
            stage.waits().rtp.hear_tone(next(iter(HOLD_MUSIC)))
    finally:
        stage.close()

