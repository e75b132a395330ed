"""A change of the configuration on its way from a form to what counts.

A task makes edits of the version that its page showed; `weigh` says what they would bring about, `store` makes them a
version. Somebody else may have changed the site meanwhile, and versions for later stand in the calendar: a change is
always put on top of what precedes it, and what follows it is put on top of the change. So nothing is undone unseen.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from admin_web.presenters.configuration import difference_words
from admin_web.web_ports import ports
from cxcore.ports.configurations import Draft, Overtaken, Version
from cxcore.ports.site_texts import Difference, Edit, Remark, TextRefused

MOST_EDITS = 500
LARGEST_TEXT = 1_000_000


class ChangeRefused(Exception):
    """The form does not say what a change has to; the page is old, or was not ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """Edits of version `base`; with `text` the whole text of a file that was uploaded instead."""

    base: int
    edits: tuple[Edit, ...] = ()
    text: str | None = None

    def is_within(self, section: str) -> bool:
        """Whether it touches nothing but this section of the site."""
        return self.text is None and all(edit.where[0] == section for edit in self.edits)

    def written(self) -> str:
        """As a form carries it from page to page."""
        edits = [{"where": list(edit.where), "value": edit.value} for edit in self.edits]
        return json.dumps({"base": self.base, "edits": edits, "text": self.text}, ensure_ascii=False)


def read_change(written: str) -> Change:
    """What `written` made. Raises `ChangeRefused`."""
    try:
        content = json.loads(written)
        edits = tuple(_read_edit(each) for each in content["edits"])
        text = content["text"]
        if len(edits) > MOST_EDITS or not isinstance(text, str | None) or len(text or "") > LARGEST_TEXT:
            raise ValueError("too much, or of another kind")
        return Change(int(content["base"]), edits, text)
    except (KeyError, TypeError, ValueError) as error:
        raise ChangeRefused(str(error)) from error


def _read_edit(content: Any) -> Edit:
    where = tuple(content["where"])
    if not where or not all(isinstance(step, str) for step in where):
        raise ValueError("an edit names no place")
    return Edit(where, content["value"])


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a change would bring about, on top of `onto`."""

    change: Change
    onto: Version
    before: str
    text: str
    words: list[str]
    remarks: list[Remark]
    """What the reader says of it and did not say before, errors first."""
    overtaken_by: list[Version] = field(default_factory=list)
    """Versions that others made since the page was shown."""
    conflicts: list[str] = field(default_factory=list)
    """In words: where others changed the same, from what they made of it."""

    @property
    def errors(self) -> list[Remark]:
        """What keeps it from ever counting."""
        return [remark for remark in self.remarks if remark.is_error]

    @property
    def changes_nothing(self) -> bool:
        """Whether the site would be as it is."""
        return not self.words

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The difference of the texts, line by line, each with its sign: `+`, `-`, a space, or `@`."""
        old, new = self.before.splitlines(), self.text.splitlines()
        found = list(difflib.unified_diff(old, new, lineterm="", n=2))[2:]
        return [(line[0], line[1:] if line[0] != "@" else "") for line in found]


def head() -> Version:
    """The version that changes are made from. Raises `ChangeRefused` before any core has started."""
    found = ports().configurations.head()
    if found is None:
        raise ChangeRefused("there is no configuration yet")
    return found


def weigh(change: Change, when: datetime | None = None) -> Proposal:
    """What the change brings about at an instant, now without one. Raises `ChangeRefused`."""
    try:
        return _weigh(change, _before(when))
    except TextRefused as error:
        raise ChangeRefused(str(error)) from error


def _weigh(change: Change, onto: Version) -> Proposal:
    texts, configurations = ports().texts, ports().configurations
    shown, before = configurations.text(change.base), configurations.text(onto.number)
    wanted = change.text if change.text is not None else texts.edited(shown, change.edits)
    merge = texts.merged(shown, before, wanted) if change.base != onto.number else None
    text = merge.text if merge is not None else wanted
    content_before, content = texts.content(before), texts.content(text)
    return Proposal(
        change,
        onto,
        before,
        text,
        difference_words(texts.differences(before, text), content_before, content),
        _new_remarks(before, text),
        _versions_between(change.base, onto),
        difference_words(merge.conflicts, content_before, content) if merge is not None else [],
    )


def _before(when: datetime | None) -> Version:
    """What precedes a version that begins to count then."""
    earlier = [each for each in planned() if when is not None and each.activate_at <= when]
    return earlier[-1] if earlier else head()


def planned() -> list[Version]:
    """The versions that begin to count later, the first one first."""
    return [version for version in ports().configurations.scheduled() if version.is_scheduled]


def _versions_between(base: int, onto: Version) -> list[Version]:
    if base == onto.number:
        return []
    latest = ports().configurations.versions(50)
    return [each for each in latest if each.number > base and (each.activated_at or each.number == onto.number)]


def _new_remarks(before: str, text: str) -> list[Remark]:
    """Warnings that stood there already are no news; errors always are."""
    known = {(remark.problem, remark.remedy) for remark in ports().texts.remarks(before)}
    found = ports().texts.remarks(text)
    news = [each for each in found if each.is_error or (each.problem, each.remedy) not in known]
    return sorted(news, key=lambda remark: not remark.is_error)


class CalendarConflict(Exception):
    """A version that is planned for later changes the same; `version` is that one."""

    def __init__(self, version: Version) -> None:
        super().__init__(f"version {version.number} changes the same")
        self.version = version


def store(proposal: Proposal, by: str, when: datetime | None) -> Version:
    """Make it a version that counts at once, or from `when` on. Raises `Overtaken`, `CalendarConflict`."""
    now = ports().clock.now()
    following = _follow(proposal, when or now)
    configurations, counts = ports().configurations, head().number
    if when is None and proposal.onto.number != counts:
        raise Overtaken(head())
    draft = Draft(now, by, "\n".join(proposal.words), proposal.text, proposal.onto.number, when or now)
    stored = previous = configurations.add(draft, counts)
    for version, text in following:
        again = Draft(now, version.by, version.summary, text, previous.number, version.activate_at)
        previous = configurations.add(again, head().number)
        configurations.take_back(version.number, now)
    return stored


def _follow(proposal: Proposal, when: datetime) -> list[tuple[Version, str]]:
    """The versions of the calendar that come after, each put on top of what now precedes it."""
    texts, configurations, text = ports().texts, ports().configurations, proposal.text
    following: list[tuple[Version, str]] = []
    for version in [each for each in planned() if each.activate_at > when]:
        base = configurations.text(version.base or proposal.onto.number)
        merge = texts.merged(base, text, configurations.text(version.number))
        if merge.conflicts or any(remark.is_error for remark in texts.remarks(merge.text)):
            raise CalendarConflict(version)
        text = merge.text
        following.append((version, text))
    return following


def words_of(differences: Sequence[Difference], before: str, after: str) -> list[str]:
    """Differences of two texts, in words."""
    return difference_words(differences, ports().texts.content(before), ports().texts.content(after))
