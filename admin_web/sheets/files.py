"""CSV as spreadsheets write and read it.

Read: semicolon, comma or tab; UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1252. Written: semicolon, UTF-8
with BOM, CRLF, which Excel opens by a double click in the Netherlands.

A cell that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, tab, carriage return; OWASP, CSV Injection)
is written with an apostrophe before it; reading takes one such apostrophe away.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_ROWS = 10_000
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = ";,\t"


class NoSheet(Exception):
    """The bytes are no CSV that can be read; `line` is where, from 1, 0 for the whole."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a record that begins in this line of the file, from 1; without the spaces round them."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written there."""
        return not any(self.cells)


def write_rows(rows: Iterable[Sequence[str]]) -> bytes:
    """A file with these rows, the header first."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows([_guarded(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + stream.getvalue().encode()


def read_rows(content: bytes) -> list[Row]:
    """The rows that are not empty, the header first. Raises `NoSheet`."""
    text = _decoded(content)
    lines, skipped = text.splitlines(keepends=True), 0
    if lines and re.fullmatch(r"sep=[;,\t]", lines[0].strip(), re.IGNORECASE):  # Excel's own way to tell the delimiter
        lines, skipped = lines[1:], 1
    reader = csv.reader(lines, delimiter=_delimiter(lines), strict=True)
    rows: list[Row] = []
    before = 0
    try:
        for cells in reader:
            rows.append(Row(before + 1 + skipped, tuple(_bare(cell) for cell in cells)))
            before = reader.line_num
            if len(rows) > MOST_ROWS:
                raise NoSheet("too-long")
    except csv.Error as error:
        raise NoSheet("quotes", before + 1 + skipped) from error
    return [row for row in rows if not row.is_empty]


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoSheet("encoding")


def _delimiter(lines: Sequence[str]) -> str:
    """What stands most often in the header."""
    header = next((line for line in lines if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _bare(cell: str) -> str:
    stripped = cell.strip()
    return stripped[1:] if _GUARDED.match(stripped) else stripped
