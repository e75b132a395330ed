#!/usr/bin/env python3
"""How fast calls are handled: real SIP and sound through a real engine and a real core, on this machine.

    scripts/bench_calls.py softswitch
    scripts/bench_calls.py freeswitch --json

Measures, as percentiles in milliseconds: an agent becomes free → the INVITE reaches the agent's device; a call is
placed → its first sound is heard; an agent answers → both hear each other; the core's CPU for a whole call; and how
long after `kill -9` of the core a waiting caller is offered again.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cxcore.domain.agent import AgentId  # noqa: E402
from cxcore.domain.commands import EndWrapUp, LogOn  # noqa: E402
from lab.phone import Answer, Conversation, Lab  # noqa: E402
from tests.contract import engines  # noqa: E402
from tests.contract.engines import Engine  # noqa: E402
from tests.system.stage import DIRECT, GENERAL, Stage, until  # noqa: E402

AGENTS, WAITING = 20, 60
CALLER_HERTZ, AGENT_HERTZ = 600, 1000
QUIET_SECONDS = 0.3
QUEUE = {"wrap_up_seconds": 600, "ring_seconds": 30, "announcement": {"prompt": "even-geduld", "first_seconds": 300,
                                                                        "every_seconds": 300}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds over a number of samples."""

    samples: int
    p50: float
    p99: float
    longest: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What one engine reached."""

    engine: str
    free_to_invite_ms: Spread
    call_to_first_sound_ms: Spread
    answer_to_both_hear_ms: Spread
    core_cpu_ms_per_call: float
    kill_to_offer_seconds: float
    waiting_at_the_kill: int


def spread(seconds: list[float]) -> Spread:
    """Percentiles of the samples."""
    parts = statistics.quantiles(seconds, n=100, method="inclusive")
    return Spread(len(seconds), *(round(value * 1000, 1) for value in (parts[49], parts[98], max(seconds))))


class Floor:
    """Twenty agents whose devices answer at once, and callers who keep sixty places in the queue taken."""

    def __init__(self, lab: Lab, engine: Engine, folder: Path) -> None:
        self.lab, self.engine = lab, engine
        tone = f"%(1000,0,{AGENT_HERTZ});loops=-1"
        self.agents = {f"agent{number}": lab.station(user="agent", behaviour=Answer(0.0), say=tone)
                       for number in range(AGENTS)}  # fmt: skip
        addresses = {name: station.uri for name, station in self.agents.items()}
        self.stage = Stage(engine, folder, addresses, QUEUE)
        self.stage.open()
        self.callers: list[Conversation] = []

    def call(self, number: str = DIRECT) -> Conversation:
        """Somebody calls and says a tone."""
        host, port = self.engine.sip_address
        tone = f"%(1000,0,{CALLER_HERTZ});loops=-1"
        conversation = self.lab.call(f"sip:{number}@{host}:{port}", "+31612345678", say=tone)
        self.callers.append(conversation)
        return conversation

    def fill(self) -> None:
        """All agents talk, and sixty callers wait."""
        for name in self.agents:
            self.stage.does(LogOn(name, AgentId(name)))
        for _ in range(AGENTS + WAITING):
            self.call()
            time.sleep(0.03)
        until(lambda: self.stage.queue().waiting >= WAITING, "sixty callers wait", 30)
        time.sleep(QUIET_SECONDS)

    def free(self, name: str) -> float:
        """One agent's call ends and the agent is done with it: seconds until the next INVITE reached the device."""
        station = self.agents[name]
        station.hang_up()
        self.stage.sees(name, "wrap-up")
        self.call()
        time.sleep(QUIET_SECONDS / 3)
        began, seen = time.monotonic(), len(station.invites)
        self.stage.does(EndWrapUp(name, AgentId(name)))
        return station.wait_invite(seen + 1).at - began

    def close(self) -> None:
        """End the core and every call."""
        self.stage.close()


def measure(engine_name: str, samples: int) -> Figures:
    """All figures of one engine."""
    with running(engine_name) as engine, Lab() as lab, tempfile.TemporaryDirectory() as folder:
        floor = Floor(lab, engine, Path(folder))
        try:
            sound = [first_sound(floor) for _ in range(samples // 2)]
            floor.fill()
            free, cpu = free_to_invite(floor, samples)
            hear = [both_hear(floor, name) for name in list(floor.agents) * (samples // 40)]
            kill, waiting = killed(floor)
        finally:
            floor.close()
    return Figures(engine_name, spread(free), spread(sound), spread(hear), round(cpu, 2), round(kill, 2), waiting)


@contextmanager
def running(name: str) -> Iterator[Engine]:
    """An engine of this bench's own."""
    with tempfile.TemporaryDirectory() as folder:
        site = engines.prepare_site(Path(folder), "127.0.0.1:9", "+31715550199")
        with engines.running(name, site) as engine:
            yield engine


def first_sound(floor: Floor) -> float:
    """Seconds from placing a call to its first sound: the menu's welcome."""
    conversation = floor.call(GENERAL)
    heard = conversation.wait_sound()
    conversation.hang_up()
    conversation.wait_ended()
    return heard


def free_to_invite(floor: Floor, samples: int) -> tuple[list[float], float]:
    """The delays, and the core's CPU in milliseconds for each whole call meanwhile."""
    before = cpu_seconds(floor.stage.core.pid)
    names = list(floor.agents)
    delays = [floor.free(names[number % AGENTS]) for number in range(samples)]
    return delays, (cpu_seconds(floor.stage.core.pid) - before) * 1000 / samples


def cpu_seconds(pid: int) -> float:
    """User and system time of a process: proc(5), fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def both_hear(floor: Floor, name: str) -> float:
    """Seconds from the agent's answer until the agent hears the caller and the caller the agent."""
    station = floor.agents[name]
    before = len(station.conversations)
    others = {id(caller) for caller in floor.callers if hears(caller, AGENT_HERTZ)}
    floor.free(name)
    until(lambda: len(station.conversations) > before, "the next call", 5)
    current = station.conversations[before]
    caller_heard = caller_hears(floor, others)
    current.wait_answered()
    answered = current._began_at + (current.answered_at or 0.0)
    return max(current._began_at + current.wait_sound(), caller_heard) - answered


def caller_hears(floor: Floor, others: set[int]) -> float:
    """The instant at which a caller who is none of the others first hears an agent, looked at every 2 ms."""
    waiting = [caller for caller in floor.callers if caller.ended is None and id(caller) not in others]
    deadline = time.monotonic() + 3.0
    while time.monotonic() < deadline:
        if any(hears(caller, AGENT_HERTZ) for caller in waiting[:5]):
            return time.monotonic()
        time.sleep(0.002)
    raise TimeoutError("no caller heard the agent")


def hears(caller: Conversation, hertz: float) -> bool:
    """Whether the last 40 ms are mostly this tone."""
    return caller.hearing.tone_share(hertz, 0.04) > 0.5


def killed(floor: Floor) -> tuple[float, int]:
    """Seconds from kill -9 until an agent who is free is rung for a waiting caller, by the next core."""
    name = next(iter(floor.agents))
    station = floor.agents[name]
    station.hang_up()
    floor.stage.sees(name, "wrap-up")
    waiting, seen = floor.stage.queue().waiting, len(station.invites)
    time.sleep(QUIET_SECONDS)
    began = time.monotonic()
    floor.stage.kill_core()
    floor.stage.restart_core()
    return station.wait_invite(seen + 1, 10).at - began, waiting


def show(figures: Figures) -> str:
    """The figures as lines."""
    lines = [figures.engine]
    for name, value in asdict(figures).items():
        shown = " ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else value
        lines += [f"  {name.replace('_', ' '):28} {shown}"] if name != "engine" else []
    return "\n".join(lines)


def main() -> int:
    """Measure one engine; 3 when it is not installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=list(engines.START))
    parser.add_argument("--samples", type=int, default=120, help="of the first measure; the others follow (120)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    missing: Callable[[], str] = engines.MISSING[options.engine]
    if reason := missing():
        print(reason, file=sys.stderr)
        return 3
    figures = measure(options.engine, options.samples)
    print(json.dumps(asdict(figures)) if options.json else show(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
