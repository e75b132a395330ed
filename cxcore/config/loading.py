"""Reads a settings file. All that is wrong with it is told at once, each with file, line, key and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from cxcore.config.settings import ROOT, Settings
from cxcore.config.values import BadValue

_LONGEST_SOCKET_PATH = 107  # sockaddr_un.sun_path without its closing zero, unix(7)

Section = TypeVar("Section")


class SettingsError(Exception):
    """The settings cannot be used; each finding is a line for a person to read."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings


def load(file: Path | None = None) -> Settings:
    """The settings of `file`; without it, of the `cx.yml` that is shipped. What a file leaves out keeps its default.

    Raises `SettingsError` with every finding.
    """
    file = file or ROOT / "cx.yml"
    reading = _Reading(file)
    settings = reading.section("", _root(file), Settings())
    reading.findings += _contradictions(settings, reading)
    if reading.findings:
        raise SettingsError(reading.findings)
    return replace(settings, file=file, lines=reading.lines)


def read_file(file: Path, defaults: Section) -> Section:
    """The defaults, with what another file of settings sets. Raises `SettingsError` with every finding."""
    reading = _Reading(file)
    read = reading.section("", _root(file), defaults)
    if reading.findings:
        raise SettingsError(reading.findings)
    return read


def _root(file: Path) -> Node | None:
    try:
        return yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError as error:
        raise SettingsError([f"{file}: there is no such file; name one with --config FILE"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{file}: cannot be read as UTF-8 text: {error}"]) from error
    except yaml.MarkedYAMLError as error:
        raise SettingsError([_syntax_finding(file, error)]) from error
    except yaml.YAMLError as error:
        raise SettingsError([f"{file}: is not YAML: {error}"]) from error
    except RecursionError as error:
        raise SettingsError([f"{file}: nests deeper than settings do; name a file that holds settings"]) from error


def _syntax_finding(file: Path, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    return f"{file}:{line}: is not YAML: {error.problem}; check the indentation, colons and quotes of this line"


class _Reading:
    """One file being read: what was found wrong, and which line set which key."""

    def __init__(self, file: Path) -> None:
        self.file, self.folder = file, file.absolute().parent
        self.findings: list[str] = []
        self.lines: dict[str, int] = {}

    def section(self, prefix: str, node: Node | None, defaults: Section) -> Section:
        """The defaults, with what the node sets."""
        if node is None or (isinstance(node, ScalarNode) and node.value in ("", "~", "null")):
            return defaults
        if not isinstance(node, MappingNode):
            self.find(node, prefix.rstrip(".") or "the file", "write one `key: value` per line")
            return defaults
        known = {item.name: item for item in fields(defaults) if item.metadata}  # type: ignore[arg-type]
        changed = dict(self._values(prefix, node, known, defaults))
        return replace(defaults, **changed)  # type: ignore[type-var]

    def _values(
        self, prefix: str, node: MappingNode, known: dict[str, Any], defaults: Any
    ) -> Iterator[tuple[str, Any]]:
        for key_node, value_node in node.value:
            key = f"{prefix}{key_node.value}" if isinstance(key_node, ScalarNode) else f"{prefix}?"
            if not isinstance(key_node, ScalarNode):
                self.find(key_node, key, "is no name; write one `key: value` per line")
            elif key_node.value not in known:
                self._find_unknown(key_node, key, prefix, known)
            elif key in self.lines:
                self.find(key_node, key, f"is set in line {self.lines[key]} already; keep one of the two")
            else:
                self.lines[key] = key_node.start_mark.line + 1
                yield from self._value(key, value_node, known[key_node.value], defaults)

    def _value(self, key: str, node: Node, item: Any, defaults: Any) -> Iterator[tuple[str, Any]]:
        if "section" in item.metadata:
            yield item.name, self.section(f"{key}.", node, getattr(defaults, item.name))
            return
        try:
            yield item.name, item.metadata["read"](node, self.folder)
        except BadValue as error:
            self.find(node, key, f"is {_shown(node)}; write {error}")

    def _find_unknown(self, node: Node, key: str, prefix: str, known: dict[str, Any]) -> None:
        near = difflib.get_close_matches(str(node.value), known, n=1)
        remedy = f"did you mean {prefix}{near[0]}?" if near else f"known here: {', '.join(known)}"
        self.find(node, key, f"is not a setting; {remedy}")

    def find(self, node: Node, key: str, sentence: str) -> None:
        """Note what is wrong at a node."""
        self.findings.append(f"{self.file}:{node.start_mark.line + 1}: {key}: {sentence}")


def _shown(node: Node) -> str:
    if isinstance(node, ScalarNode):
        return f'"{node.value}"' if node.value else "empty"
    return "a group of keys" if isinstance(node, MappingNode) else "a list"


def _contradictions(settings: Settings, reading: _Reading) -> Iterator[str]:
    """What each value alone does not show."""
    if (settings.web.certificate is None) != (settings.web.key is None):
        yield _finding(reading, "web", "certificate and key belong together; write both or neither")
    for key, endpoint in (("changes", settings.changes_endpoint), ("commands", settings.commands_endpoint)):
        socket_path = endpoint.removeprefix("ipc://")
        if endpoint.startswith("ipc://") and len(socket_path) > _LONGEST_SOCKET_PATH:
            yield _finding(
                reading,
                f"link.{key}",
                f"the socket's path {socket_path} is longer than {_LONGEST_SOCKET_PATH} characters; "
                f"write ipc:///SHORTER/PATH or a shorter site.state",
            )


def _finding(reading: _Reading, key: str, sentence: str) -> str:
    line = reading.lines.get(key)
    place = f"{reading.file}:{line}" if line else str(reading.file)
    return f"{place}: {key}: {sentence}"
