"""Connections to the database, and the transactions made on them."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from cxcore.ports.contact_log import LogUnavailable
from cxcore.storage.failures import is_outage, shown, unavailable

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x63780001
"""Number of the PostgreSQL advisory lock that one migrating process holds."""
WRITER_LOCK = 0x63780002
"""Number of the PostgreSQL advisory lock that the one who derives holds."""
MESSAGES_LOCK = 0x63780004
"""Number of the PostgreSQL advisory lock that the one who numbers versions of messages holds."""
WRITES = "cx_writes"


def open_engine(url: str, busy_timeout_seconds: float = 5.0) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/DATABASE`. Connects nothing yet.

    `busy_timeout_seconds` is how long SQLite waits for another writer. Raises `LogUnavailable` for another URL.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, busy_timeout_seconds)
    return _open_postgresql(parsed)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise LogUnavailable("database_url cannot be read; write sqlite:///FILE or postgresql://…") from error
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise LogUnavailable(f"database {shown(parsed)}: {backend} is not supported; use sqlite or postgresql")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise LogUnavailable("database sqlite: core and web share it, so it must be a file; write sqlite:///FILE")
    return parsed if backend == "sqlite" else parsed.set(drivername="postgresql+psycopg")


def _open_sqlite(url: URL, busy_timeout_seconds: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": busy_timeout_seconds}, **_common())
    event.listen(engine, "do_connect", lambda *_: _create_private(Path(str(url.database))))
    event.listen(engine, "connect", lambda connection, _record: _prepare_sqlite(connection, busy_timeout_seconds))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_postgresql(url: URL) -> Engine:
    limits = {
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,
        "options": "-c timezone=utc -c statement_timeout=30s -c lock_timeout=10s",
    }
    arguments = {key: value for key, value in limits.items() if key not in url.query}
    return create_engine(url, connect_args=arguments, pool_pre_ping=True, **_common())


def _common() -> dict[str, Any]:
    return {
        "json_serializer": partial(json.dumps, ensure_ascii=False, allow_nan=False),
        "hide_parameters": True,  # numbers and names of callers stay out of error texts, which are logged
        "pool_timeout": 10,
    }


def _create_private(path: Path) -> None:
    """Make the file readable for its owner only, who callers are and who signs in; SQLite's side files follow it."""
    with suppress(OSError):  # connecting then fails too, and says why
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, mode=0o600))


def _prepare_sqlite(connection: sqlite3.Connection, busy_timeout_seconds: float) -> None:
    connection.isolation_level = None  # sqlite3 begins no transaction by itself: _begin_sqlite does
    # WAL: readers (reports) and the writer do not wait for each other.
    _enter_wal(connection, monotonic() + busy_timeout_seconds)
    # NORMAL with WAL: a crash of the process loses nothing; a power cut may lose the last instants, and never damages
    # the file. FULL would cost a disk flush for each batch.
    connection.execute("PRAGMA synchronous = NORMAL").close()
    connection.execute("PRAGMA foreign_keys = ON").close()


def _enter_wal(connection: sqlite3.Connection, until: float) -> None:
    # The change of a new file to WAL does not wait for its other users: SQLite answers "locked" at once.
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and then writes is refused at once, without the busy timeout, when another one
    # wrote in between; IMMEDIATE makes it wait at its start (sqlite.org/lang_transaction.html).
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def answering(engine: Engine) -> Iterator[None]:
    """Turn an outage into `LogUnavailable`; other errors pass."""
    try:
        yield
    except SQLAlchemyError as error:
        if not is_outage(error):
            raise
        raise unavailable(engine.url, error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads. Raises `LogUnavailable`."""
    with answering(engine), Session(engine) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that is committed at the end of the block, or rolled back. Raises `LogUnavailable`."""
    with answering(engine), Session(engine.execution_options(**{WRITES: True}), autoflush=False) as session:
        with session.begin():
            yield session


def hold_lock(connection: Connection, number: int) -> None:
    """Wait until no other transaction holds the lock, then hold it to the end of this one.

    On SQLite a writing transaction is alone already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def without_time_limit(connection: Connection) -> None:
    """Let statements and waits for locks of this transaction take as long as a big database needs (ten minutes)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        connection.execute(text("SET LOCAL lock_timeout = '10min'"))


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest form; processes that start at once do so one after another.

    Raises `LogUnavailable`, also when the database was made by a newer version.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with answering(engine), engine.execution_options(**{WRITES: True}).begin() as connection:
        without_time_limit(connection)
        hold_lock(connection, MIGRATION_LOCK)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            why = f"database {shown(engine.url)}: {error}; it was made by a newer version: install that, or restore"
            raise LogUnavailable(f"{why} a backup of this one") from error
