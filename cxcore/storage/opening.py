"""Opens the storage of one customer: one database, and a directory for facts that it cannot take yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import Engine

from cxcore.ports.outbox import Way
from cxcore.runner.clock import SystemClock
from cxcore.storage.accounts import SqlAccounts
from cxcore.storage.agent_calls import SqlAgentCalls
from cxcore.storage.audit import SqlAudit
from cxcore.storage.configurations import SqlConfigurations
from cxcore.storage.contact_log import SqlContactLog
from cxcore.storage.desks import SqlDesks
from cxcore.storage.employees import SqlEmployees
from cxcore.storage.engine import migrate, open_engine
from cxcore.storage.faults import SqlFaults
from cxcore.storage.history import SqlHistory
from cxcore.storage.messages import SqlMessageVersions
from cxcore.storage.outbox import SqlOutbox
from cxcore.storage.persons import SqlPersons
from cxcore.storage.phone_pins import PinLimits, SqlPhonePins
from cxcore.storage.recordings import SqlRecordingIndex
from cxcore.storage.reports import SqlReports
from cxcore.storage.retention import SqlRetention
from cxcore.storage.spill import Spill
from cxcore.storage.wallboards import SqlWallboards
from cxcore.storage.writer import Limits


@dataclass(frozen=True, slots=True)
class Storage:
    """Everything that is kept. All but `contact_log.record` and `healthy` waits for the database, so a process that
    runs under gevent calls it in a thread of gevent's pool, or accepts to stand still meanwhile."""

    engine: Engine
    contact_log: SqlContactLog
    reports: SqlReports
    history: SqlHistory
    accounts: SqlAccounts
    audit: SqlAudit
    configurations: SqlConfigurations
    wallboards: SqlWallboards
    faults: SqlFaults
    messages: SqlMessageVersions
    recordings: SqlRecordingIndex
    employees: SqlEmployees
    agent_calls: SqlAgentCalls
    desks: SqlDesks
    phone_pins: SqlPhonePins
    persons: SqlPersons
    retention: SqlRetention
    outbox: SqlOutbox

    def close(self) -> None:
        """Write what is held back and let go of the database."""
        self.contact_log.close()
        self.engine.dispose()


def open_storage(
    url: str,
    spill_directory: Path,
    hasher: PasswordHasher | None = None,
    limits: Limits | None = None,
    busy_timeout_seconds: float = 5.0,
    pin_limits: PinLimits | None = None,
    ways: frozenset[Way] = frozenset(),
) -> Storage:
    """Connect, and bring the tables to the newest form. Raises `LogUnavailable`, which says what to do.

    `url` is `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/DATABASE`. `hasher` sets the cost of passwords,
    `limits` how many facts are held in memory, `pin_limits` how many wrong PINs are borne, `ways` by which letters
    leave the site.
    """
    engine = open_engine(url, busy_timeout_seconds)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Storage(
        engine=engine,
        contact_log=SqlContactLog(engine, Spill(spill_directory), limits),
        reports=SqlReports(engine),
        history=SqlHistory(engine),
        accounts=SqlAccounts(engine, hasher),
        audit=SqlAudit(engine),
        configurations=SqlConfigurations(engine),
        wallboards=SqlWallboards(engine),
        faults=SqlFaults(engine),
        messages=SqlMessageVersions(engine),
        recordings=SqlRecordingIndex(engine),
        employees=SqlEmployees(engine),
        agent_calls=SqlAgentCalls(engine),
        desks=SqlDesks(engine),
        phone_pins=SqlPhonePins(engine, hasher, pin_limits),
        persons=SqlPersons(engine),
        retention=SqlRetention(engine),
        outbox=SqlOutbox(engine, ways, SystemClock().now),
    )
