#!/usr/bin/env python3
"""How fast calls are handled: real SIP and sound through a real engine and a real core, on this machine.

    scripts/bench_calls.py softswitch
    scripts/bench_calls.py freeswitch --json
    scripts/bench_calls.py softswitch --only whole_calls killed

Measures, in this order, each only once the one before is over:
  whole_calls   call placed → first sound of the menu; agent answers → both hear each other; the core's CPU for one
                whole call with menu, key, queue, agent, wrap-up and log
  sound         150 legs that all send and hear sound, half bridged: packets that came and gaps between them
  free_20       agent becomes free → INVITE reaches the agent's device, 20 agents, 60 callers waiting
  killed        kill -9 of the core → a waiting caller is offered by the next one, 60 waiting, 20 talking, three times
  free_200      as free_20, with 200 agents and 400 callers waiting in 30 queues; each agent serves six, and
                neither those who wait nor 180 of the agents get sound, so that the distribution is measured and not
                the engine's sound; 25 agents a second become free
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import gevent

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.benchmarks.floor import AGENT_HERTZ, CALLER_HERTZ, PLAIN, QUEUES, SOUND, Floor, floor_on
from scripts.benchmarks.parties import Leg, NothingCame
from scripts.benchmarks.sound import is_loud, now
from tests.contract import engines
from tests.system.stage import DIRECT, GENERAL

NOT_INSTALLED = 3
LANES = 12
BRIDGED_PAIRS, HEARING_MUSIC, LISTEN_SECONDS = 38, 74, 6.0
GAP_SECONDS = 0.060
"""A pause between packets of more than this is counted as a gap."""
KILLS = 3

Figures = dict[str, object]


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Percentiles, in milliseconds."""
    parts = statistics.quantiles(seconds, n=100, method="inclusive")
    p50, p99, longest = (round(value * 1000, 1) for value in (parts[49], parts[98], max(seconds)))
    return {"samples": len(seconds), "p50": p50, "p99": p99, "max": longest}


# --- Whole calls -----------------------------------------------------------------------------------------------------


class WholeCalls:
    """Calls of a dozen callers at a time, each from the INVITE to the end of wrap-up."""

    def __init__(self, floor: Floor, calls: int) -> None:
        self.floor, self.left = floor, calls
        self.first_sound: list[float] = []
        self.both_hear: list[float] = []

    def run(self) -> Figures:
        """Let all callers call."""
        self.floor.log_on(SOUND[:LANES])
        self.floor.answers = lambda leg: None
        calls, before = self.left, self.floor.core_cpu_seconds()
        gevent.joinall([gevent.spawn_later(lane * 0.15, self._lane) for lane in range(LANES)], raise_error=True)
        cpu = (self.floor.core_cpu_seconds() - before) * 1000 / calls
        self.floor.answers = Leg.answer
        self.floor.empty(SOUND[:LANES], [])
        return {
            "call_to_first_sound_ms": spread(self.first_sound),
            "answer_to_both_hear_ms": spread(self.both_hear),
            "core_cpu_ms_per_call": round(cpu, 1),
        }

    def _lane(self) -> None:
        while self.left > 0:
            self.left -= 1
            self._call()

    def _call(self) -> None:
        caller = self.floor.call(GENERAL, speaks=True)
        caller.wait_answered()
        gevent.sleep(1.0)
        self.first_sound.append(_heard(caller, None, 0.0) - caller.began_at)
        if caller.voice is not None:
            caller.voice.press(1)
        self.floor.until(lambda: self._device_of(caller), "an agent is rung")
        device = self._device_of(caller)
        if device is None:
            raise NothingCame("an agent is rung")
        gevent.sleep(random.uniform(0.1, 0.2))
        device.answer()
        gevent.sleep(0.5)
        heard = max(_heard(caller, AGENT_HERTZ, device.answered_at), _heard(device, CALLER_HERTZ, device.answered_at))
        self.both_hear.append(heard - device.answered_at)
        caller.bye()
        self.floor.until(lambda: self.floor.states.get(device.user) == "wrap-up", "the agent wraps up")
        self.floor.end_wrap_up(device.user)

    def _device_of(self, caller: Leg) -> Leg | None:
        return next((leg for leg in self.floor.current.values() if leg.number == caller.number), None)


def _heard(leg: Leg, hertz: int | None, since: float) -> float:
    found = leg.voice.first(hertz, since) if leg.voice else None
    if found is None:
        raise NothingCame(f"{leg.number} heard nothing of {hertz or 'anything'}")
    return found


def whole_calls(floor: Floor, samples: int) -> Figures:
    """See the module."""
    return WholeCalls(floor, samples).run()


# --- Sound -----------------------------------------------------------------------------------------------------------


def sound(floor: Floor, samples: int) -> Figures:
    """See the module."""
    agents = SOUND[:BRIDGED_PAIRS]
    callers = floor.fill(agents, HEARING_MUSIC, BRIDGED_PAIRS + HEARING_MUSIC, speaks=True)
    gevent.sleep(1.0)
    legs = [*callers, *(floor.current[name] for name in agents)]
    since = now()
    gevent.sleep(LISTEN_SECONDS)
    heard = [[each for each in leg.voice.heard if each[0] >= since] for leg in legs if leg.voice]
    gaps = [gap for packets in heard for gap in _gaps([arrived for arrived, _ in packets])]
    expected = len(legs) * LISTEN_SECONDS * 50
    came = sum(map(len, heard))
    loud = [is_loud(payload) for packets in heard for _, payload in packets[::25]]
    floor.empty(agents, callers)
    return {
        "legs": len(legs),
        "packets_percent": round(min(100 * came / expected, 100.0), 2),
        "in_time_percent": round(100 * sum(gap <= GAP_SECONDS for gap in gaps) / len(gaps), 3),
        "worst_gap_ms": round(max(gaps) * 1000, 1),
        "loud_percent": round(100 * sum(loud) / len(loud), 1),
    }


def _gaps(arrivals: Sequence[float]) -> list[float]:
    return [later - earlier for earlier, later in zip(arrivals, arrivals[1:], strict=False)]


# --- Free → INVITE ---------------------------------------------------------------------------------------------------


class Freed:
    """Agents who talk for a while, wrap up, and say that they are free; callers who take the places of those served."""

    def __init__(
        self, floor: Floor, agents: Sequence[str], talk_seconds: float, samples: int, numbers: Sequence[str] = (DIRECT,)
    ) -> None:
        self.floor, self.agents, self.talk_seconds, self.samples = floor, agents, talk_seconds, samples
        self.numbers = numbers
        self.delays: list[float] = []
        self.began = self.ended = 0.0

    def run(self) -> Figures:
        """Until there are enough samples."""
        self.began = now()
        lanes = [gevent.spawn(self._lane, name, number) for number, name in enumerate(self.agents)]
        gevent.joinall(lanes, raise_error=True)
        rate = round(self.samples / (self.ended - self.began), 1)
        return {**spread(self.delays[: self.samples]), "calls_per_second": rate}

    def _lane(self, name: str, number: int) -> None:
        gevent.sleep(self.talk_seconds * number / len(self.agents))
        while len(self.delays) < self.samples:
            self.floor.hang_up(name)
            self.floor.call(random.choice(self.numbers), hears=len(self.agents) < len(PLAIN))
            gevent.sleep(random.uniform(0.1, 0.2))
            self._become_free(name)
            gevent.sleep(self.talk_seconds)

    def _become_free(self, name: str) -> None:
        began = now()
        self.floor.end_wrap_up(name)
        if not self.floor.rung[name].wait(10):
            raise NothingCame(f"{name} was not rung")
        self.delays.append(self.floor.current[name].began_at - began)
        if len(self.delays) == self.samples:
            self.ended = now()


def free_20(floor: Floor, samples: int) -> Figures:
    """See the module."""
    agents = PLAIN[:20]
    floor.fill(agents, 60, 80)
    return {"free_to_invite_ms": Freed(floor, agents, 1.5, samples).run()}


def free_200(floor: Floor, samples: int) -> Figures:
    """See the module; goes on from `free_20`."""
    waiting, talking = floor.waiting(), sum(state == "talking" for state in floor.states.values())
    numbers = (DIRECT, *QUEUES)
    floor.fill(PLAIN, 400, 600 - waiting - talking, numbers=numbers, hears=False)
    return {"free_to_invite_of_200_ms": Freed(floor, PLAIN, 8.0, samples, numbers).run()}


# --- kill -9 ---------------------------------------------------------------------------------------------------------


def killed(floor: Floor, samples: int) -> Figures:
    """See the module; goes on from `free_20`. Who wraps up at the kill is done as soon as the next core is up."""
    if "talking" not in floor.states.values():
        floor.fill(PLAIN[:20], 60, 80)
    seconds, lost = [], 0
    for name in PLAIN[:KILLS]:
        floor.hang_up(name)
        before = {row.contact_id for row in floor.stage.contacts()}
        gevent.sleep(0.5)
        floor.rung[name].clear()
        began = now()
        floor.stage.kill_core()
        floor.stage.restart_core()
        floor.end_wrap_up(name)
        if not floor.rung[name].wait(10):
            raise NothingCame(f"{name} was not rung after the kill")
        seconds.append(floor.current[name].began_at - began)
        floor.until(lambda name=name: floor.states.get(name) == "talking", f"{name} talks")
        lost += len(before - {row.contact_id for row in floor.stage.contacts()})
    return {"kill_to_offer_seconds": round(max(seconds), 2), "lost_at_kill": lost, "waiting_at_kill": 60}


MEASURES: dict[str, Callable[[Floor, int], Figures]] = {
    "whole_calls": whole_calls,
    "sound": sound,
    "free_20": free_20,
    "killed": killed,
    "free_200": free_200,
}


def measure(engine_name: str, samples: int, names: Sequence[str]) -> Figures:
    """The figures of one engine; what failed is told on stderr and lacks."""
    figures: Figures = {"engine": engine_name}
    with floor_on(engine_name) as floor:
        for name in names:
            try:
                figures |= MEASURES[name](floor, samples)
            except NothingCame as reason:
                print(f"{name}: {reason}", file=sys.stderr)
                break
    return figures


def show(figures: Figures) -> str:
    """The figures as lines."""
    lines = []
    for name, value in figures.items():
        shown = "  ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else value
        lines.append(f"{name.replace('_', ' '):28} {shown}")
    return "\n".join(lines)


def main() -> int:
    """Measure one engine; 3 when it is not installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=list(engines.START))
    parser.add_argument("--samples", type=int, default=200, help="of each measure (200)")
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), default=list(MEASURES), help="not all of them")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    if reason := engines.MISSING[options.engine]():
        print(reason, file=sys.stderr)
        return NOT_INSTALLED
    figures = measure(options.engine, options.samples, options.only)
    print(json.dumps(figures) if options.json else show(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
