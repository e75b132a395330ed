"""How each user arranged the parts of the agent's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DeskLayout:
    """The names of the parts, column by column and from top to bottom; those that are hidden keep their place."""

    columns: tuple[tuple[str, ...], ...]
    hidden: frozenset[str] = frozenset()


class Desks(Protocol):
    """Keeps the layouts. Raises `LogUnavailable` when the database does not answer."""

    def find(self, username: str) -> DeskLayout | None:
        """What the user keeps, or None for the default."""

    def save(self, username: str, layout: DeskLayout) -> None:
        """Keep a layout in place of the one before."""

    def reset(self, username: str) -> None:
        """Go back to the default."""
