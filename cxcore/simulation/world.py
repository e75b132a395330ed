"""The core in simulated time: its real floor, services and timers, with a simulated switch, callers and agents.

Nothing of the core is rewritten here. What `runner.inbox` does with a greenlet and a clock, `Simulation` does with an
agenda: one tiding or command after another, and after each the timers that are due.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath

from cxcore.domain.commands import Command, EndWrapUp, ExtendWrapUp
from cxcore.domain.errors import DomainError
from cxcore.domain.events import Fact, WrapUpStarted
from cxcore.domain.floor import Floor
from cxcore.domain.site import Site
from cxcore.domain.tidings import Tiding
from cxcore.runner.timers import TimerHeap
from cxcore.services.dispatch import work_off_command, work_off_tiding
from cxcore.services.workplace import Workplace
from cxcore.simulation.agenda import Agenda
from cxcore.simulation.callers import Caller
from cxcore.simulation.switch import SimulatedSwitch

Hear = Callable[[Sequence[Fact]], None]
DAY = timedelta(days=1)


def at_once() -> float:
    """A device that is picked up in the instant in which it rings."""
    return 0.0


class EveryPrompt(Mapping[str, PurePath]):
    """A file for each prompt there may be; nobody hears it."""

    def __getitem__(self, name: str) -> PurePath:
        return PurePath(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Simulation:
    """A floor with callers and agents. `hear` gets the facts of each step; `callers` come in the order of their calls.

    The same site, callers, plans and pick-up times bring forth the same facts.
    """

    def __init__(
        self,
        site: Site,
        callers: Iterable[Caller],
        start: datetime,
        hear: Hear,
        pick_up: Callable[[], float] = at_once,
    ) -> None:
        self.agenda = Agenda(start)
        self.floor = Floor(site, switch_connected=True)
        for agent in self.floor.agents.values():
            agent.device_fault = None  # a simulated softphone has its page open
        self.timers = TimerHeap()
        self.refusals: list[DomainError] = []
        self._tidings: deque[Tiding] = deque()
        self._switch = SimulatedSwitch(self.agenda, self._tell, pick_up)
        self._work = self._workplace()
        self._callers, self._hear = iter(callers), hear
        self._plan_next_caller()

    def _tell(self, tiding: Tiding) -> None:
        self._tidings.append(tiding)

    def _workplace(self) -> Workplace:
        count = itertools.count(1)
        return Workplace(
            self.floor,
            self._switch,
            self.timers,
            EveryPrompt(),
            lambda: str(next(count)),
            lambda now: now + DAY,
        )

    def plan(self, at: datetime, command: Command) -> None:
        """Let a user give a command at an instant. What the core refuses is kept in `refusals`."""
        self.agenda.at(at, self._command, command)

    def run(self, until: datetime) -> None:
        """Let time pass up to and including an instant."""
        while self._happens_next(until):
            self._settle()
        self.agenda.now = max(until, self.agenda.now)
        self.floor.departed.clear()  # the lease check does so in a running core; here no leg is ever reported

    def _happens_next(self, until: datetime) -> bool:
        """Let the clock stand at the next instant, and let happen what is planned then."""
        planned, timed = self.agenda.next_at(), self.timers.next_at()
        if planned is not None and planned <= until and (timed is None or planned <= timed):
            self.agenda.now = planned
            self.agenda.let_happen()
            return True
        if timed is not None and timed <= until:
            self.agenda.now = timed
            return True
        return False

    def _plan_next_caller(self) -> None:
        caller = next(self._callers, None)
        if caller is not None:
            self.agenda.at(caller.calls_at, self._call, caller)

    def _call(self, caller: Caller) -> None:
        self._plan_next_caller()
        self._switch.call(caller)

    def _command(self, command: Command) -> None:
        try:
            work_off_command(self._work, command, self.agenda.now)
        except DomainError as refusal:
            self.refusals.append(refusal)
        self._fan_out()

    def _settle(self) -> None:
        work, tidings, timers, now = self._work, self._tidings, self.timers, self.agenda.now
        while True:
            while tidings:
                work_off_tiding(work, tidings.popleft())
                if work.facts:
                    self._fan_out()
            at = timers.next_at()
            if at is None or at > now:
                return
            for tiding in timers.due(now):
                work_off_tiding(work, tiding)
                self._fan_out()

    def _fan_out(self) -> None:
        facts, self._work.facts = self._work.facts, []
        self._hear(facts)
        if self._switch.wrap_ups:
            self._note_wrap_ups(facts)

    # --- Agents ---

    def _note_wrap_ups(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            if type(fact) is WrapUpStarted and fact.agent_id in self._switch.wrap_ups:
                self._wrap_up(fact, self._switch.wrap_ups.pop(fact.agent_id))

    def _wrap_up(self, started: WrapUpStarted, seconds: float) -> None:
        """The agent takes as long as was drawn, by the same commands as at a screen."""
        ends_at = started.at + timedelta(seconds=seconds)
        if ends_at > started.until:
            more = math.ceil((ends_at - started.until).total_seconds())
            self.agenda.at(started.at, self._command, ExtendWrapUp(started.agent_id, started.agent_id, more))
        if ends_at != started.until:
            self.agenda.at(ends_at, self._command, EndWrapUp(started.agent_id, started.agent_id))
