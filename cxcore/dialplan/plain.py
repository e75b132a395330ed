"""From the nodes of a YAML file to plain values, each with its place, and what differs between two files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from cxcore.ports.site_texts import Difference, TextRefused, Where

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it: ten times as fast."""

_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})")
_FRACTION = re.compile(r"[+-]?[0-9]+\.[0-9]+")


def root_of(text: str) -> Node | None:
    """The root node; None of an empty text. Raises `TextRefused`."""
    try:
        root: Node | None = yaml.compose(text, Loader=LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        raise TextRefused(f"this is no YAML: {error}") from error
    return root


def content_of(text: str) -> Mapping[str, Any]:
    """All values of a text; empty when its root is no mapping. Raises `TextRefused`."""
    root = root_of(text)
    return plain(root) if isinstance(root, MappingNode) else {}


def plain(node: Node) -> Any:
    """A node as text, number, truth, list or mapping. Keys and dates are text, as they are written."""
    if isinstance(node, MappingNode):
        return {str(key.value): plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.value]
    return _scalar(node.tag.removeprefix(_TAG), str(node.value))


def _scalar(kind: str, written: str) -> Any:
    if kind == "null":
        return None
    if kind == "bool":
        return written.lower() in ("true", "yes", "on")
    if kind == "int" and _WHOLE.fullmatch(written):
        return int(written)
    if kind == "float" and _FRACTION.fullmatch(written):
        return float(written)
    return written


def places(node: Node, where: Where = ()) -> Iterator[tuple[tuple[int, int], Where]]:
    """Line and column, counted from 1, of each key and value with the way to it; a mapping comes before its keys."""
    yield (node.start_mark.line + 1, node.start_mark.column + 1), where
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield (key.start_mark.line + 1, key.start_mark.column + 1), (*where, str(key.value))
            yield from places(value, (*where, str(key.value)))
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from places(item, (*where, str(index)))


def differences(before: Any, after: Any, where: Where = ()) -> Iterator[Difference]:
    """What is another. Lists are compared item by item when they are equally long, else as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from differences(before.get(key), after.get(key), (*where, key))
        if before == after and list(before) != list(after):
            yield Difference(where, before, after)  # only the order is another
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, (*where, str(index)))
    elif before != after or type(before) is not type(after):
        yield Difference(where, before, after)
