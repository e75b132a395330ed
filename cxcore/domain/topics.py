"""What contacts can be about [41]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cxcore.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that agents choose. A retired one stays with the contacts that have it and is not offered any more."""

    name: str
    group: str = ""
    retired: bool = False


def topics_in(written: Sequence[Any]) -> list[Topic]:
    """The topics as they stand in the site, which has been checked: text, or a mapping for what else is said of one."""
    return [_topic(each) for each in written]


def _topic(written: Any) -> Topic:
    if isinstance(written, dict):
        return Topic(str(written["name"]), str(written.get("group", "")), bool(written.get("retired", False)))
    return Topic(str(written))
