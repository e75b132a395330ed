"""The database is away for a while and the core is killed meanwhile: afterwards every fact is there once."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.engines import Engine
from tests.databases import PostgreSQL
from tests.system.database_facts import kinds
from tests.system.stage import Stage, until

pytestmark = [pytest.mark.system, pytest.mark.alone]

AWAY_SECONDS = float(os.environ.get("CX_OUTAGE_SECONDS", "4"))
"""A minute is what must be borne; the way of it is the same."""
CALLS = 3


class DatabaseStage(Stage):
    """A stage whose core writes into a given database."""

    url = ""

    def _settings(self) -> dict[str, object]:
        return {**super()._settings(), "database": {"url": self.url}}


class Outage:
    """Takes the database away and brings it back."""

    def __init__(self, url: str, begin: Callable[[], None], end: Callable[[], None]) -> None:
        self.url, self.begin, self.end = url, begin, end


@pytest.fixture(params=["sqlite", "postgresql"])
def outage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outage]:
    if request.param == "sqlite":
        file = tmp_path / "cx.db"
        lock = sqlite3.connect(file, isolation_level=None, timeout=5)
        yield Outage(f"sqlite:///{file}", lambda: _run(lock, "begin exclusive"), lambda: _run(lock, "commit"))
        lock.close()
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.lend()
    url = server.url(name).replace("postgresql:", "postgresql+psycopg:")
    yield Outage(url, server.stop, server.start_again)
    server.take_back(name)


def _run(connection: sqlite3.Connection, statement: str) -> None:
    connection.execute(statement)


def call_until_wrap_up(stage: Stage) -> None:
    """Anna answers a call, and the caller hangs up."""
    caller = stage.waits()
    stage.picks_up("anna")
    caller.rtp.hear_tone(1700)
    caller.bye()
    stage.sees("anna", "wrap-up")


def answered_call(stage: Stage) -> None:
    """A call to its end, and Anna is ready again."""
    call_until_wrap_up(stage)
    stage.sees("anna", "ready")


def test_given_a_database_that_is_away_then_calls_go_on_and_each_fact_is_kept_once_though_the_core_is_killed(
    system_engine: Engine, tmp_path: Path, outage: Outage
) -> None:
    DatabaseStage.url = outage.url
    stage = DatabaseStage(system_engine, tmp_path)
    try:
        stage.open()
        stage.log_on("anna")
        answered_call(stage)
        until(lambda: len(kinds(outage.url)) > 3, "the first call is kept", 10)
        outage.begin()
        began = time.monotonic()
        for _ in range(CALLS - 2):
            answered_call(stage)
        until(lambda: not stage.part("database").healthy, "the screens say that the database is away", 15)
        time.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - began)))
        call_until_wrap_up(stage)
        stage.kill_core()
        outage.end()
        stage.restart_core()
        until(lambda: stage.part("database").healthy, "the database is back", 20)
        until(lambda: sum(kind == "WrapUpEnded" for kind, _ in kinds(outage.url)) == CALLS, "all is kept", 20)
    finally:
        stage.close()
    found = kinds(outage.url)
    assert len({contact for _, contact in found}) == CALLS
    assert set(found.values()) == {1}
