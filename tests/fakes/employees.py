"""A directory of employees in memory (port `cxcore.ports.employees`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from cxcore.domain.employee_files import read_csv
from cxcore.domain.employees import Employee, search_texts, search_words
from cxcore.ports.contact_log import LogUnavailable

DEMO = Path(__file__).parents[2] / "dialplans" / "noordwijk.employees.csv"


class FakeEmployees:
    """Keeps the employees in a dictionary."""

    def __init__(self, *employees: Employee) -> None:
        self.kept = {each.employee_id: each for each in employees}
        self.away = False

    def search(self, query: str, most: int) -> Sequence[Employee]:
        """Best first; see the port."""
        self._check_there()
        words = search_words(query)
        found = [each for each in self.kept.values() if words and all(word in search_texts(each).all for word in words)]
        return sorted(found, key=lambda each: (_rank(each, words), search_texts(each).name, each.employee_id))[:most]

    def find(self, employee_id: str) -> Employee | None:
        """One employee, or None."""
        self._check_there()
        return self.kept.get(employee_id)

    def by_numbers(self, numbers: Collection[str]) -> Mapping[str, Employee]:
        """Number → whose it is."""
        self._check_there()
        owners = {number: [each for each in self.kept.values() if number in each.numbers] for number in numbers}
        return {number: each[0] for number, each in owners.items() if len(each) == 1}

    def replace_all(self, employees: Sequence[Employee]) -> None:
        """Let these be the directory."""
        self._check_there()
        self.kept = {each.employee_id: each for each in employees}

    def count(self) -> int:
        """How many there are."""
        self._check_there()
        return len(self.kept)

    def _check_there(self) -> None:
        if self.away:
            raise LogUnavailable("database fake: it is away; bring it back")


def demo_employees() -> FakeEmployees:
    """Those of the demo site."""
    return FakeEmployees(*read_csv(DEMO.read_text(encoding="utf-8")))


def _rank(employee: Employee, words: Sequence[str]) -> int:
    texts = search_texts(employee)
    return sum(0 if f" {word}" in texts.name else 1 if f" {word}" in texts.all else 2 for word in words)
