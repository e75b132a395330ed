"""Changes values in the YAML of a site. What is not touched stays as it is written: comments, order, quotes, columns.

ruamel.yaml makes the change and writes the whole file anew; of what it wrote only the entries that differ are taken
over into the original, because it would align the others its own way.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, ScalarString
from yaml.nodes import MappingNode, Node

from cxcore.dialplan.plain import content_of, plain, root_of
from cxcore.ports.site_texts import Edit, TextRefused, Where

LINE_LENGTH = 120
_PLAIN = re.compile(r"[^\W\d_](?:[\w ./()-]*[\w)])?")
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that YAML 1.1 reads as something else than text."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with these edits. Raises `TextRefused`."""
    root = _load(text)
    for edit in edits:
        _put(root, edit.where, edit.value)
    return _spliced(text, _dump(root))


def _round_trip() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = LINE_LENGTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _load(text: str) -> CommentedMap:
    try:
        root = _round_trip().load(text)
    except (YAMLError, RecursionError) as error:
        raise TextRefused(f"this is no YAML: {error}") from error
    if not isinstance(root, CommentedMap):
        raise TextRefused("the text holds no site")
    return root


def _dump(root: CommentedMap) -> str:
    stream = io.StringIO()
    _round_trip().dump(root, stream)
    return stream.getvalue()


# --- Values ----------------------------------------------------------------------------------------------------------


def _put(root: CommentedMap, where: Where, value: Any) -> None:
    parent: Any = root
    for step in where[:-1]:
        parent = _child(parent, step, where)
    if isinstance(parent, CommentedSeq):
        _put_in_list(parent, _index(parent, where[-1], where), value)
    elif value is None:
        _take_away(parent, where[-1])
    else:
        _assign(parent, where[-1], value)


def _child(parent: Any, step: str, where: Where) -> Any:
    if isinstance(parent, CommentedSeq):
        return parent[_index(parent, step, where)]
    if not isinstance(parent, CommentedMap):
        raise TextRefused(f"there is nothing at {' '.join(where)}")
    key = _key(parent, step)
    if not isinstance(parent.get(key), CommentedMap | CommentedSeq):
        parent[key] = CommentedMap()
    return parent[key]


def _index(items: CommentedSeq, step: str, where: Where) -> int:
    if not step.isdecimal() or int(step) >= len(items):
        raise TextRefused(f"there is nothing at {' '.join(where)}")
    return int(step)


def _put_in_list(items: CommentedSeq, index: int, value: Any) -> None:
    if value is None:
        del items[index]
    elif not _changed_within(items[index], value):
        items[index] = _made(value)


def _key(parent: CommentedMap, wanted: str) -> Any:
    """The key as it stands there, or as it is to be written: 1 and "1" are the same key of a menu."""
    found = next((key for key in parent if str(key) == wanted), None)
    if found is not None:
        return found
    return int(wanted) if wanted.isdecimal() and len(wanted) == 1 else _text(wanted)


def _take_away(parent: Any, key: str) -> None:
    if isinstance(parent, CommentedMap):
        parent.pop(_key(parent, key), None)


def _assign(parent: CommentedMap, name: str, value: Any) -> None:
    key = _key(parent, name)
    before = parent.get(key)
    if key in parent and _changed_within(before, value):
        return
    if isinstance(before, ScalarString) and isinstance(value, str):
        parent[key] = type(before)(value)
    else:
        parent[key] = _made(value)


def _changed_within(before: Any, value: Any) -> bool:
    """Change a mapping or a list in place, so that comments stay; False when it is to be replaced as a whole."""
    if isinstance(before, CommentedMap) and isinstance(value, Mapping):
        _reconcile_mapping(before, value)
        return True
    if isinstance(before, CommentedSeq) and isinstance(value, list):
        _reconcile_list(before, value)
        return True
    return _same(before, value)


def _reconcile_mapping(before: CommentedMap, value: Mapping[str, Any]) -> None:
    for key in [key for key in before if str(key) not in value]:
        del before[key]
    for name, item in value.items():
        _assign(before, name, item)
    if [str(key) for key in before] != list(value):
        for name in value:
            before.move_to_end(_key(before, name))


def _reconcile_list(before: CommentedSeq, value: list[Any]) -> None:
    if _reordered(before, value):
        return
    if len(before) == len(value):
        for index, item in enumerate(value):
            _put_in_list(before, index, item)
        return
    old, new = [repr(_plain(item)) for item in before], [repr(item) for item in value]
    for kind, start, end, first, last in reversed(difflib.SequenceMatcher(None, old, new, False).get_opcodes()):
        if kind != "equal":
            for index in reversed(range(start, end)):
                del before[index]
            for item in reversed(value[first:last]):
                before.insert(start, _made(item))


def _reordered(before: CommentedSeq, value: list[Any]) -> bool:
    """Put the items in another order, each with its comments; False when it is not only the order that is another."""
    old = [_plain(item) for item in before]
    order = [old.index(item) for item in value if item in old]
    if len(value) != len(old) or sorted(order) != [*range(len(old))]:
        return False
    items, comments = list(before), dict(before.ca.items)
    before.ca.items.clear()
    for place, index in enumerate(order):
        before[place] = items[index]
        if index in comments:
            before.ca.items[place] = comments[index]
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def _same(before: Any, value: Any) -> bool:
    return bool(_plain(before) == value) and isinstance(before, bool) is isinstance(value, bool)


def _made(value: Any) -> Any:
    if isinstance(value, Mapping):
        made = CommentedMap({_made_key(key): _made(item) for key, item in value.items()})
        if value and all(not isinstance(item, Mapping | list) for item in value.values()):
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        items = CommentedSeq([_made(item) for item in value])
        if all(not isinstance(item, Mapping | list) for item in value):
            items.fa.set_flow_style()
        return items
    return _text(value) if isinstance(value, str) else value


def _made_key(key: str) -> Any:
    return int(key) if key.isdecimal() and len(key) == 1 else _text(key)


def _text(value: str) -> Any:
    """Text that YAML 1.1 and 1.2 both read as text; a date is written as one."""
    if _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return DoubleQuotedScalarString(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _RESERVED:
        return value
    return DoubleQuotedScalarString(value)


# --- Text ------------------------------------------------------------------------------------------------------------


def _spliced(before: str, after: str) -> str:
    """The original text, with those entries of `after` that differ; `after` itself where that would say another."""
    old, new = _entries(before), _entries(after)
    lines = [
        (old if name in old and repr(old[name].value) == repr(entry.value) else new)[name].lines
        for name, entry in new.items()
    ]
    head = before.splitlines(keepends=True)[: min((entry.first for entry in old.values()), default=0)]
    text = "".join(["".join(head), *lines])
    return text if content_of(text) == content_of(after) else after


class _Entry:
    """A piece of the file: `value` is what it says, `lines` how it is written, `first` its first line from 0."""

    def __init__(self, first: int, value: Any) -> None:
        self.first, self.value, self.lines = first, value, ""


def _entries(text: str) -> dict[Where, _Entry]:
    """Every entry of the first two levels, in the order of the file; each with the comments up to the next."""
    root = root_of(text)
    entries: dict[Where, _Entry] = {}
    for key, value in root.value if isinstance(root, MappingNode) else ():
        name = (str(key.value),)
        inner = _is_block(value)
        entries[name] = _Entry(key.start_mark.line, None if inner else plain(value))
        for inner_key, inner_value in value.value if inner else ():
            entries[*name, str(inner_key.value)] = _Entry(inner_key.start_mark.line, plain(inner_value))
    _cut(text, list(entries.values()))
    return entries


def _is_block(node: Node) -> bool:
    return isinstance(node, MappingNode) and not node.flow_style


def _cut(text: str, entries: list[_Entry]) -> None:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        entry.lines = "".join(lines[entry.first : following.first if following else len(lines)])
