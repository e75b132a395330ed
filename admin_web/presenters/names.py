"""What people call the agents, queues and users that the core names by their identities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from admin_web.presenters.texts import gettext
from admin_web.web_ports import WebPorts
from cxcore.ports.accounts import Account
from cxcore.ports.controller import AgentRow, Controller, ControllerUnavailable, QueueRow, Subject


@dataclass(frozen=True, slots=True)
class Names:
    """An identity that is known no longer stands for itself."""

    known: Mapping[tuple[Subject, str], str]
    find_account: Callable[[str], Account | None]

    def agent(self, agent_id: str | None) -> str:
        """The name of an agent."""
        return self.known.get((Subject.AGENT, agent_id or ""), agent_id or "–")

    def agents(self, agent_ids: Iterable[str]) -> str:
        """`Anna de Vries, Bram Jansen en Chris Bakker`."""
        *most, last = [self.agent(each) for each in agent_ids] or ["–"]
        return gettext("%(names)s en %(last)s", names=", ".join(most), last=last) if most else last

    def queue(self, queue_id: str | None) -> str:
        """The name of a queue."""
        return self.known.get((Subject.QUEUE, queue_id or ""), queue_id or "–")

    def all_of(self, subject: Subject) -> list[tuple[str, str]]:
        """Every identity of a kind with its name, by name; for a choice."""
        named = [(key, name) for (each, key), name in self.known.items() if each is subject]
        return sorted(named, key=lambda one: one[1])

    def user(self, username: str) -> str:
        """The name of a user, agent or not. Raises `LogUnavailable`."""
        account = self.find_account(username)
        return account.name if account is not None else self.agent(username)


def names_of(ports: WebPorts) -> Names:
    """The names as they are now."""
    return Names(_rows(ports.controller), ports.accounts.find)


def _rows(controller: Controller) -> Mapping[tuple[Subject, str], str]:
    try:
        rows = controller.picture().rows
    except ControllerUnavailable:
        return {}
    return {key: row.name for key, row in rows.items() if isinstance(row, QueueRow | AgentRow)}
