#!/usr/bin/env python3
"""How soon a caller hears what was just put in the page: real calls through a real engine and a real core.

    scripts/bench_messages.py softswitch
    scripts/bench_messages.py freeswitch --json

  emergency_to_next_caller_ms   emergency message on → the next caller hears it; the call begins once the core has said
                                that it is on, and the time counts from the order
  emergency_to_waiting_ms       emergency message on, with the wish that callers who wait hear it → such a caller does

The budget is 2 seconds (requirements 47e and 48a).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxcore.domain.commands import EndEmergency, SetEmergency
from cxcore.domain.emergency import EVERYWHERE, Then
from scripts.bench_calls import NOT_INSTALLED, show, spread
from tests.contract import engines
from tests.system.stage import FAULT, GENERAL, HOLD_MUSIC, Stage

SUPERVISOR, MESSAGE = "sofie", "storing"


def switch_on(stage: Stage, tell_waiting: bool) -> float:
    """Switch the message on everywhere; when that was ordered."""
    began = time.monotonic()
    until = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251 - the core's clock is the real one
    stage.does(SetEmergency(SUPERVISOR, EVERYWHERE, MESSAGE, Then.GO_ON, until=until, tell_waiting=tell_waiting))
    return began


def next_caller(stage: Stage) -> float:
    """Seconds until the next caller hears it."""
    began = switch_on(stage, tell_waiting=False)
    caller = stage.calls(GENERAL)
    caller.wait_answered()
    caller.rtp.hear_tone(FAULT)
    took = time.monotonic() - began
    caller.bye()
    stage.does(EndEmergency(SUPERVISOR, EVERYWHERE))
    return took


def who_waits(stage: Stage) -> float:
    """Seconds until a caller who waits hears it."""
    caller = stage.waits(speaks=None)
    caller.rtp.hear_tones(set(HOLD_MUSIC))
    began = switch_on(stage, tell_waiting=True)
    caller.rtp.hear_among(FAULT)
    took = time.monotonic() - began
    caller.bye()
    stage.does(EndEmergency(SUPERVISOR, EVERYWHERE))
    return took


def measure(engine_name: str, samples: int) -> dict[str, object]:
    """Both figures of one engine. A tone is told from others by 200 ms of it, which count."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as state:
        site = engines.prepare_site(Path(folder), "127.0.0.1:9", "")
        with engines.running(engine_name, site) as engine:
            stage = Stage(engine, Path(state))
            try:
                stage.open()
                nexts = [next_caller(stage) for _ in range(samples)]
                waits = [who_waits(stage) for _ in range(samples)]
            finally:
                stage.close()
    return {"emergency_to_next_caller_ms": spread(nexts), "emergency_to_waiting_ms": spread(waits)}


def main() -> int:
    """Measure one engine; 3 when it is not installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=list(engines.START))
    parser.add_argument("--samples", type=int, default=30, help="of each figure (30)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    if reason := engines.MISSING[options.engine]():
        print(reason, file=sys.stderr)
        return NOT_INSTALLED
    figures = measure(options.engine, options.samples)
    print(json.dumps(figures) if options.json else show(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
