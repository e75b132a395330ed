"""From the bytes of a YAML file to its nodes. Objects are never constructed, so no tag can run code."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from yaml.error import MarkedYAMLError
from yaml.nodes import Node
from yaml.reader import ReaderError

from cxcore.dialplan.findings import Findings, Place

LARGEST_FILE = 1_000_000
"""Bytes. A site of 500 users takes about 60,000; more is another file by mistake."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_TAB_IN_INDENT = re.compile(r"^ *\t[\s]*(?=[^\s#])")
_BARE_STAR = re.compile(r"^\s*(-\s*)?\*\s*:|[{,]\s*\*\s*:")


def compose(findings: Findings) -> Node | None:
    """The root node of the file; None when there is none, and then `findings` says why."""
    text = _text(findings)
    if text is None or _has_tabs(text, findings):
        return None
    node = _root(text, findings)
    if node is None and not findings.any_errors:
        findings.error(None, "the file is empty", "write a site; dialplans/noordwijk.yml is an example")
    return node


def _text(findings: Findings) -> str | None:
    content = _bytes(findings)
    if content is None or not _is_plain(content, findings):
        return None
    try:
        return content.removeprefix(_UTF8_MARK).decode()
    except UnicodeDecodeError as error:
        place = _place_of_byte(findings.path, content, error.start)
        findings.error(place, f"byte {content[error.start]:#04x} is no UTF-8", "save the file as UTF-8")
        return None


def _bytes(findings: Findings) -> bytes | None:
    if findings.content is not None:
        return findings.content
    try:
        with findings.path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        findings.error(None, f"the file cannot be read: {error.strerror}", "name a file that exists and may be read")
        return None
    if len(content) > LARGEST_FILE:
        problem = f"the file is larger than {LARGEST_FILE // 1_000_000} MB"
        findings.error(None, problem, "name a file that holds one site")
        return None
    return content


def _is_plain(content: bytes, findings: Findings) -> bool:
    if content.startswith(_UTF16_MARKS):
        findings.error(None, "the file is saved as UTF-16", "save it as UTF-8 without byte order mark")
        return False
    if b"\0" in content:
        findings.error(None, "the file is binary, not text", "name a YAML file")
        return False
    if content.startswith(_UTF8_MARK):
        findings.warn(None, "the file starts with a byte order mark", "save it as UTF-8 without byte order mark")
    return True


def _place_of_byte(path: Path, content: bytes, offset: int) -> Place:
    before = content[:offset]
    last_line = before.rpartition(b"\n")[2]
    return Place(path, before.count(b"\n") + 1, len(last_line.decode(errors="replace")) + 1)


def _has_tabs(text: str, findings: Findings) -> bool:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _TAB_IN_INDENT.match(line)]
    for number in lines:
        findings.error(Place(findings.path, number), "the line is indented with a tab", "use spaces, two a level")
    return bool(lines)


def _root(text: str, findings: Findings) -> Node | None:
    try:
        root: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except MarkedYAMLError as error:
        _note_syntax(text, error, findings)
    except ReaderError as error:
        place = _place_of_byte(findings.path, text[: error.position].encode(), len(text[: error.position].encode()))
        findings.error(place, f"the character U+{ord(text[error.position]):04X} is not allowed", "take it out")
    except RecursionError:
        findings.error(None, "the file nests more levels than a site has", "name a file that holds one site")
    else:
        return root
    return None


def _note_syntax(text: str, error: MarkedYAMLError, findings: Findings) -> None:
    mark = error.problem_mark or error.context_mark
    line = text.splitlines()[mark.line] if mark is not None and mark.line < len(text.splitlines()) else ""
    problem = f"this is no YAML: {error.problem}" + (f" ({error.context})" if error.context else "")
    findings.error(mark, problem, _syntax_remedy(line, problem))


def _syntax_remedy(line: str, problem: str) -> str:
    if _BARE_STAR.search(line):
        return 'put quotes round the key: "*"'
    if "mapping values are not allowed" in problem:
        return "put quotes round text that holds a colon, or correct the indentation of this line and the one above"
    if "single document" in problem:
        return "take out the line with ---: a file holds one site"
    if "undefined alias" in problem:
        return "put quotes round text that starts with *"
    return "correct this line, or the indentation or quotes of the lines above"
