"""The present instant. Only the runner and adapters read it; the domain gets it as an argument."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, aware UTC; never earlier than the one told before."""
