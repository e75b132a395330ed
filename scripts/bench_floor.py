#!/usr/bin/env python3
"""How many contacts the core handles per second of CPU, in simulated time, and what a waiting contact costs.

Whole contacts: the call arrives, waits or not, is offered, rings, is answered, talks, is wrapped up. The core is the
real one (floor, services, timers, every fact), the switch is simulated and answers at once, facts go to counters.
Screens, database and the protocol of a switch are left out: bench_calls.py measures those.

Each agent serves five of the queues, so that a queue has agents/queues x 5 agents; 90 % of the agents' time is offered.
Arrivals are Poisson, talk (180 s) is exponential, ringing takes 3 s and wrap-up 10 s.

Two figures. The floor: the core alone, which is played what the simulated switch told (scripts/benchmarks/tape.py); it
works off every tiding, keeps its timers, gives its orders and makes its facts. The whole: the same with the world
around it, that is the agenda, the simulated switch and the making of the tidings.

The decisions are compiled where `make setup` compiled them; CX_DECISIONS=sources measures the sources.

The CPU time is measured in beats, a fixed piece of work timed again and again beside it, and told at the speed of the
quickest beat of the run: other work on the machine slows both.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import itertools
import json
import pstats
import statistics
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxcore import compiled

if __name__ == "__main__":
    compiled.use()

from cxcore.domain.commands import LogOn
from cxcore.domain.membership import Membership
from cxcore.domain.queue import Announcement, Queue, QueueId, StrategyName
from cxcore.domain.site import Site
from cxcore.domain.tidings import Tiding
from cxcore.runner.pauses import keep_pauses_short
from cxcore.simulation.callers import Caller, Traffic, poisson
from cxcore.simulation.counters import Counters
from cxcore.simulation.sites import agent_names, invented_site, number_of
from cxcore.simulation.world import Simulation
from scripts.benchmarks.tape import BareFloor, TapedSimulation, slices

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
TALK, WRAP_UP, RING, LOAD, SERVED = 180.0, 10, 3.0, 0.9, 5
DAY = 86_400
AGENTS, QUEUES = (50, 100, 200, 500, 1000), (5, 10, 50, 100)
BUDGET, MAIN = 20_000, "500 agents, 50 queues"
SLICE = 400
"""Contacts between two beats."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Beats of CPU per contact."""

    floor: float
    whole: float


def site(agents: int, queues: int, strategy: StrategyName, served: int) -> Site:
    """Queues in a ring; each agent serves `served` neighbouring ones."""
    ids = [QueueId(f"queue-{number:03d}") for number in range(queues)]
    rows = [Queue(each, each, strategy, wrap_up_seconds=WRAP_UP) for each in ids]
    memberships = [
        Membership(name, ids[(number + step) % queues], position=number + 1)
        for number, name in enumerate(agent_names(agents))
        for step in range(min(served, queues))
    ]
    return invented_site(rows, memberships)


def callers(where: Site, agents: int, seed: int = 1) -> Iterator[Caller]:
    """Calls for all queues alike, that take nine tenths of the agents' time."""
    traffic = Traffic(LOAD * agents / (TALK + WRAP_UP + RING), TALK)
    return poisson(traffic, tuple(map(number_of, where.queues)), START, seed)


def simulation(
    where: Site, agents: int, contacts: int, kind: type[Simulation] = Simulation
) -> tuple[Simulation, Counters]:
    """A floor with everybody logged on and its callers drawn."""
    counters = Counters()
    people = list(itertools.islice(callers(where, agents), contacts))
    floor = kind(where, people, START, counters.hear, lambda: RING)
    for name in agent_names(agents):
        floor.plan(START, LogOn(name, name))
    floor.run(START)
    return floor, counters


def beat() -> float:
    """CPU seconds of a fixed piece of work like the core's own: small objects, a table, comparisons."""
    began, table = process_time(), {}
    for number in range(2000):
        table[str(number)] = caller = Caller(START, "", number)
        if caller.talk_seconds > 5:
            table.pop(str(number), None)
    return process_time() - began


def measure(agents: int, queues: int, strategy: StrategyName, contacts: int, served: int = SERVED) -> Cost:
    """What a contact costs."""
    where = site(agents, queues, strategy, served)
    return Cost(floor_cost(where, agents, contacts), whole_cost(where, agents, contacts))


def whole_cost(where: Site, agents: int, contacts: int) -> float:
    """With the world around the core."""
    floor, counters = simulation(where, agents, contacts)
    seconds = SLICE * (TALK + WRAP_UP + RING) / (LOAD * agents)
    ends = (START + timedelta(seconds=seconds * number) for number in itertools.count(1))
    cost = in_beats(counters, contacts, (lambda end=end: floor.run(end) for end in ends))
    if floor.refusals:
        raise SystemExit(f"{len(floor.refusals)} commands were refused")
    return cost


def floor_cost(where: Site, agents: int, contacts: int) -> float:
    """The core alone. It must bring forth the same as in the simulation."""
    taped, expected = simulation(where, agents, contacts, TapedSimulation)
    taped.run(START + timedelta(days=100))
    tape: Sequence[Tiding] = taped.tape  # type: ignore[attr-defined]
    counters = Counters()
    floor = BareFloor(where, agents, START, counters.hear)
    pieces = slices(tape, SLICE * len(tape) // contacts)
    cost = in_beats(counters, contacts, (lambda piece=piece: floor.play(piece) for piece in pieces))
    if counters != expected:
        raise SystemExit(f"the bare floor did something else than the simulation: {counters}, {expected}")
    return cost


def in_beats(counters: Counters, contacts: int, parts: Iterator[Callable[[], None]]) -> float:
    """CPU per contact: the median over slices of some four hundred contacts, each between two beats, so that it is the
    same on a machine that other work slows down."""
    costs = []
    gc.collect()
    while counters.callers < contacts:
        before, done, began = beat(), counters.callers, process_time()
        next(parts)()
        cpu, served_now = process_time() - began, counters.callers - done
        if served_now > SLICE / 2:
            costs.append(cpu / served_now / ((before + beat()) / 2))
    return statistics.median(costs)


def memory(waiting: int) -> float:
    """Bytes for each contact that waits for an agent, an announcement and the maximum wait, with all look-ups."""
    full = QueueId("full")
    announced = Announcement("even-geduld", 30 * DAY, 30)
    queue = Queue(full, full, announcement=announced, maximum_wait_seconds=30 * DAY, overflow_flow=number_of(full))
    where, traffic = invented_site([queue], []), Traffic(1.0, TALK)
    people = poisson(traffic, (number_of(full),), START, 1)
    floor = Simulation(where, itertools.islice(people, waiting), START, lambda _: None)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    floor.run(START + timedelta(days=2))
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    if len(floor.floor.contacts) != waiting:
        raise SystemExit(f"{len(floor.floor.contacts)} of {waiting} callers wait")
    return (after - before) / waiting


def show_profile(agents: int, queues: int, contacts: int) -> None:
    """Where the time of the core alone goes."""
    where = site(agents, queues, StrategyName.LONGEST_IDLE, SERVED)
    taped, _ = simulation(where, agents, contacts, TapedSimulation)
    taped.run(START + timedelta(days=100))
    profile = cProfile.Profile()
    profile.runcall(BareFloor(where, agents, START, lambda _: None).play, taped.tape)  # type: ignore[attr-defined]
    pstats.Stats(profile).sort_stats("tottime").print_stats(45)


def curve(contacts: int) -> Iterator[tuple[str, Cost]]:
    """Each figure with what it is about, as it is measured."""
    idle = StrategyName.LONGEST_IDLE
    for agents in AGENTS:
        yield f"{agents} agents, 50 queues", measure(agents, 50, idle, contacts)
    for queues in QUEUES:
        yield f"500 agents, {queues} queues", measure(500, queues, idle, contacts)
    yield "500 agents, 50 queues, each agent serves all", measure(500, 50, idle, contacts, served=50)
    for strategy in StrategyName:
        yield f"500 agents, 50 queues, {strategy.value}", measure(500, 50, strategy, contacts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the curve and the memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=10_000, help="contacts per figure (default 10000)")
    parser.add_argument("--waiting", type=int, default=10_000, help="contacts that wait for the memory (default 10000)")
    parser.add_argument("--quick", action="store_true", help="500 agents and 50 queues only")
    parser.add_argument("--profile", action="store_true", help="show where the time goes instead")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    keep_pauses_short()
    if options.profile:
        show_profile(500, 50, options.contacts)
        return 0
    return _report(options)


def _report(options: argparse.Namespace) -> int:
    main_figure = [(MAIN, measure(500, 50, StrategyName.LONGEST_IDLE, options.contacts))]
    costs = dict(main_figure if options.quick else curve(options.contacts))
    quiet = min(beat() for _ in range(300))
    figures = {what: (1 / (cost.floor * quiet), 1 / (cost.whole * quiet)) for what, cost in costs.items()}
    each = memory(options.waiting)
    if options.json:
        named = {what: dict(zip(("floor", "whole"), both, strict=True)) for what, both in figures.items()}
        figures_of = {"decisions": compiled.state(), "contacts_per_cpu_second": named}
        print(json.dumps({**figures_of, "bytes_per_waiting_contact": each}, indent=2))
        return 0
    print(f"decisions: {compiled.state()}")
    print(f"{'contacts per second of CPU':48s}     floor     whole")
    for what, (floor, whole) in figures.items():
        print(f"{what:48s} {floor:9,.0f} {whole:9,.0f}   {1e6 / floor:5.0f} and {1e6 / whole:5.0f} µs each")
    print(f"{options.waiting:,} waiting contacts: {each:,.0f} bytes each")
    return 0 if figures[MAIN][0] >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
