"""The databases that storage is tested on: SQLite in a file, and a PostgreSQL of the test run's own.

The PostgreSQL cluster is made from Debian's packages when the first test asks for it, in a temporary directory, with a
socket there and no network. Each test gets an empty database, copied from a template that is migrated once.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from cxcore.storage.engine import migrate, open_engine
from cxcore.storage.models import Base

USER = "cx"
PORT = 5432
"""Only part of the socket's name: the socket is in a directory of its own."""
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "off",
    "listen_addresses": "",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "50",
}
"""Quick, but what was committed outlives a killed server: the tests stop it that way, and count what is kept."""
DATABASES = count(1)


class PostgreSQL:
    """A running cluster. It never runs as root: PostgreSQL refuses that, so then it runs as user `postgres`."""

    def __init__(self, programs: Path, directory: Path) -> None:
        self._programs, self._directory = programs, directory
        self._password = secrets.token_hex(8)
        self._free: list[str] = []

    def start(self) -> None:
        """Make the cluster and start it; returns when it answers."""
        password_file = self._directory / "password"
        password_file.write_text(self._password)
        if os.geteuid() == 0:
            shutil.chown(self._directory, "postgres", "postgres")
            shutil.chown(password_file, "postgres", "postgres")
        self._run(
            "initdb", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", f"--username={USER}",
            "--auth=scram-sha-256", f"--pwfile={password_file}", "--pgdata", self._cluster,
        )  # fmt: skip
        self._control("start", "--options", self._options())
        self.make_template()

    def stop(self) -> None:
        """End the server at once."""
        self._control("stop", "--mode=immediate")

    def start_again(self) -> None:
        """Start the server after `stop`, with what it had."""
        self._control("start", "--options", self._options())

    def url(self, database: str, password: str | None = None) -> str:
        """Where a database is."""
        return URL.create(
            "postgresql",
            username=USER,
            password=password or self._password,
            database=database,
            query={"host": str(self._directory), "port": str(PORT)},
        ).render_as_string(hide_password=False)

    def make_template(self) -> None:
        """Migrate the database of which each test gets a copy."""
        self.execute("CREATE DATABASE cx_template")
        engine = open_engine(self.url("cx_template"))
        migrate(engine)
        engine.dispose()

    def new_database(self, template: str = "cx_template") -> str:
        """A fresh database; its name."""
        name = f"test_{next(DATABASES)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def lend(self) -> str:
        """A migrated, empty database; its name. Emptied ones are lent again: that is quicker than to make one."""
        return self._free.pop() if self._free else self.new_database()

    def take_back(self, name: str) -> None:
        """Empty a database that was lent."""
        self.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        emptied = f"TRUNCATE {', '.join(Base.metadata.tables)} RESTART IDENTITY"
        self.execute(f"SET session_replication_role = replica; {emptied}", database=name)  # past the audit's trigger
        self._free.append(name)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as superuser."""
        host, port = str(self._directory), PORT
        with psycopg.connect(
            host=host, port=port, user=USER, password=self._password, dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    @property
    def _cluster(self) -> str:
        return str(self._directory / "cluster")

    def _options(self) -> str:
        settings = {**SETTINGS, "unix_socket_directories": str(self._directory), "port": str(PORT)}
        return " ".join(f"-c {name}='{value}'" for name, value in settings.items())

    def _control(self, action: str, *arguments: str) -> None:
        log = str(self._directory / "log")
        self._run("pg_ctl", action, "--wait", "--timeout=60", "--pgdata", self._cluster, "--log", log, *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        done = subprocess.run(
            command, cwd=self._directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=90, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    if programs is None or not (programs / "initdb").exists():
        why = "PostgreSQL is not installed: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    directory = Path(tempfile.mkdtemp(prefix="cx-pg-"))  # a socket's path must be short: 107 bytes
    server = PostgreSQL(programs, directory)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'cx.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.lend()
    yield server.url(name)
    server.take_back(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.new_database("template0")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")
