"""What robot agents do at their screens. The lab knows no controller: whoever starts the traffic brings a desk."""

from __future__ import annotations

from typing import Protocol


class AgentDesk(Protocol):
    """One desk for all agents, named as in the dialplan. A call may take up to a second and may raise `DeskRefused`."""

    def log_on(self, agent: str) -> None:
        """The agent begins to work and becomes available."""

    def log_off(self, agent: str) -> None:
        """The agent goes home."""

    def go_on_break(self, agent: str, reason: str) -> None:
        """The agent takes a break."""

    def available(self, agent: str) -> None:
        """The agent is back from a break."""

    def end_wrap_up(self, agent: str) -> None:
        """The agent is done with the last contact."""


class DeskRefused(Exception):
    """The system would not do what an agent asked for at the screen; the message says why."""


class NoDesk:
    """Agents who only have a telephone."""

    def log_on(self, agent: str) -> None:
        """Nothing."""

    def log_off(self, agent: str) -> None:
        """Nothing."""

    def go_on_break(self, agent: str, reason: str) -> None:
        """Nothing."""

    def available(self, agent: str) -> None:
        """Nothing."""

    def end_wrap_up(self, agent: str) -> None:
        """Nothing."""
