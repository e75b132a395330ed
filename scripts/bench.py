#!/usr/bin/env python3
"""Run the benchmarks and print one table: what, the budget, and what softswitch and FreeSWITCH reach.

Takes some minutes. Figures of one run on one machine; docs/benchmarks.md keeps those of a release.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parent
ENGINES = ("softswitch", "freeswitch")
LONGEST_SECONDS = 300

Row = tuple[str, str, str, str]


def run(script: str, *arguments: str) -> str:
    """The output of a benchmark; empty when it could not run, and then why is printed."""
    return run_with({}, script, *arguments)


def run_with(environment: Mapping[str, str], script: str, *arguments: str) -> str:
    """The same, with other environment variables."""
    command, variables = [sys.executable, str(SCRIPTS / script), *arguments], {**os.environ, **environment}
    print(f"  {script} {' '.join(arguments)} …", flush=True)
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False, env=variables)
    if done.returncode not in (0, 1) or not done.stdout:
        print(f"    {(done.stderr.strip().splitlines() or ['no output'])[-1]}")
        return ""
    return done.stdout


def of_calls(samples: int) -> list[Row]:
    """The rows that both engines fill."""
    texts = {engine: run("bench_calls.py", engine, "--json", "--samples", str(samples)) for engine in ENGINES}
    figures = {engine: json.loads(text) if text else {} for engine, text in texts.items()}
    return [
        _row(figures, "agent free → INVITE, 20 agents, 60 waiting, ms", "p99 ≤ 20", "free_to_invite_ms"),
        _row(figures, "the same, 200 agents, 400 waiting, 30 queues, ms", "p99 ≤ 40", "free_to_invite_of_200_ms"),
        _row(figures, "call → first sound of the menu, ms", "p99 ≤ 200", "call_to_first_sound_ms"),
        _row(figures, "answer → both hear each other, ms", "p99 ≤ 150", "answer_to_both_hear_ms"),
        _row(figures, "CPU of the core for a whole call, ms", "≤ 15", "core_cpu_ms_per_call"),
        _row(figures, "kill -9 → a waiting caller is offered, s", "≤ 3", "kill_to_offer_seconds"),
        _row(figures, "callers lost at the kill", "0", "lost_at_kill"),
        _row(figures, "150 legs with sound: packets in time, %", "≥ 99.9", "in_time_percent"),
    ]


def of_callcenter(samples: int) -> list[Row]:
    """FreeSWITCH's own distribution, for comparison; nothing where it is not installed."""
    text = run("bench_callcenter.py", "--json", "--samples", str(samples))
    figures = {"freeswitch": json.loads(text) if text else {}, "softswitch": {}}
    return [
        _row(figures, "  mod_callcenter: back from a break → INVITE, ms", "", "back_to_invite_ms"),
        _row(figures, "  mod_callcenter: the agent hung up → next INVITE, ms", "", "ended_to_invite_ms"),
    ]


def of_messages(samples: int) -> list[Row]:
    """From the emergency message that is switched on to what callers hear."""
    texts = {engine: run("bench_messages.py", engine, "--json", "--samples", str(samples)) for engine in ENGINES}
    figures = {engine: json.loads(text) if text else {} for engine, text in texts.items()}
    return [
        _row(figures, "emergency message on → the next caller hears it, ms", "≤ 2000", "emergency_to_next_caller_ms"),
        _row(figures, "the same → callers who wait, where asked for, ms", "≤ 2000", "emergency_to_waiting_ms"),
    ]


def of_menus() -> Row:
    """How many callers are in the menu at once [47d]."""
    texts = {engine: run("bench_ivr.py", engine, "--json") for engine in ENGINES}
    figures = {engine: json.loads(text) if text else {} for engine, text in texts.items()}
    return _row(figures, "callers in the menu, first sound p99 ≤ 200 ms", "", "callers_in_the_menu")


def of_softphones(samples: int) -> Row:
    """The same answer, by a click in a browser."""
    texts = {engine: run("bench_softphone.py", engine, "--json", "--samples", str(samples)) for engine in ENGINES}
    figures = {engine: json.loads(text) if text else {} for engine, text in texts.items()}
    return _row(figures, "click in the page → both hear each other, ms", "", "click_to_both_hear_ms")


def of_border() -> list[Row]:
    """The SBC alone: what it adds to a call, and real calls during a flood."""
    text = run("bench_border.py", "--json")
    figures = json.loads(text) if text else {}
    shown = {name: _shown(figures.get(name, "—")) for name in ("straight_ms", "through_sbc_ms", "under_flood_ms")}
    flood = f"{figures.get('flood_per_second', '—')}/s of INVITE, REGISTER and OPTIONS"
    return [
        ("INVITE → 200 straight to the switch, ms", "", shown["straight_ms"], ""),
        ("  the same through the SBC, ms", "", shown["through_sbc_ms"], ""),
        (f"  the same while strangers send {flood}, ms", "", shown["under_flood_ms"], ""),
        ("  real calls that succeed meanwhile", "1.0", str(figures.get("succeeded_share", "—")), ""),
    ]


def _row(figures: Mapping[str, Mapping[str, Any]], what: str, budget: str, name: str) -> Row:
    first, second = (_shown(figures[engine].get(name, "—")) for engine in ENGINES)
    return what, budget, first, second


def _shown(value: Any) -> str:
    if isinstance(value, dict) and "p50" in value:
        return f"p50 {value['p50']}  p99 {value['p99']}  max {value['max']}"
    return str(value)


def of_media() -> Row:
    """150 legs through the embedded engine's sound."""
    text = run("bench_media.py", "--json")
    if not text:
        return "150 legs, ticks on time", "≥ 99.9 %", "—", ""
    figures = json.loads(text)
    shown = f"{figures['on_time_percent']} %, {figures['silent_half_seconds']} silent half seconds"
    return "150 legs, half bridged, half with hold music: ticks on time", "≥ 99.9 %", shown, ""


def of_screens() -> list[Row]:
    """300 supervisors' pages; no engine plays a part."""
    text = run("bench_feed.py", "--json")
    figures = json.loads(text) if text else {}
    cpu = f"{figures['cpu_percent']} % of one CPU" if figures else "—"
    return [
        ("a change → 300 browsers' sockets, ms", "p99 ≤ 300", _shown(figures.get("change_to_screen_ms", "—")), ""),
        ("the web process meanwhile, 4 changes a second", "", cpu, ""),
    ]


PAGE_FIGURES = (
    ("change → each of 300 browsers' sockets, ms", "p99 ≤ 300", "change_to_each_of_300_sockets_ms"),
    ("change → the last of 300 browsers' sockets, ms", "", "change_to_the_last_of_300_sockets_ms"),
    ("change → seen in Chromium, 300 pages open, ms", "p99 ≤ 300", "change_to_seen_in_chromium_ms"),
    ("search of 5,000 employees, SQLite, ms", "p99 ≤ 100", "search_sqlite_ms"),
    ("the same, PostgreSQL, ms", "p99 ≤ 100", "search_postgresql_ms"),
    ("the same, over HTTP, ms", "p99 ≤ 100", "search_over_http_ms"),
    ("letter typed → hits in Chromium, ms", "p99 ≤ 100", "letter_to_hits_in_chromium_ms"),
)
"""What the pages take, whatever the engine."""


def of_pages() -> list[Row]:
    """The rows of the pages."""
    text = run("bench_pages.py", "--json")
    figures = json.loads(text) if text else {}
    return [(what, budget, _shown(figures.get(name, "—")), "") for what, budget, name in PAGE_FIGURES]


def show(rows: Sequence[Row]) -> None:
    """The table."""
    head: Row = ("what", "budget", *ENGINES)
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def main() -> int:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=120, help="calls per engine (120)")
    samples = parser.parse_args().samples
    calls = of_calls(samples)
    rows = [calls[0], *of_callcenter(samples), *calls[1:], *of_messages(samples // 4)]
    rows += [of_menus(), of_softphones(samples // 4), of_media(), *of_screens(), *of_pages(), *of_border()]
    inbox, events, floor = run("bench_inbox.py"), run("bench_translate.py"), run("bench_floor.py")
    floor_of_sources = run_with({"CX_DECISIONS": "sources"}, "bench_floor.py", "--quick")
    print()
    show(rows)
    print(f"\nthe core's decisions alone\n{inbox}\nevents through frames and translation\n{events}")
    print(f"\nfacts to rows, and to the journal\n{run('bench_facts.py')}")
    print(f"\nthe floor in simulated time\n{floor}\n{floor_of_sources}")
    print(f"\nthe agent's page: weight, time to interactive, growth over 200 contacts\n{run('bench_desk.py')}")
    print(f"\nthe expected wait that is told, in simulated time\n{run('bench_expected_wait.py')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
