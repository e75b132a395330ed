"""Storage on each kind of database, and a way to take the database away."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import make_url

from cxcore.storage import Storage, open_storage
from cxcore.storage.writer import Limits
from tests.databases import PostgreSQL

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
QUICK = Limits(
    gather_seconds=0.005,
    apart_seconds=0.0,
    held=50,
    spill_chunk=20,
    first_retry_seconds=0.02,
    longest_retry_seconds=0.1,
)


def opened(url: str, spill: Path, limits: Limits = QUICK) -> Storage:
    """Storage that gives up soon and hashes cheaply."""
    return open_storage(url, spill, CHEAP, limits, busy_timeout_seconds=0.1)


@pytest.fixture
def spill(tmp_path: Path) -> Path:
    """Where facts wait while the database is away."""
    return tmp_path / "spill"


@pytest.fixture
def storage(database_url: str, spill: Path) -> Iterator[Storage]:
    """Storage on an empty database."""
    storage = opened(database_url, spill)
    yield storage
    storage.close()


class Outage(ABC):
    """Takes a database away and brings it back."""

    @abstractmethod
    def begin(self) -> None: ...

    @abstractmethod
    def end(self) -> None: ...


class LockedFile(Outage):
    """SQLite: another program writes, and does not end."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)

    def begin(self) -> None:
        self._connection.execute("BEGIN EXCLUSIVE")

    def end(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


class ClosedDatabase(Outage):
    """PostgreSQL: connections are cut and no new one is let in, as in a restart."""

    def __init__(self, server: PostgreSQL, name: str) -> None:
        self._server, self._name = server, name

    def begin(self) -> None:
        self._server.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        self._server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'")

    def end(self) -> None:
        self._server.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")


@pytest.fixture
def outage(database_url: str, request: pytest.FixtureRequest) -> Iterator[Outage]:
    """The means to take the test's database away."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        locked = LockedFile(str(url.database))
        yield locked
        locked.end()
        locked.close()
        return
    closed = ClosedDatabase(request.getfixturevalue("postgresql"), str(url.database))
    yield closed
    closed.end()
