"""What the documents show and link to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PICTURE = re.compile(r'^    "([a-z-]+)": ', re.M)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_pictures_and_files_that_a_document_names_are_there(document: Path) -> None:
    named = [link.partition("#")[0] for link in LINK.findall(document.read_text(encoding="utf-8"))]
    files = [name for name in named if name and "://" not in name and not name.startswith("mailto:")]
    assert [name for name in files if not (document.parent / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_tests_that_a_document_names_are_there(document: Path) -> None:
    for file, name in TEST.findall(document.read_text(encoding="utf-8")):
        assert (ROOT / file).exists(), file
        assert not name or f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), name


def test_every_picture_is_one_that_the_script_makes_and_some_document_shows() -> None:
    made = set(PICTURE.findall((ROOT / "scripts" / "make_screenshots.py").read_text(encoding="utf-8")))
    there = {path.stem for path in (ROOT / "docs" / "images").glob("*.png")}
    assert there == made
    shown = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert [name for name in sorted(there) if f"images/{name}.png" not in shown] == []
