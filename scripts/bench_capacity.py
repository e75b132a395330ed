#!/usr/bin/env python3
"""How many calls with sound go through SBC and switch, and how many the switch carries alone, on this machine.

    scripts/bench_capacity.py
    scripts/bench_capacity.py --ways "freeswitch alone" --rates 10 20 --callers 50 100 --json

For each way a call can go (see `WAYS`):
  calls a second   SIPp begins so many calls a second for five seconds, each with sound of two seconds. A rate holds
                   when every call succeeds and of a hundred INVITEs 95 get their 200 within half a second
  at once          SIPp keeps so many calls with sound; five more callers then hear hold music for three seconds. A
                   level holds when no call fails and 99.9 % of their packets come in time (60 ms)
Each call is answered and hears hold music; its sound goes both ways, and through the SBC by rtpengine. SIPp, rtpengine,
Kamailio and the switch share the machine. The first rate and level that do not hold end a way's measurement.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cxcore.domain.leg import LegId  # noqa: E402 - after the path
from cxcore.switch import commands  # noqa: E402
from scripts.benchmarks.capacity_scenario import SCENARIO, tone_octets  # noqa: E402
from tests.config.sbc_stage import KAMAILIO, Sbc  # noqa: E402
from tests.contract import engines  # noqa: E402
from tests.contract.engines import STREAM, Engine  # noqa: E402
from tests.contract.sip_peer import NothingCame, SipParty  # noqa: E402
from tests.media.rtpengine import RTPENGINE, Rtpengine  # noqa: E402
from tests.ports import PortBlock, free_port  # noqa: E402

NOT_INSTALLED = 3
NUMBER = "+31715550100"
MUSIC = f"local_stream://{STREAM}"
RATES, CALLERS = (10, 20, 40, 80, 120), (50, 100, 200, 300, 400)
RATE_SECONDS, TALK_MS, MOST_SETUP_MS = 5, 2000, 500
FILL_PER_SECOND, HELD_MS = 25, 600_000
PROBES, LISTEN_SECONDS, GAP_SECONDS, LEAST_PERCENT = 5, 3.0, 0.060, 99.9
RELAYS, RTP_PORTS = 8000, 6000
"""Ports of rtpengine: four for each call."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a call goes."""

    engine: str
    by_border: bool


WAYS: Mapping[str, Way] = {
    "freeswitch alone": Way("freeswitch", by_border=False),
    "border + freeswitch": Way("freeswitch", by_border=True),
    "border + softswitch": Way("softswitch", by_border=True),
}


@dataclass
class Controller:
    """Answers every call that arrives and plays hold music to it, without waiting for what the switch says."""

    engine: Engine
    _closing: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Listen from now on, in a thread."""
        self._esl = self.engine.login()
        self._esl.command("event plain CHANNEL_PARK")
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        """Take no more calls."""
        self._closing.set()

    def channels(self) -> int:
        """How many legs live."""
        told = self._asked("show channels count")
        return int(next(word for word in told.split() if word.isdigit()))

    def _asked(self, command: str) -> str:
        esl = self.engine.login()
        try:
            return esl.api(command)
        finally:
            esl.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            with suppress(AssertionError, OSError):
                self._esl._take(self._esl.read_frame(0.5))
            self._esl._replies.clear()
            while self._esl.events:
                self._take(LegId(self._esl.events.pop(0).uuid))

    def _take(self, leg_id: LegId) -> None:
        orders = (commands.take(leg_id), commands.keep(leg_id), commands.answer(leg_id))
        for order in (*orders, commands.play_hold_music(leg_id, MUSIC)):
            self._esl.send(order[0])


@contextmanager
def way_open(way: Way, folder: Path) -> Iterator[tuple[tuple[str, int], Controller]]:
    """Where callers call, and who takes the calls."""
    trunk = f"127.0.0.1:{free_port()}"
    site = engines.prepare_site(folder / "engine", trunk, "+31715550199")
    block = PortBlock(RTP_PORTS + 1)
    site = replace(site, block=block, rtp_start=block.first, rtp_ports=RTP_PORTS)
    with ExitStack() as stack:
        engine = stack.enter_context(engines.running(way.engine, site))
        controller = Controller(engine)
        controller.start()
        stack.callback(controller.close)
        if not way.by_border:
            yield engine.sip_address, controller
            return
        rtpengine = stack.enter_context(Rtpengine(folder, ports=RELAYS))
        (folder / "profile.yml").write_text("relay_sound: yes\noptions_seconds: 0\n", encoding="utf-8")
        values = {"trunk": trunk, "trunk_profile": str(folder / "profile.yml"), "own_numbers": "+3171555*"}
        values |= {"shown_number": NUMBER, "hosts": "127.0.0.1", "rtpengine": rtpengine.control}
        sbc = Sbc(folder / "sbc", **values, switches=f"127.0.0.1:{site.sip_port}")
        stack.callback(sbc.close)
        yield ("127.0.0.1", sbc.port), controller


class Callers:
    """SIPp with its scenario; `calls` at `rate` a second, each of `talk_ms`."""

    def __init__(self, folder: Path, target: tuple[str, int], calls: int, rate: int, talk_ms: int) -> None:
        (folder / "call.xml").write_text(SCENARIO, encoding="utf-8")
        (folder / "tone.alaw").write_bytes(tone_octets())
        self._figures = folder / "figures.csv"
        self._figures.unlink(missing_ok=True)
        place = f"{target[0]}:{target[1]}"
        words = ["sipp", place, "-sf", "call.xml", "-s", NUMBER, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-nostdin"]
        words += ["-m", str(calls), "-r", str(rate), "-l", str(calls), "-d", str(talk_ms), "-timeout", "620"]
        words += ["-trace_stat", "-stf", "figures.csv", "-fd", "1", "-trace_rtt", "-rtt_freq", "1"]
        self.process = subprocess.Popen(
            words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._folder = folder

    def figures(self) -> tuple[int, int]:
        """Calls that succeeded, and that failed."""
        with self._figures.open(encoding="utf-8") as file:
            last = list(csv.DictReader(file, delimiter=";"))[-1]
        return int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"])

    def setups(self) -> list[float]:
        """From INVITE to 200, in ms, of each call."""
        found = sorted(self._folder.glob(f"call_{self.process.pid}_rtt.csv"))
        lines = found[0].read_text(encoding="utf-8").splitlines()[1:] if found else []
        return [float(line.split(";")[1]) for line in lines if line.count(";") >= 2]

    def end(self) -> None:
        """Let go of all calls."""
        self.process.kill()
        self.process.wait(10)


def rate_holds(folder: Path, target: tuple[str, int], rate: int) -> dict[str, object]:
    """What became of calls that begin so fast."""
    callers = Callers(folder, target, rate * RATE_SECONDS, rate, TALK_MS)
    with suppress(subprocess.TimeoutExpired):
        callers.process.wait(RATE_SECONDS + TALK_MS / 1000 + 15)
    callers.end()
    succeeded, failed = callers.figures()
    setups = callers.setups()
    p95 = statistics.quantiles(setups, n=20, method="inclusive")[-1] if len(setups) > 1 else 0.0
    holds = failed == 0 and succeeded == rate * RATE_SECONDS and 0 < p95 <= MOST_SETUP_MS
    return {"rate": rate, "succeeded": succeeded, "failed": failed, "setup_p95_ms": round(p95, 1), "holds": holds}


def level_holds(target: tuple[str, int], controller: Controller, level: int) -> dict[str, object]:
    """What five more callers hear beside so many."""
    parties = [SipParty(target, "127.0.0.1") for _ in range(PROBES)]
    gaps: list[float] = []
    heard = 0
    with suppress(NothingCame):
        calls = [party.call(NUMBER) for party in parties]
        for call in calls:
            call.wait_answered(5)
        time.sleep(LISTEN_SECONDS)
        for call in calls:
            arrivals = [packet.arrived for packet in call.rtp.packets]
            gaps += [later - earlier for earlier, later in zip(arrivals, arrivals[1:], strict=False)]
            heard += len(arrivals) > LISTEN_SECONDS * 25
            call.bye()
    for party in parties:
        party.close()
    in_time = round(100 * sum(gap <= GAP_SECONDS for gap in gaps) / len(gaps), 2) if gaps else 0.0
    living = controller.channels()
    holds = heard == PROBES and in_time >= LEAST_PERCENT and living >= level
    return {"callers": level, "living": living, "in_time_percent": in_time, "heard": heard, "holds": holds}


def at_once(
    folder: Path, target: tuple[str, int], controller: Controller, levels: Sequence[int]
) -> list[dict[str, object]]:
    """Each level, up to the first that does not hold."""
    measured: list[dict[str, object]] = []
    groups: list[Callers] = []
    try:
        for before, level in zip((0, *levels), levels, strict=False):
            place = folder / f"callers-{level}"
            place.mkdir()
            groups.append(Callers(place, target, level - before, FILL_PER_SECOND, HELD_MS))
            time.sleep((level - before) / FILL_PER_SECOND + 1)
            measured.append(level_holds(target, controller, level))
            if not measured[-1]["holds"]:
                break
    finally:
        for group in groups:
            group.end()
    return measured


def measure(way: Way, rates: Sequence[int], levels: Sequence[int]) -> dict[str, object]:
    """Both figures of one way, and what each step of them came to."""
    with tempfile.TemporaryDirectory(prefix="cx-capacity-") as name:
        folder = Path(name)
        with way_open(way, folder) as (target, controller):
            steps: list[dict[str, object]] = []
            for rate in rates:
                steps.append(rate_holds(folder, target, rate))
                if not steps[-1]["holds"]:
                    break
            wait_empty(controller.channels)
            held = at_once(folder, target, controller, levels)
    return {
        "calls_per_second": max((step["rate"] for step in steps if step["holds"]), default=0),  # type: ignore[type-var]
        "calls_at_once": max((step["callers"] for step in held if step["holds"]), default=0),  # type: ignore[type-var]
        "rates": steps,
        "levels": held,
    }


def wait_empty(channels: Callable[[], int]) -> None:
    """Until no leg lives; at most five seconds."""
    deadline = time.monotonic() + 5
    while channels() and time.monotonic() < deadline:
        time.sleep(0.2)


def missing() -> str:
    """What is not installed; empty when all is there."""
    found = {"kamailio": KAMAILIO, "rtpengine": RTPENGINE, "sipp (package sip-tester)": shutil.which("sipp")}
    return ", ".join(name for name, place in found.items() if not place)


def main() -> int:
    """Measure and print; 3 when something is not installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--rates", type=int, nargs="+", default=list(RATES), help="calls a second")
    parser.add_argument("--callers", type=int, nargs="+", default=list(CALLERS), help="calls at once")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    if lacking := missing():
        print(f"not installed: {lacking}", file=sys.stderr)
        return NOT_INSTALLED
    figures: dict[str, object] = {}
    for name in options.ways:
        reason = engines.MISSING[WAYS[name].engine]()
        figures[name] = reason or measure(WAYS[name], options.rates, options.callers)
        if not options.json:
            print(f"{name}: {json.dumps(figures[name])}", flush=True)
    if options.json:
        print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
