"""Simulated floors for tests: one queue, no ringing, no wrap-up, unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from cxcore.domain.commands import LogOn
from cxcore.domain.contact import Outcome
from cxcore.domain.events import ContactAnswered, ContactLeftQueue, Fact
from cxcore.domain.membership import Membership
from cxcore.domain.queue import Queue, QueueId
from cxcore.simulation.callers import Caller
from cxcore.simulation.sites import agent_names, invented_site, number_of
from cxcore.simulation.world import Hear, Simulation

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
QUEUE = QueueId("burgerzaken")
NUMBER = number_of(QUEUE)


def floor(agents: int, callers: Iterable[Caller], hear: Hear, **changes: object) -> Simulation:
    """One queue whose agents are logged on from the start."""
    settings: dict[str, object] = {"wrap_up_seconds": 0, **changes}
    queue = Queue(QUEUE, "Burgerzaken", **settings)  # type: ignore[arg-type]
    names = agent_names(agents)
    site = invented_site([queue], [Membership(name, QUEUE, position=at) for at, name in enumerate(names, start=1)])
    simulation = Simulation(site, callers, START, hear)
    for name in names:
        simulation.plan(START, LogOn(name, name))
    return simulation


def seconds(number: float) -> datetime:
    """An instant after the start."""
    return START + timedelta(seconds=number)


class Waits:
    """Remembers how long each caller waited, by the instant of the call, and whether the caller gave up."""

    def __init__(self) -> None:
        self.ended: dict[datetime, tuple[float, bool]] = {}

    def hear(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, ContactAnswered | ContactLeftQueue):
                called_at = fact.at - timedelta(seconds=fact.waited_seconds)
                left = isinstance(fact, ContactLeftQueue) and fact.outcome in (Outcome.ABANDONED, Outcome.QUICK_DROP)
                self.ended[called_at] = fact.waited_seconds, left

    def in_order(self) -> list[tuple[float, bool]]:
        return [self.ended[at] for at in sorted(self.ended)]
