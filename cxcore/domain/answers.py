"""Prepared answers: texts that agents put into a chat, change if they wish, and send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxcore.domain.chat import LONGEST_LINE
from cxcore.domain.queue import QueueId
from cxcore.domain.records import dataclass

LONGEST_TEXT = LONGEST_LINE
"""Characters: a prepared answer fits into a line."""


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """A text with the name by which it is found. `queue_id`: the queue whose chats it is for; None for all."""

    key: str
    name: str
    text: str
    queue_id: QueueId | None = None


def answers_in(written: Mapping[str, Mapping[str, Any]]) -> list[PreparedAnswer]:
    """The answers as they stand in the site, which has been checked, in their order."""
    return [
        PreparedAnswer(
            str(key), str(each["name"]), str(each["text"]), QueueId(str(each["queue"])) if each.get("queue") else None
        )
        for key, each in written.items()
    ]
