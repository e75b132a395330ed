"""What a file would change, line by line, before anything does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from admin_web.admin.changes import Change, Proposal, weigh
from admin_web.presenters.findings import problem_words, remedy_words
from admin_web.presenters.texts import gettext
from admin_web.sheets.columns import CellRefused, Column, Content
from admin_web.sheets.files import NoSheet, Row
from admin_web.sheets.kinds import Cells, Items, Sheet
from cxcore.ports.site_texts import Remark

MOST_ROUNDS = 8
"""Refusing lines may bring new findings to light; whatever is left then stands on the page of the change."""


class Verdict(StrEnum):
    """What becomes of a line."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, from 1; 0 for what a file lacks and is removed. `words` say what changes, or why not."""

    number: int
    name: str
    verdict: Verdict
    words: str = ""
    column: str = ""
    identity: str = ""
    cells: Cells = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would bring about. `proposal` is without the lines that are refused."""

    sheet: Sheet
    lines: Sequence[Line]
    proposal: Proposal
    keeps_missing: bool = False
    """Whether what the file lacks stays although it was to be removed, because lines are refused."""

    def count(self, verdict: Verdict) -> int:
        """How many lines."""
        return sum(line.verdict == verdict for line in self.lines)


def plan_import(sheet: Sheet, rows: Sequence[Row], content: Content, base: int, whole: bool) -> Plan:
    """Weigh a file; with `whole` it is all there is, and what it lacks is removed. Raises `NoSheet`."""
    columns = _columns(sheet, rows)
    before = sheet.items(content)
    lines = _read_lines(sheet, columns, rows[1:], content, before)
    for _ in range(MOST_ROUNDS):
        items = _items_after(before, lines, whole and sheet.removes)
        proposal = weigh(Change(base, sheet.edits(content, items)))
        refused = _refused_by_check(sheet, lines, items, proposal.errors)
        if not refused:
            break
        lines = [refused.get(line.identity, line) if _counts(line) else line for line in lines]
    keeps_missing = whole and not all(map(_counts, lines))
    return Plan(sheet, [*lines, *_removed(before, items)], proposal, keeps_missing)


def _columns(sheet: Sheet, rows: Sequence[Row]) -> list[Column | None]:
    """The column of each place of the header; None for one that we do not know, which is left alone."""
    if not rows:
        raise NoSheet("empty")
    by_name = {name: column for column in sheet.columns for name in (column.label, column.key)}
    columns = [by_name.get(cell.lower()) for cell in rows[0].cells]
    if any(column.required and column not in columns for column in sheet.columns):
        raise NoSheet("header", rows[0].line)
    if len(rows) == 1:
        raise NoSheet("empty")
    return columns


def _read_lines(
    sheet: Sheet, columns: Sequence[Column | None], rows: Sequence[Row], content: Content, before: Items
) -> list[Line]:
    lines: list[Line] = []
    seen: dict[str, int] = {}
    items = dict(before)
    for row in rows:
        line = _read_line(sheet, columns, row, content, items)
        if line.verdict is not Verdict.REFUSED and line.identity in seen:
            words = gettext("staat al op regel %(line)s; haal een van de twee weg", line=seen[line.identity])
            line = replace(line, verdict=Verdict.REFUSED, words=words)
        elif line.verdict is not Verdict.REFUSED:
            seen[line.identity], items[line.identity] = row.line, line.cells
        lines.append(line)
    return lines


def _read_line(
    sheet: Sheet, columns: Sequence[Column | None], row: Row, content: Content, items: Items
) -> Line:
    name = next((cell for cell in row.cells if cell), "")
    if any(row.cells[len(columns) :]):
        words = gettext("meer cellen dan kolommen; zet een tekst met een scheidingsteken tussen aanhalingstekens")
        return Line(row.line, name, Verdict.REFUSED, words)
    cells: Cells = {}
    for column, cell in zip(columns, (*row.cells, *[""] * len(columns)), strict=False):
        if column is None:
            continue
        try:
            cells[column.key] = _value(column, cell, content)
        except CellRefused as refusal:
            return Line(row.line, name, Verdict.REFUSED, str(refusal), column.label)
    return _compared(sheet, row.line, cells, items)


def _value(column: Column, cell: str, content: Content) -> str:
    if cell:
        return column.read(cell, content)
    if column.required:
        raise CellRefused(gettext("is leeg; vul in"))
    return ""


def _compared(sheet: Sheet, number: int, cells: Cells, items: Items) -> Line:
    identity = sheet.identity(cells, items)
    old = items.get(identity)
    if any(column.key == "key" for column in sheet.columns):
        cells["key"] = identity
    name = cells.get("name") or " ".join(cells[column.key] for column in sheet.columns[:2] if cells.get(column.key))
    if old is None:
        verdict = Verdict.ADDED if sheet.adds else Verdict.REFUSED
        return Line(number, name, verdict, identity=identity, cells=cells)
    cells = {**old, **cells}
    words = ", ".join(
        f"{column.label}: {_shown(column, old)} → {_shown(column, cells)}"
        for column in sheet.columns
        if old.get(column.key, "") != cells.get(column.key, "")
    )
    return Line(number, name, Verdict.CHANGED if words else Verdict.SAME, words, identity=identity, cells=cells)


def _shown(column: Column, cells: Cells) -> str:
    value = cells.get(column.key, "")
    return column.show(value) if value else "–"


def _counts(line: Line) -> bool:
    return line.verdict not in (Verdict.REFUSED, Verdict.REMOVED)


def _items_after(before: Items, lines: Sequence[Line], whole: bool) -> Items:
    """What stands there already keeps its place. With a line that is refused nothing is removed: it may be meant."""
    whole = whole and all(_counts(line) for line in lines)
    wanted = {line.identity: line.cells for line in lines if _counts(line)}
    kept = {key: wanted.get(key, cells) for key, cells in before.items() if not whole or key in wanted}
    return {**kept, **{key: cells for key, cells in wanted.items() if key not in kept}}


def _removed(before: Items, items: Items) -> list[Line]:
    gone = {key: cells for key, cells in before.items() if key not in items}
    return [Line(0, cells.get("name") or " ".join(cells.values()), Verdict.REMOVED) for cells in gone.values()]


def _refused_by_check(
    sheet: Sheet, lines: Sequence[Line], items: Items, errors: Sequence[Remark]
) -> dict[str, Line]:
    """The lines that the check refuses, by identity. What was as it is already is not to blame."""
    new = {line.identity: line for line in lines if line.verdict in (Verdict.ADDED, Verdict.CHANGED)}
    refused: dict[str, Line] = {}
    for remark in errors:
        line = new.get(sheet.identity_at(remark.where, items))
        if line is not None and line.identity not in refused:
            words = f"{problem_words(remark)}; {remedy_words(remark)}"
            column = next((each.label for each in sheet.columns if each.key in remark.where[2:]), "")
            refused[line.identity] = replace(line, verdict=Verdict.REFUSED, words=words, column=column)
    return refused
