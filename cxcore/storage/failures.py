"""Why a database does not answer, in words that help: which database, what is wrong, what to do."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cxcore.ports.contact_log import LogUnavailable

ADVICE: tuple[tuple[str, str, str], ...] = (
    # what the driver says (SQLite's sqlite3_errstr texts, libpq's messages), why, what to do
    ("database is locked", "another program holds it locked", "close the program that has it open, then try again"),
    ("database table is locked", "another program holds it locked", "close the program that has it open"),
    ("readonly database", "it may not be written", "give the user that runs cx the right to write the file"),
    ("file is not a database", "the file is no SQLite database", "move it away, or restore a backup"),
    ("malformed", "the file is damaged", "stop cx, keep a copy of the file, and restore a backup"),
    ("database or disk is full", "the disk is full", "free disk space"),
    ("disk i/o error", "the disk does not read or write", "look at the disk and its free space"),
    ("no such table", "it has no tables", "start the core once: it makes them"),
    ("password authentication failed", "the user name or password is wrong", "correct database_url, or the password"),
    ("no password supplied", "it asks for a password", "add the password to database_url"),
    ("no pg_hba.conf entry", "it does not let this machine or user in", "add a line for it to pg_hba.conf"),
    ("does not exist", "the database, user or table does not exist", "create it, and see that database_url names it"),
    ("too many connections", "it has no connection left", "raise max_connections, or run fewer web processes"),
    ("too many clients", "it has no connection left", "raise max_connections, or run fewer web processes"),
    ("could not translate host name", "its host name is unknown", "correct the host in database_url"),
    ("failed to resolve host", "its host name is unknown", "correct the host in database_url"),
    ("connection refused", "nothing listens there", "start PostgreSQL, or correct host and port in database_url"),
    ("no such file or directory", "nothing listens there", "start PostgreSQL, or correct the host in database_url"),
    ("timeout expired", "it did not answer in time", "look at the network between here and the database"),
    ("statement timeout", "it took too long", "look at the load of the database"),
    ("lock timeout", "another program holds it locked", "look for a migration or backup that hangs"),
    ("not currently accepting connections", "it takes no connections", "allow connections to it again"),
    ("starting up", "it is starting", "wait a moment"),
    ("shutting down", "it is shutting down", "start PostgreSQL again"),
    ("terminating connection", "it ended the connection", "see why in PostgreSQL's log"),
    ("server closed the connection", "it ended the connection", "see why in PostgreSQL's log"),
)


def is_outage(error: SQLAlchemyError) -> bool:
    """Whether the error is about the database as a whole, not about what it was asked."""
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError | InternalError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    # sqlite3 has no name of its own for a damaged file; psycopg calls a missing table a fault in the statement.
    return error.connection_invalidated or type(error) is DatabaseError or _is_without_tables(error)


def _is_without_tables(error: DBAPIError) -> bool:
    return type(error.orig).__name__ == "UndefinedTable"


def unavailable(url: URL, error: SQLAlchemyError) -> LogUnavailable:
    """The error that the ports promise. The text holds no password."""
    why, remedy = _file_fault(url) or _advice(error)
    return LogUnavailable(f"database {shown(url)}: {why}; {remedy}")


def shown(url: URL) -> str:
    """The URL for people, without password."""
    return url.render_as_string(hide_password=True)


def _advice(error: SQLAlchemyError) -> tuple[str, str]:
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    for words, why, remedy in ADVICE:
        if words in said.lower():
            return why, remedy
    return said.strip().splitlines()[0] if said.strip() else type(error).__name__, "see the database's own log"


def _file_fault(url: URL) -> tuple[str, str] | None:
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    path = Path(url.database)
    if not path.parent.is_dir():
        return f"the directory {path.parent} does not exist", "create it, or correct database_url"
    if path.is_dir():
        return "it is a directory, not a file", "correct database_url"
    if not _may(path.parent, os.W_OK | os.X_OK):
        return f"the directory {path.parent} may not be written", "give the user that runs cx the right to write in it"
    if path.exists() and not _may(path, os.R_OK | os.W_OK):
        return "the file may not be read and written", "give the user that runs cx that right"
    return None


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=True)
