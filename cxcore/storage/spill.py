"""Facts on disk, for as long as the database is away and memory is full, or the core ends meanwhile.

Each file holds some facts, one line of JSON each, and is complete: it is written under another name, flushed to disk
and then renamed. Names sort in the order in which the facts happened.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from cxcore.storage.facts import HeldFact, UnreadableFact, from_line, to_line

log = logging.getLogger(__name__)


class Spill:
    """The spilled facts of one customer's core. Two cores must not share the directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def save(self, facts: Sequence[HeldFact]) -> None:
        """Keep the facts in a file of their own. Raises `OSError`."""
        self._write(self._path(facts[0], "facts"), [to_line(fact) for fact in facts])

    def set_aside(self, fact: HeldFact) -> None:
        """Keep a fact that the database does not take, for a person to look at. Raises `OSError`."""
        text = json.dumps({"writer": fact.writer, "number": fact.number, "fact": repr(fact.fact)})
        self._write(self._path(fact, "rejected"), [text])

    def oldest(self) -> Path | None:
        """The file to be written to the database next."""
        return min(self._directory.glob("facts-*.jsonl"), default=None)

    def load(self, path: Path) -> list[HeldFact]:
        """The facts of a file. Lines that cannot be read are logged, and kept in a file beside it. Raises `OSError`."""
        facts = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
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
        return self._directory / f"{what}-{at}-{fact.writer}-{fact.number:012d}.jsonl"

    def _write(self, path: Path, lines: Sequence[str]) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds callers' numbers
        draft = path.with_suffix(".part")
        with draft.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def _unreadable(path: Path) -> Path:
    return path.with_suffix(".unreadable")
