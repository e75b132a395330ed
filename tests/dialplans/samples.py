"""The sample sites beside this file, and what their heads say of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NOORDWIJK = ROOT / "dialplans" / "noordwijk.yml"
SCHEMA = ROOT / "dialplans" / "schema.json"
VALID = (NOORDWIJK, *sorted((HERE / "valid").glob("*.yml")))
BROKEN = tuple(sorted((HERE / "broken").glob("*.yml")))


def heads(sample: Path, word: str) -> list[str]:
    """The values of the comment lines `# word: value` at the top."""
    start = f"# {word}: "
    return [line.removeprefix(start) for line in sample.read_text().splitlines() if line.startswith(start)]


def as_editors_see_it(sample: Path) -> Any:
    """The content with all keys as text, as JSON and therefore the schema want them."""
    return _with_text_keys(yaml.safe_load(sample.read_text()))


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    return [_with_text_keys(item) for item in value] if isinstance(value, list) else value
