"""Keeps the directory of employees (port `cxcore.ports.employees`).

A search reads every line: 5,000 of them take SQLite and PostgreSQL a few milliseconds, and a part in the middle of a
word is found too, for which no index of PostgreSQL's own would serve.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, case, delete, func, insert, select
from sqlalchemy.orm import Session

from cxcore.domain.employees import Employee, search_texts, search_words
from cxcore.storage.engine import reading, writing
from cxcore.storage.models import EmployeeNumber, EmployeeRecord

MOST_WORDS = 8
"""Parts of a query that count; nobody types more."""


class SqlEmployees:
    """The directory in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def search(self, query: str, most: int) -> Sequence[Employee]:
        """Best first; see the port. Raises `LogUnavailable`."""
        words = search_words(query)[:MOST_WORDS]
        if not words:
            return []
        found = select(EmployeeRecord).where(
            *(EmployeeRecord.searched.contains(each, autoescape=True) for each in words)
        )
        rank = sum((_rank(each) for each in words[1:]), start=_rank(words[0]))
        ordered = found.order_by(rank, EmployeeRecord.name_words, EmployeeRecord.employee_id).limit(most)
        with reading(self._engine) as session:
            return [_employee(row) for row in session.scalars(ordered)]

    def find(self, employee_id: str) -> Employee | None:
        """One employee, or None. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            row = session.get(EmployeeRecord, employee_id)
            return None if row is None else _employee(row)

    def by_numbers(self, numbers: Collection[str]) -> Mapping[str, Employee]:
        """Number → whose it is. Raises `LogUnavailable`."""
        if not numbers:
            return {}
        owner = (EmployeeNumber.employee_id == EmployeeRecord.employee_id, EmployeeNumber.number.in_(numbers))
        with reading(self._engine) as session:
            rows = session.execute(select(EmployeeNumber.number, EmployeeRecord).where(*owner)).all()
        owners = [number for number, _ in rows]
        return {number: _employee(row) for number, row in rows if owners.count(number) == 1}

    def replace_all(self, employees: Sequence[Employee]) -> None:
        """Let these be the directory. Raises `LogUnavailable`."""
        with writing(self._engine) as session:
            session.execute(delete(EmployeeNumber))
            session.execute(delete(EmployeeRecord))
            _insert(session, EmployeeRecord, [_record(each) for each in employees])
            _insert(session, EmployeeNumber, [row for each in employees for row in _numbers(each)])

    def count(self) -> int:
        """How many there are. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return session.scalar(select(func.count()).select_from(EmployeeRecord)) or 0


def _rank(word: str) -> ColumnElement[int]:
    """0 at the beginning of a word of the name, 1 at the beginning of another word, 2 in the middle."""
    return case(
        (EmployeeRecord.name_words.contains(f" {word}", autoescape=True), 0),
        (EmployeeRecord.searched.contains(f" {word}", autoescape=True), 1),
        else_=2,
    )


def _insert(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(model), rows)


def _record(each: Employee) -> dict[str, Any]:
    texts = search_texts(each)
    return {
        "employee_id": each.employee_id,
        "name": each.name,
        "department": each.department,
        "function": each.function,
        "numbers": list(each.numbers),
        "email": each.email,
        "agent_id": each.agent_id,
        "name_words": texts.name,
        "searched": texts.all,
    }


def _numbers(each: Employee) -> Iterator[dict[str, str]]:
    for number in dict.fromkeys(each.numbers):
        yield {"number": number, "employee_id": each.employee_id}


def _employee(row: EmployeeRecord) -> Employee:
    return Employee(
        row.employee_id, row.name, row.department, row.function, tuple(row.numbers), row.email, row.agent_id
    )
