"""Prints what a simulated morning brought forth, in one line, and which decisions made it: compiled or of the sources.

    CX_DECISIONS=sources python -m tests.unit.simulation.day_digest
"""

from __future__ import annotations

import hashlib
import sys

from cxcore import compiled

if __name__ == "__main__":
    compiled.use()

from cxcore.domain import floor
from cxcore.domain.queue import StrategyName
from cxcore.storage.facts import HeldFact, from_line, to_line
from tests.unit.simulation import acted_day


def digest(strategy: StrategyName) -> str:
    """Of every fact of the morning: as it prints, and as the log keeps it."""
    lines = []
    for number, fact in enumerate(acted_day.acted(strategy=strategy), start=1):
        line = to_line(HeldFact("digest", number, fact))
        assert from_line(line).fact == fact
        lines += [repr(fact), line]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


if __name__ == "__main__":
    made_by = "sources" if floor.__file__.endswith(".py") else "compiled"
    sys.stdout.write(" ".join([made_by, *map(digest, StrategyName)]))
