"""The tables come into being, by whoever starts first."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from cxcore.ports.contact_log import LogUnavailable
from cxcore.storage.engine import WRITES, migrate, open_engine
from cxcore.storage.models import Base

START = """
import sys
from cxcore.storage.engine import migrate, open_engine
engine = open_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
"""


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    engine = open_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_migrations_make_exactly_what_the_models_say(engine: Engine) -> None:
    migrate(engine)

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    migrate(engine)

    assert "contact_event" in inspect(engine).get_table_names()


def test_processes_that_start_at_once_migrate_one_after_another(empty_database_url: str) -> None:
    command = [sys.executable, "-c", START, empty_database_url]
    starts = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for start in starts:
        assert start.stdout is not None
        assert start.stdout.readline() == "ready\n"
    for start in starts:
        assert start.stdin is not None
        start.stdin.write("go\n")
        start.stdin.flush()

    errors = [start.communicate(timeout=30)[1] for start in starts]

    assert [start.returncode for start in starts] == [0, 0, 0], errors


def test_a_migration_that_fails_leaves_nothing_behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(text("CREATE TABLE audit_event (id INTEGER)"))

    with pytest.raises(Exception, match="audit_event"):
        migrate(engine)

    assert inspect(engine).get_table_names() == ["audit_event"]


def test_a_database_of_a_newer_version_is_left_alone(engine: Engine) -> None:
    migrate(engine)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(LogUnavailable, match="made by a newer version"):
        migrate(engine)
