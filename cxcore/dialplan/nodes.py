"""Typed reading of YAML nodes. What is wrong goes to `Findings`; the reader then goes on with a default."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cxcore.dialplan.findings import Findings

_TAG = "tag:yaml.org,2002:"
_READ_AS = {"int": "a number", "float": "a number", "bool": "true or false", "timestamp": "a date"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_LISTED = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a mapping. `name` is the key as it is written, without quotes."""

    name: str
    key: ScalarNode
    value: Node


@dataclass(frozen=True, slots=True)
class Limits:
    """The lowest and highest number that is sensible."""

    lowest: int
    highest: int

    def admit(self, number: float) -> bool:
        """Whether the number lies between them."""
        return self.lowest <= number <= self.highest


def is_empty(node: Node) -> bool:
    """Whether nothing is written there."""
    return isinstance(node, ScalarNode) and node.tag == _TAG + "null"


def is_text(node: Node) -> bool:
    """Whether YAML reads the node as text."""
    return isinstance(node, ScalarNode) and node.tag == _TAG + "str"


def shown(node: Node) -> str:
    """What is written there, for a message."""
    if isinstance(node, ScalarNode):
        return "nothing" if is_empty(node) else f"`{node.value[:60]}`"
    return "a list" if isinstance(node, SequenceNode) else "a mapping"


def one_of(names: Iterable[str]) -> str:
    """Names to choose from, for a remedy."""
    listed = [f"`{name}`" for name in names]
    return ", ".join(listed[:_LISTED]) + (", …" if len(listed) > _LISTED else "")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def text(findings: Findings, node: Node, what: str) -> str | None:
    """Text, not empty."""
    if is_text(node) and node.value.strip():
        return str(node.value)
    kind = _READ_AS.get(node.tag.removeprefix(_TAG))
    if isinstance(node, ScalarNode) and kind:
        findings.error(node, f"{what}: YAML reads `{node.value}` as {kind}", f'put quotes round it: "{node.value}"')
    else:
        findings.error(node, f"{what} must be text, and is {shown(node)}", "write one line of text")
    return None


def name(findings: Findings, node: Node, what: str) -> str | None:
    """A name that the rest of the system can use in addresses and figures."""
    value = text(findings, node, what)
    if value is not None and not _NAME.fullmatch(value):
        findings.error(node, f"{what}: `{value[:60]}` is no name", "use 1 to 40 letters, digits, - _ . and no spaces")
        return None
    return value


def whole_number(findings: Findings, node: Node, what: str, limits: Limits) -> int | None:
    """A whole number within the limits."""
    number = _number(node, "int")
    if number is None or not limits.admit(number):
        _refuse_number(findings, node, what, "a whole number", limits)
        return None
    return int(number)


def seconds(findings: Findings, node: Node, what: str, limits: Limits) -> float | None:
    """A number of seconds, possibly with a fraction."""
    number = _number(node, "int", "float")
    if number is None or not limits.admit(number):
        _refuse_number(findings, node, what, "a number", limits)
        return None
    return number


def _number(node: Node, *kinds: str) -> float | None:
    if not isinstance(node, ScalarNode) or node.tag.removeprefix(_TAG) not in kinds:
        return None
    # YAML 1.1 also reads 017 (octal), 1:30 (base 60) and 1_000 as numbers; nobody means those.
    return float(node.value) if re.fullmatch(r"[+-]?(0|[1-9][0-9]{0,9})(\.[0-9]{1,9})?", node.value) else None


def _refuse_number(findings: Findings, node: Node, what: str, wanted: str, limits: Limits) -> None:
    quoted = ", without quotes" if is_text(node) else ""
    remedy = f"write {wanted} from {limits.lowest} to {limits.highest}{quoted}"
    findings.error(node, f"{what} is {shown(node)}", remedy)


def yes_or_no(findings: Findings, node: Node, what: str) -> bool | None:
    """true or false."""
    if isinstance(node, ScalarNode) and node.tag == _TAG + "bool":
        return node.value.lower() in ("true", "yes", "on")
    findings.error(node, f"{what} is {shown(node)}", "write true or false")
    return None


def items(findings: Findings, node: Node, what: str, example: str) -> Sequence[Node]:
    """The items of a list that is not empty."""
    if isinstance(node, SequenceNode) and node.value:
        return list(node.value)
    problem = f"{what} is empty" if isinstance(node, SequenceNode) or is_empty(node) else f"{what} is {shown(node)}"
    findings.error(node, problem, f"write a list: {example}")
    return ()


def entries(findings: Findings, node: Node, what: str, example: str) -> Sequence[Entry]:
    """The entries of a mapping that is not empty; an entry that stands there twice is refused."""
    if not isinstance(node, MappingNode) or not node.value:
        problem = f"{what} is empty" if isinstance(node, MappingNode) or is_empty(node) else f"{what} is {shown(node)}"
        findings.error(node, problem, f"write {example}")
        return ()
    found: dict[str, Entry] = {}
    for key, value in node.value:
        _add_entry(findings, found, what, key, value)
    return tuple(found.values())


def _add_entry(findings: Findings, found: dict[str, Entry], what: str, key: Node, value: Node) -> None:
    if not isinstance(key, ScalarNode):
        findings.error(key, f"{what} has {shown(key)} before the colon", "write a name there")
    elif key.value in found:
        first = found[key.value].key.start_mark
        line = first.line + 1 if first else 0
        findings.error(key, f"`{key.value}` stands twice in {what}, first in line {line}", "take one of them out")
    else:
        found[key.value] = Entry(key.value, key, value)


class Section:
    """A mapping whose keys are known beforehand. Unknown keys are refused; `what` names it in messages."""

    def __init__(self, findings: Findings, node: Node, what: str, keys: Sequence[str]) -> None:
        self.findings, self.node, self.what = findings, node, what
        example = f"it with the keys {one_of(keys)}"
        self._entries = {entry.name: entry for entry in entries(findings, node, what, example)}
        for entry in self._entries.values():
            if entry.name not in keys:
                self._refuse_key(entry, keys)

    def _refuse_key(self, entry: Entry, keys: Sequence[str]) -> None:
        meant = nearest(entry.name, [key for key in keys if key not in self._entries])
        remedy = f"write `{meant}`" if meant else f"write one of {one_of(keys)}"
        self.findings.error(entry.key, f"{self.what} has no `{entry.name}`", remedy)

    def node_of(self, key: str) -> Node | None:
        """What stands after the key; None when the key is left out."""
        entry = self._entries.get(key)
        return entry.value if entry else None

    def part(self, key: str, keys: Sequence[str]) -> Section | None:
        """The mapping after the key; None when it is left out, or is none."""
        node = self.node_of(key)
        if node is None:
            return None
        part = Section(self.findings, node, self.describe(key), keys)
        return part if isinstance(node, MappingNode) and node.value else None

    def required(self, key: str, example: str) -> Node | None:
        """What stands after the key; that it is left out is an error."""
        node = self.node_of(key)
        if node is None and (isinstance(self.node, MappingNode) and self.node.value):
            self.findings.error(self.node, f"{self.what} lacks `{key}`", f"write {example}")
        return node

    def describe(self, key: str) -> str:
        """How messages call the value of a key."""
        return f"`{key}` of {self.what}"

    def text(self, key: str, default: str) -> str:
        """Text, or the default when it is left out."""
        node = self.node_of(key)
        return default if node is None else text(self.findings, node, self.describe(key)) or default

    def whole_number(self, key: str, default: int, limits: Limits) -> int:
        """A whole number, or the default when it is left out."""
        node = self.node_of(key)
        value = None if node is None else whole_number(self.findings, node, self.describe(key), limits)
        return default if value is None else value

    def seconds(self, key: str, default: float, limits: Limits) -> float:
        """Seconds, or the default when they are left out."""
        node = self.node_of(key)
        value = None if node is None else seconds(self.findings, node, self.describe(key), limits)
        return default if value is None else value

    def yes_or_no(self, key: str, default: bool) -> bool:
        """true or false, or the default when it is left out."""
        node = self.node_of(key)
        value = None if node is None else yes_or_no(self.findings, node, self.describe(key))
        return default if value is None else value
