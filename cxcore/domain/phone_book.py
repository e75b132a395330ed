"""The central phone book: who can be called or transferred to beside agents and queues [42], searched as one types."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SHORTEST_DIGITS = 3
"""Digits of a number that are looked for; fewer would find nearly everybody."""

_UNDECOMPOSED = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that Unicode does not take for a letter with a mark."""


@dataclass(frozen=True, slots=True)
class PhoneBookEntry:
    """Somebody, or a department. Several destinations are a ring group: the first to answer has the call."""

    key: str
    name: str
    destinations: tuple[str, ...]
    department: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry as it is compared."""

    words: str
    """Each with a space before it."""
    digits: str
    entry: PhoneBookEntry


@dataclass(slots=True)
class PhoneBook:
    """Entries in the order of their names. A search looks at each of them: 5,000 take a few milliseconds."""

    entries: dict[str, PhoneBookEntry] = field(default_factory=dict)
    _lines: list[_Line] = field(default_factory=list)
    _by_number: dict[str, PhoneBookEntry | None] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[PhoneBookEntry]) -> PhoneBook:
        """A book with these entries."""
        ordered = sorted(entries, key=lambda each: (folded(each.name), each.key))
        by_number: dict[str, PhoneBookEntry | None] = {}
        for each in ordered:
            by_number.update({number: None if number in by_number else each for number in each.destinations})
        return cls({each.key: each for each in ordered}, [_line(each) for each in ordered], by_number)

    def owner_of(self, number: str) -> PhoneBookEntry | None:
        """Whose number it is; nobody's when it stands in several entries."""
        return self._by_number.get(number)

    def search(self, query: str, most: int = 20) -> list[PhoneBookEntry]:
        """Entries of which each word of the query begins a word of name or department, or is part of a number."""
        wanted = folded(query).split()
        found: list[PhoneBookEntry] = []
        for line in self._lines:
            if wanted and all(_fits(word, line) for word in wanted):
                found.append(line.entry)
                if len(found) == most:
                    break
        return found


def entries_in(written: Mapping[str, Mapping[str, Any]]) -> list[PhoneBookEntry]:
    """The entries of a phone book as it stands in the site, which has been checked."""
    return [
        PhoneBookEntry(str(key), str(each["name"]), tuple(map(str, each["numbers"])), str(each.get("department", "")))
        for key, each in written.items()
    ]


def folded(text: str) -> str:
    """Without case and accents, so that `José` is found by `jose`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def matches(query: str, *texts: str) -> bool:
    """Whether each word of the query begins a word of the texts."""
    words = tuple(word for text in texts for word in _words(text))
    return all(any(word.startswith(wanted) for word in words) for wanted in folded(query).split())


def _words(text: str) -> tuple[str, ...]:
    return tuple(folded(text).replace("-", " ").replace("/", " ").split())


def _line(entry: PhoneBookEntry) -> _Line:
    numbers = " ".join(_national(each) for each in entry.destinations)
    words = "".join(f" {word}" for word in (*_words(entry.name), *_words(entry.department)))
    return _Line(words, numbers, entry)


def _national(number: str) -> str:
    """As people type it: `+31715550200` as `0715550200`."""
    return "0" + number.removeprefix("+31") if number.startswith("+31") else number.removeprefix("+")


def _fits(wanted: str, line: _Line) -> bool:
    if f" {wanted}" in line.words:
        return True
    digits = wanted.replace("+31", "0").lstrip("+")
    return digits.isdigit() and len(digits) >= SHORTEST_DIGITS and digits in line.digits
