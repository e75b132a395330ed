"""Reads a file of employees: what a spreadsheet saves as CSV, or what Entra ID exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cxcore.domain.employees import Employee
from cxcore.domain.numbers import EMERGENCY_NUMBERS, normalised

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "personeelsnummer", "objectid"),
    "name": ("name", "naam", "displayname", "weergavenaam"),
    "department": ("department", "afdeling"),
    "function": ("function", "functie", "jobtitle"),
    "number": ("number", "nummer", "telefoon", "telefoonnummer", "telephonenumber", "businessphones"),
    "mobile": ("mobile", "mobiel", "mobilephone"),
    "extension": ("extension", "toestel", "intern"),
    "email": ("email", "e-mail", "mail", "userprincipalname"),
    "agent": ("agent", "cx-gebruiker", "gebruiker"),
}
"""What a column holds → how it may be called; the last of them are the names of Entra ID. Case does not count."""
NUMBERS = ("number", "mobile", "extension")
SEPARATORS = ";,\t"
LONGEST = 200
"""Characters of a value."""
MOST_EMPLOYEES = 50_000
MOST_FINDINGS = 20

_KNOWN = {name: column for column, names in COLUMNS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in which line of the file, and what to write instead."""

    line: int
    text: str


class EmployeeFileRefused(Exception):
    """The file is not taken over, not even in part."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"line {each.line}: {each.text}" for each in findings))
        self.findings = tuple(findings)


def read_csv(text: str) -> list[Employee]:
    """The employees in a CSV text with a heading; comma, semicolon or tab between values.

    Raises `EmployeeFileRefused`, with every finding up to `MOST_FINDINGS`.
    """
    heading = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=heading.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = [_KNOWN.get(each.strip().lower().replace(" ", ""), "") for each in next(lines, [])]
        rows = [(lines.line_num, _row(columns, values)) for values in lines if any(map(str.strip, values))]
    except csv.Error as error:
        raise EmployeeFileRefused(
            [Finding(lines.line_num, f"this is no CSV ({error}); save it as CSV again")]
        ) from None
    if "name" not in columns:
        known = ", ".join(names[1] if len(names) > 1 else names[0] for names in COLUMNS.values())
        raise EmployeeFileRefused([Finding(1, f"no column `naam`; the first line names the columns: {known}")])
    return read_rows(rows)


def read_rows(rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[Employee]:
    """The employees in rows with the keys of `COLUMNS`, each with its line. Raises `EmployeeFileRefused`."""
    employees: list[Employee] = []
    lines: dict[str, int] = {}
    findings = _sizes(rows)
    for line, row in rows[:MOST_EMPLOYEES]:
        findings += _faults(line, row)
        each = _employee(row)
        if each.employee_id in lines:
            findings.append(
                Finding(line, f"the same person as in line {lines[each.employee_id]}; leave out one of them")
            )
        lines.setdefault(each.employee_id, line)
        employees.append(each)
    if findings:
        raise EmployeeFileRefused(findings[:MOST_FINDINGS])
    return employees


def _row(columns: Sequence[str], values: Sequence[str]) -> Mapping[str, str]:
    row: dict[str, str] = {}
    for column, value in zip(columns, values, strict=False):
        if column and value.strip():
            row.setdefault(column, value.strip())
    return row


def _sizes(rows: Sequence[object]) -> list[Finding]:
    if not rows:
        return [Finding(1, "nobody stands in the file; the directory stays as it is")]
    if len(rows) > MOST_EMPLOYEES:
        return [Finding(1, f"{len(rows)} employees are more than {MOST_EMPLOYEES}; leave some out")]
    return []


def _faults(line: int, row: Mapping[str, str]) -> Iterable[Finding]:
    if "name" not in row:
        yield Finding(line, "no name; write who it is, or leave the line out")
    for column, value in row.items():
        if len(value) > LONGEST:
            yield Finding(line, f"{column} is longer than {LONGEST} characters; shorten it")
    for column in NUMBERS:
        if column in row and _number(row[column]) is None:
            yield Finding(
                line, f"`{row[column][:40]}` is no telephone number; write it as 071 555 0101 or +31715550101"
            )


def _employee(row: Mapping[str, str]) -> Employee:
    name, email = row.get("name", ""), row.get("email", "")
    department = row.get("department", "")
    numbers = dict.fromkeys(found for column in NUMBERS if (found := _number(row.get(column, ""))))
    return Employee(
        row.get("id") or email.lower() or f"{name}, {department}",
        name,
        department,
        row.get("function", ""),
        tuple(numbers),
        email,
        row.get("agent"),
    )


def _number(written: str) -> str | None:
    number = normalised(written)
    return None if number in EMERGENCY_NUMBERS else number
