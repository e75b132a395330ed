#!/usr/bin/env python3
"""Compiles the decisions: makes C, and of that native modules, of what most steps of a core go by (cxcore/compiled.py).

`make setup` calls this. The result lies in var/build/decisions, in a folder that is named after the digest of its
sources; those of earlier sources are removed. Nothing is done where it is there already. The compiler is mypyc, which
comes with the pinned mypy, and then the C compiler of the machine ($CC, else cc), on all processors.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxcore import compiled
from scripts.compiling.native_form import rewritten

LIBRARY = "cx_decisions"
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
COMPILER = shlex.split(os.environ.get("CC", "cc"))
FLAGS = ("-fPIC", "-fvisibility=hidden", "-fwrapv", "-DNDEBUG", "-g0", f"-I{sysconfig.get_path('include')}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compile what is not compiled yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missing", action="store_true", help="only say what is not here that this needs; then exit 1")
    parser.add_argument("--optimise", default="1", choices="0123", help="how hard the C compiler tries (default 1)")
    options = parser.parse_args(arguments)
    lacking = missing()
    if lacking or options.missing:
        print(lacking or "nothing is missing")
        return 1 if lacking else 0
    if not compiled.folder().is_dir():
        compile_all(options.optimise)
    return 0


def missing() -> str:
    """What is not here that compiling needs; empty when all is."""
    if shutil.which(COMPILER[0]) is None:
        return "there is no C compiler; the sources run"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "Python's headers (python3-dev) are not there; the sources run"
    return ""


def compile_all(optimise: str) -> None:
    """Make the modules aside, then put them in their place at once: nobody finds half of them."""
    place = compiled.folder()
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".making-") as workshop:
        made = Path(workshop, "made")
        _make(Path(workshop), made, optimise)
        if compiled.folder() != place:
            raise SystemExit("the sources were changed meanwhile: compile them again")
        for earlier in place.parent.glob("[0-9a-f]*"):
            shutil.rmtree(earlier)
        made.rename(place)


def _make(workshop: Path, made: Path, optimise: str) -> None:
    _lay_out(workshop)
    os.chdir(workshop)
    objects = _compile_c([*_to_c(optimise), *_write_doors()], optimise)
    _link([file for file in objects if not file.stem.startswith("doors-")], made / f"{LIBRARY}__mypyc{SUFFIX}")
    for package, names in compiled.PATH_OF_A_CALL.items():
        for name in names:
            _link([Path(f"doors-{package}.o")], made / "cxcore" / package / f"{name}{SUFFIX}")


def _lay_out(workshop: Path) -> None:
    """The packages as they are, but for the dataclasses of the modules that are compiled."""
    for package in ("", *compiled.READ_ALONG):
        for file in (compiled.ROOT / "cxcore" / package).glob("*.py"):
            if package or file.name == "__init__.py":
                (workshop / "cxcore" / package).mkdir(parents=True, exist_ok=True)
                shutil.copy(file, workshop / "cxcore" / package / file.name)
    files = {name: workshop / f"{name.replace('.', '/')}.py" for name in compiled.module_names()}
    for name, text in rewritten({name: file.read_text(encoding="utf-8") for name, file in files.items()}).items():
        files[name].write_text(text, encoding="utf-8")


def _to_c(optimise: str) -> list[tuple[str, list[str]]]:
    """Make C of the modules: each file, with its flags. Ends the program when a type is wrong."""
    from mypyc.build import mypycify

    sources = [f"{name.replace('.', '/')}.py" for name in compiled.module_names()]
    options = ["--ignore-missing-imports", "--warn-unreachable", "--config-file=", "--cache-dir=mypy-cache"]
    library, *_ = mypycify(
        [*options, *sources],
        opt_level=optimise,
        debug_level="0",
        multi_file=True,
        target_dir="c",
        group_name=LIBRARY,
    )
    flags = [*(f"-I{each}" for each in library.include_dirs), *library.extra_compile_args]
    return [(source, [flag for flag in flags if flag != "-Werror"]) for source in library.sources]


def _write_doors() -> Iterable[tuple[str, list[str]]]:
    """The little C by which Python enters each module: one file for all modules of a package."""
    for package, names in compiled.PATH_OF_A_CALL.items():
        doors = Path(f"doors-{package}.c")
        lines = [
            f'#define PyInit___init__ unused_{name}\n#include "c/cxcore/{package}/{name}.c"\n#undef PyInit___init__\n'
            for name in names
        ]
        doors.write_text("".join(lines), encoding="utf-8")
        yield str(doors), []


def _compile_c(files: list[tuple[str, list[str]]], optimise: str) -> list[Path]:
    """The object files; the largest are begun first."""
    largest_first = sorted(files, key=lambda each: -Path(each[0]).stat().st_size)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda each: _object_of(each[0], [f"-O{optimise}", *each[1]]), largest_first))


def _object_of(source: str, flags: Sequence[str]) -> Path:
    result = Path(source).with_suffix(".o").name
    _run([*COMPILER, *FLAGS, *flags, "-c", source, "-o", result])
    return Path(result)


def _link(objects: Iterable[Path], result: Path) -> None:
    result.parent.mkdir(parents=True, exist_ok=True)
    _run([*COMPILER, "-shared", *map(str, objects), "-o", str(result)])


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
