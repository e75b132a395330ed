#!/usr/bin/env python3
"""How soon a change of the floor is in 300 browsers' sockets, and what that costs the web process.

A web process with a core in memory; 300 sockets of the supervisor's page in this process; a change each quarter of a
second. The time runs from before the change is ordered until the socket has it, so it holds the order's HTTP request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from websockets.asyncio.client import connect

from tests.browser.floor import Floor, running_floor
from tests.web.test_live_socket import cookie_of

BUDGET_MS = 300.0
EVERY_SECONDS = 0.25
LAST_SECONDS = 2.0
WATCHED = 20
"""So many changes are looked for in each message; an earlier one that still comes is counted as missing."""


@dataclass(slots=True)
class Watch:
    """When each change was ordered, and how long it took to each screen, in seconds."""

    ordered: dict[str, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)

    def see(self, message: str) -> None:
        """A message came in at a screen."""
        now = time.monotonic()
        for key, at in list(self.ordered.items()):
            if f'"{key}"' in message:
                self.delays.append(now - at)


async def screen(floor: Floor, cookie: str, watch: Watch, ready: asyncio.Semaphore, until: asyncio.Event) -> None:
    """One browser: takes what comes until the end."""
    address = floor.pages.replace("http", "ws") + "/live/floor"
    headers = {"Cookie": cookie, "Origin": floor.pages}
    async with connect(address, additional_headers=headers, proxy=None, open_timeout=60) as socket:
        await socket.recv()
        ready.release()
        reading = asyncio.create_task(_read(socket, watch))
        await until.wait()
        reading.cancel()


async def _read(socket: object, watch: Watch) -> None:
    async for message in socket:  # type: ignore[attr-defined]
        watch.see(str(message))


async def measure(floor: Floor, screens: int, changes: int) -> tuple[list[float], float]:
    """The delays, and the part of one CPU that the web process took while changes came."""
    watch, ready, until = Watch(), asyncio.Semaphore(0), asyncio.Event()
    cookie = await asyncio.to_thread(cookie_of, floor, "sofie")
    tasks = [asyncio.create_task(screen(floor, cookie, watch, ready, until)) for _ in range(screens)]
    for _ in range(screens):
        await asyncio.wait_for(ready.acquire(), 120)
    process, began = web_process(), time.monotonic()
    before = sum(process.cpu_times()[:2])
    for number in range(changes):
        key = f"bench-{number}"
        watch.ordered = dict([*watch.ordered.items()][-WATCHED:]) | {key: time.monotonic()}
        await asyncio.to_thread(floor.call, key)
        await asyncio.sleep(EVERY_SECONDS)
    await asyncio.sleep(LAST_SECONDS)
    busy = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
    until.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    return watch.delays, busy


def web_process() -> psutil.Process:
    """The child that serves the pages."""
    return next(each for each in psutil.Process().children() if "tests.browser.floor_process" in each.cmdline())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure once; 1 when the budget is missed or a screen missed a change."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--screens", type=int, default=300)
    parser.add_argument("--changes", type=int, default=40)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    with running_floor() as floor:
        delays, busy = asyncio.run(measure(floor, options.screens, options.changes))
    delays.sort()
    at = {name: delays[min(int(share * len(delays)), len(delays) - 1)] for name, share in (("p50", 0.5), ("p99", 0.99))}
    ms = {name: round(seconds * 1000, 1) for name, seconds in (at | {"max": delays[-1]}).items()}
    missing = options.screens * options.changes - len(delays)
    if options.json:
        print(json.dumps({"change_to_screen_ms": ms, "missing": missing, "cpu_percent": round(100 * busy, 1)}))
    else:
        print(f"{options.screens} screens: change → socket {ms} ms (budget p99 ≤ {BUDGET_MS:.0f}), {missing} missing,")
        print(f"web process at {100 * busy:.0f} % of one CPU with {1 / EVERY_SECONDS:.0f} changes a second")
    return 0 if ms["p99"] <= BUDGET_MS and missing == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
