"""Layouts in memory (port `cxcore.ports.desks`)."""

from __future__ import annotations

from cxcore.ports.contact_log import LogUnavailable
from cxcore.ports.desks import DeskLayout


class FakeDesks:
    """Keeps the layouts in a dictionary."""

    def __init__(self) -> None:
        self.layouts: dict[str, DeskLayout] = {}
        self.away = False

    def find(self, username: str) -> DeskLayout | None:
        """What the user keeps, or None."""
        if self.away:
            raise LogUnavailable("database fake: it is away; bring it back")
        return self.layouts.get(username)

    def save(self, username: str, layout: DeskLayout) -> None:
        """Keep a layout."""
        self.layouts[username] = layout

    def reset(self, username: str) -> None:
        """Go back to the default."""
        self.layouts.pop(username, None)
