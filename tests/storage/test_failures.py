"""A database that does not answer: the message says which, why and what to do, and holds no password."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cxcore.ports.accounts import Account, Role
from cxcore.ports.contact_log import LogUnavailable
from cxcore.storage import Storage, open_storage
from cxcore.storage.engine import answering, open_engine
from tests.databases import PostgreSQL
from tests.storage.conftest import Outage, opened

ANNA = Account("anna", "Anna de Vries", Role.AGENT)
SECRET = "s3cret-word"
NOBODY = 65534


def refusal(url: str, spill: Path) -> str:
    with pytest.raises(LogUnavailable) as caught:
        open_storage(url, spill, busy_timeout_seconds=0.1)
    return str(caught.value)


# --- SQLite ----------------------------------------------------------------------------------------------------------


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    said = refusal(f"sqlite:///{tmp_path}/nowhere/cx.db", tmp_path)

    assert f"{tmp_path}/nowhere/cx.db" in said
    assert f"the directory {tmp_path}/nowhere does not exist; create it" in said


def test_a_directory_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    assert "is a directory" in refusal(f"sqlite:///{tmp_path}", tmp_path)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "cx.db").write_bytes(b"this is a letter to the mayor " * 100)

    assert "the file is no SQLite database; move it away" in refusal(f"sqlite:///{tmp_path}/cx.db", tmp_path)


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/cx.db", tmp_path / "cx.db"
    opened(url, tmp_path).close()
    content = bytearray(file.read_bytes())
    content[200:] = os.urandom(len(content) - 200)
    file.write_bytes(content)

    assert "the file is damaged; stop cx" in refusal(url, tmp_path)


def test_a_locked_database_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/cx.db"
    opened(url, tmp_path).close()
    other = sqlite3.connect(tmp_path / "cx.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    said = refusal(url, tmp_path)
    other.close()

    assert "another program holds it locked" in said


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A directory that all may read and only root may write, seen by a user who is not root."""
    directory = Path(tempfile.mkdtemp(prefix="cx-read-only-"))
    opened(f"sqlite:///{directory}/cx.db", directory).close()
    directory.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    yield directory
    if root:
        os.seteuid(0)
    directory.chmod(0o755)
    shutil.rmtree(directory)


def test_a_directory_that_may_not_be_written_is_named(as_nobody: Path) -> None:
    said = refusal(f"sqlite:///{as_nobody}/cx.db", as_nobody)

    assert f"the directory {as_nobody} may not be written; give the user that runs cx the right" in said


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/cx.db")
    with pytest.raises(LogUnavailable, match="the disk is full; free disk space"), answering(engine):
        with engine.begin() as connection:
            connection.execute(text("PRAGMA max_page_count = 2"))
            connection.execute(text("CREATE TABLE big (x)"))
            connection.execute(text("INSERT INTO big VALUES (zeroblob(100000))"))
    engine.dispose()


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_named_but_not_shown(postgresql: PostgreSQL, tmp_path: Path) -> None:
    said = refusal(postgresql.url("cx_template", password=SECRET), tmp_path)

    assert "the user name or password is wrong; correct database_url" in said
    assert SECRET not in said
    assert "cx_template" in said


def test_a_postgresql_that_does_not_run_is_named(tmp_path: Path) -> None:
    said = refusal(f"postgresql://cx:{SECRET}@127.0.0.1:1/cx", tmp_path)

    assert "nothing listens there; start PostgreSQL" in said
    assert SECRET not in said


def test_an_unknown_host_is_named(tmp_path: Path) -> None:
    said = refusal(f"postgresql://cx:{SECRET}@no-such-host.invalid/cx", tmp_path)

    assert "its host name is unknown" in said


def test_a_missing_postgresql_database_is_named(postgresql: PostgreSQL, tmp_path: Path) -> None:
    assert "does not exist; create it" in refusal(postgresql.url("nowhere"), tmp_path)


# --- Either ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "cannot be read"),
        ("cx.db", "cannot be read"),
        ("mysql://cx:s3cret-word@host/cx", "mysql is not supported"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
    ],
)
def test_a_url_of_no_use_is_explained(url: str, why: str, tmp_path: Path) -> None:
    said = refusal(url, tmp_path)

    assert why in said
    assert SECRET not in said


def test_a_database_without_tables_is_named(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)

    with pytest.raises(LogUnavailable, match="exist|no tables"), answering(engine), engine.connect() as connection:
        connection.execute(text("SELECT * FROM contact_event"))
    engine.dispose()


def test_accounts_say_why_during_an_outage_and_work_after_it(storage: Storage, outage: Outage) -> None:
    outage.begin()
    with pytest.raises(LogUnavailable):
        storage.accounts.create(ANNA, "geheim")
    outage.end()

    storage.accounts.create(ANNA, "geheim")

    assert storage.accounts.find("anna") == ANNA


def test_a_defect_in_a_statement_is_no_outage(storage: Storage) -> None:
    with pytest.raises(SQLAlchemyError), answering(storage.engine), storage.engine.begin() as connection:
        connection.execute(text("INSERT INTO account (username) VALUES (NULL)"))


def test_error_texts_hold_no_personal_data(storage: Storage) -> None:
    with pytest.raises(SQLAlchemyError) as caught, storage.engine.begin() as connection:
        connection.execute(text("INSERT INTO account (username, name) VALUES ('x', :name)"), {"name": "Karel Karelse"})

    assert "Karelse" not in str(caught.value) or storage.engine.dialect.name == "postgresql"
