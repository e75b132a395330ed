"""Facts on disk, for as long as the database is away and memory is full, or the core ends meanwhile.

Each file holds some facts, one line of JSON each, and is complete: it is written under another name, flushed to disk
and then renamed; or it came from a journal. They are read in the order of the numbers of their facts.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from cxcore.storage.facts import HeldFact, UnreadableFact, from_line, to_line

log = logging.getLogger(__name__)

NAME = re.compile(r"facts-(?P<at>\w+)-(?P<writer>.+)-(?P<number>\d+)\.")
ADOPTED = ".journal.jsonl"
"""How a file ends that came from a journal: it may begin with the same fact as another one."""


class Spill:
    """The spilled facts of one customer's core. Two cores must not share the directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._others: frozenset[str] = frozenset()
        """Writers that live; what they put here is theirs to write."""

    def leave_to(self, writers: Iterable[str]) -> None:
        """From now on, leave the facts of these writers alone."""
        self._others = frozenset(writers)

    def adopt(self, path: Path, first: HeldFact) -> None:
        """Take a file of facts, of which this is the first, as one of the own. Raises `OSError`."""
        path.replace(self._path(first, "facts").with_suffix(ADOPTED))

    def save(self, facts: Sequence[HeldFact]) -> None:
        """Keep the facts in a file of their own. Raises `OSError`."""
        self._write(self._path(facts[0], "facts"), [to_line(fact) for fact in facts])

    def set_aside(self, fact: HeldFact) -> None:
        """Keep a fact that the database does not take, for a person to look at. Raises `OSError`."""
        text = json.dumps({"writer": fact.writer, "number": fact.number, "fact": repr(fact.fact)})
        self._write(self._path(fact, "rejected"), [text])

    def oldest(self) -> Path | None:
        """The file to be written to the database next: of the writer who began first, its lowest numbers. The clock may
        go back, and a fact whose number is below one that is stored counts as stored."""
        names = [(path, *_parts(path)) for path in sorted(self.directory.glob("facts-*.jsonl"))]
        began: dict[str, str] = {}
        for _, at, writer, _ in names:
            began.setdefault(writer, at)
        order = [
            (began[writer], writer, number, path) for path, _, writer, number in names if writer not in self._others
        ]
        return min(order)[-1] if order else None

    def load(self, path: Path) -> list[HeldFact]:
        """The facts of a file. Lines that cannot be read are logged, and kept in a file beside it. Raises `OSError`."""
        facts = []
        # Not `splitlines`: a text may hold other ends of lines than ours.
        lines = path.read_text(encoding="utf-8", errors="replace").removesuffix("\n").split("\n")
        for number, line in enumerate(lines, start=1):
            try:
                facts.append(from_line(line))
            except UnreadableFact as error:
                log.warning("%s line %d: %s; kept in %s", path, number, error, _unreadable(path))
                with _unreadable(path).open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
        return facts

    def remove(self, path: Path) -> None:
        """The facts of the file are in the database. Raises `OSError`."""
        path.unlink(missing_ok=True)

    def _path(self, fact: HeldFact, what: str) -> Path:
        at = fact.fact.at.strftime("%Y%m%dT%H%M%S%f")
        return self.directory / f"{what}-{at}-{fact.writer}-{fact.number:012d}.jsonl"

    def _write(self, path: Path, lines: Sequence[str]) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds callers' numbers
        draft = path.with_suffix(".part")
        with open(draft, "w", encoding="utf-8", errors="replace", opener=_private) as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def _unreadable(path: Path) -> Path:
    return path.with_suffix(".unreadable")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _parts(path: Path) -> tuple[str, str, int]:
    """Instant and number of the first fact in a file, and between them its writer. Another name comes first."""
    found = NAME.match(path.name)
    return (found["at"], found["writer"], int(found["number"])) if found else ("", path.name, 0)
