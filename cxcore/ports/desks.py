"""How each user arranged the parts of the agent's page, and what the desktop says of a call meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class DesktopNotice(StrEnum):
    """What a notification on the desktop says of a call that rings while nobody looks at the page."""

    OFF = "off"
    QUEUE = "queue"
    """That something rings and for which queue: no person is named where others may see the screen."""
    CALLER = "caller"
    """Also who calls."""


@dataclass(frozen=True, slots=True)
class DeskLayout:
    """The names of the parts, column by column and from top to bottom; those that are hidden keep their place."""

    columns: tuple[tuple[str, ...], ...]
    hidden: frozenset[str] = frozenset()
    desktop_notice: DesktopNotice = DesktopNotice.OFF


class Desks(Protocol):
    """Keeps the layouts. Raises `LogUnavailable` when the database does not answer."""

    def find(self, username: str) -> DeskLayout | None:
        """What the user keeps, or None for the default."""

    def save(self, username: str, layout: DeskLayout) -> None:
        """Keep a layout in place of the one before."""

    def reset(self, username: str) -> None:
        """Go back to the default."""
