"""The directory of employees [15]: filled from a file, and searched as an agent types."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from cxcore.domain.employees import Employee


class Employees(Protocol):
    """Everybody who works here. Raises `LogUnavailable` when the database does not answer."""

    def search(self, query: str, most: int) -> Sequence[Employee]:
        """The best `most` of those in whose name, department, function or numbers each part of the query stands.

        Who has the parts at the beginning of words of the name comes first, then by name. Case and accents do not
        count. An empty query finds nobody.
        """

    def find(self, employee_id: str) -> Employee | None:
        """One employee, or None."""

    def by_numbers(self, numbers: Collection[str]) -> Mapping[str, Employee]:
        """Number → whose it is, for numbers in the form of `numbers.normalised`. One that several share is nobody's."""

    def replace_all(self, employees: Sequence[Employee]) -> None:
        """Let these, with identities of their own each, be the directory from now on; all of them or, on an error,
        none."""

    def count(self) -> int:
        """How many there are."""
