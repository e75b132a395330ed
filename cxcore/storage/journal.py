"""Facts on disk from the step that brought them forth, so that a core that is killed loses none.

What is written survives the process in the system's page cache; a power cut may take it, as it may take the last
instants of the database. Two files take turns: while the facts of one are carried to the database, new ones go to the
other. A file is emptied as soon as its facts are in the database or among those of `cxcore.storage.spill`.

Their owner holds them locked, and the lock ends with the process, however it ends: a file that can be locked was left.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from cxcore.storage.facts import HeldFact, UnreadableFact, from_line, to_line
from cxcore.storage.spill import Spill

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
"""How long a disk that could not be written is left alone."""

MOST_AT_ONCE = 1000
"""Facts that may be written when the disk takes them again; the inbox waits meanwhile."""

# `os.write` lets the thread that talks to the database have the interpreter, and the step then waits to get it back:
# p99 3.4 ms beside a busy thread, against 0.1 ms for a call that keeps the interpreter.
_write: Final = ctypes.PyDLL(None).write
_write.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t]
_write.restype = ctypes.c_ssize_t


@dataclass(slots=True)
class _Page:
    """One of the two files. `last` is the number of its last fact, 0 when it is empty."""

    file: int
    octets: int = 0
    last: int = 0

    def add(self, lines: bytes, last: int) -> None:
        """All of it or nothing. Raises `OSError`."""
        written = _write(self.file, lines, len(lines))
        if written != len(lines):
            self._add_rest(lines[max(written, 0) :])
        self.octets, self.last = self.octets + len(lines), last

    def _add_rest(self, rest: bytes) -> None:
        try:
            while rest:
                rest = rest[os.write(self.file, rest) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(self.file, self.octets)
            raise

    def empty(self) -> None:
        os.ftruncate(self.file, 0)
        self.octets = self.last = 0

    def is_removed(self) -> bool:
        return os.fstat(self.file).st_nlink == 0


class Journal:
    """The journal of one core, in the directory of its spilled facts.

    `note` is called in the step and `turn` in the writer's thread, both under the writer's lock; `settle` and
    `take_up_left` in that thread, without it.
    """

    def __init__(self, directory: Path, writer: str) -> None:
        self._directory, self._writer = directory, writer
        self._taking: _Page | None = None
        self._resting: _Page | None = None
        self._last = 0
        self._works = True
        self._tried_at = -RETRY_SECONDS

    def note(self, facts: Sequence[HeldFact]) -> None:
        """Keep the facts, all in one write; when the disk does not take them that is said once and the core goes on."""
        if not self._works or not facts:
            return
        try:
            self._add(facts)
        except OSError as error:
            self._fail(error)

    def turn(self, unsettled: Iterable[HeldFact]) -> None:
        """Let what comes from now on go to the other file, if that is empty. `unsettled`: the facts that are in memory
        only; they are written when the disk could not take some of them and now may."""
        if self._works:
            self._swap()
        elif monotonic() > self._tried_at + RETRY_SECONDS:
            self._try_again(list(unsettled))

    def settle(self, number: int) -> None:
        """Facts up to this number are kept elsewhere: empty the resting file if it has no others."""
        page = self._resting
        if page is not None and 0 < page.last <= number:
            with suppress(OSError):
                page.empty()

    def close(self) -> None:
        """All facts are kept elsewhere; no other call follows. Raises `OSError`."""
        for page in (self._taking, self._resting):
            if page is not None:
                os.close(page.file)
        for path in self._paths():
            path.unlink(missing_ok=True)

    def take_up_left(self, spill: Spill) -> None:
        """Hand over to `spill` what cores that were killed left here; those that live keep theirs. Raises `OSError`."""
        others = [path for path in sorted(self._directory.glob("journal-*.jsonl")) if path not in self._paths()]
        living = {_writer_of(path) for path in others if not _taken_up(path, spill)}
        if living:
            spill.leave_to(living)
            log.error(
                "contact log: another core that runs uses %s too, and both go on; give each a `site.state` of its own",
                self._directory,
            )

    def _paths(self) -> list[Path]:
        return [self._directory / f"journal-{self._writer}-{which}.jsonl" for which in "ab"]

    def _add(self, facts: Sequence[HeldFact]) -> None:
        page = self._page()
        # Ids from outside may hold what is no text; the database refuses them later, and that is said then.
        lines = "".join([f"{to_line(fact)}\n" for fact in facts]).encode("utf-8", "replace")
        page.add(lines, facts[-1].number)
        self._last = page.last

    def _page(self) -> _Page:
        if self._taking is None or self._resting is None:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds callers' numbers
            first, second = self._paths()
            self._taking = self._taking or _Page(_locked_file(first))
            self._resting = self._resting or _Page(_locked_file(second))
        return self._taking

    def _swap(self) -> None:
        taking, resting = self._taking, self._resting
        if taking is None or resting is None:
            return
        if taking.is_removed() or resting.is_removed():
            self._fail(FileNotFoundError(f"somebody removed files from {self._directory}"))
            self._tried_at = -RETRY_SECONDS
        elif taking.last and not resting.last:
            self._taking, self._resting = resting, taking

    def _try_again(self, unsettled: Sequence[HeldFact]) -> None:
        self._tried_at = monotonic()
        self._let_go_of_removed()
        missing = [fact for fact in unsettled if fact.number > self._last]
        if not 0 < len(missing) <= MOST_AT_ONCE:
            return
        with suppress(OSError):  # it was said when it began
            self._leave_no_gap_before(missing[0].number)
            self._add(missing)
            self._works = True
            self._swap()
            log.warning("contact log: the journal in %s is written again", self._directory)

    def _leave_no_gap_before(self, number: int) -> None:
        """A fact whose number is below a stored one counts as stored, so each file must hold all from its first to its
        last. Where facts before `number` are missing they are kept elsewhere, and so is all that came before them."""
        for page in (self._taking, self._resting):
            if page is not None and number > self._last + 1:
                page.empty()

    def _let_go_of_removed(self) -> None:
        pages = [page for page in (self._taking, self._resting) if page is not None]
        if any(page.is_removed() for page in pages):
            for page in pages:
                os.close(page.file)
            self._taking = self._resting = None
            self._last = 0

    def _fail(self, error: OSError) -> None:
        self._works, self._tried_at = False, monotonic()
        log.warning(
            "contact log: the journal in %s cannot be written: %s; until it can, a core that is killed loses the facts "
            "that the database does not have yet",
            self._directory,
            error,
        )


def _locked_file(path: Path) -> int:
    file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_TRUNC, mode=0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise
    return file


def _writer_of(path: Path) -> str:
    return path.stem.removeprefix("journal-")[: -len("-a")]


def _taken_up(path: Path, spill: Spill) -> bool:
    """Whether the file is nobody's; what it held is then among the spilled facts."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        _hand_over(path, spill)
    finally:
        os.close(file)
    return True


def _hand_over(path: Path, spill: Spill) -> None:
    content = path.read_bytes()
    whole, end, torn = content.rpartition(b"\n")
    if torn:
        log.warning("contact log: a core was killed while it wrote the last line of %s; nobody saw what it said", path)
        os.truncate(path, len(whole) + len(end))
    first = _first(whole)
    if first is None:
        path.unlink()
        return
    log.warning("contact log: a killed core left facts that the database may lack in %s; they are written now", path)
    spill.adopt(path, first)


def _first(lines: bytes) -> HeldFact | None:
    for line in lines.decode("utf-8", "replace").split("\n"):
        with suppress(UnreadableFact):
            return from_line(line)
    return None
