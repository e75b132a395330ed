"""A recorded day once more, with another strategy or other staffing.

The replayed floor differs from the recorded day in four ways that no record can undo: every device is picked up, after
a time drawn from the offers that were accepted that day; callers come straight into their queue; a caller whom an agent
sent on to another queue calls that queue as somebody new; and who asked to be called back stays on the line instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from cxcore.domain.commands import LogOff, LogOn
from cxcore.domain.membership import Membership
from cxcore.domain.queue import Queue, QueueId, StrategyName
from cxcore.domain.site import Site
from cxcore.simulation.callers import Caller
from cxcore.simulation.day_book import DayBook
from cxcore.simulation.figures import Figures, figures_of
from cxcore.simulation.recorded_day import AFTERMATH, NothingToReplay, RecordedDay
from cxcore.simulation.shifts import Planned
from cxcore.simulation.sites import agent_names, user, with_direct_numbers
from cxcore.simulation.world import Simulation, at_once

SLICES = 200
"""Into so many parts a day is cut to tell how far a replay is."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What is tried: a strategy for all replayed queues, and a number of agents. None leaves it as it was."""

    strategy: StrategyName | None = None
    agents: int | None = None

    @property
    def name(self) -> str:
        """What the column is headed with."""
        words = [self.strategy.value] if self.strategy else []
        words += [f"{self.agents} agent{'' if self.agents == 1 else 's'}"] if self.agents is not None else []
        return ", ".join(words) or "replayed"


def replay(
    site: Site,
    day: RecordedDay,
    callers: Sequence[Caller],
    arrangement: Arrangement,
    seed: int,
    progress: Callable[[float], None],
) -> Figures:
    """The figures of the day under the arrangement. Raises `NothingToReplay` when nobody was logged on."""
    staffed, plans = _staffed(site, day, arrangement)
    book = DayBook(day.book.queue_ids)
    simulation = Simulation(staffed, callers, day.since, book.hear, _pick_up(day, seed))
    for at, command in plans:
        simulation.plan(at, command)
    for number in range(1, SLICES + 1):
        simulation.run(day.since + (day.until - day.since) * number / SLICES)
        progress(number / SLICES)
    simulation.run(day.until + AFTERMATH)
    return figures_of(arrangement.name, book, day.until)


def _pick_up(day: RecordedDay, seed: int) -> Callable[[], float]:
    seconds, dice = day.book.pick_ups, Random(seed)  # noqa: S311 - a simulation
    return (lambda: dice.choice(seconds)) if seconds else at_once


def _staffed(site: Site, day: RecordedDay, arrangement: Arrangement) -> tuple[Site, list[Planned]]:
    queues = {queue_id: _with_strategy(queue, arrangement.strategy) for queue_id, queue in site.queues.items()}
    changed = replace(with_direct_numbers(site), queues=queues)
    if arrangement.agents is None:
        if not day.shifts.commands:
            raise NothingToReplay("nobody was logged on for these queues that day; give a number with --agents")
        return _with_recorded_agents(changed, day), day.shifts.commands
    return _with_invented_agents(changed, day, arrangement.agents)


def _with_strategy(queue: Queue, strategy: StrategyName | None) -> Queue:
    return queue if strategy is None else replace(queue, strategy=strategy)


def _with_recorded_agents(site: Site, day: RecordedDay) -> Site:
    """Agents and memberships that are configured no more are there again for the replay."""
    known = {(each.agent_id, each.queue_id) for each in site.memberships}
    past = tuple(
        Membership(agent_id, queue_id)
        for agent_id, queues in day.shifts.served.items()
        for queue_id in sorted(queues)
        if (agent_id, queue_id) not in known
    )
    served = day.shifts.served
    users = {str(agent_id): user(agent_id) for agent_id in served if not _has_device(site, agent_id)}
    reasons = tuple(day.shifts.reasons | set(site.break_reasons))
    return replace(
        site, memberships=site.memberships + past, users={**site.users, **users}, break_reasons=reasons
    )


def _has_device(site: Site, agent_id: str) -> bool:
    configured = site.users.get(agent_id)
    return configured is not None and configured.device is not None


def _with_invented_agents(site: Site, day: RecordedDay, count: int) -> tuple[Site, list[Planned]]:
    queue_ids = tuple(day.book.queue_ids or site.queues)
    names = agent_names(count)
    memberships = tuple(
        Membership(name, queue_id, position=position)
        for position, name in enumerate(names, start=1)
        for queue_id in queue_ids
    )
    opens, closes = _opening(day)
    plans: list[Planned] = [(opens, LogOn(name, name, queue_ids)) for name in names]
    plans += [(closes, LogOff(name, name)) for name in names]
    return replace(site, memberships=memberships, users={name: user(name) for name in names}), plans


def _opening(day: RecordedDay) -> tuple[datetime, datetime]:
    """From the first log-on of the day to the last log-off; the whole day where nobody logged on or off."""
    commands = day.shifts.commands
    ons = [at for at, command in commands if isinstance(command, LogOn)]
    offs = [at for at, command in commands if isinstance(command, LogOff)]
    return min(ons, default=day.since), day.until if len(offs) < len(ons) else max(offs, default=day.until)


def arrangements(strategies: Sequence[StrategyName], agents: Sequence[int]) -> Iterator[Arrangement]:
    """Every strategy with every number of agents."""
    for count in agents or (None,):
        for strategy in strategies or (None,):
            yield Arrangement(strategy, count)


def queues_called(day: RecordedDay) -> frozenset[QueueId]:
    """The queues that were called that day."""
    return frozenset(visit.queue_id for visit in day.book.visits.values())
