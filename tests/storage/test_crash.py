"""A core that is killed leaves nothing half written and nothing twice; and who may read the file."""

from __future__ import annotations

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
from itertools import count
from pathlib import Path
from time import sleep
from cxcore.storage import open_storage
from tests.storage.streams import day

storage = open_storage(sys.argv[1], Path(sys.argv[2]))
print("recording", flush=True)
for seed in count():
    for fact in day(seed):
        storage.contact_log.record([fact])
        sleep(0.0005)
"""


def stored_facts(storage: Storage) -> tuple[int, int]:
    """How many facts there are, and the highest number among them."""
    with reading(storage.engine) as session:
        count, highest = session.execute(select(func.count(), func.max(ContactEvent.number))).one()
        return count, highest or 0


def test_a_killed_core_leaves_facts_and_figures_in_agreement(storage: Storage, database_url: str, spill: Path) -> None:
    core = subprocess.Popen([sys.executable, "-c", CORE, database_url, str(spill)], stdout=subprocess.PIPE)
    assert core.stdout is not None
    assert core.stdout.readline() == b"recording\n"
    ends_at = time.monotonic() + 20
    while stored_facts(storage)[0] < 300:
        assert time.monotonic() < ends_at, "the core does not write"
        time.sleep(0.01)
    core.kill()
    core.wait(10)
    core.stdout.close()

    count, highest = stored_facts(storage)
    assert count == highest
    derived = tables(storage)
    rebuild(storage.engine)
    assert tables(storage) == derived


def test_only_its_owner_may_read_the_file_of_callers_and_passwords(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cx.db'}"
    storage = opened(url, tmp_path)
    storage.contact_log.flush()

    files = [Path(str(make_url(url).database) + suffix) for suffix in ("", "-wal", "-shm")]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
    storage.close()
