"""The employees of the municipality, who answer calls or not, and how what an agent types finds them [15]."""

from __future__ import annotations

from dataclasses import dataclass

from cxcore.domain.numbers import normalised
from cxcore.domain.phone_book import folded

SHORTEST_NUMBER = 9
"""Digits from which what was typed is taken for one number: `071 555 01 01`, not `7 1`."""
_SEPARATORS = str.maketrans(dict.fromkeys("-/,;.()&'’", " "))


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody who works here. `employee_id` is that of the source: a line of a file, or Entra ID."""

    employee_id: str
    name: str
    department: str = ""
    function: str = ""
    numbers: tuple[str, ...] = ()
    """The first is the one to call; as `numbers.normalised` gives them."""
    email: str = ""
    agent_id: str | None = None
    """The agent that this employee is, if any."""


@dataclass(frozen=True, slots=True)
class SearchTexts:
    """An employee as it is compared: words without case and accents, each with a space before it."""

    name: str
    all: str
    """Name, department, function and numbers."""


def search_texts(employee: Employee) -> SearchTexts:
    """The texts in which an employee is looked for."""
    name = _spaced(employee.name)
    rest = "".join(map(_spaced, (employee.department, employee.function)))
    return SearchTexts(name, name + rest + "".join(f" {national(each)}" for each in employee.numbers))


def search_words(query: str) -> tuple[str, ...]:
    """The parts that each must be found, in any order. A whole number, however it is written, is one part."""
    number = normalised(query) if sum(map(str.isdigit, query)) >= SHORTEST_NUMBER else None
    if number is not None:
        return (national(number),)
    return tuple(_spaced(query.replace("+31", "0")).split())


def national(number: str) -> str:
    """A number as people type it: `+31715550200` as `0715550200`."""
    return "0" + number.removeprefix("+31") if number.startswith("+31") else number


def _spaced(text: str) -> str:
    return "".join(f" {word}" for word in folded(text).translate(_SEPARATORS).split())
