"""What a floor in simulated time was told, played to another floor without the simulation around it.

So the CPU time of the core can be told from that of the world around it: its agenda, its switch, the making of tidings.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from cxcore.domain.commands import LogOn
from cxcore.domain.events import Fact
from cxcore.domain.floor import Floor
from cxcore.domain.site import Site
from cxcore.domain.tidings import Tiding
from cxcore.ports.switch import Switch
from cxcore.runner.timers import TimerHeap
from cxcore.services.dispatch import work_off_command, work_off_tiding
from cxcore.services.workplace import Workplace
from cxcore.simulation.sites import agent_names
from cxcore.simulation.world import EveryPrompt, Simulation

DAY = timedelta(days=1)


class TapedSimulation(Simulation):
    """A simulation that keeps what its switch tells."""

    def __init__(self, *of_simulation: Any) -> None:
        self.tape: list[Tiding] = []
        super().__init__(*of_simulation)

    def _tell(self, tiding: Tiding) -> None:
        self.tape.append(tiding)
        super()._tell(tiding)


def _order(*_: object, **__: object) -> None:
    """Nothing follows."""


def deaf_switch() -> Switch:
    """A switch that takes every order, of whatever it is asked, and does nothing."""
    orders = {name: staticmethod(_order) for name in vars(Switch) if not name.startswith("_")}
    switch: Switch = type("DeafSwitch", (), orders)()
    return switch


class BareFloor:
    """The core with its timers, facts and orders; as many agents as the taped floor, all logged on."""

    def __init__(self, site: Site, agents: int, start: datetime, hear: Callable[[Sequence[Fact]], None]) -> None:
        count = itertools.count(1)
        self._timers, self._hear = TimerHeap(), hear
        self._floor = Floor(site, switch_connected=True)
        self._work = Workplace(
            self._floor, deaf_switch(), self._timers, EveryPrompt(), lambda: str(next(count)), lambda now: now + DAY
        )
        for name in agent_names(agents):
            work_off_command(self._work, LogOn(name, name), start)
        self._work.facts.clear()

    def play(self, tidings: Iterable[Tiding]) -> None:
        """Work them off, each after the timers that were due before it, as the inbox does."""
        work, hear = self._work, self._hear
        for tiding in self._with_timers(tidings):
            work_off_tiding(work, tiding)
            if work.facts:
                facts, work.facts = work.facts, []
                hear(facts)
        self._floor.departed.clear()  # the lease check does so in a running core

    def _with_timers(self, tidings: Iterable[Tiding]) -> Iterator[Tiding]:
        next_at, due = self._timers.next_at, self._timers.due
        for tiding in tidings:
            while (at := next_at()) is not None and at < tiding.at:
                yield from due(at)
            yield tiding


def slices(tape: Sequence[Tiding], size: int) -> Iterator[Sequence[Tiding]]:
    """The tape in pieces."""
    for start in range(0, len(tape), size):
        yield tape[start : start + size]
