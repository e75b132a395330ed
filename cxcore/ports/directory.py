"""What screens need to know of the site's configuration."""

from __future__ import annotations

from typing import Protocol

from cxcore.domain.agent import AgentId
from cxcore.domain.phone_book import PhoneBook


class Directory(Protocol):
    """The site as configured."""

    def site_name(self) -> str:
        """How the site calls itself, for headings."""

    def break_reasons(self) -> tuple[str, ...]:
        """The reasons an agent may give for a break [24], in the order to show them."""

    def phone_book(self) -> PhoneBook:
        """Who can be called or transferred to beside agents and queues [42]."""

    def answers_by_itself(self, agent_id: AgentId) -> bool:
        """Whether the administrator let the agent's softphone answer by itself."""

    def topics(self) -> tuple[str, ...]:
        """What a contact can be about [41], in the order to show them."""

    def has_softphone(self, agent_id: AgentId) -> bool:
        """Whether the telephone of an agent is the page."""
