"""Rewrites modules so that mypyc makes quick code of them; what they do stays the same.

*Dataclasses.* mypyc takes them, but leaves their constructors to Python, which is most of what a record costs. So each
is given the constructor that `dataclasses` would make for it, written out. Comparing, hashing, printing, `fields` and
`replace` stay those of `dataclasses`.

*Names in capitals.* Nobody gives them another value, so they are said to be final: then they are read from a place that
C knows instead of a dictionary.

The constructor goes into the empty line behind the class, so that every line keeps its number, and a traceback of a
compiled module points into its source.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Fields = dict[str, "Field"]
FUTURE = "from __future__ import annotations"


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it is written. `options` are those of its `field(…)`, if any."""

    name: str
    annotation: str
    default: str | None
    options: Mapping[str, str]

    @property
    def is_parameter(self) -> bool:
        """Whether the constructor takes it."""
        return self.options.get("init") != "False"

    @property
    def parameter(self) -> str:
        """As a parameter of the constructor; a value that is made anew for each record has none yet."""
        if "default_factory" in self.options:
            return f"{self.name}: {self.annotation} | None = None"
        return f"{self.name}: {self.annotation}" + (f" = {self.default}" if self.default else "")

    @property
    def assignment(self) -> str:
        """The statement of the constructor that sets it; empty where nothing does."""
        made = f"({self.options['default_factory']})()" if "default_factory" in self.options else self.default
        if not self.is_parameter:
            return f"self.{self.name} = {made}" if made else ""
        if "default_factory" in self.options:
            return f"self.{self.name} = {self.name} if {self.name} is not None else {made}"
        return f"self.{self.name} = {self.name}"


def rewritten(modules: Mapping[str, str]) -> dict[str, str]:
    """The modules, name → text, with their dataclasses rewritten. A dataclass may build on one of an earlier module."""
    known: dict[str, Fields] = {}
    return {name: _rewritten(text, known) for name, text in modules.items()}


def _rewritten(text: str, known: dict[str, Fields]) -> str:
    lines = [*text.replace("from cxcore.domain.records import", "from dataclasses import").split("\n"), "", ""]
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            lines[node.lineno - 1] = _final(node, lines[node.lineno - 1])
        if isinstance(node, ast.ClassDef) and (decorator := _decorator(node)) is not None:
            _rewrite_record(node, decorator, lines, known)
    return "\n".join(lines).replace(FUTURE, f"{FUTURE}; from typing import Final", 1)


def _rewrite_record(node: ast.ClassDef, decorator: ast.Call, lines: list[str], known: dict[str, Fields]) -> None:
    behind = node.end_lineno or 0
    if lines[behind]:
        raise SystemExit(f"class {node.name}: no empty line behind it")
    own = {each.name: each for each in _own_fields(node)}
    known[node.name] = _inherited(node, known) | own
    lines[decorator.lineno - 1] = f"@dataclass({', '.join(_options(decorator))})"
    lines[behind] = _constructor(node, known[node.name])
    hints = {each.name: each.annotation for each in own.values()}  # of which mypyc leaves the outermost type only
    lines.append(f'setattr({node.name}, "__annotations__", {hints})')


def _final(node: ast.Assign | ast.AnnAssign, line: str) -> str:
    """The first line of an assignment, with its name final if that is a constant's."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if not isinstance(target, ast.Name) or not target.id.isupper():
        return line
    if isinstance(node, ast.Assign):
        return line.replace(f"{target.id} =", f"{target.id}: Final =", 1)
    annotation = ast.unparse(node.annotation)
    return line.replace(f"{target.id}: {annotation} =", f"{target.id}: Final[{annotation}] =", 1)


def _decorator(node: ast.ClassDef) -> ast.Call | None:
    """Its `@dataclass(…)`."""
    calls = [each for each in node.decorator_list if isinstance(each, ast.Call)]
    return next((each for each in calls if ast.unparse(each.func) == "dataclass"), None)


def _options(decorator: ast.Call) -> Iterator[str]:
    """A native class has slots by itself, and the type checker is the guard of a frozen one, as in `domain.records`."""
    given = {each.arg: ast.unparse(each.value) for each in decorator.keywords}
    yield "init=False"
    if given.get("frozen") == "True":
        yield "unsafe_hash=True"
    if given.get("order") == "True":
        yield "order=True"


def _inherited(node: ast.ClassDef, known: Mapping[str, Fields]) -> Fields:
    found: Fields = {}
    for base in node.bases:
        found.update(known.get(ast.unparse(base), {}))
    return found


def _own_fields(node: ast.ClassDef) -> Iterator[Field]:
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            yield _field(each.target.id, each)


def _field(name: str, line: ast.AnnAssign) -> Field:
    value, options = line.value, {}
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "field":
        options = {each.arg: ast.unparse(each.value) for each in value.keywords if each.arg is not None}
        return Field(name, ast.unparse(line.annotation), options.get("default"), options)
    return Field(name, ast.unparse(line.annotation), None if value is None else ast.unparse(value), options)


def _constructor(node: ast.ClassDef, fields: Fields) -> str:
    parameters = ["self", *(each.parameter for each in fields.values() if each.is_parameter)]
    statements = [each.assignment for each in fields.values() if each.assignment]
    if _has_method(node.body, "__post_init__"):
        statements.append("self.__post_init__()")
    return f"    def __init__({', '.join(parameters)}) -> None: {'; '.join(statements) or 'pass'}"


def _has_method(body: Sequence[ast.stmt], name: str) -> bool:
    return any(isinstance(each, ast.FunctionDef) and each.name == name for each in body)
