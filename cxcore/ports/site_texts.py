"""The YAML of a site as something that can be read, checked, compared and changed without losing its comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Where = tuple[str, ...]
"""The way from the root of the file to a value: keys, and places in lists counted from 0 (`flows hoofdmenu 2 menu`)."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What shall stand at a place: text, numbers, true or false, lists and mappings of these; None takes it away."""

    where: Where
    value: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is another; `before` is None for one that is new, `after` for one that is gone."""

    where: Where
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Remark:
    """What `cx check` says. `where` is the nearest value in the file; an error keeps the text from ever counting."""

    is_error: bool
    line: int
    where: Where
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Two changes of one text, put together. With conflicts, `text` has the change of the second at those places."""

    text: str
    conflicts: tuple[Difference, ...]
    """What the second changes where the first did too: from what the first made of it, to what the second wants."""


class TextRefused(Exception):
    """The text is no YAML, or an edit names a place that it does not have."""


class SiteTexts(Protocol):
    """Works on texts; nothing here reads or changes what counts."""

    def content(self, text: str) -> Mapping[str, Any]:
        """All of it as plain values; keys are text, dates too. Raises `TextRefused`."""

    def remarks(self, text: str) -> Sequence[Remark]:
        """What the reader of sites finds wrong, by line."""

    def edited(self, text: str, edits: Sequence[Edit]) -> str:
        """The text with these edits; what they do not touch stays as it is written. Raises `TextRefused`."""

    def differences(self, before: str, after: str) -> Sequence[Difference]:
        """Which values are others, in the order of the file. Raises `TextRefused`."""

    def merged(self, base: str, first: str, second: str) -> Merge:
        """What `second` changed of `base`, done on `first`. Raises `TextRefused`."""

    def prompts(self) -> Mapping[str, str]:
        """The prompts that a site may name, with their spoken texts where these are known."""
