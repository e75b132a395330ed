"""Which version of a message callers hear [48b, 88]."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

from cxcore.domain.commands import UseMessage
from cxcore.domain.errors import NotFound
from cxcore.domain.events import MessageUsed
from cxcore.domain.languages import parted
from cxcore.services.workplace import Workplace

SHIPPED = 0
"""The version that came with the product or was set up with it."""


def use_message(work: Workplace, command: UseMessage, now: datetime) -> None:
    """The next caller hears this version. Its file is another one, so that whoever hears the old one is not cut."""
    if command.version == SHIPPED:
        _go_back(work, command.message)
    else:
        work.replaced[command.message] = _found(work, command)
    sound = command.sound if command.version != SHIPPED else ""
    work.publish(MessageUsed(now, command.message, command.version, sound, command.by))


def _go_back(work: Workplace, message: str) -> None:
    name, language = parted(message)
    if name not in (work.translations.get(language, {}) if language else work.prompts):
        raise NotFound("shipped message", message)
    work.replaced.pop(message, None)


def _found(work: Workplace, command: UseMessage) -> PurePath:
    path = work.find_sound(command.sound)
    if path is None:
        raise NotFound("sound of message", f"{command.message} version {command.version}")
    return path


def restore(work: Workplace, used: Sequence[MessageUsed]) -> None:
    """Messages sound as they did when the last core ended; one whose file is gone sounds as it was shipped."""
    for fact in used:
        path = work.find_sound(fact.sound) if fact.version != SHIPPED else None
        if path is not None:
            work.replaced[fact.message] = path
