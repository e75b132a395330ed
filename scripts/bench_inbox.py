#!/usr/bin/env python3
"""How fast the core decides: whole calls through the inbox, without a switch, database or screen.

Prints steps and calls per second of CPU, and how long it takes from "agent is free" to the order to ring that agent,
with 20 agents and 60 waiting callers and with 200 and 400.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import EndWrapUp, LogOn
from cxcore.domain.dialplan import Dialplan, Enqueue
from cxcore.domain.floor import Floor
from cxcore.domain.leg import HangUpCause, HungUpBy, LegId
from cxcore.domain.membership import Membership
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.site import ConfiguredUser, Site
from cxcore.domain.tidings import LegAnswered, LegArrived, LegHungUp
from cxcore.feed.floor_rows import named_by, row
from cxcore.ports.switch import Dial
from cxcore.runner.clock import next_midnight
from cxcore.runner.inbox import Inbox, Request
from cxcore.runner.timers import TimerHeap
from cxcore.services.workplace import Workplace

QUEUE = QueueId("burgerzaken")
NUMBER = "+31715550101"


class DeafSwitch:
    """Takes every order and does nothing; remembers what was dialled."""

    def __init__(self) -> None:
        self.dialled: list[Dial] = []

    def dial(self, dial: Dial) -> None:
        self.dialled.append(dial)

    def __getattr__(self, order: str) -> object:
        return lambda *_: None


class StandingClock:
    """A clock that a bench moves by hand."""

    def __init__(self) -> None:
        self.present = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.present


class Bench:
    """A core with one queue, a number of agents, and callers."""

    def __init__(self, agents: int) -> None:
        names = [f"agent{number}" for number in range(agents)]
        site = Site(
            "bench",
            Dialplan({NUMBER: "direct"}, {"direct": (Enqueue(QUEUE),)}),
            {QUEUE: Queue(QUEUE, "Burgerzaken")},
            tuple(Membership(AgentId(name), QUEUE) for name in names),
            {name: ConfiguredUser(name, name, "agent", f"sip:{name}@127.0.0.1") for name in names},
        )
        self.clock, self.switch, timers = StandingClock(), DeafSwitch(), TimerHeap()
        self.floor = Floor(site, switch_connected=True)
        count = itertools.count()
        work = Workplace(
            self.floor, self.switch, timers, {}, lambda: f"id-{next(count)}", next_midnight  # type: ignore[arg-type]
        )
        self.inbox = Inbox(work, timers, self.clock, [self._make_rows])
        self.steps, self.caller = 0, itertools.count()
        for name in names:
            self.do(Request(LogOn(name, AgentId(name)), lambda _: None))

    def _make_rows(self, facts: object) -> None:
        for subject, key in named_by(self.floor, facts):  # type: ignore[arg-type]
            row(self.floor, subject, key, self.clock.now())

    def do(self, item: object) -> None:
        self.steps += 1
        self.clock.present += timedelta(milliseconds=1)
        self.inbox.step(item)  # type: ignore[arg-type]

    def call(self) -> None:
        leg = LegId(f"caller-{next(self.caller)}")
        self.do(LegArrived(self.clock.present, leg, NUMBER, "+31612345678", ""))

    def answer_all(self) -> None:
        for dial in self.switch.dialled:
            self.do(LegAnswered(self.clock.present, dial.leg_id))
        self.switch.dialled.clear()

    def end_and_free(self) -> float:
        """One conversation ends and its agent is free; seconds until the agent's next contact was dialled."""
        agent = next(each for each in self.floor.agents.values() if each.state is AgentState.TALKING)
        contact = self.floor.contacts[agent.contact_id]  # type: ignore[index]
        leg = agent.leg_id
        self.do(LegHungUp(self.clock.present, contact.leg_id, HangUpCause.NORMAL, HungUpBy.PARTY))
        self.do(LegHungUp(self.clock.present, leg, HangUpCause.NORMAL, HungUpBy.SWITCH))  # type: ignore[arg-type]
        started = perf_counter()
        self.do(Request(EndWrapUp(agent.agent_id, agent.agent_id), lambda _: None))
        return perf_counter() - started


def run(agents: int, waiting: int, calls: int) -> None:
    """Hold `waiting` callers in the queue and let `calls` of them be served one after another."""
    bench = Bench(agents)
    for _ in range(agents + waiting):
        bench.call()
    bench.answer_all()
    bench.steps, started, delays = 0, process_time(), []
    for _ in range(calls):
        bench.call()
        delays.append(bench.end_and_free())
        bench.answer_all()
    cpu = process_time() - started
    at = statistics.quantiles(delays, n=100)
    sys.stdout.write(
        f"{agents:4d} agents {waiting:4d} waiting | {bench.steps / cpu:8,.0f} steps/s | {calls / cpu:7,.0f} calls/s"
        f" | free → ring ordered p50 {at[49] * 1e3:.3f} p99 {at[98] * 1e3:.3f} max {max(delays) * 1e3:.3f} ms\n"
    )


def main() -> int:
    """Run both sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=3000, help="calls per size (default 3000)")
    calls = parser.parse_args().calls
    run(20, 60, calls)
    run(200, 400, calls)
    return 0


if __name__ == "__main__":
    sys.exit(main())
