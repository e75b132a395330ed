"""A core that is killed leaves nothing half written and nothing twice; and who may read the file."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, make_url, select

from cxcore.storage import Storage
from cxcore.storage.contact_log import rebuild
from cxcore.storage.engine import reading
from cxcore.storage.models import ContactEvent
from tests.storage.conftest import opened
from tests.storage.test_derive import tables

CORE = """
import sys
from itertools import chain, count
from pathlib import Path
from time import sleep
from cxcore.storage import open_storage
from tests.storage.streams import day

storage = open_storage(sys.argv[1], Path(sys.argv[2]))
for fact in chain.from_iterable(map(day, count())):
    storage.contact_log.record([fact])
    print(flush=True)
    sleep(0.0005)
"""


def stored_facts(storage: Storage) -> tuple[int, int]:
    """How many facts there are, and the highest number among them."""
    with reading(storage.engine) as session:
        count, highest = session.execute(select(func.count(), func.max(ContactEvent.number))).one()
        return count, highest or 0


def recorded_until_killed(storage: Storage, database_url: str, spill: Path) -> int:
    """Let a core record facts and kill it; how many it had recorded."""
    core = subprocess.Popen([sys.executable, "-c", CORE, database_url, str(spill)], stdout=subprocess.PIPE)
    assert core.stdout is not None
    recorded, ends_at = 0, time.monotonic() + 60
    try:
        while stored_facts(storage)[0] < 300:
            assert time.monotonic() < ends_at, "the core does not write"
            recorded += len(os.read(core.stdout.fileno(), 65536))
    finally:
        core.kill()
        core.wait(10)
    with core.stdout as rest:
        return recorded + len(rest.read())


def test_a_killed_core_loses_no_fact_and_leaves_facts_and_figures_in_agreement(
    storage: Storage, database_url: str, spill: Path
) -> None:
    recorded = recorded_until_killed(storage, database_url, spill)

    count, highest = stored_facts(storage)
    assert count == highest
    derived = tables(storage)
    rebuild(storage.engine)
    assert tables(storage) == derived
    storage.contact_log.flush()
    count, highest = stored_facts(storage)
    assert count == highest
    assert count in (recorded, recorded + 1)


def test_only_its_owner_may_read_the_file_of_callers_and_passwords(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cx.db'}"
    storage = opened(url, tmp_path)
    storage.contact_log.flush()

    files = [Path(str(make_url(url).database) + suffix) for suffix in ("", "-wal", "-shm")]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
    storage.close()
