"""Reads, checks, compares and changes the YAML of sites (port `cxcore.ports.site_texts`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cxcore.dialplan.editing import edited
from cxcore.dialplan.findings import ConfigurationRefused, Finding, Severity
from cxcore.dialplan.plain import content_of, differences, places, root_of
from cxcore.dialplan.prompts import PromptCatalogue, without_sounds
from cxcore.dialplan.reader import examine_site, read_site
from cxcore.domain.site import Site
from cxcore.ports.site_texts import Difference, Edit, Merge, Remark, TextRefused, Where

FILE = Path("configuration.yml")
"""How findings call a text that stands in no file."""


class YamlSiteTexts:
    """`find_prompts` gives the prompts as they are now: they come and go without a restart."""

    def __init__(self, find_prompts: Callable[[], PromptCatalogue], path: Path = FILE) -> None:
        self._find_prompts, self._path = find_prompts, path

    def content(self, text: str) -> Mapping[str, Any]:
        """All of it as plain values. Raises `TextRefused`."""
        return content_of(text)

    def site(self, text: str) -> Site:
        """The site of the text. Raises `ConfigurationRefused`."""
        return read_site(self._path, self._find_prompts(), text.encode())

    def heard_site(self, text: str) -> Site:
        """The site of the text for who asks what callers hear; sounds need not be made. Raises `TextRefused`."""
        try:
            return read_site(self._path, without_sounds(self._find_prompts()), text.encode())
        except ConfigurationRefused as refused:
            raise TextRefused(str(refused)) from refused

    def remarks(self, text: str) -> Sequence[Remark]:
        """What the reader finds wrong, by line."""
        findings = examine_site(self._path, self._find_prompts(), text.encode()).findings.in_order()
        ways = _ways(text)
        return [_remark(finding, ways) for finding in findings]

    def edited(self, text: str, edits: Sequence[Edit]) -> str:
        """The text with these edits. Raises `TextRefused`."""
        return edited(text, edits)

    def differences(self, before: str, after: str) -> Sequence[Difference]:
        """Which values are others. Raises `TextRefused`."""
        return list(differences(content_of(before), content_of(after)))

    def merged(self, base: str, first: str, second: str) -> Merge:
        """What `second` changed of `base`, done on `first`. Raises `TextRefused`."""
        theirs, ours = self.differences(base, first), self.differences(base, second)
        overlapping = [each for each in ours if any(_overlap(each, other) for other in theirs)]
        present = content_of(first)
        conflicts = tuple(Difference(each.where, value_at(present, each.where), each.after) for each in overlapping)
        return Merge(edited(first, [Edit(each.where, each.after) for each in ours]), conflicts)

    def prompts(self) -> Mapping[str, str]:
        """The prompts that a site may name, with their texts."""
        catalogue = self._find_prompts()
        return {name: catalogue.texts.get(name, "") for name in sorted(catalogue.names)}


def value_at(content: Any, where: Where) -> Any:
    """What stands at a place; None when there is nothing."""
    for step in where:
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and step.isdecimal() and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    return content


def _overlap(one: Difference, other: Difference) -> bool:
    """Whether both change the same value, or one a part of what the other changes."""
    shorter = min(len(one.where), len(other.where))
    return one.where[:shorter] == other.where[:shorter] and one != other


def _ways(text: str) -> Mapping[tuple[int, int], Where]:
    try:
        root = root_of(text)
    except TextRefused:
        return {}
    ways: dict[tuple[int, int], Where] = {}
    for spot, where in places(root) if root is not None else ():
        ways.setdefault(spot, where)
    return ways


def _remark(finding: Finding, ways: Mapping[tuple[int, int], Where]) -> Remark:
    place = finding.place
    where = ways.get((place.line, place.column), ())
    return Remark(finding.severity is Severity.ERROR, place.line, where, finding.problem, finding.remedy)
