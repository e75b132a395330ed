#!/usr/bin/env python3
"""How many callers the menus take at once [47d]: each level as many callers more, and then callers who are measured.

    scripts/bench_ivr.py softswitch
    scripts/bench_ivr.py freeswitch --levels 100 200 400 --json

Every caller of a level calls the number with the menu, is answered and hears it, and stays in it, with hold music while
it waits for a key. Then forty more call,
four a second: how long it takes until each hears the first sound, and how many packets of sound come in time. The
first level at which the first sound comes later than 200 ms (p99), or less than 99.9 % of the packets in time, ends
it. The callers, the engine and the core share this machine.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import gevent

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.bench_calls import GAP_SECONDS, NOT_INSTALLED, spread
from scripts.benchmarks.floor import MENU, Floor, floor_on
from scripts.benchmarks.parties import Leg, NothingCame
from tests.contract import engines

LEVELS = (50, 100, 150, 200, 300, 400, 500, 600, 700, 800, 900)
"""FreeSWITCH takes 1000 legs (`max_legs`), those that are measured among them."""
CALLS_PER_SECOND = 25
PROBES, SECONDS_BETWEEN, LISTEN_SECONDS = 40, 0.25, 2.0
MOST_MS, LEAST_PERCENT = 200.0, 99.9


@dataclass(frozen=True, slots=True)
class Level:
    """What callers heard beside so many others."""

    callers: int
    first_sound_ms: Mapping[str, float]
    in_time_percent: float

    @property
    def holds(self) -> bool:
        """Whether they are served as they should be."""
        return self.first_sound_ms["p99"] <= MOST_MS and self.in_time_percent >= LEAST_PERCENT


def fill(floor: Floor, callers: list[Leg], level: int) -> None:
    """Let so many be in the menu in all."""
    while len(callers) < level:
        callers.append(floor.call(MENU))
        gevent.sleep(1 / CALLS_PER_SECOND)
    for caller in callers:
        caller.wait_answered()


def probe(floor: Floor) -> tuple[float, list[float]]:
    """Seconds until one more caller hears something, and the gaps in what the caller hears."""
    caller = floor.call(MENU, speaks=True)
    caller.wait_answered()
    gevent.sleep(LISTEN_SECONDS)
    if caller.voice is None or not caller.voice.heard:
        raise NothingCame("the menu is heard")
    arrivals = [arrived for arrived, _ in caller.voice.heard]
    first = caller.voice.first(None, 0.0)
    caller.bye()
    if first is None:
        raise NothingCame("the menu is heard")
    return first - caller.began_at, [later - earlier for earlier, later in zip(arrivals, arrivals[1:], strict=False)]


def measure_level(floor: Floor, callers: list[Leg], level: int) -> Level:
    """Fill up to a level, and measure it."""
    fill(floor, callers, level)
    lanes = [gevent.spawn_later(number * SECONDS_BETWEEN, probe, floor) for number in range(PROBES)]
    probes = [lane.get() for lane in gevent.joinall(lanes, raise_error=True)]
    gaps = [gap for _, each in probes for gap in each]
    in_time = round(100 * sum(gap <= GAP_SECONDS for gap in gaps) / len(gaps), 2)
    return Level(level, spread([first for first, _ in probes]), in_time)


def measure(engine_name: str, levels: Sequence[int]) -> list[Level]:
    """The levels up to the first that does not hold."""
    measured: list[Level] = []
    with floor_on(engine_name) as floor:
        callers: list[Leg] = []
        try:
            for level in levels:
                measured.append(measure_level(floor, callers, level))
                if not measured[-1].holds:
                    break
        except NothingCame as reason:
            print(f"with {len(callers)} callers: {reason}", file=sys.stderr)
    return measured


def main() -> int:
    """Measure one engine; 3 when it is not installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=list(engines.START))
    parser.add_argument("--levels", type=int, nargs="+", default=list(LEVELS), help="how many callers are in the menu")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    if reason := engines.MISSING[options.engine]():
        print(reason, file=sys.stderr)
        return NOT_INSTALLED
    levels = measure(options.engine, options.levels)
    held = max((level.callers for level in levels if level.holds), default=0)
    figures = {"engine": options.engine, "callers_in_the_menu": held, "levels": [asdict(level) for level in levels]}
    print(json.dumps(figures) if options.json else "\n".join(map(str, (*levels, f"holds with {held} callers"))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
