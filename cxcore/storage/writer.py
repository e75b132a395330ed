"""The thread that carries facts to the database.

A real thread of the operating system, because the core runs under gevent without patching: a database that is slow or
away must not stop the greenlet that works off the inbox. `hold` appends to a queue in memory and to the journal.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, islice
from time import monotonic

from cxcore.domain.events import Fact
from cxcore.ports.contact_log import LogUnavailable
from cxcore.storage.facts import HeldFact
from cxcore.storage.journal import Journal
from cxcore.storage.spill import Spill

log = logging.getLogger(__name__)

Store = Callable[[Sequence[HeldFact]], None]
"""Write the facts in one transaction, those already written left out. Raises `LogUnavailable`."""


DISK_RETRY_SECONDS = 5.0
"""How long a disk that could not be written is left alone."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`held` bounds the facts in memory; older ones go to disk. Twice as many are the end: then facts are dropped."""

    batch: int = 200
    gather_seconds: float = 0.1
    apart_seconds: float = 0.25
    """From the start of one transaction to that of the next: each costs as much as a dozen facts in it. After a pause a
    fact waits no longer than `gather_seconds`."""
    held: int = 100_000
    spill_chunk: int = 1000
    first_retry_seconds: float = 0.2
    longest_retry_seconds: float = 5.0


class Writer:
    """Takes facts at once, writes them in order: first those on disk, then those in memory."""

    def __init__(self, writer: str, store: Store, spill: Spill, limits: Limits) -> None:
        self._writer, self._store, self._spill, self._limits = writer, store, spill, limits
        self._journal = Journal(spill.directory, writer)
        self._held: deque[HeldFact] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._number = 0
        self._dropped = 0
        self._flushing = 0
        self._closing_at: float | None = None
        self._closed = False
        self._healthy = True
        self._on_disk = True
        """Whether files may be waiting; a new writer looks, because an earlier core may have left some."""
        self._looked = False
        """Whether it was seen what killed cores left in their journals."""
        self._disk_works = True
        self._disk_tried_at = -DISK_RETRY_SECONDS
        self._began_at = -limits.apart_seconds

    def hold(self, facts: Sequence[Fact]) -> None:
        """Take the facts, and keep them on disk until they are written; returns at once. Once closed it takes none."""
        with self._changed:
            if self._closed:
                log.error("contact log: %d facts came after its end and are lost", len(facts))
                return
            self._start()
            room = 2 * self._limits.held - len(self._held)
            numbers = count(self._number + 1)
            taken = [HeldFact(self._writer, next(numbers), fact) for fact in facts[: max(room, 0)]]
            self._number += len(taken)
            self._held += taken
            if len(facts) > room:
                self._drop(len(facts) - max(room, 0))
            self._changed.notify_all()
            self._journal.note(taken)

    def healthy(self) -> bool:
        """Whether facts are being written."""
        return self._healthy and (self._thread is None or self._thread.is_alive())

    def flush(self, timeout_seconds: float) -> bool:
        """Wait until all facts taken so far, and those on disk, are in the database; whether they are."""
        with self._changed:
            self._start()
            self._flushing += 1
            self._changed.notify_all()
            last = self._number
            done = self._changed.wait_for(lambda: self._is_written(last), timeout_seconds)
            self._flushing -= 1
            return done

    def close(self, timeout_seconds: float) -> None:
        """Write what is left for so long; what is then still left goes to disk, for the next start."""
        with self._changed:
            thread, self._closing_at = self._thread, monotonic() + timeout_seconds
            self._changed.notify_all()
        if thread is not None:
            thread.join(timeout_seconds + 1)
        with self._changed:
            self._healthy, self._closed = False, True
            left = list(self._held)
            self._held.clear()
        if self._save_rest(left) and (thread is None or not thread.is_alive()):
            self._end_journal()

    # --- In the thread -----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        # Also after a defect that ended the thread: then the next fact starts another one.
        if self._closing_at is None and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._run, name="contact-log-writer", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        delay = self._limits.first_retry_seconds
        while self._await_work():
            if self._try_to_work():
                delay = self._limits.first_retry_seconds
                self._report_recovery()
            else:
                self._back_off(delay)
                delay = min(delay * 2, self._limits.longest_retry_seconds)

    def _try_to_work(self) -> bool:
        try:
            self._work()
        except LogUnavailable as error:
            self._report_outage(str(error))
            self._put_on_disk()
            return False
        except Exception:
            # Without this thread no fact would be kept any more, so it must outlive its own defects.
            log.exception("contact log: the writer failed; it tries again")
            self._healthy = False
            return False
        return True

    def _await_work(self) -> bool:
        """Wait for something to write; False at the end."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._held) or self._on_disk or self._closing_at is not None)
            if not self._on_disk:
                apart = self._began_at + self._limits.apart_seconds - monotonic()
                self._changed.wait_for(self._is_worth_writing, max(self._limits.gather_seconds, apart))
            self._began_at = monotonic()
            if self._closing_at is None:
                return True
            return monotonic() < self._closing_at and not self._is_written(self._number)

    def _is_worth_writing(self) -> bool:
        return len(self._held) >= self._limits.batch or self._flushing > 0 or self._closing_at is not None

    def _is_written(self, number: int) -> bool:
        return not self._on_disk and (not self._held or self._held[0].number > number)

    def _work(self) -> None:
        self._look_for_what_was_left()
        while self._must_spill():
            self._spill_oldest()
        self._tidy_the_journal()
        if self._on_disk:
            self._write_oldest_file()
            return
        with self._changed:
            batch = list(islice(self._held, self._limits.batch))
        self._write(batch)
        with self._changed:
            self._forget(batch)
            self._changed.notify_all()
        self._tidy_the_journal()

    def _look_for_what_was_left(self) -> None:
        if self._looked:
            return
        self._looked = True
        try:
            self._journal.take_up_left(self._spill)
        except OSError as error:
            log.warning("contact log: what a killed core left cannot be taken up: %s; the next start tries it", error)

    def _tidy_the_journal(self) -> None:
        with self._changed:
            settled = self._held[0].number - 1 if self._held else self._number
        self._journal.settle(settled)
        with self._changed:
            self._journal.turn(self._held)
        self._journal.settle(settled)

    def _write_oldest_file(self) -> None:
        path = self._spill.oldest()
        if path is None:
            with self._changed:
                self._on_disk = False
                self._changed.notify_all()
            return
        facts = self._spill.load(path)
        for start in range(0, len(facts), self._limits.batch):
            self._write(facts[start : start + self._limits.batch])
        self._spill.remove(path)

    def _write(self, batch: Sequence[HeldFact]) -> None:
        try:
            self._store(batch)
        except LogUnavailable:
            raise
        except Exception:
            # A fact that the database refuses must not keep all later ones out: find it and set it aside.
            if len(batch) > 1:
                for fact in batch:
                    self._write([fact])
                return
            log.exception("contact log: fact %d of %s is refused; set aside", batch[0].number, batch[0].writer)
            self._spill.set_aside(batch[0])

    def _back_off(self, seconds: float) -> None:
        ends_at = monotonic() + seconds
        while (left := ends_at - monotonic()) > 0:
            with self._changed:
                self._changed.wait_for(lambda: self._closing_at is not None or self._must_spill(), left)
                if self._closing_at is not None:
                    self._changed.wait(min(self._limits.first_retry_seconds, left))
                    return
            if self._must_spill():
                self._spill_oldest()

    def _must_spill(self) -> bool:
        return len(self._held) > self._limits.held and self._disk_may_work()

    def _disk_may_work(self) -> bool:
        return self._disk_works or monotonic() > self._disk_tried_at + DISK_RETRY_SECONDS

    def _spill_oldest(self) -> None:
        with self._changed:
            chunk = list(islice(self._held, self._limits.spill_chunk))
        if not self._saved(chunk):
            return
        with self._changed:
            self._on_disk = True
            self._forget(chunk)

    def _put_on_disk(self) -> None:
        """While the database is away the core may die too: what waits is safe on disk from one attempt to the next."""
        while self._held and self._disk_may_work():
            self._spill_oldest()

    def _forget(self, facts: Sequence[HeldFact]) -> None:
        # `close` may have taken them meanwhile, when it ran out of patience.
        while self._held and self._held[0].number <= facts[-1].number:
            self._held.popleft()

    def _saved(self, facts: Sequence[HeldFact]) -> bool:
        self._disk_tried_at = monotonic()
        try:
            self._spill.save(facts)
        except OSError as error:
            if self._disk_works:
                log.warning("contact log: facts cannot be put on disk: %s", error)
            self._disk_works = False
        else:
            self._disk_works = True
        return self._disk_works

    def _save_rest(self, left: Sequence[HeldFact]) -> bool:
        """Put what is left on disk; whether all of it is there."""
        size = self._limits.spill_chunk
        saved = [self._saved(left[start : start + size]) for start in range(0, len(left), size)]
        if left:
            lost = size * saved.count(False)
            log.warning("contact log: %d facts were put on disk for the next start, up to %d lost", len(left), lost)
        return all(saved)

    def _end_journal(self) -> None:
        try:
            self._journal.close()
        except OSError as error:
            log.warning("contact log: the journal cannot be removed: %s", error)

    # --- What is said of it ------------------------------------------------------------------------------------------

    def _drop(self, count: int) -> None:
        if not self._dropped:
            log.error("contact log: memory and disk are full, facts are being lost")
        self._dropped += count

    def _report_outage(self, why: str) -> None:
        if self._healthy:
            log.warning("contact log: %s; facts are held back", why)
        self._healthy = False

    def _report_recovery(self) -> None:
        if self._healthy:
            return
        self._healthy = True
        lost, self._dropped = self._dropped, 0
        log.warning("contact log: the database is back, %d facts to write, %d lost", len(self._held), lost)
