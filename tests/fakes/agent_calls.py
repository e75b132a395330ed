"""Calls that the test put in (port `cxcore.ports.agent_calls`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cxcore.domain.agent import AgentId
from cxcore.domain.contact import ContactId
from cxcore.ports.agent_calls import AgentCall, CallKind, EarlierContact, Mark


class FakeAgentCalls:
    """Calls by agent, earlier contacts by number."""

    def __init__(self) -> None:
        self.calls: dict[str, list[AgentCall]] = {}
        self.contacts: dict[str, list[EarlierContact]] = {}

    def page(
        self, agent_id: AgentId, kinds: Collection[CallKind], most: int, before: Mark | None = None
    ) -> Sequence[AgentCall]:
        """The latest calls, newest first."""
        chosen = [each for each in self.calls.get(agent_id, []) if each.kind in kinds]
        if before is not None:
            chosen = [each for each in chosen if (each.at, each.contact_id) < (before.at, before.contact_id)]
        return sorted(chosen, key=lambda each: (each.at, each.contact_id), reverse=True)[:most]

    def earlier(self, number: str, but: ContactId, most: int) -> Sequence[EarlierContact]:
        """The latest contacts with a number, newest first."""
        others = [each for each in self.contacts.get(number, []) if each.contact_id != but]
        return sorted(others, key=lambda each: each.opened_at, reverse=True)[:most]
