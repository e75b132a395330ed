"""The decisions, compiled: the modules on the path of every call, which `scripts/compile_decisions.py` makes into C.

The sources are what counts. What was compiled lies outside of the packages, in a folder that is named after the digest
of the sources it was made of; a core that finds that folder runs what is in it, and any other core runs the sources,
with the same behaviour at about twice the CPU. `CX_DECISIONS=sources` makes a core run the sources in any case.

Standard library only, and nothing of the domain: this is called before any of it is loaded.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "build" / "decisions"
VARIABLE = "CX_DECISIONS"
"""Environment variable; `sources` says to leave alone what was compiled."""

PATH_OF_A_CALL: Mapping[str, tuple[str, ...]] = {
    "domain": (
        "recording",
        "queue",
        "leg",
        "contact",
        "agent",
        "membership",
        "offer",
        "tidings",
        "events",
        "measures",
        "expected_wait",
        "strategies",
        "sound_quality",
        "conditions",
        "dialplan",
        "site",
        "floor",
    ),
    "runner": ("timers",),
    "services": (
        "workplace",
        "marks",
        "endings",
        "sound",
        "offering",
        "queueing",
        "conversation",
        "recording",
        "listening",
        "legs",
        "inbound",
        "dispatch",
    ),
}
"""Package of cxcore → what is compiled of it: what most steps of a core go by. A dataclass stands after its bases."""
READ_ALONG = ("domain", "ports", "runner", "services")
"""The packages whose sources decide what the compiler makes."""
MADE_BY = ("cxcore/compiled.py", "scripts/compile_decisions.py", "scripts/compiling", "requirements-compile.txt")


def module_names() -> list[str]:
    """The modules that are compiled, with their packages."""
    return [f"cxcore.{package}.{name}" for package, names in PATH_OF_A_CALL.items() for name in names]


def digest() -> str:
    """Of the sources, of what makes C of them, and of the Python that it is for."""
    whole = hashlib.sha256(sys.version.encode())
    for file in _files():
        whole.update(f"{file.relative_to(ROOT)}\n".encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]


def _files() -> list[Path]:
    places = [*(ROOT / "cxcore" / package for package in READ_ALONG), *(ROOT / place for place in MADE_BY)]
    return sorted(file for place in places for file in ([place] if place.is_file() else place.glob("*.py")))


def folder() -> Path:
    """Where the modules lie that were compiled of the sources as they are now, once they are."""
    return FOLDER / digest()


def state() -> str:
    """What a core that is started now runs, and why; `compiled` where it is that."""
    if os.environ.get(VARIABLE, "") == "sources":
        return f"sources, as {VARIABLE} says"
    if folder().is_dir():
        return "compiled"
    if FOLDER.is_dir() and any(FOLDER.iterdir()):
        return "sources, since they are not those that were compiled; `make setup` compiles them"
    return "sources; `make setup` compiles them where it finds a C compiler"


def use() -> str:
    """Load the decisions compiled from now on, where they are; returns what `state` does.

    To be called before the domain is loaded: raises `RuntimeError` afterwards, since half of each is neither.
    """
    loaded = [name for name in module_names() if name in sys.modules]
    if loaded:
        raise RuntimeError(f"{loaded[0]} is loaded already")
    found = state()
    if found == "compiled":
        _put_first(folder())
    return found


def _put_first(place: Path) -> None:
    sys.path.append(str(place))
    for name in PATH_OF_A_CALL:
        package = importlib.import_module(f"cxcore.{name}")
        package.__path__.insert(0, str(place / "cxcore" / name))


def tell(found: str) -> None:
    """Say in the log what a core runs. That what was compiled is of no use is a warning: somebody meant it to run."""
    level = logging.WARNING if "since" in found else logging.INFO
    logging.getLogger(__name__).log(level, "decisions: %s", found)
