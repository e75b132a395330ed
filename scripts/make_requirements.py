#!/usr/bin/env python3
"""Makes docs/requirements.md from tests/requirements/: which requirement is shown by which tests.

With --check it changes nothing and fails when the page is out of date.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/requirements.md"
HEAD = """# Requirements and the tests that show them

Made by `scripts/make_requirements.py` from the tests in `tests/requirements/`; each sentence is a test that runs.
"""


def chapter(path: Path) -> str:
    """The part of the page for one test file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    title, _, rest = (ast.get_docstring(tree) or path.name).partition("\n\n")
    tests = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    lines = [f"## {' '.join(title.split())}", ""]
    if rest:
        lines += [" ".join(rest.split()), ""]
    lines += [f"- {name.removeprefix('test_').replace('_', ' ')}" for name in tests]
    return "\n".join([*lines, "", f"`{path.relative_to(ROOT)}`", ""])


def number(path: Path) -> tuple[int, str]:
    """Sorts by the number of the requirement."""
    found = re.match(r"test_(\d+)", path.name)
    return (int(found[1]) if found else 0, path.name)


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail when docs/requirements.md is out of date")
    check = parser.parse_args().check
    files = sorted((ROOT / "tests/requirements").glob("test_*.py"), key=number)
    page = "\n".join([HEAD, *(chapter(path) for path in files)])
    if not check:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
        return 0
    print("docs/requirements.md is out of date; run scripts/make_requirements.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
